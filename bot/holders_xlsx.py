"""The rows of an Excel workbook that somebody uploaded, whatever it may be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from dialogs.words import Message, _, say

MOST_UNPACKED = 60_000_000
"""Bytes of all parts together: a workbook of ten thousand rows has some five million."""

MOST_PARTS = 2000
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LOOKED_AT = 4096
_TYPES = tuple(
    text.encode(code) for text in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)


class WorkbookRefused(Exception):
    """A file that is not read at all; *message* says what to do instead."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def is_workbook(content: bytes) -> bool:
    """Return whether *content* is a workbook, an old or a locked one too, by how it begins."""
    return content.startswith((_ZIP, _OLD))


def workbook_rows(content: bytes, rows: int, columns: int) -> Iterator[Sequence[object]]:
    """Yield the values of the first sheet, *rows* by *columns* at most; a formula is given as its text.

    Raises:
        WorkbookRefused: It is no workbook, an old or a locked one, or would fill the memory.
    """
    if content.startswith(_OLD):
        raise WorkbookRefused(
            say(
                _(
                    "古い形式（.xls）か、パスワードのついたファイルです。パスワードなしの .xlsx で保存してください。"
                )
            )
        )
    try:
        _look_inside(content)
        yield from _values(content, rows, columns)
    except WorkbookRefused:
        raise
    except Exception as fault:  # a workbook made to do harm makes its reader raise anything
        raise _unreadable() from fault


def _look_inside(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        listed = parts.infolist()
        if len(listed) > MOST_PARTS or sum(each.file_size for each in listed) > MOST_UNPACKED:
            raise WorkbookRefused(
                say(_("中身が大きすぎます。表だけを新しいブックに写して保存してください。"))
            )
        for each in listed:
            with parts.open(each) as part:
                if any(kind in part.read(_LOOKED_AT) for kind in _TYPES):
                    raise _unreadable()


def _values(content: bytes, rows: int, columns: int) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow to import, and needed a few times a year

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a workbook says of its own size may be anything
        yield from sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
    finally:
        book.close()


def _unreadable() -> WorkbookRefused:
    return WorkbookRefused(
        say(_("Excelのブックとして読めません。Excelで開き、.xlsx で保存し直してください。"))
    )
