"""How the sample workbooks are made: ``python -m bot.surveys.samples.making`` writes them anew."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from bot.surveys.samples import FOLDER, SAMPLES, sheets

_MADE = datetime(2027, 4, 1)  # noqa: DTZ001 -- workbooks know no zones
_WIDTH = 24


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every sample into *folder* as a workbook, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sample in SAMPLES.values():
        book = Workbook()
        book.properties.created = book.properties.modified = _MADE
        book.remove(book.worksheets[0])
        for name, rows in sheets(sample):
            sheet: Any = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
            _styled(sheet)
        paths.append(folder / f"{sample.key}.xlsx")
        book.save(paths[-1])
    return paths


def _styled(sheet: Any) -> None:
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        column[0].font = Font(bold=True)
        sheet.column_dimensions[column[0].column_letter].width = _WIDTH
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


if __name__ == "__main__":
    write()
