"""The stock as reports want it: every move with its case, and the balance of each part.  Read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from storage.stock import Place
from storage.tables import cases
from storage.tables_pools import fence_sets, parts, stock_moves

PAGE = 500
"""Moves read at a time: what a report of them holds in memory."""

_PART = "part/"


@dataclass(frozen=True)
class Moved:
    """One move, as :class:`storage.stock.Move`, with the *reference* of its case, "" for none."""

    what: str
    from_place: str
    to_place: str
    amount: int
    reference: str
    at: int
    by: str


@dataclass(frozen=True)
class Balance:
    """How many there are of one part at each place, and *missing*: with a case whose sets have come back.

    *brought* is what came into the stock from outside, *gone* what left it for good.
    """

    part: str
    places: Mapping[str, int]
    missing: int
    brought: int
    gone: int

    @property
    def owned(self) -> int:
        """Return how many the city owns, lost ones included."""
        return sum(self.places.values())


def moved(conn: Connection, since: int | None, until: int | None) -> Iterator[Moved]:
    """Yield the moves in [since, until) (ms UTC), None for open, the oldest first."""
    reference = func.coalesce(cases.c.reference, "")
    columns = (
        stock_moves.c.what,
        stock_moves.c.from_place,
        stock_moves.c.to_place,
        stock_moves.c.amount,
        reference,
        stock_moves.c.at,
        stock_moves.c.by,
    )
    joined = select(*columns).outerjoin_from(stock_moves, cases, cases.c.id == stock_moves.c.case_id)
    wanted = [stock_moves.c.at >= since] if since is not None else []
    wanted += [stock_moves.c.at < until] if until is not None else []
    ordered = joined.where(*wanted).order_by(stock_moves.c.at, stock_moves.c.cause)
    for row in conn.execution_options(yield_per=PAGE).execute(ordered):
        yield Moved(*row)


def balances(conn: Connection) -> Mapping[str, Balance]:
    """Return the balance of each part that was ever moved."""
    places: dict[str, dict[str, int]] = {}
    for part, place, amount in conn.execute(select(parts.c.part, parts.c.place, parts.c.amount)):
        places.setdefault(part, {})[place] = int(amount)
    brought, gone, missing = _summed(conn, "from_place"), _summed(conn, "to_place"), _missing(conn)
    return {
        part: Balance(part, there, missing.get(part, 0), brought.get(part, 0), gone.get(part, 0))
        for part, there in places.items()
    }


def _summed(conn: Connection, side: str) -> Mapping[str, int]:
    """Return how many of each part have moved over the edge of the stock on *side*."""
    total = select(stock_moves.c.what, func.sum(stock_moves.c.amount))
    over = total.where(stock_moves.c[side] == "", stock_moves.c.what.startswith(_PART))
    rows = conn.execute(over.group_by(stock_moves.c.what))
    return {what.removeprefix(_PART): int(number) for what, number in rows}


def _missing(conn: Connection) -> Mapping[str, int]:
    """Return how many of each part are with cases that have no set any more."""
    out = case((stock_moves.c.to_place == Place.LENT, stock_moves.c.amount), else_=0)
    back = case((stock_moves.c.from_place == Place.LENT, stock_moves.c.amount), else_=0)
    borrowers = select(fence_sets.c.case_id).where(fence_sets.c.case_id.is_not(None))
    over = stock_moves.c.case_id.is_not(None), stock_moves.c.case_id.not_in(borrowers)
    total = select(stock_moves.c.what, func.sum(out - back)).where(*over)
    rows = conn.execute(total.where(stock_moves.c.what.startswith(_PART)).group_by(stock_moves.c.what))
    return {what.removeprefix(_PART): int(number) for what, number in rows}
