"""The lists of options in the sheet ``choices``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.surveys.findings import Findings, Place
from bot.surveys.workbook_cells import Sheet
from bot.surveys.workbook_rows import Row, rows
from bot.surveys.workbook_texts import OPTION, text_of
from dialogs.fields.base import Option
from dialogs.words import _

MOST_OPTIONS = 50
"""Of one list: in a talk every option is a box to be tapped, and five messages hold no more."""

_KEY = re.compile(r"[\w.-]{1,30}")


def lists(sheet: Sheet | None, default: str, found: Findings) -> Mapping[str, tuple[Option, ...]]:
    """Return the options of each list by its name, in the order of the sheet."""
    made: dict[str, dict[str, Option]] = {}
    places: dict[tuple[str, str], int] = {}
    for row in rows(sheet, default, found):
        name, key = row.text("list_name"), row.text("name")
        if not name:
            found.refuse(row.place("list_name"), _("list_name がありません。"))
            continue
        options = made.setdefault(name, {})
        if key in options:
            found.refuse(
                row.place("name"),
                _("同じリストの{row}行目と同じ name です。違う名前にしてください。"),
                row=places[name, key],
            )
            continue
        options[key] = _option(row, key, default, found)
        places[name, key] = row.number
        if len(options) == MOST_OPTIONS + 1:
            found.refuse(
                row.place(),
                _("選択肢が多すぎます。1つのリストは{most}までにしてください。"),
                most=MOST_OPTIONS,
            )
    return {name: tuple(options.values()) for name, options in made.items()}


def _option(row: Row, key: str, default: str, found: Findings) -> Option:
    if not _KEY.fullmatch(key):
        found.refuse(
            row.place("name"),
            _(
                "選択肢の name は、空白や記号のない30文字までにしてください（_ . - は使えます）。例：very_good"
            ),
        )
    label = text_of(row, "label", OPTION, default, found)
    if not row.worded.get("label"):
        found.refuse(row.place("label"), _("label がありません。画面に出す文を書いてください。"))
    return Option(key, label)


def missing_list(place: Place, name: str, known: Mapping[str, object], found: Findings) -> None:
    """Note that the list *name* is in no sheet."""
    text = _("リスト「{name}」が choices シートにありません。あるのは：{known}")
    found.refuse(place, text, name=name[:40], known=", ".join(list(known)[:10]) or "-")
