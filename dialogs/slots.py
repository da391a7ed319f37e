"""What is scarce, as a turn sees it: which pools there are, their slots, and what is free in them.

A slot is a text that sorts by time: a day (``2027-06-14``) for sets, a day and a time (``2027-06-14T09:00``,
Asia/Tokyo) for visits and for what is handed over.  What is free is handed in as a value, and only storage
takes something: what was free here may be gone a moment later, and then the turn is run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from dialogs.office import Booking, Days, Office

FENCE_SETS = "fence_sets"
"""The sets in service; its slots are days (003-10)."""

VISIT = "visit"
"""Visits for guidance; as many at once as there are people to go (003-07)."""

COUNTER = "counter"
"""Where sets are handed over and taken back: a pool for each place (003-06, 003-15)."""

DELIVERY = "delivery"
"""The place of a city whose contractor brings and fetches the sets."""


@dataclass(frozen=True)
class Free:
    """What can be taken.

    *capacities* is how much of a pool a slot holds, by pool.  *taken* is how much of it is taken, by pool and
    slot, and *mine* how much of that by the case which asks: whoever moves a booking may keep it.  Slots before
    *now* are over.  A pool that is not among *capacities* was not looked at.
    """

    capacities: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)
    mine: Mapping[tuple[str, str], int] = field(default_factory=dict)
    now: str = ""

    def left(self, pool: str, slot: str) -> int:
        """Return how much of *slot* the case may have; none of a pool that was not looked at."""
        if slot < self.now[: len(slot)]:  # a day is over when it ends, not when it begins
            return 0
        others = self.taken.get((pool, slot), 0) - self.mine.get((pool, slot), 0)
        return max(self.capacities.get(pool, 0) - others, 0)


NOTHING_KNOWN = Free()


def counter(place: str) -> str:
    """Return the pool of the pick-up point *place*, or of ``DELIVERY``."""
    return f"{COUNTER}/{place}"


def kind_of(pool: str) -> str:
    """Return the part of the office file's ``[booking]`` that says how *pool* is divided."""
    return pool.partition("/")[0]


def places(office: Office) -> tuple[str, ...]:
    """Return where *office* hands sets over; both ways have their pools, so that one can be changed for the other."""
    return (*(point.key for point in office.points), DELIVERY)


def capacities(office: Office) -> Mapping[str, int]:
    """Return how much each of the office's pools holds at first: in each slot, by pool."""
    at_counters = office.booking[COUNTER].capacity
    return {
        FENCE_SETS: office.stock.owned,
        VISIT: office.booking[VISIT].capacity,
        **{counter(place): at_counters for place in places(office)},
    }


def times(office: Office, kind: str) -> tuple[time, ...]:
    """Return when the slots of *kind* begin on a day that is open, the last so that it ends with the reception."""
    return tuple(_times(office, office.booking[kind]))


def _times(office: Office, booking: Booking) -> Iterator[time]:
    length = timedelta(minutes=booking.minutes)
    begins = datetime.combine(date.min, office.reception.opens)
    closes = datetime.combine(date.min, office.reception.closes)
    while begins + length <= closes:
        yield begins.time()
        begins += length


def is_open(office: Office, day: date) -> bool:
    """Return whether something can be booked on *day*: weekends and holidays too, where the hours say so (003-06)."""
    every_day = office.reception.days is Days.EVERY_DAY
    return every_day or office.calendar.is_business_day(day)


def at(day: date, begins: time) -> str:
    """Return the slot that begins at *begins* on *day*."""
    return f"{day.isoformat()}T{begins:%H:%M}"


def slot_key(value: Mapping[str, str]) -> str:
    """Return the slot of the answer *value* to a :class:`~dialogs.fields.Slot`."""
    return f"{value['day']}T{value['time']}"


def days(first: date, last: date, turnaround: int = 0) -> tuple[str, ...]:
    """Return the slots of a loan: every day from *first* to *last*, and *turnaround* days for cleaning and checks."""
    count = (last - first).days + 1 + turnaround
    return tuple((first + timedelta(days=number)).isoformat() for number in range(count))


def free_times(office: Office, free: Free, pool: str, day: date, amount: int = 1) -> tuple[time, ...]:
    """Return when *amount* of *pool* can be had on *day*; a pool nobody looked at counts as free."""
    if not is_open(office, day):
        return ()
    possible = times(office, kind_of(pool))
    if pool not in free.capacities:
        return tuple(each for each in possible if at(day, each) >= free.now)
    return tuple(each for each in possible if free.left(pool, at(day, each)) >= amount)


def free_days(
    office: Office, free: Free, pool: str, within: tuple[date, date], amount: int = 1
) -> Iterator[date]:
    """Yield the days *within* (both included) on which some time is free, the first first."""
    first, last = within
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if free_times(office, free, pool, day, amount):
            yield day


def near(
    office: Office, free: Free, pool: str, within: tuple[date, date], day: date, many: int = 3
) -> tuple[date, ...]:
    """Return up to *many* days with room: those from *day* on, and earlier ones where there are none."""
    first, last = within
    later = list(islice(free_days(office, free, pool, (max(first, day), last)), many))
    if len(later) == many:
        return tuple(later)
    earlier = islice(
        free_days(office, free, pool, (first, min(last, day - timedelta(days=1)))), many - len(later)
    )
    return tuple(sorted({*later, *earlier}))
