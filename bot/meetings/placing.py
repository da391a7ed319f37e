"""Finding seats that meet every hard wish, or the wishes that leave no room (ideas 30).

Whoever must sit together is one block.  Blocks are placed one after the other, the hardest first, each first where
it sat before; a wrong turn is taken back.  The search ends after a fixed number of turns: it never hangs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.meetings.wishes import (
    Apart,
    Contradiction,
    Guest,
    Pinned,
    Room,
    SameParty,
    Wish,
    bonds,
    plain_contradictions,
)

TURNS = 5_000
"""How many places the search tries before it gives up: far more than any table plan of a hall has needed."""


@dataclass(frozen=True)
class Block:
    """Guests who sit together.  *pinned* is their table, None for any; *apart* the blocks they must not meet."""

    guests: tuple[Guest, ...]
    pinned: int | None = None
    apart: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        """Return how many seats they need."""
        return len(self.guests)


def blocks(guests: Sequence[Guest], wishes: Sequence[Wish]) -> tuple[Block, ...]:
    """Return who sits together, sorted; nothing may contradict itself plainly."""
    bound, by_key = bonds(guests, wishes), {each.key: each for each in guests}
    groups = sorted({bound.block(each.key) for each in guests})
    where = {key: number for number, group in enumerate(groups) for key in group}
    pins = {where[each.guest]: each.table for each in wishes if isinstance(each, Pinned)}
    apart: dict[int, set[int]] = {}
    for wish in wishes:
        if isinstance(wish, Apart):
            apart.setdefault(where[wish.first], set()).add(where[wish.second])
            apart.setdefault(where[wish.second], set()).add(where[wish.first])
    return tuple(
        Block(tuple(by_key[key] for key in group), pins.get(number), frozenset(apart.get(number, ())))
        for number, group in enumerate(groups)
    )


@dataclass
class Placing:
    """One search for a table for each of *parts*; *before* is where some of them sat."""

    parts: Sequence[Block]
    room: Room
    before: Mapping[int, int]
    tables: dict[int, int] = field(default_factory=dict)
    turns: int = 0

    def found(self) -> dict[int, int] | None:
        """Return the table of each block; None where there is none, or it was not found in time."""
        return dict(self.tables) if self._place(self._order(), list(self.room.seats)) else None

    def _order(self) -> list[int]:
        def hardest_first(number: int) -> tuple[bool, int, int, bool, int]:
            part = self.parts[number]
            return part.pinned is None, -part.size, -len(part.apart), number not in self.before, number

        return sorted(range(len(self.parts)), key=hardest_first)

    def _place(self, left: list[int], free: list[int]) -> bool:
        stack: list[tuple[int, list[int]]] = []
        at = 0
        while at < len(left):
            if len(stack) == at:
                stack.append((left[at], self._choices(left[at], free)))
            number, choices = stack[-1]
            self._take_back(number, free)
            self.turns += 1
            if self.turns > TURNS:
                return False
            if choices:
                self.tables[number] = choices.pop(0)
                free[self.tables[number]] -= self.parts[number].size
                at += 1
                continue
            stack.pop()
            at -= 1
            if at < 0:
                return False
        return True

    def _take_back(self, number: int, free: list[int]) -> None:
        if number in self.tables:
            free[self.tables.pop(number)] += self.parts[number].size

    def _choices(self, number: int, free: list[int]) -> list[int]:
        part = self.parts[number]
        met = {self.tables[each] for each in part.apart if each in self.tables}
        wanted = range(len(free)) if part.pinned is None else (part.pinned,)
        fitting = [table for table in wanted if free[table] >= part.size and table not in met]
        former = self.before.get(number)
        # Emptier tables first: sizes come out even without a search.
        return sorted(fitting, key=lambda table: (table != former, -free[table], table))


def excluded(guests: Sequence[Guest], wishes: Sequence[Wish], room: Room) -> tuple[Contradiction, ...]:
    """Return why there are no seats: what is plain, or else the smallest set of wishes that leaves no room."""
    plain = plain_contradictions(guests, wishes, room)
    if plain:
        return plain
    if _has_room(guests, wishes, room):
        return ()
    needed = list(wishes)
    for wish in wishes:
        fewer = [each for each in needed if each != wish]
        if not _has_room(guests, fewer, room):
            needed = fewer
    return (Contradiction((*needed, *_parties(guests, needed)), len(guests), room.total, searched=True),)


def _has_room(guests: Sequence[Guest], wishes: Sequence[Wish], room: Room) -> bool:
    return Placing(blocks(guests, wishes), room, {}).found() is not None


def _parties(guests: Sequence[Guest], needed: Sequence[Wish]) -> tuple[SameParty, ...]:
    """Return the registrations of several people where no wish is to blame: they do not fit the tables."""
    if needed:
        return ()
    found: dict[str, list[str]] = {}
    for each in guests:
        found.setdefault(each.party, []).append(each.key)
    return tuple(SameParty(keys[0], keys[1]) for keys in found.values() if len(keys) > 1)
