"""The tables of a meeting as staff arrange them: what is stored, what is proposed, what the residents wished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.meetings.registrations import Registration
from bot.meetings.seating import Figures, Move, Seated, Seats, Task, changes, figures, seat
from bot.meetings.wishes import Apart, Contradiction, Guest, Pinned, Room, Together, Wish
from dialogs.meetings import Meeting

MOST_TABLES, MOST_SEATS, LONGEST_NAME = 60, 30, 40
_NUMBER = re.compile(r"[A-Z]{1,4}[0-9]{1,2}-[0-9]{3,6}")


@dataclass(frozen=True)
class Plan:
    """Tables as they are stored.  *together* and *apart* are pairs of numbers of registrations; *pins* of guests."""

    tables: int
    size: int
    facilitators: tuple[str, ...] = ()
    themes: Mapping[int, str] = field(default_factory=dict)
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    pins: Seats = field(default_factory=dict)
    seats: Seats = field(default_factory=dict)
    seed: int = 1
    moves: tuple[Move, ...] = ()

    @property
    def room(self) -> Room:
        """Return the seats of each table."""
        return Room((self.size,) * self.tables, self.themes)

    def facilitator(self, table: int) -> str:
        """Return who leads the talk at *table*, "" where nobody is named yet."""
        return self.facilitators[table] if table < len(self.facilitators) else ""


def stored(plan: Plan) -> dict[str, Any]:
    """Return *plan* as JSON can hold it."""
    kept = vars(plan) | {"themes": {str(table): theme for table, theme in plan.themes.items()}}
    return kept | {"moves": [[each.guest, each.before, each.after] for each in plan.moves]}


def read(raw: Mapping[str, Any]) -> Plan:
    """Return the plan that :func:`stored` made."""
    return Plan(
        raw["tables"],
        raw["size"],
        tuple(raw["facilitators"]),
        {int(table): theme for table, theme in raw["themes"].items()},
        tuple((one, other) for one, other in raw["together"]),
        tuple((one, other) for one, other in raw["apart"]),
        raw["pins"],
        raw["seats"],
        raw["seed"],
        tuple(Move(*each) for each in raw["moves"]),
    )


def first(meeting: Meeting, found: Sequence[Registration]) -> Plan:
    """Return a plan without seats: as many tables as the meeting says, and what the registrations wished."""
    expected = sum(each.people for each in found if each.comes_on_site)
    size = meeting.group_size or 6
    tables = meeting.groups or max(1, -(-expected // size))
    # A table holds one more than the even share: a group that comes together must fit somewhere.
    roomy = max(size, -(-expected // tables) + 1)
    wished = {key: tuple(_wished(found, key)) for key in ("stay_with", "avoid")}
    return Plan(tables, min(roomy, MOST_SEATS), together=wished["stay_with"], apart=wished["avoid"])


def _wished(found: Iterable[Registration], key: str) -> Iterable[tuple[str, str]]:
    for each in found:
        for number in _NUMBER.findall(each.said(key).upper()):
            if each.comes_on_site and number != each.reference:
                yield each.reference, number


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of numbers that *text* names, two a line; a third is bound to the first, too."""
    found = []
    for line in text.upper().splitlines():
        head, *others = _NUMBER.findall(line) or [""]
        found += [(head, other) for other in others if other != head]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Arrangement:
    """What a plan comes to with those who are expected now; *reasons* where there are no seats for it."""

    plan: Plan
    figures: Figures | None = None
    reasons: tuple[Contradiction, ...] = ()


@dataclass(frozen=True)
class Tables:
    """Arranges the guests of the registrations *found*."""

    found: Sequence[Registration]

    @property
    def guests(self) -> list[Guest]:
        """Return everybody who is expected in the room."""
        return [guest for each in self.found if each.comes_on_site for guest in each.guests()]

    @property
    def numbers(self) -> Mapping[str, str]:
        """Return the number of each guest's registration, with which of its people it is."""
        return {
            key: each.reference
            if number == 0
            else f"{each.reference}（{number + 1}）"  # untranslated: a number
            for each in self.found
            for number, key in enumerate(each.each_key())
        }

    def wishes(self, plan: Plan) -> list[Wish]:
        """Return the hard wishes of *plan* about guests."""
        heads = {each.reference: each.each_key()[0] for each in self.found if each.comes_on_site}
        pinned: list[Wish] = [Pinned(guest, table) for guest, table in plan.pins.items()]
        bound = [Together(heads[a], heads[b]) for a, b in plan.together if a in heads and b in heads]
        return [
            *pinned,
            *bound,
            *(Apart(heads[a], heads[b]) for a, b in plan.apart if a in heads and b in heads),
        ]

    def unknown(self, plan: Plan) -> tuple[str, ...]:
        """Return the numbers in wishes that are of nobody who is expected in the room."""
        here = {each.reference for each in self.found if each.comes_on_site}
        named = {number for pair in (*plan.together, *plan.apart) for number in pair}
        return tuple(sorted(named - here))

    def arranged(self, plan: Plan, *, keeping: bool) -> Arrangement:
        """Return *plan* with seats for all, keeping places or from the beginning."""
        task = Task(self.guests, plan.room, self.wishes(plan), plan.seats if keeping else {}, plan.seed)
        found = seat(task)
        if not isinstance(found, Seated):
            return Arrangement(plan, reasons=found)
        moved = changes(plan.seats, found.seats) if plan.seats else ()
        here = {each.key for each in self.guests}
        pins = {key: table for key, table in plan.pins.items() if key in here}
        return Arrangement(replace(plan, seats=found.seats, moves=moved, pins=pins), found.figures)

    def stale(self, plan: Plan) -> tuple[int, int]:
        """Return how many sit there who come no more, and how many come who have no seat."""
        here = {each.key for each in self.guests}
        return len(set(plan.seats) - here), len(here - set(plan.seats))

    def figures(self, plan: Plan) -> Figures:
        """Return how even the tables are with those who still come."""
        return figures([each for each in self.guests if each.key in plan.seats], plan.seats, plan.room)


def supplies(meeting: Meeting, people: int, plan: Plan) -> Mapping[str, int]:
    """Return how much of everything the day needs for *people* guests (004-06): it follows who cancels."""
    led = max(len(plan.facilitators), plan.tables)
    return {
        "people": people,
        "facilitators": led,
        "drinks": (people + led) * meeting.drinks,
        "sweets": plan.tables * meeting.sweets,
        "handouts": people + led,
        "cards": people + led,
    }
