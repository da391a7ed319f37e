"""What is wished of the tables of a meeting, and which of these wishes exclude each other (ideas 30).

Guests are known by keys alone; a name never comes in here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

TRAITS = ("kind", "ward", "theme")
"""What the tables are balanced by."""


@dataclass(frozen=True)
class Guest:
    """Somebody who comes on site.  Those of one *party*, a registration, sit together."""

    key: str
    party: str
    kind: str = ""
    ward: str = ""
    theme: str = ""

    def trait(self, name: str) -> str:
        """Return what the guest has of one of :data:`TRAITS`."""
        return str(getattr(self, name))


@dataclass(frozen=True, order=True)
class Together:
    """Two guests at one table."""

    first: str
    second: str


@dataclass(frozen=True, order=True)
class Apart:
    """Two guests at different tables."""

    first: str
    second: str


@dataclass(frozen=True, order=True)
class Pinned:
    """A guest at the table *table*, from 0: put there by hand."""

    guest: str
    table: int


@dataclass(frozen=True, order=True)
class SameParty:
    """Two guests of one registration, who sit together without a wish."""

    first: str
    second: str


Wish = Together | Apart | Pinned
Cause = Together | Apart | Pinned | SameParty


@dataclass(frozen=True)
class Contradiction:
    """Causes that cannot all be met; without any, *seats* are fewer than *guests*.

    *searched* says that no plain reason was found and that the search gave up: leaving out any one of *causes*
    makes room.
    """

    causes: tuple[Cause, ...] = ()
    guests: int = 0
    seats: int = 0
    searched: bool = False


@dataclass(frozen=True)
class Room:
    """The seats of each table, facilitators not counted, and for a table with a theme of its own which one."""

    seats: tuple[int, ...]
    themes: Mapping[int, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many guests can sit."""
        return sum(self.seats)


def known(wishes: Iterable[Wish], guests: Iterable[Guest], tables: int) -> tuple[Wish, ...]:
    """Return those of *wishes* that are about guests who come and tables that there are, sorted, each once."""
    here = {each.key for each in guests}
    found = {each for each in wishes if _is_known(each, here, tables)}
    return tuple(sorted(found, key=lambda each: (type(each).__name__, each)))


def _is_known(wish: Wish, here: set[str], tables: int) -> bool:
    if isinstance(wish, Pinned):
        return wish.guest in here and 0 <= wish.table < tables
    return wish.first in here and wish.second in here


@dataclass(frozen=True)
class Bonds:
    """Who sits with whom, and by which wish or registration each is bound to the next."""

    links: Mapping[str, Sequence[tuple[str, Cause]]]

    def block(self, start: str) -> tuple[str, ...]:
        """Return everybody who must sit with *start*, sorted."""
        return tuple(sorted(self._ways(start)))

    def way(self, start: str, end: str) -> tuple[Cause, ...]:
        """Return the shortest chain of causes that binds *start* to *end*."""
        before, chain = self._ways(start), []
        while end != start:
            end, cause = before[end]
            chain.append(cause)
        return tuple(reversed(chain))

    def _ways(self, start: str) -> dict[str, tuple[str, Cause]]:
        """Return how each guest bound to *start* is reached; *start* itself by nothing that is ever read."""
        found: dict[str, tuple[str, Cause]] = {start: (start, SameParty(start, start))}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for other, cause in self.links.get(here, ()):
                if other not in found:
                    found[other] = (here, cause)
                    waiting.append(other)
        return found


def bonds(guests: Iterable[Guest], wishes: Iterable[Wish]) -> Bonds:
    """Return who is bound to whom by registrations and by wishes."""
    links: dict[str, list[tuple[str, Cause]]] = {}
    heads: dict[str, str] = {}
    causes: list[SameParty | Together] = []
    for guest in sorted(guests, key=lambda each: each.key):
        head = heads.setdefault(guest.party, guest.key)
        if head != guest.key:
            causes.append(SameParty(head, guest.key))
    causes += [each for each in wishes if isinstance(each, Together) and each.first != each.second]
    for cause in causes:
        links.setdefault(cause.first, []).append((cause.second, cause))
        links.setdefault(cause.second, []).append((cause.first, cause))
    return Bonds(links)


def plain_contradictions(
    guests: Sequence[Guest], wishes: Sequence[Wish], room: Room
) -> tuple[Contradiction, ...]:
    """Return the contradictions that can be seen without a search, each with its smallest set of causes."""
    bound = bonds(guests, wishes)
    found = [*_too_few_seats(guests, room), *_apart_but_bound(wishes, bound)]
    found += [*_two_tables(wishes, bound), *_apart_but_pinned(wishes, bound)]
    found += _too_large(guests, bound, room)
    return tuple(found)


def _too_few_seats(guests: Sequence[Guest], room: Room) -> list[Contradiction]:
    short = len(guests) > room.total
    return [Contradiction(guests=len(guests), seats=room.total)] if short else []


def _apart_but_bound(wishes: Sequence[Wish], bound: Bonds) -> list[Contradiction]:
    apart = [each for each in wishes if isinstance(each, Apart)]
    return [
        Contradiction((each, *bound.way(each.first, each.second)))
        for each in apart
        if each.second in bound.block(each.first)
    ]


def _two_tables(wishes: Sequence[Wish], bound: Bonds) -> list[Contradiction]:
    pins = [each for each in wishes if isinstance(each, Pinned)]
    return [
        Contradiction((one, other, *bound.way(one.guest, other.guest)))
        for one, other in combinations(pins, 2)
        if one.table != other.table and other.guest in bound.block(one.guest)
    ]


def _apart_but_pinned(wishes: Sequence[Wish], bound: Bonds) -> list[Contradiction]:
    pins: dict[str, Pinned] = {}
    for pin in (each for each in wishes if isinstance(each, Pinned)):
        for guest in bound.block(pin.guest):
            pins.setdefault(guest, pin)
    found = []
    for wish in (each for each in wishes if isinstance(each, Apart)):
        one, other = pins.get(wish.first), pins.get(wish.second)
        bound_already = wish.second in bound.block(wish.first)
        if one and other and one.table == other.table and not bound_already:
            ways = *bound.way(one.guest, wish.first), *bound.way(other.guest, wish.second)
            found.append(Contradiction((wish, one, other, *ways)))
    return found


def _too_large(guests: Sequence[Guest], bound: Bonds, room: Room) -> list[Contradiction]:
    largest, seen, found = max(room.seats, default=0), set[str](), []
    for guest in guests:
        if guest.key in seen:
            continue
        block = bound.block(guest.key)
        seen.update(block)
        if len(block) > largest:
            causes = {cause: None for each in block for cause in bound.way(block[0], each)}
            found.append(Contradiction(tuple(causes), len(block), largest))
    return found
