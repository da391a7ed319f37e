"""The icons of the app package: the desk's own sign, a window above a counter, as Teams wants it in two sizes."""

from __future__ import annotations

import io
from typing import TypeAlias

from PIL import Image, ImageDraw

COLOUR_SIDE, OUTLINE_SIDE = 192, 32
"""Sides in pixels: the picture in colour, and the one of white lines on nothing."""

GROUND = "#00606b"
"""The ground of the sign, and the accent colour of the app."""

Line: TypeAlias = "tuple[tuple[float, float], ...]"

# The lines of bot/static/icon.svg, in its 36 units: the frame, its middle bar, the counter.
_LINES: tuple[Line, ...] = (
    ((8, 10.5), (28, 10.5), (28, 22.5), (8, 22.5), (8, 10.5)),
    ((18, 10.5), (18, 22.5)),
    ((6, 26.5), (30, 26.5)),
)
_UNITS, _MIDDLE, _WIDTH = 36, (18, 18.5), 2.4
_FINER = 8  # drawn so many times larger first: Pillow draws lines without smoothing their edges


def colour() -> bytes:
    """Return the picture in colour as PNG, without room at its edges: Teams rounds them itself."""
    # The sign fills the middle two thirds; what lies outside may be cut off.
    return _drawn(COLOUR_SIDE, 0.9, GROUND)


def outline() -> bytes:
    """Return the picture of white lines on nothing as PNG."""
    return _drawn(OUTLINE_SIDE, 1.3, "#ffffff00")


def _drawn(side: int, size: float, ground: str) -> bytes:
    large = side * _FINER
    picture = Image.new("RGBA", (large, large), ground)
    draw = ImageDraw.Draw(picture)
    scale = size * large / _UNITS
    for line in _LINES:
        _stroke(draw, [_place(point, large, scale) for point in line], _WIDTH * scale)
    out = io.BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _place(point: tuple[float, float], large: int, scale: float) -> tuple[float, float]:
    across, down = (value - middle for value, middle in zip(point, _MIDDLE, strict=True))
    return large / 2 + across * scale, large / 2 + down * scale


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    draw.line(points, "white", round(width))
    for across, down in points:  # round ends and corners, as the sign has them
        half = width / 2
        draw.ellipse((across - half, down - half, across + half, down + half), "white")
