"""A table as CSV (RFC 4180) that opens right in Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.exports.characters import Fitted, cp932, sound
from bot.exports.columns import Content, Heading
from bot.exports.guard import guarded
from bot.exports.losses import Tell, fitted

_ROWS = 200
"""Rows written at a time."""

_FITS: Mapping[str, Callable[[str], Fitted]] = {"utf-8-sig": sound, "cp932": cp932}

ENCODINGS = tuple(_FITS)
"""What a file can be written in, the default first."""


def written(
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Content]],
    encoding: str,
    header: Sequence[str],
    tell: Tell,
) -> Iterator[bytes]:
    """Yield the file in pieces, while *rows* are being read; *tell* hears what *encoding* could not hold."""
    buffer = io.StringIO(newline="")
    file = csv.writer(buffer)
    file.writerow([guarded(_FITS[encoding](each).text) for each in header])
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    yield _mark(encoding) + _taken(buffer).encode(codec)
    for number, row in enumerate(rows, start=1):
        file.writerow([_cell(each) for each in fitted(row, headings, _FITS[encoding], tell)])
        if number % _ROWS == 0:
            yield _taken(buffer).encode(codec)
    yield _taken(buffer).encode(codec)


def _mark(encoding: str) -> bytes:
    # Without it Excel takes the file for Shift_JIS.
    return b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(content: Content) -> str | int | float:
    match content:
        case None:
            return ""
        case str():
            return guarded(content)
        case datetime():
            return f"{content:%Y-%m-%d %H:%M}"
        case date():
            return content.isoformat()
        case _:
            return content
