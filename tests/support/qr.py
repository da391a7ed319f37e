"""Reads a QR code out of a PNG, independently of what drew it: the smallest codes, of one block (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from PIL import Image

Modules = Sequence[Sequence[bool]]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, _j: i % 2 == 0,
    lambda _i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)
LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}


def read(png: bytes) -> tuple[str, str, int]:
    """Return what the code in *png* says, its level of error correction, and its white border in modules."""
    modules, border = _modules(png)
    said = [modules[8][column] for column in (0, 1, 2, 3, 4)]
    form = int("".join("01"[bit] for bit in said), 2) ^ 0b10101
    bits = "".join("01"[bit] for bit in _bits(modules, form & 0b111))
    return _text(bits), LEVELS[form >> 3], border


def _modules(png: bytes) -> tuple[Modules, int]:
    with Image.open(BytesIO(png)) as opened:
        picture = opened.convert("1")
    dark = picture.point(lambda light: 0 if light else 255).getbbox()
    assert dark, "there is no code in the picture"
    # The finder in the corner is seven modules wide.
    row = [picture.getpixel((x, dark[1])) == 0 for x in range(dark[0], dark[2])]
    scale = row.index(False) // 7
    size = (dark[2] - dark[0]) // scale
    half = scale // 2
    at = [dark[0] + half + scale * place for place in range(size)]
    return [[picture.getpixel((x, y)) == 0 for x in at] for y in at], dark[0] // scale


def _bits(modules: Modules, mask: int) -> Iterator[bool]:
    size = len(modules)
    column = size - 1
    upwards = True
    while column > 0:
        column -= column == 6  # the timing pattern
        for row in reversed(range(size)) if upwards else range(size):
            for each in (column, column - 1):
                if not _is_function(row, each, size):
                    yield modules[row][each] ^ _MASKS[mask](row, each)
        column -= 2
        upwards = not upwards


def _is_function(row: int, column: int, size: int) -> bool:
    finder = (row < 9 and column < 9) or (row < 9 and column >= size - 8) or (row >= size - 8 and column < 9)
    aligning = size > 21 and abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return finder or aligning or row == 6 or column == 6


def _text(bits: str) -> str:
    mode, rest = bits[:4], bits[4:]
    if mode == "0100":
        length = int(rest[:8], 2)
        return bytes(int(rest[at : at + 8], 2) for at in range(8, 8 + 8 * length, 8)).decode()
    assert mode == "0010", f"no reader for mode {mode}"
    length, rest, found = int(rest[:9], 2), rest[9:], ""
    while length - len(found) > 1:
        pair, rest = int(rest[:11], 2), rest[11:]
        found += _ALPHABET[pair // 45] + _ALPHABET[pair % 45]
    return found + (_ALPHABET[int(rest[:6], 2)] if length > len(found) else "")
