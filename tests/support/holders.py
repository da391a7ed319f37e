"""Lists of subsidy holders as a city would upload them: CSV in both encodings, and Excel workbooks."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

HEADER = ("補助金番号", "氏名", "住所", "電話")
SUZUKI = ("R9-0012", "見本 一郎", "札幌市南区藤野五条3丁目1-2", "011-211-2879")
SATO = ("R9-0013", "見本 花子", "北海道札幌市西区西野三条2丁目1番5号", "011-211-2879")
TANAKA = ("R9-0014", "見本 次郎", "札幌市中央区盤渓123", "")
ROWS = (SUZUKI, SATO, TANAKA)
NAMES = ("見本 一郎", "見本 花子", "藤野", "西野", "盤渓", "011-211", "0012", "0013")
"""Pieces of what the sample rows say, none of which may lie anywhere."""


def csv(
    rows: Sequence[Sequence[object]] = ROWS, encoding: str = "utf-8-sig", header: Sequence[str] = HEADER
) -> bytes:
    """Return *rows* below *header* as a CSV."""
    lines = (",".join(f'"{each}"' for each in row) for row in (header, *rows))
    return "\r\n".join([*lines, ""]).encode(encoding)


def xlsx(rows: Sequence[Sequence[object]] = ROWS, header: Sequence[object] = HEADER) -> bytes:
    """Return *rows* below *header* as a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
