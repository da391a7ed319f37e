"""The final report as a workbook: one sheet for each table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from bot.admin.report_tables import Cell, Table

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'：", " "))
_LONGEST_NAME = 31
_WIDE, _NARROW = 36, 16
_A4 = 9


def write(path: Path, tables: Sequence[Table], head: Sequence[str]) -> None:
    """Write the workbook *path* of *tables*; *head* are the lines above each: what it is, of which year, when made."""
    with Workbook(str(path), _OPTIONS | {"tmpdir": str(path.parent)}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        total = book.add_format({"bold": True, "top": 1})
        for table in tables:
            sheet = book.add_worksheet(_name(table))
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, 0, _WIDE)
            sheet.set_column(1, max(1, len(table.header) - 1), _NARROW)
            _fill(sheet, table, head, bold, total)


def _fill(sheet: Any, table: Table, head: Sequence[str], bold: Any, total: Any) -> None:
    lines = [table.title, *head, *([table.note] if table.note else []), ""]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    begin = len(lines)
    _row(sheet, begin, table.header, bold)
    for row, cells in enumerate(table.rows, start=begin + 1):
        _row(sheet, row, cells, None)
    if table.total:
        _row(sheet, begin + 1 + len(table.rows), table.total, total)


def _row(sheet: Any, row: int, cells: Sequence[Cell], look: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, look)
        elif cell is not None:
            sheet.write_number(row, column, cell, look)


def _name(table: Table) -> str:
    """Return the name of the table's sheet: its title as far as Excel takes it, which tells all tables apart."""
    return table.title.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME].strip()
