"""Hiding small numbers in a published table so that its totals do not give them away.

A table is a set of cells and the sums that its readers know: each sum says that some cells add up to another.  A
number of 1 to 4 is hidden; then further numbers are, until no hidden number can be worked out.  Each cell stands in
two sums at most, so the sums are a network, and a hidden number can differ exactly where what it gains can flow
back along other hidden numbers (D. Gusfield, "A Graph Theoretic Approach to Statistical Data Security", SIAM
Journal on Computing 17, 1988).  Readers are taken to know which hidden numbers are zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

SMALL = 5
"""Below it a number may point at people."""

LEEWAY = 2
"""A hidden number may be any of at least this many other numbers as well."""

_OUT = -1
"""Where a cell ends that stands in one sum only."""

Cell: TypeAlias = Any


@dataclass(frozen=True)
class Sum:
    """That *parts* add up to *whole*.  *across* is True for the sums over columns, False for those over rows."""

    parts: tuple[Cell, ...]
    whole: Cell
    across: bool = False


Ways: TypeAlias = "Mapping[int, Sequence[tuple[int, Cell]]]"
"""From each sum, to which others something can flow, and along which cell."""


@dataclass(frozen=True)
class _Net:
    values: Mapping[Cell, int]
    ends: Mapping[Cell, tuple[int, int]]

    def room(self, cell: Cell) -> int:
        """Return by how much *cell* may be less, as far as readers know."""
        return max(0, self.values[cell] - 1)

    def ways(self, dark: Iterable[Cell], amount: int) -> Ways:
        """Return where *amount* can flow along *dark*, each cell growing or shrinking by it."""
        found: dict[int, list[tuple[int, Cell]]] = {}
        for each in filter(self.values.__getitem__, dark):  # nobody is known to be nobody
            tail, head = self.ends[each]
            found.setdefault(tail, []).append((head, each))
            if self.room(each) >= amount:
                found.setdefault(head, []).append((tail, each))
        return found


def is_small(count: int) -> bool:
    """Return whether *count* is hidden for its own sake; nobody is no small group."""
    return 0 < count < SMALL


def hidden(
    values: Mapping[Cell, int], sums: Sequence[Sum], given: Iterable[Cell] = (), kept: Iterable[Cell] = ()
) -> frozenset[Cell] | None:
    """Return the cells to hide; None where the table cannot be shown at all.

    *given* are hidden already; what is *kept* was shown elsewhere, so hiding it here would hide nothing.
    """
    net, stays = _Net(values, _ends(values, sums)), frozenset(kept)
    dark = {*given, *(cell for cell, count in values.items() if is_small(count) and cell not in stays)}
    while unsafe := _exposed(dark, net):
        more = {each for cell in unsafe for each in _beside(cell, dark, stays, net)}
        more = more or {each for each in values if each not in stays and each not in dark}
        if not more:
            return None
        dark |= more
    return frozenset(dark)


def exposed(values: Mapping[Cell, int], sums: Sequence[Sum], dark: Iterable[Cell]) -> list[Cell]:
    """Return the small numbers among *dark* that readers of the rest could work out."""
    return _exposed(set(dark), _Net(values, _ends(values, sums)))


def _exposed(dark: set[Cell], net: _Net) -> list[Cell]:
    ways = [net.ways(dark, by) for by in range(1, LEEWAY + 1)]
    small = [cell for cell in dark if is_small(net.values[cell]) and not _is_safe(cell, net, ways)]
    return sorted(small, key=lambda cell: (net.values[cell], repr(cell)))


def _ends(values: Mapping[Cell, int], sums: Sequence[Sum]) -> Mapping[Cell, tuple[int, int]]:
    """Return for each cell the sum that it takes from and the one that it gives to when it grows."""
    ends = {cell: [_OUT, _OUT] for cell in values}
    for number, each in enumerate(sums):
        for part in each.parts:
            ends[part][0 if each.across else 1] = number
        ends[each.whole][1 if each.across else 0] = number
    return {cell: (tail, head) for cell, (tail, head) in ends.items()}


def _is_safe(cell: Cell, net: _Net, ways: Sequence[Ways]) -> bool:
    """Return whether *cell* may as well be LEEWAY other numbers, all that is shown staying as it is."""
    tail, head = net.ends[cell]
    more = _most(head, tail, cell, ways)
    less = min(net.room(cell), _most(tail, head, cell, ways)) if more < LEEWAY else 0
    return more + less >= LEEWAY


def _most(start: int, end: int, cell: Cell, ways: Sequence[Ways]) -> int:
    """Return how much can go from one sum to the other without *cell*, LEEWAY at most."""
    amounts = range(len(ways), 0, -1)
    return next((by for by in amounts if _leads(start, end, cell, ways[by - 1])), 0)


def _leads(start: int, end: int, cell: Cell, ways: Ways) -> bool:
    seen, waiting = {start}, [start]
    while waiting and end not in seen:
        for place, along in ways.get(waiting.pop(), ()):
            if place not in seen and along != cell:
                seen.add(place)
                waiting.append(place)
    return end in seen


def _beside(cell: Cell, dark: set[Cell], kept: frozenset[Cell], net: _Net) -> Iterator[Cell]:
    """Yield for each sum of *cell* the number that costs least to hide as well: the smallest.

    Where a sum has none left, one of the sums that its hidden numbers lead to gives it.
    """
    free = [each for each, count in net.values.items() if count and each not in dark and each not in kept]
    for place in set(net.ends[cell]) - {_OUT}:
        near = [each for each in free if place in net.ends[each]]
        if not near:
            around = _around(place, dark, net)
            near = [each for each in free if around.intersection(net.ends[each])]
        if near:
            yield min(near, key=lambda each: (net.values[each], repr(each)))


def _around(place: int, dark: set[Cell], net: _Net) -> set[int]:
    """Return the sums that hang together with *place* by hidden numbers."""
    found, grown = set[int](), {place}
    while grown:
        found |= grown
        ends = (net.ends[each] for each in dark)
        grown = {end for pair in ends if found.intersection(pair) for end in pair} - found - {_OUT}
    return found
