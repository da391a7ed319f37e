"""The rows of a sheet by what their columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.surveys.findings import Findings, Place
from bot.surveys.workbook_cells import Cell, Sheet
from bot.surveys.workbook_languages import locale_of, own_text
from dialogs.words import _

TRANSLATED = frozenset({"label", "hint", "constraint_message", "form_title"})
UNKNOWN = "?"
"""What the locale of a column in an unknown language begins with: its texts are there, but not to be read."""

PLAIN = frozenset(
    "type name required relevant constraint appearance parameters choice_filter calculation repeat_count "
    "default trigger list_name form_id version default_language disabled read_only allow_choice_duplicates".split()
)
_UNUSED = frozenset("media image audio video big-image guidance_hint required_message note".split())
"""What is asked on paper, screens and telephones alike cannot show."""

_ALIASES = {
    "relevance": "relevant",
    "caption": "label",
    "command": "type",
    "value": "name",
    "list": "list_name",
    "read-only": "read_only",
    "readonly": "read_only",
    "constraint-msg": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "jr:constraint_message": "constraint_message",
    "message": "constraint_message",
    "requiredmsg": "required_message",
    "calculate": "calculation",
    "id_string": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "hints": "hint",
}
_PREFIX = re.compile(r"(?:bind|control|body)::?")
_LANGUAGE = re.compile(r"\s*::?\s*")


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, texts in several languages by column and locale."""

    sheet: str
    number: int
    plain: Mapping[str, Cell]
    worded: Mapping[str, Mapping[str, Cell]]
    columns: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return what stands in *column*, "" where nothing does."""
        cell = self.plain.get(column)
        return cell.text if cell else ""

    def place(self, column: str = "") -> Place:
        """Return where *column* of this row is; the row, where there is no such column."""
        return Place(self.sheet, self.number, self.columns.get(column, ""))

    def wording(self, column: str, default: str) -> str:
        """Return the text in *column* with all its wordings; "" where that in the *default* language is missing."""
        cells = self.worded.get(column, {})
        return own_text({locale: cell.text for locale, cell in cells.items()}, default)


@dataclass(frozen=True)
class _Header:
    columns: Mapping[str, tuple[str, str]]  # by letters: what it is called, and the locale

    def letters(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for letters, (base, _locale) in self.columns.items():
            found.setdefault(base, letters)
        return found


def languages_of(sheet: Sheet) -> list[str]:
    """Return the locales of the labels in the header of *sheet*, "" for a label of no language, UNKNOWN ones too."""
    named = [_named(cell.text) for cell in sheet.rows[0]] if sheet.rows else []
    languages = [language for base, language in named if base == "label"]
    return [(locale_of(each) or UNKNOWN) if each else "" for each in languages]


def rows(sheet: Sheet | None, default: str, found: Findings) -> Iterator[Row]:
    """Yield the rows below the header of *sheet*; labels of no language are in *default*."""
    if sheet is None or not sheet.rows:
        return
    header = _header(sheet, default, found)
    letters = header.letters()
    for cells in sheet.rows[1:]:
        plain: dict[str, Cell] = {}
        worded: dict[str, dict[str, Cell]] = {}
        for cell in cells:
            base, locale = header.columns.get(cell.place.column, ("", ""))
            if base in TRANSLATED:
                worded.setdefault(base, {})[locale] = cell
            elif base:
                plain[base] = cell
        yield Row(sheet.name, cells[0].place.row, plain, worded, letters)


def _header(sheet: Sheet, default: str, found: Findings) -> _Header:
    columns: dict[str, tuple[str, str]] = {}
    for cell in sheet.rows[0]:
        base, language = _named(cell.text)
        if base in _UNUSED:
            found.remark(cell.place, _("この列は使いません。"))
        if base not in TRANSLATED | PLAIN:
            continue
        locale = locale_of(language) if language else default
        if base in TRANSLATED and locale is None:
            text = _(
                "「{language}」という言語はわかりません。"
                "ja、ja@easy、en、zh-Hans、zh-Hant、ko、vi のどれかにしてください。"
            )
            found.refuse(cell.place, text, language=language[:40])
        named = (base, (locale or f"{UNKNOWN}{language}") if base in TRANSLATED else "")
        if named in columns.values():
            found.refuse(
                cell.place, _("「{column}」の列が2つあります。1つにしてください。"), column=cell.text[:40]
            )
        columns[cell.place.column] = named
    return _Header(columns)


def _named(text: str) -> tuple[str, str]:
    """Return what the column headed *text* is, and its language: ``label::Japanese (ja)`` is a label in Japanese."""
    plain = _PREFIX.sub("", text.strip(), count=1)
    whole = plain.casefold()
    if whole in _ALIASES:
        return _ALIASES[whole], ""
    base, *language = _LANGUAGE.split(plain, maxsplit=1)
    base = base.casefold().replace(" ", "_")
    return _ALIASES.get(base, base), (language[0].strip() if language else "")
