"""Tables as CSV that opens right in Excel: the same numbers as the workbook's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from bot.exports.guard import guarded
from bot.tabulation.tables import Cell, Table


def written(head: Sequence[str], tables: Iterable[Table]) -> Iterator[bytes]:
    """Yield the file in pieces, UTF-8 with the mark that Excel needs; *head* are the lines above the tables."""
    yield b"\xef\xbb\xbf" + _lines([(line,) for line in head])
    for table in tables:
        rows = [(), (table.title,), table.header, *table.rows, *([table.total] if table.total else [])]
        yield _lines([*rows, *((note,) for note in table.notes)])


def _lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    buffer = io.StringIO(newline="")
    file = csv.writer(buffer)
    file.writerows([guarded(each) if isinstance(each, str) else each for each in row] for row in rows)
    return buffer.getvalue().encode()
