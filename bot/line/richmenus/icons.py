"""The signs on the tiles, as strokes with round ends in a box of 24 by 24 units."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin
from typing import TypeAlias

Point: TypeAlias = "tuple[float, float]"
Stroke: TypeAlias = "tuple[Point, ...]"

BOX = 24
"""Units on each side of a sign."""

_STEPS = 48


def _arc(middle: Point, across: float, down: float, begin: float = 0, end: float = 360) -> Stroke:
    """Return a part of an ellipse, from *begin* to *end* degrees, clockwise from the right."""
    turns = (begin + (end - begin) * step / _STEPS for step in range(_STEPS + 1))
    return tuple(
        (middle[0] + across * cos(each * pi / 180), middle[1] + down * sin(each * pi / 180)) for each in turns
    )


def _box(left: float, top: float, right: float, bottom: float) -> Stroke:
    return ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))


def _dot(across: float, down: float) -> Stroke:
    return ((across, down), (across, down))


_CALENDAR: tuple[Stroke, ...] = (
    _box(3, 5, 21, 21),
    ((3, 9.6), (21, 9.6)),
    ((8, 2.6), (8, 6.6)),
    ((16, 2.6), (16, 6.6)),
)
_SHEET: tuple[Stroke, ...] = (
    ((14.5, 2.5), (5, 2.5), (5, 21.5), (19, 21.5), (19, 7), (14.5, 2.5), (14.5, 7), (19, 7)),
)

ICONS: Mapping[str, tuple[Stroke, ...]] = {
    "fence": (
        *(((x, 3.5), (x, 20.5)) for x in (4.5, 12.0, 19.5)),
        ((1.5, 8.5), (22.5, 8.5)),
        ((1.5, 14.5), (22.5, 14.5)),
    ),
    "visit": (
        ((2.5, 11.5), (12, 3), (21.5, 11.5)),
        ((5, 9.8), (5, 20.5), (19, 20.5), (19, 9.8)),
        ((8.3, 14.2), (11, 16.9), (15.9, 11.9)),
    ),
    "guide": (
        ((12, 6.2), (12, 20.5)),
        ((12, 6.2), (9, 4.2), (2.5, 4.2), (2.5, 18.5), (9, 18.5), (12, 20.5)),
        ((12, 6.2), (15, 4.2), (21.5, 4.2), (21.5, 18.5), (15, 18.5), (12, 20.5)),
    ),
    "cases": (
        *_SHEET,
        ((8.5, 12), (15.5, 12)),
        ((8.5, 16.5), (15.5, 16.5)),
    ),
    "language": (
        _arc((12, 12), 9.5, 9.5),
        _arc((12, 12), 4.2, 9.5),
        ((2.5, 12), (21.5, 12)),
    ),
    "menu": (
        ((3.5, 6), (20.5, 6)),
        ((3.5, 12), (20.5, 12)),
        ((3.5, 18), (20.5, 18)),
    ),
    "help": (
        _arc((12, 12), 9.5, 9.5),
        (*_arc((12, 9.6), 2.9, 2.9, 180, 420), (12, 14.2)),
        _dot(12, 17.2),
    ),
    "booking": (*_CALENDAR, ((8.3, 15.3), (11, 18), (15.9, 13))),
    "longer": (*_CALENDAR, ((12, 12), (12, 18.6)), ((8.7, 15.3), (15.3, 15.3))),
    "move": (*_CALENDAR, ((8, 15.3), (16, 15.3)), ((13, 12.3), (16, 15.3), (13, 18.3))),
    "cancel": (*_CALENDAR, ((9.2, 12.5), (14.8, 18.1)), ((14.8, 12.5), (9.2, 18.1))),
    "return": (
        ((8.5, 3.5), (3.5, 8.5), (8.5, 13.5)),
        ((3.5, 8.5), (14.5, 8.5), *_arc((14.5, 14.5), 6, 6, -90, 90), (8.5, 20.5)),
    ),
    "trouble": (
        ((12, 2.8), (22.3, 20.8), (1.7, 20.8), (12, 2.8)),
        ((12, 9.3), (12, 14.2)),
        _dot(12, 17.4),
    ),
    "answer": (
        *_SHEET,
        ((8.3, 14.5), (11, 17.2), (15.9, 12.2)),
    ),
}
