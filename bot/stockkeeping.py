"""What the steps of a loan do to the stock: sets and parts leave at the hand-over and come in at the return.

It happens in the transaction of the filing.  What was filed is what happened, so the books never hold it up: where
they have too few sets, that is logged for staff, who put it right in the console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy import Connection

from dialogs.office import Office
from storage import stock, stocktaking
from storage.stock import Cause, Counts, Full, Place, Short

log = structlog.get_logger()

PROCEDURE = "fence_loan"
UNIT = "power_unit"


@dataclass(frozen=True)
class _Filing:
    """What was filed on the case of *cause*."""

    conn: Connection
    office: Office
    said: Mapping[str, Any]
    cause: Cause

    @property
    def bill(self) -> Counts:
        """Return the parts of one set."""
        return {part.key: part.count for part in self.office.set_parts}

    def counted(self, key: str) -> Counts:
        """Return the parts that were counted as the answer *key*."""
        found = self.said.get(key) or {}
        known = {part.key for part in self.office.set_parts}
        return {part: int(number) for part, number in found.items() if part in known and number}

    def named(self, part: str) -> Cause:
        """Return the cause of one of several things that follow."""
        return replace(self.cause, id=f"{self.cause.id}/{part}")


def filed(conn: Connection, office: Office, step: str, said: Mapping[str, Any], cause: Cause) -> None:
    """Move what filing *step* of a loan moves; *cause* names the filing and its case.

    Raises:
        Stale: The same is being filed elsewhere at this moment; run the turn again.
    """
    keeps = _STEPS.get(step)
    if keeps is None or not stocktaking.places(conn):  # the stock was never taken: nothing is kept
        return
    try:
        with conn.begin_nested():
            keeps(_Filing(conn, office, said, cause))
    except (Short, Full) as fault:
        log.warning("stock_short", step=step, procedure=PROCEDURE, reason=type(fault).__name__)


def _handed_over(filing: _Filing) -> None:
    count = int(filing.said.get("sets") or 1)
    bill = {part: number * count for part, number in filing.bill.items()}
    stock.lend(filing.conn, count, filing.counted("parts") or bill, filing.cause)


def _taken_back(filing: _Filing) -> None:
    said = filing.said
    broken = said.get("damage") == "serious" or said.get("works") == "no"
    counted = filing.counted("parts_in")
    if broken:
        stock.take_back(filing.conn, None, counted, filing.cause, to=Place.REPAIR)
        return
    try:
        with filing.conn.begin_nested():
            stock.take_back(filing.conn, None, counted, filing.cause)
    except Full:  # the city keeps what the contractor's store cannot hold
        stock.take_back(filing.conn, None, counted, filing.cause, to=Place.CITY)


def _swapped(filing: _Filing) -> None:
    match filing.said.get("swapped"):
        case "set":
            stock.take_back(filing.conn, 1, filing.bill, filing.named("in"), to=Place.REPAIR)
            stock.lend(filing.conn, 1, filing.bill, filing.named("out"))
        case "unit":
            one = {UNIT: 1}
            stock.move_parts(filing.conn, one, Place.LENT, Place.REPAIR, filing.named("in"))
            stock.move_parts(filing.conn, one, Place.STORE, Place.LENT, filing.named("out"))
        case _:
            pass  # which part it was stands in words; staff bring it in the console


def _settled(filing: _Filing) -> None:
    stock.move_parts(
        filing.conn, filing.counted("parts_later"), Place.LENT, Place.STORE, filing.named("later")
    )
    gone = stocktaking.with_case(filing.conn, filing.cause.case_id or "")
    stock.move_parts(filing.conn, gone, Place.LENT, Place.LOST, filing.named("lost"))


_STEPS: Mapping[str, Callable[[_Filing], None]] = {
    "handed_over": _handed_over,
    "taken_back": _taken_back,
    "swapped": _swapped,
    "settled": _settled,
}
