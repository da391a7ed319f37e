"""The stock as people look at it: where everything is, what the coming weeks bring, what signing would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from dialogs import forecast
from dialogs.forecast import Effect, Loan, Sets, Week
from dialogs.office import Office
from dialogs.procedures.fence_loan import loan as lent
from dialogs.standing import CaseView
from dialogs.words import Message, _, say
from storage import stocktaking
from storage.stock import Place

PROCEDURE = "fence_loan"
WEEKS = 8

PLACES = {
    Place.CITY: _("市"),
    Place.STORE: _("受託者の保管場所"),
    Place.LENT: _("貸出中"),
    Place.REPAIR: _("修理中"),
    Place.LOST: _("紛失"),
}
"""What staff call the places."""

_OVER = frozenset({"withdrawal", "refused", "decision", "cancelled"})
"""Steps after which nobody signs an application any more."""


@dataclass(frozen=True)
class Picture:
    """Where the sets are (*places*, how many by place), and the coming *weeks*; *is_taken* once stock was taken."""

    places: dict[str, int]
    sets: Sets
    weeks: Sequence[Week]
    is_taken: bool


def picture(conn: Connection, office: Office, today: date, weeks: int = WEEKS) -> Picture:
    """Return the stock as it is, and as it will be in the coming *weeks* if nothing else is promised."""
    places = dict(stocktaking.places(conn))
    sets = _sets(places, office)
    loans = _loans(conn, office, today)
    return Picture(places, sets, forecast.weeks(sets, loans, today, weeks), bool(places))


def _sets(places: dict[str, int], office: Office) -> Sets:
    rules = {"cap": office.stock.store, "turnaround": office.stock.turnaround_days}
    if not places:  # never taken: as many as the office file says, nobody knows where
        return Sets(office.stock.owned, 0, 0, **rules)
    return Sets(places[Place.CITY], places[Place.STORE], places[Place.LENT], **rules)


def _loans(conn: Connection, office: Office, today: date) -> Sequence[Loan]:
    cleaned = timedelta(days=office.stock.turnaround_days)
    held = stocktaking.held_sets(conn, today.isoformat())
    return [
        Loan(
            each.reference,
            max(each.sets, each.lent),
            date.fromisoformat(each.first),
            date.fromisoformat(each.last) - cleaned,
            each.lent,
        )
        for each in held
    ]


def before_signing(conn: Connection, case: CaseView, office: Office, today: date) -> tuple[Message, ...]:
    """Return what whoever signs *case* on *today* should know of the stock; nothing where nothing is to be signed.

    That is: whether enough sets are free on every day, and whether the city must bring some to the contractor.
    """
    wanted = _wanted(case)
    if wanted is None or wanted.last < today:
        return ()
    places = dict(stocktaking.places(conn))
    found = forecast.effect(_sets(places, office), _loans(conn, office, today), wanted, today)
    return (*_free(found, wanted, is_taken=bool(places)), *(_moving(found) if places else ()))


def _wanted(case: CaseView) -> Loan | None:
    """Return the sets and days that *case* asks for: of the application, or of an extension; None for neither."""
    if case.procedure != PROCEDURE or "period" not in case.answers:
        return None
    loan = lent.Loan(case)
    if loan.asked_until and loan.is_lent:
        return Loan(case.reference, loan.sets, loan.first, loan.asked_until, loan.sets)
    if _OVER & {each.step for each in case.history}:
        return None
    return Loan(case.reference, loan.sets, loan.first, loan.last)


def _free(found: Effect, wanted: Loan, *, is_taken: bool) -> Iterator[Message]:
    if found.left < wanted.count:
        text = _("セットが足りません：{day} に貸し出せるのは{count}セットです")
        yield say(text, day=found.tight, count=max(found.left, 0))
    elif is_taken:
        text = _("在庫：期間中に貸し出せるのは、最も少ない日（{day}）で{count}セットです")
        yield say(text, day=found.tight, count=found.left)


def _moving(found: Effect) -> Iterator[Message]:
    if found.by:
        text = _("受託者の保管分が足りません：{day} までに、市から{count}セットの移動が必要です")
        yield say(text, day=found.by, count=found.bring)
    if found.later_by:
        text = _("承認すると、{day} に渡す分が受託者の保管場所で{count}セット足りなくなります")
        yield say(text, day=found.later_by, count=found.later)
