"""A workbook in the standard format XLSForm as a survey: read whole, or refused with every reason and its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.surveys.findings import Findings, Place, Problem
from bot.surveys.workbook_cells import SHEETS, Sheet, opened
from bot.surveys.workbook_choices import lists
from bot.surveys.workbook_languages import LANGUAGES, locale_of
from bot.surveys.workbook_questions import Reading
from bot.surveys.workbook_relevant import Order
from bot.surveys.workbook_rows import Row, languages_of, rows
from bot.surveys.workbook_texts import TITLE, key_of, text_of
from dialogs.surveys import Survey, to_json
from dialogs.words import _

__all__ = ["Examined", "Problem", "examine", "read"]

_VERSION = re.compile(r"[^0-9A-Za-z.]+")
_LONGEST_VERSION = 20  # an edition is this, and eight digits of what it contains


@dataclass(frozen=True)
class Examined:
    """A *survey*, or the *problems* that keep it from being one; *remarks* are worth knowing either way."""

    survey: Survey | None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def read(data: bytes) -> Survey | tuple[Problem, ...]:
    """Return the survey in the workbook *data*, or everything that is wrong in it, in the order of its sheets."""
    examined = examine(data)
    return examined.survey or examined.problems


def examine(data: bytes) -> Examined:
    """Return the survey in the workbook *data*, with what its author should know."""
    found = Findings()
    sheets = opened(data, found)
    if not found.problems and "survey" not in sheets:
        text = _("survey という名前のシートがありません。シートの名前は {names} です。")
        found.refuse(Place(), text, names=", ".join(SHEETS))
    survey = _survey(sheets.get("survey"), sheets.get("choices"), sheets.get("settings"), data, found)
    if found.problems:
        return Examined(None, found.all_problems(), tuple(found.remarks))
    return Examined(survey, (), tuple(found.remarks))


def _survey(
    asked: Sheet | None, choices: Sheet | None, settings: Sheet | None, data: bytes, found: Findings
) -> Survey | None:
    if asked is None:
        return None
    languages = languages_of(asked)
    default = _default(settings, languages, found)
    listed = [row for row in rows(asked, default, found) if _typed(row, found)]
    reading = Reading(lists(choices, default, found), default, found, Order(listed))
    for row in listed:
        reading.take(row)
    groups, thanks = reading.finish()
    if not any(each.questions for each in groups) and not found.problems:
        found.refuse(Place("survey"), _("質問が1つもありません。"))
    if not languages and asked.rows:
        found.refuse(
            asked.rows[0][0].place, _("label の列がありません。1行目に label か label::ja と書いてください。")
        )
    spoken = tuple(each for each in LANGUAGES if each in {locale or default for locale in languages})
    survey = Survey("", "", "", groups, spoken or (default,), default, thanks)
    return _settled(next(rows(settings, default, found), None), survey, data, found)


def _typed(row: Row, found: Findings) -> bool:
    """Return whether *row* says what it is; a row of remarks at the side says nothing, and is passed over."""
    if row.text("type"):
        return True
    if row.text("name") or row.worded:
        found.refuse(row.place("type"), _("type がありません。この行が何かを書いてください。例：text"))
    return False


def _default(settings: Sheet | None, languages: Sequence[str], found: Findings) -> str:
    """Return the locale of labels of no language, in which every text must be there."""
    row = next(rows(settings, "ja", Findings()), None)
    named = row.text("default_language") if row else ""
    if row and named and named.casefold() != "default":
        locale = locale_of(named)
        if locale is None:
            found.refuse(
                row.place("default_language"),
                _("「{language}」という言語はわかりません。ja、en などにしてください。"),
                language=named[:40],
            )
        elif languages and locale not in languages and "" not in languages:
            found.refuse(
                row.place("default_language"),
                _("この言語の label の列が survey シートにありません（label::{language}）。"),
                language=locale,
            )
        else:
            return locale
    known = [each for each in languages if each in LANGUAGES]
    return "ja" if {"ja", ""} & {*languages} or not known else known[0]


def _settled(row: Row | None, survey: Survey, data: bytes, found: Findings) -> Survey:
    """Return *survey* with what the sheet ``settings`` says of it in its first *row*."""
    title = text_of(row, "form_title", TITLE, survey.default_language, found) if row else ""
    if not title:
        found.remark(Place("settings"), _("form_title がないので「アンケート」とします。"))
    key = f"form_{hashlib.sha256(data).hexdigest()[:8]}"
    if row and row.text("form_id"):
        key = _key(row, found)
    else:
        found.remark(Place("settings"), _("form_id がないので「{key}」とします。"), key=key)
    survey = replace(survey, key=key, title=title or _("アンケート"))
    version = _VERSION.sub(".", row.text("version") if row else "")[:_LONGEST_VERSION].strip(".") or "1"
    return replace(survey, edition=f"{version}-{hashlib.sha256(to_json(survey).encode()).hexdigest()[:8]}")


def _key(row: Row, found: Findings) -> str:
    key = key_of(row.text("form_id"))
    if key is None:
        text = _("form_id は英小文字で始まる英数字と _ で、40文字までにしてください。")
        found.refuse(row.place("form_id"), text)
    return key or ""
