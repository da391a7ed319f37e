"""The notice that is shown where the fence is handed over: its number, large and for a camera (003-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.lobby import after_filing
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.loan import NOTICE_OMITTED, Loan
from dialogs.replies import Receipt
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

_OVER = frozenset({"handed_over", "cancelled", "withdrawal"})


def shown(case: CaseView, world: World) -> Receipt | None:
    """Return the notice of *case*, None before the decision, after the hand-over, and where the city left it out."""
    loan = Loan(case)
    decided = loan.day("decision")
    if decided is None or not loan.number or NOTICE_OMITTED in loan.waived:
        return None
    if any(each.step in _OVER for each in case.history):
        return None
    title = say(_("受け取るときに、この画面を見せてください"))
    notes = _notes(loan, world)
    return Receipt(title, FORM_R6, decided, case.reference, notes, after_filing(), loan.number)


def _notes(loan: Loan, world: World) -> tuple[Message, ...]:
    contact = say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone)
    booked = loan.pickup
    if booked is None:
        return (contact,)
    text = _("受け取りの予約：{day} {time}")
    return say(text, day=booked.day, time=booked.time), contact
