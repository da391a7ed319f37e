"""What there is of sets and parts, where it is, and how it came there: read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, or_, select

from dialogs.slots import FENCE_SETS
from storage.stock import SERVICE, Counts, Move, Place
from storage.tables import cases
from storage.tables_pools import claims, fence_sets, parts, pool_slots, pools, stock_moves, stock_places


@dataclass(frozen=True)
class SetRow:
    """One set: *reference* is the case it is lent to, "" for none; *since* in ms UTC."""

    number: int
    place: str
    reference: str
    since: int


@dataclass(frozen=True)
class HeldSets:
    """Sets promised to a case: *sets* of them from the slot *first* to the slot *last*; *lent* are with it now."""

    case_id: str
    reference: str
    sets: int
    first: str
    last: str
    lent: int


def sets(conn: Connection) -> Sequence[SetRow]:
    """Return every set, by number."""
    reference = func.coalesce(cases.c.reference, "")
    columns = select(fence_sets.c.number, fence_sets.c.place, reference, fence_sets.c.since)
    joined = columns.outerjoin_from(fence_sets, cases, cases.c.id == fence_sets.c.case_id)
    return [SetRow(*row) for row in conn.execute(joined.order_by(fence_sets.c.number))]


def places(conn: Connection) -> Mapping[str, int]:
    """Return how many sets are at each place; nothing where the stock was never taken."""
    rows = conn.execute(select(stock_places.c.place, stock_places.c.sets))
    return {place: int(number) for place, number in rows}


def counts(conn: Connection) -> Mapping[tuple[str, str], int]:
    """Return how many there are of each part at each place."""
    rows = conn.execute(select(parts.c.part, parts.c.place, parts.c.amount).where(parts.c.amount > 0))
    return {(part, place): amount for part, place, amount in rows}


def with_case(conn: Connection, case_id: str) -> Counts:
    """Return how many of each part are with a case, by what was moved to it and back."""
    out = case((stock_moves.c.to_place == Place.LENT, stock_moves.c.amount), else_=0)
    back = case((stock_moves.c.from_place == Place.LENT, stock_moves.c.amount), else_=0)
    mine = stock_moves.c.case_id == case_id, stock_moves.c.what.like("part/%")
    rows = conn.execute(
        select(stock_moves.c.what, func.sum(out - back)).where(*mine).group_by(stock_moves.c.what)
    )
    return {what.removeprefix("part/"): int(number) for what, number in rows if number}


def moves(conn: Connection, limit: int, what: str = "") -> Sequence[Move]:
    """Return the newest moves (of *what*, "" for all), the newest first."""
    names = ("what", "from_place", "to_place", "amount", "case_id", "at", "by")
    newest = select(*(stock_moves.c[name] for name in names))
    if what:
        newest = newest.where(stock_moves.c.what == what)
    ordered = newest.order_by(stock_moves.c.id.desc()).limit(limit)
    return [Move(*row) for row in conn.execute(ordered)]


def held_sets(conn: Connection, from_slot: str) -> Sequence[HeldSets]:
    """Return who holds sets on *from_slot* or later, or has some out still, the earliest first; each case once."""
    lent = (
        select(fence_sets.c.case_id, func.count().label("lent"))
        .where(fence_sets.c.case_id.is_not(None))
        .group_by(fence_sets.c.case_id)
        .subquery()
    )
    first, last = func.min(claims.c.slot), func.max(claims.c.slot)
    columns = (
        cases.c.id,
        cases.c.reference,
        func.max(claims.c.amount),
        first,
        last,
        func.coalesce(lent.c.lent, 0),
    )
    joined = claims.join(cases, cases.c.id == claims.c.case_id).outerjoin(lent, lent.c.case_id == cases.c.id)
    held = and_(claims.c.pool == FENCE_SETS, claims.c.released_at.is_(None))
    grouped = (
        select(*columns).select_from(joined).where(held).group_by(cases.c.id, cases.c.reference, lent.c.lent)
    )
    rows = conn.execute(
        grouped.having(or_(last >= from_slot, lent.c.lent > 0)).order_by(first, cases.c.reference)
    )
    return [HeldSets(*row) for row in rows]


def lent(conn: Connection) -> Mapping[str, int]:
    """Return how many sets are with each case, by our id of it."""
    out = fence_sets.c.case_id.is_not(None)
    rows = conn.execute(select(fence_sets.c.case_id, func.count()).where(out).group_by(fence_sets.c.case_id))
    return {case_id: int(number) for case_id, number in rows}


def wrong(conn: Connection, from_slot: str) -> Iterator[tuple[str, str]]:
    """Yield what breaks the law of the stock, and what is promised too often from *from_slot* on: (kind, of what).

    The kinds are those of a comparison: oversold, claims_miscounted, sets_miscounted, stock_astray.
    """
    yield from _wrong_slots(conn, from_slot)
    yield from _wrong_places(conn)
    yield from _wrong_moves(conn)


def _wrong_slots(conn: Connection, from_slot: str) -> Iterator[tuple[str, str]]:
    held = (
        select(claims.c.pool, claims.c.slot, func.sum(claims.c.amount).label("sum"))
        .where(claims.c.released_at.is_(None))
        .group_by(claims.c.pool, claims.c.slot)
        .subquery()
    )
    here = and_(held.c.pool == pool_slots.c.pool, held.c.slot == pool_slots.c.slot)
    total = func.coalesce(held.c.sum, 0)
    columns = select(pool_slots.c.pool, pool_slots.c.slot, pool_slots.c.taken, total, pools.c.capacity)
    joined = pool_slots.join(pools, pools.c.key == pool_slots.c.pool).outerjoin(held, here)
    for pool, slot, taken, claimed, capacity in conn.execute(columns.select_from(joined)):
        if taken != claimed:
            yield "claims_miscounted", f"{pool}/{slot}"
        if claimed > capacity and slot >= from_slot:
            yield "oversold", f"{pool}/{slot}"


def _wrong_places(conn: Connection) -> Iterator[tuple[str, str]]:
    grouped = conn.execute(select(fence_sets.c.place, func.count()).group_by(fence_sets.c.place))
    rows = {place: int(number) for place, number in grouped}
    counted = conn.execute(select(stock_places.c.place, stock_places.c.sets)).all()
    yield from (("sets_miscounted", place) for place, number in counted if rows.get(place, 0) != number)
    in_service = sum(rows.get(each.value, 0) for each in SERVICE)
    capacity = conn.execute(select(pools.c.capacity).where(pools.c.key == FENCE_SETS)).scalar()
    if counted and capacity != in_service:
        yield "sets_miscounted", FENCE_SETS


def _wrong_moves(conn: Connection) -> Iterator[tuple[str, str]]:
    """Yield each set and part that is not where its moves brought it."""
    moved: dict[tuple[str, str], int] = {}
    for column, sign in ((stock_moves.c.to_place, 1), (stock_moves.c.from_place, -1)):
        summed = select(stock_moves.c.what, column, func.sum(stock_moves.c.amount)).group_by(
            stock_moves.c.what, column
        )
        for what, place, number in conn.execute(summed):
            moved[what, place] = moved.get((what, place), 0) + sign * int(number)
    rows = conn.execute(select(fence_sets.c.number, fence_sets.c.place))
    there = {(f"set/{number}", place): 1 for number, place in rows}
    there |= {(f"part/{part}", place): amount for (part, place), amount in counts(conn).items()}
    for at in sorted({*moved, *there}):
        if at[1] and moved.get(at, 0) != there.get(at, 0):
            yield "stock_astray", "/".join(at)
