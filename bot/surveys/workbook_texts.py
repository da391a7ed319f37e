"""What may be written in a text: as much as the smallest channel shows, and no more than plain words."""

from __future__ import annotations

import re

from bot.surveys.findings import Findings
from bot.surveys.workbook_rows import UNKNOWN, Row
from dialogs.words import OwnText, _

LABEL, HINT, OPTION, NOTE, HEADING, TITLE, MESSAGE = 200, 500, 100, 280, 100, 60, 200
"""Characters (UTF-16 units, as the platforms count): a talk shows 600 of a question, a card 200 of a label."""

NAME = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_JOINTS = re.compile(r"[-. ]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PIPED = "${"


def text_of(row: Row, column: str, most: int, default: str, found: Findings) -> str:
    """Return the text in *column* of *row*, of at most *most* characters in every language.

    A text that is there in some languages, but not in the *default* one, is refused; no text at all is "".
    """
    cells = row.worded.get(column, {})
    for cell in cells.values():
        if _units(cell.text) > most:
            found.refuse(
                cell.place,
                _("長すぎます（{count}文字）。{most}文字までにしてください。"),
                count=_units(cell.text),
                most=most,
            )
        if _PIPED in cell.text:
            found.refuse(cell.place, _("前の答えを文の中に入れること（$と波かっこ）はできません。"))
        if _TAG.search(cell.text):
            found.refuse(cell.place, _("HTMLのタグは使えません。文字だけにしてください。"))
    text = row.wording(column, default)
    if cells and not text and not any(locale.startswith(UNKNOWN) for locale in cells):
        found.refuse(
            row.place(column), _("{language} の文がありません。入力してください。"), language=default
        )
    return text


def longest(text: str) -> int:
    """Return how many characters *text* has in the language in which it has most."""
    return max(map(_units, text.wordings.values())) if isinstance(text, OwnText) else _units(text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def key_of(name: str) -> str | None:
    """Return the key for what a workbook calls *name*: snake_case; None where it cannot be made one."""
    key = _JOINTS.sub("_", name.strip()).lower()
    return key if _NAME.fullmatch(key) and len(key) <= NAME else None


def key_in(row: Row, found: Findings) -> str | None:
    """Return the key of what *row* names, with a remark where it is written otherwise; None with a problem."""
    name = row.text("name")
    if not name:
        found.refuse(
            row.place("name"), _("name がありません。質問の名前を英数字で書いてください。例：age_group")
        )
        return None
    key = key_of(name)
    if key is None:
        text = _(
            "name の「{name}」は使えません。英小文字で始まる英数字と _ で、{most}文字までにしてください。例：age_group"
        )
        found.refuse(row.place("name"), text, name=name[:NAME], most=NAME)
    elif key != name:
        found.remark(row.place("name"), _("「{name}」は「{key}」として扱います。"), name=name[:NAME], key=key)
    return key


def is_yes(row: Row, column: str, found: Findings) -> bool:
    """Return whether *column* of *row* says yes; anything but yes or no is refused."""
    said = row.text(column).casefold().replace(" ", "")
    if said in {"yes", "true", "true()", "1", "はい", "必須"}:  # untranslated: as workbooks say yes
        return True
    if said not in {"", "no", "false", "false()", "0", "いいえ", "任意"}:  # untranslated: as workbooks say no
        found.refuse(
            row.place(column),
            _(
                "yes か no と書いてください。条件で変えることはできません（relevant で質問を分けてください）。"
            ),
        )
    return False
