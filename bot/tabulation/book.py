"""The tabulation as a workbook: a sheet with a native chart for each question, cross tables, and for staff the data."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from bot.exports.characters import sound
from bot.tabulation.answers import Data
from bot.tabulation.questions import AWAY, Kind, Question
from bot.tabulation.tables import Cell, Table
from dialogs.words import Words, _

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'：", " "))
_LONGEST_NAME = 31
_WIDEST, _NARROW, _A4 = 60, 14, 9
_LONGEST = 32_000
_SHARE = 2
"""The column that a chart draws."""


@dataclass(frozen=True)
class Book:
    """What is in the workbook: *head* above every table, *tables* with charts, *crosses* several to a sheet.

    *weights* are listed where there are any.  *data* is for staff alone; *texts* is what was written, by question.
    """

    words: Words
    head: Sequence[str]
    tables: Sequence[Table]
    crosses: Mapping[str, Sequence[Table]]
    data: Data | None = None
    weights: Table | None = None
    weight_of: Sequence[float] = ()
    texts: Mapping[str, Sequence[str]] | None = None


def write(path: Path, book: Book) -> None:
    """Write the workbook *path*."""
    with Workbook(str(path), _OPTIONS | {"tmpdir": str(path.parent)}) as file:
        writer = _Writer(file, book)
        writer.contents()
        for number, table in enumerate(book.tables, start=1):
            writer.question(number, table)
        for name, tables in book.crosses.items():
            writer.stacked(name, tables)
        if book.weights:
            writer.stacked(book.weights.title, [book.weights])
        for name, texts in (book.texts or {}).items():
            writer.listed(name, texts)
        if book.data:
            writer.raw(book.data, book.weight_of)


class _Writer:
    def __init__(self, file: Any, book: Book) -> None:
        self._file, self._book = file, book
        self._bold = file.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._total = file.add_format({"bold": True, "top": 1})
        self._names: set[str] = set()

    def contents(self) -> None:
        """Write the first sheet: what the workbook is, and where which question stands."""
        sheet = self._sheet(self._book.words.text(_("目次")), 60)
        for row, line in enumerate(self._book.head):
            sheet.write_string(row, 0, line, self._bold if row == 0 else None)
        for row, table in enumerate(self._book.tables, start=len(self._book.head) + 1):
            sheet.write_number(row, 1, row - len(self._book.head))
            sheet.write_string(row, 0, _fit(table.title))

    def question(self, number: int, table: Table) -> None:
        """Write the sheet of one question, with its chart."""
        name = self._name(f"{number} {table.title}")
        sheet = self._sheet(name, _width(table))
        begin = self._fill(sheet, 0, table)
        if table.bars:
            sheet.insert_chart(begin, len(table.header) + 1, self._chart(name, begin, table))

    def stacked(self, name: str, tables: Sequence[Table]) -> None:
        """Write a sheet of several tables, one below the other."""
        sheet = self._sheet(self._name(name), max(map(_width, tables)))
        row = 0
        for table in tables:
            self._fill(sheet, row, table)
            row += len(table.rows) + len(table.notes) + 6

    def listed(self, name: str, texts: Iterable[str]) -> None:
        """Write a sheet of what was written to a question."""
        sheet = self._sheet(self._name(name), _WIDEST)
        sheet.write_string(0, 0, _fit(name), self._bold)
        for row, text in enumerate(texts, start=1):
            sheet.write_string(row, 0, _fit(text))

    def raw(self, data: Data, weight_of: Sequence[float]) -> None:
        """Write the ballots in an order that is drawn; of a text only that it was written."""
        sheet = self._sheet(self._name(self._book.words.text(_("個票"))), _NARROW)
        shown = [_shown(each, self._book.words) for each in data.questions]
        columns = [data.columns[each.key] for each in data.questions]
        for place, question in enumerate(data.questions):
            sheet.write_string(0, place, _fit(question.title), self._bold)
        if weight_of:
            sheet.write_string(0, len(columns), self._book.words.text(_("重み")), self._bold)
        order = list(range(data.size))
        random.SystemRandom().shuffle(order)
        for row, number in enumerate(order, start=1):
            for place, (column, show) in enumerate(zip(columns, shown, strict=True)):
                self._put(sheet, (row, place), show(column[number]), None)
            if weight_of:
                sheet.write_number(row, len(columns), weight_of[number])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, data.size, len(columns) - 1)

    def _sheet(self, name: str, width: int) -> Any:
        sheet = self._file.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, width)
        sheet.set_column(1, 40, _NARROW)
        return sheet

    def _fill(self, sheet: Any, row: int, table: Table) -> int:
        """Write *table* from *row* on; return the row of its header."""
        lines = [_fit(table.title), *(self._book.head if row == 0 else []), ""]
        for place, line in enumerate(lines):
            sheet.write_string(row + place, 0, line, self._bold if place == 0 else None)
        begin = row + len(lines)
        for place, (cells, look) in enumerate(
            [(table.header, self._bold), *((each, None) for each in table.rows), (table.total, self._total)]
        ):
            for column, cell in enumerate(cells):
                self._put(sheet, (begin + place, column), cell, look)
        for place, note in enumerate(table.notes, start=begin + len(table.rows) + 3):
            sheet.write_string(place, 0, note)
        return begin

    def _put(self, sheet: Any, place: tuple[int, int], cell: Cell, look: Any) -> None:
        if isinstance(cell, str):
            sheet.write_string(*place, _fit(cell), look)
        elif cell is not None:
            sheet.write_number(*place, cell, look)

    def _chart(self, name: str, begin: int, table: Table) -> Any:
        chart = self._file.add_chart({"type": "bar"})
        last = begin + len(table.rows)
        drawn = [each.share for each in table.bars]
        chart.add_series(
            {
                "name": table.header[_SHARE],
                "categories": [name, begin + 1, 0, last, 0],
                "values": [name, begin + 1, _SHARE, last, _SHARE],
                # A viewer that reckons nothing itself draws these; the rows are on the disk by now.
                "categories_data": [str(row[0]) for row in table.rows],
                "values_data": ["" if share is None else share for share in drawn],
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
        chart.set_title({"name": table.title[:120], "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "max": 100, "major_gridlines": {"visible": True}})
        chart.set_size({"width": 560, "height": 120 + 28 * len(table.rows)})
        return chart

    def _name(self, title: str) -> str:
        """Return a name for a sheet: *title* as far as Excel takes it, with a number where it stands already."""
        plain = title.translate(_NOT_IN_A_NAME).strip()[:_LONGEST_NAME].strip() or "-"
        name, number = plain, 2
        while name.lower() in self._names:
            mark = f" ({number})"
            name, number = plain[: _LONGEST_NAME - len(mark)] + mark, number + 1
        self._names.add(name.lower())
        return name


def _shown(question: Question, words: Words) -> Any:
    """Return what shows a cell of *question*."""
    labels = {each.key: each.label for each in question.options}
    away, wrote = words.text(_("非該当")), words.text(_("記入あり"))

    def shown(cell: Any) -> Cell:
        if cell is None or cell == AWAY:
            return cell and away
        match question.kind:
            case Kind.NUMBER:
                return float(cell)
            case Kind.TEXT:
                return wrote
            case Kind.MANY:
                return " / ".join(labels.get(each, each) for each in cell)
            case _:
                return labels.get(cell, str(cell))

    return shown


def _fit(text: str) -> str:
    return sound(text).text[:_LONGEST]


def _width(table: Table) -> int:
    longest = max((_columns(str(row[0])) for row in table.rows), default=_NARROW)
    return min(_WIDEST, max(_NARROW, longest + 2))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)
