"""Where the tiles of a menu lie on its picture, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from bot.line.richmenus.menus import Menu

WIDTH, HEIGHT = 2500, 1686
"""The largest picture that LINE takes, for the largest letters."""

FOOT = 530
"""How high the small tiles are."""

MOST_LARGE = 4


@dataclass(frozen=True)
class Bounds:
    """A rectangle: its upper left corner, and its size."""

    x: int
    y: int
    width: int
    height: int

    def as_json(self) -> dict[str, int]:
        """Return it as LINE writes it."""
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}


def bounds(menu: Menu) -> tuple[Bounds, ...]:
    """Return where each of the menu's areas lies, in their order; together they cover the whole picture.

    An odd first tile gets a row of its own: it is what most people want then.
    """
    count = len(menu.tiles)
    rows = [count % 2] if count % 2 else []
    rows += [2] * (count // 2)
    large = _rows(rows, 0, HEIGHT - FOOT)
    return *large, *_rows([len(menu.foot)], HEIGHT - FOOT, FOOT)


def _rows(rows: list[int], top: int, height: int) -> tuple[Bounds, ...]:
    edges = _edges(len(rows), height)
    return tuple(
        Bounds(left, top + upper, right - left, lower - upper)
        for tiles, (upper, lower) in zip(rows, edges, strict=True)
        for left, right in _edges(tiles, WIDTH)
    )


def _edges(parts: int, length: int) -> list[tuple[int, int]]:
    """Return where each of *parts* begins and ends, so that no pixel of *length* is left over."""
    return [(length * part // parts, length * (part + 1) // parts) for part in range(parts)]
