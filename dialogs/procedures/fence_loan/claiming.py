"""What a loan takes of what is scarce, and when it gives it back: sets by the day, times at the counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from dialogs.effects import Claim, GiveBack, Take
from dialogs.fields import Answers
from dialogs.procedures.fence_loan.extension import further_days
from dialogs.procedures.fence_loan.loan import Loan, booked, granted_until
from dialogs.procedures.fence_loan.rules import season
from dialogs.slots import FENCE_SETS, counter, days
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

LENDING, PICKUP, RETURN, OVERDUE = "loan", "pickup", "return", "overdue"
"""What a case holds something for."""


def claims(step: str, said: Answers, case: CaseView, world: World) -> tuple[Claim, ...]:
    """Return what filing *step* with *said* on *case*, as it stood before, takes and gives back.

    The decision takes the sets of every day and of the days on which they are cleaned; a booking takes its time,
    and moving one gives the old time back first; the sets are free again on the day on which they come back.
    """
    found = _CLAIMS.get(step)
    return tuple(found(said, case, world)) if found else ()


def _decided(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:  # noqa: ARG001 -- one shape
    loan = Loan(case)
    taken = days(loan.first, loan.last, world.office.stock.turnaround_days)
    yield Take(case.reference, FENCE_SETS, _to_come(taken, world), loan.sets, LENDING)


def _handed_over(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:
    """Yield that the time at the counter is over, and that sets which stay in the store are free for others."""
    loan, sets = Loan(case), int(said.get("sets") or 0)
    yield GiveBack(case.reference, PICKUP)
    if 0 < sets < loan.sets:
        taken = days(loan.first, loan.last, world.office.stock.turnaround_days)
        yield GiveBack(case.reference, LENDING)
        yield Take(case.reference, FENCE_SETS, _to_come(taken, world), sets, LENDING)


def _extended(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:
    loan, until = Loan(case), granted_until(said, case)
    yield from _not_overdue_any_more(loan, world)
    more = further_days(loan, until, world.office.stock.turnaround_days)
    yield GiveBack(case.reference, RETURN)  # whatever was booked for the old end
    yield Take(case.reference, FENCE_SETS, _to_come(more, world), loan.sets, LENDING)


def _taken_back(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:
    yield from _not_overdue_any_more(Loan(case), world)
    yield from _over(LENDING, RETURN)(said, case, world)


def _not_overdue_any_more(loan: Loan, world: World) -> Iterator[Claim]:
    if loan.last < world.today:
        yield GiveBack(loan.case.reference, OVERDUE)


def kept_back(loan: Loan, world: World) -> tuple[str, ...]:
    """Return the days (slots) on which nobody else is promised the sets of *loan*, because they are not back in time.

    Those are all that can be promised: from today to the end of the season.  When an overdue set comes back is
    known to nobody, and a set that is not there must not be promised (003-10, 003-19).
    """
    if not loan.is_lent or loan.last >= world.today:
        return ()
    turnaround = world.office.stock.turnaround_days
    had = {*days(loan.first, loan.last, turnaround)}
    left = days(world.today, max(season(world).last, world.today), turnaround)
    return tuple(each for each in left if each not in had)


def _to_come(slots: tuple[str, ...], world: World) -> tuple[str, ...]:
    """Return *slots* without days gone by: a set that was decided on late is not missing from them."""
    return tuple(each for each in slots if each >= world.today.isoformat())


def _booked(purpose: str) -> Callable[[Answers, CaseView, World], Iterator[Claim]]:
    def claimed(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:  # noqa: ARG001
        at = booked(said)
        yield GiveBack(case.reference, purpose)
        yield Take(case.reference, counter(at.place), (at.slot,), 1, purpose)

    return claimed


def _over(*purposes: str) -> Callable[[Answers, CaseView, World], Iterator[Claim]]:
    def given_back(said: Answers, case: CaseView, world: World) -> Iterator[Claim]:  # noqa: ARG001
        return (GiveBack(case.reference, each) for each in purposes)

    return given_back


_CLAIMS: Mapping[str, Callable[[Answers, CaseView, World], Iterator[Claim]]] = {
    "decision": _decided,
    "pickup_booked": _booked(PICKUP),
    "cancelled": _over(LENDING, PICKUP),
    "handed_over": _handed_over,
    "extended": _extended,
    "return_booked": _booked(RETURN),
    "taken_back": _taken_back,
}
