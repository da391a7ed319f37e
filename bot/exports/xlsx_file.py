"""A table as an Excel workbook, written row by row: its memory does not grow with its length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from bot.exports.characters import Fit, Fitted, is_sound, sound
from bot.exports.columns import Content, Heading, Kind
from bot.exports.losses import Fitter, Tell
from dialogs.words import Words, _

MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""

LONGEST = 32_767
"""UTF-16 units that a cell holds."""

_MOST_DIGITS = 10**15
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = {Kind.TEXT: 24, Kind.CODE: 16, Kind.NUMBER: 10, Kind.DAY: 12, Kind.MOMENT: 17, Kind.OPTION: 24}
_LINE_ENDS = re.compile("\r\n?")
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Book:
    """What a workbook is made from.  *header* are the texts of its first row; *folder* takes what is half done."""

    title: str
    headings: Sequence[Heading]
    header: Sequence[str]
    words: Words
    folder: Path
    most_rows: int = MOST_ROWS


def write(path: Path, book: Book, rows: Iterable[Sequence[Content]], tell: Tell) -> None:
    """Write the workbook *path* of *rows*; what follows after a full sheet stands on another one."""
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(book.folder)}) as workbook:
        writer, fitted = _Writer(workbook, book), Fitter(book.headings, FIT, tell).fitted
        for row in rows:
            writer.add(fitted(row))
        writer.end()
        writer.explain()


class _Writer:
    def __init__(self, workbook: Any, book: Book) -> None:
        self._workbook = workbook
        self._book = book
        self._bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text = workbook.add_format({"num_format": "@"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._formats = [self._text if each.kind is Kind.CODE else None for each in book.headings]
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        number = "" if self._sheets == 1 else f" ({self._sheets})"
        name = self._book.title.translate(_NOT_IN_A_NAME).strip()[: _LONGEST_NAME - len(number)]
        self._sheet = self._workbook.add_worksheet(f"{name}{number}")
        self._sheet.freeze_panes(1, 1)
        self._row = 0
        for position, (heading, label) in enumerate(zip(self._book.headings, self._book.header, strict=True)):
            self._sheet.set_column(position, position, max(_WIDTHS[heading.kind], min(_width(label) + 2, 36)))
            self._sheet.write_string(0, position, label, self._bold)

    def add(self, cells: Sequence[Content]) -> None:
        """Write the next row."""
        if self._row == self._book.most_rows:
            self.end()
            self._begin()
        self._row += 1
        number, write, formats = self._row, self._sheet.write_string, self._formats
        for position, content in enumerate(cells):
            if content is None:
                continue
            if isinstance(content, str):
                write(number, position, content, formats[position])
            else:
                self._put(position, content)

    def _put(self, position: int, content: float | date) -> None:
        match content:
            case datetime():
                self._sheet.write_datetime(self._row, position, content, self._moment)
            case date():
                self._sheet.write_datetime(self._row, position, content, self._day)
            case _ if abs(content) < _MOST_DIGITS:
                self._sheet.write_number(self._row, position, content)
            case _:
                self._sheet.write_string(self._row, position, str(content), self._formats[position])

    def end(self) -> None:
        """Let the rows of the sheet be filtered."""
        self._sheet.autofilter(0, 0, self._row, len(self._book.headings) - 1)

    def explain(self) -> None:
        """Write the last sheet, which says what each column is."""
        say = self._book.words.text
        sheet = self._workbook.add_worksheet(say(_("項目の説明")))
        sheet.freeze_panes(1, 0)
        titles = (_("項目のキー"), _("項目名"), _("種類"), _("個人情報"), _("様式の版"))
        for position, (title, width) in enumerate(zip(titles, (26, 36, 28, 12, 16), strict=True)):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, say(title), self._bold)
        for number, each in enumerate(self._book.headings, start=1):
            personal = say(_("個人情報")) if each.personal else ""
            for position, text in enumerate(
                (each.key, each.label, say(each.kind.value), personal, each.editions)
            ):
                sheet.write_string(number, position, text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def _fit(text: str) -> Fitted:
    """Return *text* as a cell can hold it, its lines ended as Excel ends them; what is too long ends in …."""
    done = sound(_LINE_ENDS.sub("\n", text))
    if len(done.text) * 2 <= LONGEST or _units(done.text) <= LONGEST:
        return done
    cut = done.text.encode("utf-16-le")[: (LONGEST - 1) * 2].decode("utf-16-le", "ignore")
    return Fitted(f"{cut}…", (*done.changes, (done.text[len(cut)], "…")))


def _is_held(text: str) -> bool:
    return "\r" not in text and len(text) * 2 <= LONGEST and is_sound(text)


FIT = Fit(_is_held, _fit)
"""How a cell takes texts."""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
