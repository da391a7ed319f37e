"""From which day the steps of a loan are waited for, and when it is too late for the borrower."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dialogs.procedures.fence_loan.booking import too_late
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.words import Message
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView


def no_pickup_yet(case: CaseView) -> date | None:
    """Return the first day of the loan, by which the pick-up is to be booked; None once it is."""
    loan = Loan(case)
    return None if loan.pickup else loan.first


def pickup_day(case: CaseView) -> date:
    """Return the day on which the set is handed over: the one booked, otherwise the loan's first."""
    loan = Loan(case)
    return loan.pickup.day if loan.pickup else loan.first


def no_return_yet(case: CaseView) -> date | None:
    """Return the last day of the loan, by which the return is to be booked; None once it is."""
    loan = Loan(case)
    return None if loan.returning else loan.last


def return_day(case: CaseView) -> date:
    """Return the day on which the set comes back: the one booked, otherwise the loan's last."""
    loan = Loan(case)
    return loan.returning.day if loan.returning else loan.last


def parts_awaited(case: CaseView) -> date | None:
    """Return from when the end of a loan is reported: the day for which parts were promised, or that of the return.

    Every loan's end is reported, one without a loss too (003-19).
    """
    loan = Loan(case)
    promised = loan.said("missing_answered").get("bring_by")
    return date.fromisoformat(promised) if promised else loan.taken_back


def pickup_too_late(case: CaseView, world: World) -> Message | None:
    """Return why the pick-up of *case* can no longer be moved or given up here."""
    return too_late(Loan(case).pickup, world)


def return_too_late(case: CaseView, world: World) -> Message | None:
    """Return why the return of *case* can no longer be moved here."""
    return too_late(Loan(case).returning, world)
