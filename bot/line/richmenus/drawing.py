"""The pictures of the menus: large words beside a sign, dark on light or light on dark.

The same code, words and font give the same picture on every machine: the letters come from the font that ships
with the program, not from what happens to be installed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.line.richmenus.icons import BOX, ICONS
from bot.line.richmenus.layout import HEIGHT, WIDTH, Bounds, bounds
from bot.line.richmenus.menus import Menu, Tile
from dialogs.words import Words

LETTERS = Path(__file__).with_name("letters.otf")
"""Part of Noto Sans CJK JP Bold; see bot/static/LICENSES.md for where it is from and how it was cut."""

LEAST_LETTERS = 100
"""Pixels: on a phone 375 points wide, letters of 15 points, nearly the size of the talk's own."""

_GROUND = "#c7dadd"
_GAP, _CORNER = 22, 48
_NOWHERE = "\U0010fffd"
_COLOURS = 64
"""Few colours are enough for two tones and the edges between them, and make the picture a fifth as large."""


@dataclass(frozen=True)
class Look:
    """How a kind of tile is drawn: colours, the sign's side, the largest letters; *beside* puts words to its right."""

    paper: str
    ink: str
    sign: int
    letters: int
    beside: bool


FIRST = Look("#00525c", "#ffffff", 270, 172, beside=True)
LARGE = Look("#ffffff", "#0b3c43", 270, 132, beside=True)
SMALL = Look("#eef5f6", "#0b3c43", 160, 112, beside=False)


class NotDrawable(Exception):
    """Words do not fit on their tile, or the font lacks a letter of theirs; the text says which."""


def look(menu: Menu, tile: Tile) -> Look:
    """Return how *tile* of *menu* is drawn: the one that most people want stands out."""
    if tile not in menu.tiles:
        return SMALL
    return FIRST if tile == menu.tiles[0] else LARGE


def picture(menu: Menu, words: Words) -> bytes:
    """Return the picture of *menu* in the reader's language, as PNG.

    Raises:
        NotDrawable: Words cannot be drawn in letters that are large enough, or not at all.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    for tile, place in zip(menu.areas, bounds(menu), strict=True):
        _tile(draw, look(menu, tile), place, tile.icon, tile.lines(words))
    out = io.BytesIO()
    few = image.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _tile(draw: ImageDraw.ImageDraw, style: Look, place: Bounds, icon: str, lines: tuple[str, ...]) -> None:
    left, top = place.x + _GAP // 2, place.y + _GAP // 2
    right, bottom = place.x + place.width - _GAP // 2, place.y + place.height - _GAP // 2
    draw.rounded_rectangle((left, top, right, bottom), _CORNER, fill=style.paper)
    font = fitting_letters(style, place, lines)
    wide, high = measure(font, lines)
    if style.beside:
        start = place.x + (place.width - style.sign - _between(style) - wide) // 2
        middle = place.y + place.height // 2
        _sign(draw, style, start, middle - style.sign // 2, icon)
        _words(draw, style, (start + style.sign + _between(style) + wide // 2, middle), font, lines)
    else:
        start = place.y + (place.height - style.sign - _between(style) - high) // 2
        middle = place.x + place.width // 2
        _sign(draw, style, middle - style.sign // 2, start, icon)
        _words(draw, style, (middle, start + style.sign + _between(style) + high // 2), font, lines)


def _between(style: Look) -> int:
    return style.sign // 5


def _words(
    draw: ImageDraw.ImageDraw,
    style: Look,
    middle: tuple[int, int],
    font: ImageFont.FreeTypeFont,
    lines: tuple[str, ...],
) -> None:
    step = _line_height(font)
    top = middle[1] - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        draw.text((middle[0], top + number * step), line, font=font, fill=style.ink, anchor="mm")


def _sign(draw: ImageDraw.ImageDraw, style: Look, left: int, top: int, icon: str) -> None:
    scale, width = style.sign / BOX, round(style.sign / BOX * 2)
    for stroke in ICONS[icon]:
        points = [(left + x * scale, top + y * scale) for x, y in stroke]
        draw.line(points, fill=style.ink, width=width, joint="curve")
        for x, y in (points[0], points[-1], *points[1:-1]):
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=style.ink)


def fitting_letters(style: Look, place: Bounds, lines: tuple[str, ...]) -> ImageFont.FreeTypeFont:
    """Return the largest letters in which *lines* fit.

    Raises:
        NotDrawable: They would have to be smaller than the least, or the font lacks a letter.
    """
    if strange := sorted({each for line in lines for each in line if not _has(each)}):
        raise NotDrawable(f"the font of the menus lacks {' '.join(strange)}; see bot/static/LICENSES.md")
    room = (place.width - 5 * _GAP, place.height - 3 * _GAP)
    taken = style.sign + _between(style)
    across, down = (room[0] - taken, room[1]) if style.beside else (room[0], room[1] - taken)
    for size in range(style.letters, LEAST_LETTERS - 1, -4):
        font = _font(size)
        wide, high = measure(font, lines)
        if wide <= across and high <= down:
            return font
    raise NotDrawable(f'"{" / ".join(lines)}" does not fit on its tile; find fewer words')


def measure(font: ImageFont.FreeTypeFont, lines: tuple[str, ...]) -> tuple[int, int]:
    """Return how wide and how high *lines* are in *font*, in pixels."""
    return max(round(font.getlength(each)) for each in lines), _line_height(font) * len(lines)


def _line_height(font: ImageFont.FreeTypeFont) -> int:
    return round(font.size * 1.2)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The plain layout: the other is not in every build of Pillow, and has nothing to do in this font.
    return ImageFont.truetype(LETTERS, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(letter: str) -> bool:
    """Return whether the font has *letter*: what it lacks looks as what no font has."""
    font = _font(LEAST_LETTERS)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NOWHERE))
