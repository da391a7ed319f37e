"""Tables for a meeting: every hard wish met, the rest balanced, the same for the same seed (ideas 30).

A plan is found in two steps: seats that break no hard wish (:mod:`bot.meetings.placing`), then a fixed number of
exchanges that are kept where they make the tables more alike.  No exchange breaks a hard wish, so none ever is.
Whoever sat before stays unless a wish or a table that became too small makes somebody move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from random import Random

from bot.meetings.placing import Block, Placing, blocks, excluded
from bot.meetings.wishes import TRAITS, Contradiction, Guest, Room, Wish, known

STEPS = 12_000
"""Exchanges that are tried: 60 guests at 10 tables find nothing better from about 10,000 on."""

WARM, COLD = 3.0, 0.05
"""The first and last temperature of the search, in the units of the weights below."""

SIZE, THEME_MET, STAYS, TOO_SMALL = 6, 4, 40, 200
"""What a guest too many, a wish met by a table of its own, a guest who moves and a lonely table weigh."""

WEIGHTS: Mapping[str, int] = {"kind": 3, "ward": 3, "theme": 2}

LONELY = 2
"""How far a table may fall below the even size before somebody who sits elsewhere is moved there."""

Seats = Mapping[str, int]
"""The table of each guest, from 0."""


@dataclass(frozen=True)
class Figures:
    """How even the tables are.  *spread*: of each trait and value the fewest and the most at a table."""

    smallest: int
    largest: int
    spread: Mapping[str, Mapping[str, tuple[int, int]]]
    themes_wished: int = 0
    themes_met: int = 0

    def worst(self, trait: str) -> int:
        """Return by how many guests tables differ at most in one value of *trait*."""
        return max((most - fewest for fewest, most in self.spread[trait].values()), default=0)


@dataclass(frozen=True)
class Seated:
    """A plan that meets every hard wish."""

    seats: Seats
    figures: Figures


@dataclass(frozen=True)
class Move:
    """That a guest sits elsewhere now; None for who is new (*before*) or comes no more (*after*)."""

    guest: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Task:
    """Who is to be seated where, by which wishes; *before* is where people sit already."""

    guests: Sequence[Guest]
    room: Room
    wishes: Sequence[Wish] = ()
    before: Seats = field(default_factory=dict)
    seed: int = 1
    steps: int = STEPS


def seat(task: Task) -> Seated | tuple[Contradiction, ...]:
    """Return seats for everybody, or which wishes exclude each other; wishes about people who do not come are left out.

    The same *task* has always the same answer.
    """
    guests = sorted(task.guests, key=lambda each: each.key)
    wishes = known(task.wishes, guests, len(task.room.seats))
    reasons = excluded(guests, wishes, task.room)
    if reasons:
        return reasons
    parts = blocks(guests, wishes)
    former = {
        number: table for number, part in enumerate(parts) if (table := _former(part, task)) is not None
    }
    # That what sat before is tried first can mislead the search; it is known to succeed without.
    first = Placing(parts, task.room, former).found() or Placing(parts, task.room, {}).found()
    assert first is not None  # noqa: S101 -- excluded() has found seats by the same search
    found = _Search(parts, task, Random(task.seed), first).best()  # noqa: S311 -- no secret
    seats = {each.key: found[number] for number, part in enumerate(parts) for each in part.guests}
    return Seated(seats, figures(guests, seats, task.room))


def _former(part: Block, task: Task) -> int | None:
    sat = Counter(task.before[each.key] for each in part.guests if each.key in task.before)
    there = [table for table, _ in sat.most_common() if table < len(task.room.seats)]
    return there[0] if there else None


def changes(before: Seats, after: Seats) -> tuple[Move, ...]:
    """Return who sits elsewhere, is new, or comes no more, sorted by guest."""
    keys = sorted({*before, *after})
    return tuple(
        Move(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    )


def figures(guests: Sequence[Guest], seats: Seats, room: Room) -> Figures:
    """Return how even the tables are."""
    tables = range(len(room.seats))
    sizes = Counter(seats[each.key] for each in guests)
    spread = {trait: _spread(trait, guests, seats, len(room.seats)) for trait in TRAITS}
    own = set(room.themes.values())
    wished = [each for each in guests if each.theme in own]
    met = sum(room.themes.get(seats[each.key]) == each.theme for each in wished)
    counted = [sizes[table] for table in tables] or [0]
    return Figures(min(counted), max(counted), spread, len(wished), met)


def _spread(trait: str, guests: Sequence[Guest], seats: Seats, tables: int) -> Mapping[str, tuple[int, int]]:
    counts = Counter((each.trait(trait), seats[each.key]) for each in guests if each.trait(trait))
    values = sorted({value for value, _ in counts})
    found = {value: [counts[value, table] for table in range(tables)] for value in values}
    return {value: (min(each), max(each)) for value, each in found.items()}


class _Search:
    """Exchanges blocks between tables for as long as it helps, a fixed number of times."""

    def __init__(self, parts: Sequence[Block], task: Task, dice: Random, first: Mapping[int, int]) -> None:
        self.parts, self.task, self.dice = parts, task, dice
        self.tables = dict(first)
        # Where tables have themes of their own, wishes draw people together instead of being spread.
        self.weights = {key: each for key, each in WEIGHTS.items() if key != "theme" or not task.room.themes}
        self.at: list[set[int]] = [set() for _ in task.room.seats]
        for number, table in first.items():
            self.at[table].add(number)
        # Blocks in a fixed order: a set has none that is the same in each process.
        self.loose = [number for number, part in enumerate(parts) if part.pinned is None]
        even = len(task.guests) // max(len(task.room.seats), 1)
        self.least = min(max(even - LONELY, 1), *task.room.seats) if task.room.seats else 0
        self.costs = [self._cost(here) for here in range(len(self.at))]

    def best(self) -> Mapping[int, int]:
        """Return the best seats that were met with."""
        cost = least = sum(self.costs)
        best = dict(self.tables)
        if len(self.at) < 2 or not self.loose:  # noqa: PLR2004 -- one table: nothing to exchange
            return best
        for step in range(self.task.steps):
            warmth = WARM * (COLD / WARM) ** (step / self.task.steps)
            cost += self._try(warmth)
            if cost < least:
                least, best = cost, dict(self.tables)
        return best

    def _try(self, warmth: float) -> int:
        """Exchange something and return what that changed; nothing where it is not allowed or does not help."""
        one = self.loose[self.dice.randrange(len(self.loose))]
        here, there = self.tables[one], self.dice.randrange(len(self.at))
        others = self._given_back(one, there)
        if here == there or others is None or not self._is_allowed(one, others, here, there):
            return 0
        before = self.costs[here] + self.costs[there]
        self._exchange(one, others, here, there)
        new = self._cost(here), self._cost(there)
        worse = sum(new) - before
        if worse > 0 and self.dice.random() >= exp(-worse / warmth):
            for number in others:
                self._put(number, here, there)
            self._put(one, there, here)
            return 0
        self.costs[here], self.costs[there] = new
        return worse

    def _given_back(self, one: int, there: int) -> tuple[int, ...] | None:
        """Return what comes back for *one*: nothing where it fits, or blocks chosen by chance; None for no room."""
        need = self._taken(there) + self.parts[one].size - self.task.room.seats[there]
        if need <= 0 and self.dice.random() < 0.5:  # noqa: PLR2004 -- as often a move as an exchange
            return ()
        loose = sorted(each for each in self.at[there] if self.parts[each].pinned is None)
        self.dice.shuffle(loose)
        chosen: list[int] = []
        for each in loose:
            chosen.append(each)
            need -= self.parts[each].size
            if need <= 0:
                return tuple(chosen)
        return None

    def _is_allowed(self, one: int, others: Sequence[int], here: int, there: int) -> bool:
        coming = sum(self.parts[each].size for each in others)
        if self._taken(here) - self.parts[one].size + coming > self.task.room.seats[here]:
            return False
        left, stay = self.at[there].difference(others), self.at[here] - {one}
        if self.parts[one].apart & left:
            return False
        return not any(self.parts[each].apart & stay for each in others)

    def _exchange(self, one: int, others: Sequence[int], here: int, there: int) -> None:
        for number in others:
            self._put(number, there, here)
        self._put(one, here, there)

    def _put(self, number: int, here: int, there: int) -> None:
        self.at[here].discard(number)
        self.at[there].add(number)
        self.tables[number] = there

    def _taken(self, table: int) -> int:
        return sum(self.parts[each].size for each in self.at[table])

    def _cost(self, table: int) -> int:
        guests = [guest for number in self.at[table] for guest in self.parts[number].guests]
        # Sums of squares are least where all tables are alike: an even share need not be known.
        cost = SIZE * len(guests) ** 2
        for trait, weight in self.weights.items():
            counts = Counter(each.trait(trait) for each in guests)
            cost += weight * sum(count * count for value, count in counts.items() if value)
        own, before = self.task.room.themes.get(table), self.task.before
        cost -= 2 * THEME_MET * sum(own is not None and each.theme == own for each in guests)
        cost += STAYS * sum(before.get(each.key, table) != table for each in guests)
        return cost + TOO_SMALL * max(self.least - len(guests), 0)
