"""A table as CSV (RFC 4180) that opens right in Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from bot.exports.characters import Fit, cp932, is_held, is_sound, sound
from bot.exports.columns import Content, Heading
from bot.exports.guard import guarded
from bot.exports.losses import Fitter, Tell

Put: TypeAlias = "Callable[[Any], object]"

_ROWS = 200
"""Rows written at a time."""

_MANY = 1000
"""Texts that come again, such as the wording of an option: guarded once per file."""

FITS: Mapping[str, Fit] = {"utf-8-sig": Fit(is_sound, sound), "cp932": Fit(is_held, cp932)}
"""How each encoding takes texts."""

ENCODINGS = tuple(FITS)
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
    file.writerow([guarded(FITS[encoding].fitted(each).text) for each in header])
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    yield _mark(encoding) + _taken(buffer).encode(codec)
    fitted, puts = Fitter(headings, FITS[encoding], tell).fitted, _Puts()
    for number, row in enumerate(rows, start=1):
        file.writerow([puts[type(each)](each) for each in fitted(row)])
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


class _Puts(dict[type, Put]):
    """What is handed to the writer for a content, by its type; numbers and nothing it writes by itself."""

    def __init__(self) -> None:
        super().__init__({datetime: _time, date: date.isoformat, str: lru_cache(_MANY)(guarded)})

    def __missing__(self, kind: type) -> Put:
        # A text of a type of its own is guarded like any other.
        put = next((self[base] for base in kind.__mro__[1:] if base in self), _itself)
        self[kind] = put
        return put


def _time(content: datetime) -> str:
    return content.isoformat(" ", "minutes")


def _itself(content: object) -> object:
    return content
