"""How many sets will be where on the coming days: what is promised against what there is, and the store's own level.

Two questions, each with its own answer.  Are more sets promised on a day than there are in service?  Storage never
lets that happen, but a set may be lost or break afterwards.  And has the contractor's store, which holds few
(003-10), as many as will be fetched from it, or must the city bring some before?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Loan:
    """Sets that are promised: *count* of them, from *first* to *last*, both included.  *lent* are out already."""

    reference: str
    count: int
    first: date
    last: date
    lent: int = 0


@dataclass(frozen=True)
class Sets:
    """Where the sets are now, and the rules: *cap* is what the store holds.

    *turnaround* is how many days one that came back is cleaned and checked before it leaves again.
    """

    city: int
    store: int
    lent: int
    cap: int
    turnaround: int

    @property
    def in_service(self) -> int:
        """Return how many can be promised."""
        return self.city + self.store + self.lent


@dataclass(frozen=True)
class Ahead:
    """One coming day.  *claimed* are promised on it, *out* leave and *back* come; *stored* are left in the evening.

    *stored* below 0 is what the city must have brought by then; above the store's cap it is what must be fetched.
    """

    day: date
    claimed: int
    out: int
    back: int
    stored: int


@dataclass(frozen=True)
class Week:
    """The seven days from *monday*: the most that is *claimed*, and what is to be done for the store.

    *bring* are the sets that the city has to bring to it by the day *by*, so that none is short; *fetch* are those
    it cannot hold.  *oversold* is by how much more is promised than there is.
    """

    monday: date
    claimed: int
    out: int
    back: int
    stored: int
    bring: int
    by: date | None
    fetch: int
    oversold: int


def days(sets: Sets, loans: Iterable[Loan], today: date, last: date) -> Sequence[Ahead]:
    """Return the days from *today* to *last*, as they will be if the city moves nothing."""
    known = tuple(loans)
    return tuple(_walk(sets, known, today, last))


def _walk(sets: Sets, loans: Sequence[Loan], today: date, last: date) -> Iterator[Ahead]:
    day, stored = today, sets.store
    while day <= last:
        out = sum(_leaving(each, day, today) for each in loans)
        back = sum(_back(each, day, today, sets.turnaround) for each in loans)
        stored += back - out
        claimed = sum(
            each.count for each in loans if each.first <= day <= _free_again(each, today, sets.turnaround)
        )
        yield Ahead(day, claimed, out, back, stored)
        day += DAY


def _leaving(loan: Loan, day: date, today: date) -> int:
    """Return how many sets of *loan* leave on *day*: on its first day, today where that has passed."""
    return loan.count - loan.lent if day == max(loan.first, today) else 0


def _back(loan: Loan, day: date, today: date, turnaround: int) -> int:
    """Return how many sets of *loan* can be lent again from *day* on."""
    return loan.count if day == _free_again(loan, today, turnaround) + DAY else 0


def _free_again(loan: Loan, today: date, turnaround: int) -> date:
    """Return the last day on which *loan* still needs its sets; one that is overdue comes back today at best."""
    return max(loan.last, today) + turnaround * DAY


def weeks(sets: Sets, loans: Iterable[Loan], today: date, count: int) -> Sequence[Week]:
    """Return the next *count* weeks, the first the one of *today*, each as it will be if those before were served."""
    monday = today - today.weekday() * DAY
    ahead = days(sets, loans, today, monday + count * WEEK - DAY)
    found, moved = [], 0
    for number in range(count):
        start = monday + number * WEEK
        week = _week(
            sets, start, [replace(each, stored=each.stored + moved) for each in ahead if _in(each, start)]
        )
        moved += week.bring - week.fetch
        found.append(week)
    return found


def _in(ahead: Ahead, monday: date) -> bool:
    return monday <= ahead.day < monday + WEEK


def _week(sets: Sets, monday: date, ahead: Sequence[Ahead]) -> Week:
    least = min(ahead, key=lambda each: each.stored)
    bring = max(-least.stored, 0)
    first_short = next((each.day for each in ahead if each.stored < 0), None)
    evening = ahead[-1].stored + bring
    claimed = max(each.claimed for each in ahead)
    return Week(
        monday,
        claimed,
        sum(each.out for each in ahead),
        sum(each.back for each in ahead),
        min(evening, sets.cap),
        bring,
        first_short,
        max(evening - sets.cap, 0),
        max(claimed - sets.in_service, 0),
    )


@dataclass(frozen=True)
class Effect:
    """What one loan more would do: *left* sets are free on its tightest day, *tight*.

    The store lacks *bring* sets for all loans up to its own, on the day *by*; *later* more lack afterwards, first
    on *later_by*, because of it.
    """

    left: int
    tight: date
    bring: int
    by: date | None
    later: int
    later_by: date | None


def effect(sets: Sets, loans: Iterable[Loan], wanted: Loan, today: date) -> Effect:
    """Return what granting *wanted* beside *loans* (without it) would do."""
    others = tuple(each for each in loans if each.reference != wanted.reference)
    starts = max(wanted.first, today)
    end = max([_free_again(each, today, sets.turnaround) for each in (*others, wanted)])
    before, after = days(sets, others, today, end), days(sets, (*others, wanted), today, end)
    during = [each for each in before if starts <= each.day <= _free_again(wanted, today, sets.turnaround)]
    tight = max(during, key=lambda each: each.claimed)
    own = [each for each in after if each.day <= starts and each.stored < 0]
    bring = max((-each.stored for each in own), default=0)
    later = [
        (-each.stored - bring - max(-was.stored - bring, 0), each.day)
        for was, each in zip(before, after, strict=True)
        if each.day > starts and each.stored + bring < 0
    ]
    worst = max((more for more, _ in later), default=0)
    return Effect(
        sets.in_service - tight.claimed,
        tight.day,
        bring,
        own[0].day if own else None,
        worst,
        next((day for more, day in later if more > 0), None),
    )
