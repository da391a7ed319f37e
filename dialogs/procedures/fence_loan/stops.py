"""Where the contractor goes for a loan: handing over, two-week checks, swaps, taking back (003-07, 15, 18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Booked, Loan
from dialogs.procedures.fence_loan.marks import marks
from dialogs.procedures.fence_loan.steps import WHILE_LENT
from dialogs.slots import DELIVERY
from dialogs.steps import dues
from dialogs.upcoming import Errand, Stop
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

VISIT_WITHIN = timedelta(days=3)
"""How soon somebody comes who has promised to (the office's own: no paper sets a day)."""

_ON_THE_WAY = {"checked_on_site": Errand.CHECK, "swapped": Errand.SWAP}


def stops(case: CaseView, world: World) -> tuple[Stop, ...]:
    """Return the stops that *case* needs as it stands."""
    known = tuple(each.label for each in marks(case, world))
    return tuple(replace(each, marks=known) for each in _stops(Loan(case), world))


def _stops(loan: Loan, world: World) -> Iterator[Stop]:
    if loan.handed_over is None:
        yield from _handing_over(loan)
    elif loan.is_lent:
        yield from (*_while_lent(loan, world), *_promised(loan), *_taking_back(loan))


def _handing_over(loan: Loan) -> Iterator[Stop]:
    if loan.pickup and CITY_CARRIES not in loan.waived:
        yield _booked(loan, loan.pickup, (Errand.PICKUP, Errand.DELIVERY), "handed_over")


def _taking_back(loan: Loan) -> Iterator[Stop]:
    if loan.returning:
        yield _booked(loan, loan.returning, (Errand.RETURN, Errand.COLLECTION), "taken_back")


def _booked(loan: Loan, at: Booked, kinds: tuple[Errand, Errand], step: str) -> Stop:
    at_a_point, at_the_site = kinds
    hour = time.fromisoformat(at.time)
    if at.place == DELIVERY:
        return Stop(at_the_site, at.day, hour, "", step, ward=loan.ward)
    return Stop(at_a_point, at.day, hour, at.place, step)


def _while_lent(loan: Loan, world: World) -> Iterator[Stop]:
    for due in dues(WHILE_LENT, loan.case, world.office.calendar):
        kind = _ON_THE_WAY.get(due.step.key)
        if kind:
            yield Stop(kind, due.last, None, "", due.step.key, ward=loan.ward, opens=due.opens)


def _promised(loan: Loan) -> Iterator[Stop]:
    """Yield the visit that was promised to somebody in trouble, until a check has been made."""
    answer = loan.newest("trouble_answered")
    if answer and answer.said.get("answer") == "visit" and not _since(loan, "checked_on_site"):
        last = answer.day + VISIT_WITHIN
        yield Stop(Errand.CHECK, last, None, "", "checked_on_site", ward=loan.ward, opens=answer.day)


def _since(loan: Loan, step: str) -> bool:
    return loan.comes_after(step, "trouble_answered")
