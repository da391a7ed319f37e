"""Seats, and who waits for them: groups stay together, and free seats go to the first whose whole group fits.

Whoever comes takes a seat at once only where nobody who waits would fit into what is free; otherwise they join
the list.  An offer holds its seats as a claim of its own, so that nobody else can take them meanwhile; whoever
does not take it up in time gives way to the next.  Somebody who is passed over, since their group is too large
for what is free, keeps their place.

Every function locks the pool first, so that what happens to its seats happens in one order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from dialogs.effects import Seat, Take, TakeUp, Wait
from storage import pools
from storage.pools import Taken
from storage.tables_pools import claims, pool_slots, pool_waiting
from storage.tables_pools import pools as pools_table

OFFER = "offer"
"""The purpose of a claim that holds what was offered."""


@dataclass(frozen=True)
class Waiting:
    """A case that waits for *amount* of a slot; times in ms UTC, *offered_until* None where nothing is offered."""

    id: str
    case_id: str
    pool: str
    slot: str
    amount: int
    since: int
    offered_until: int | None = None


_COLUMNS = select(*(pool_waiting.c[name] for name in Waiting.__dataclass_fields__))
_IN_ORDER = pool_waiting.c.since, pool_waiting.c.id


def seat(conn: Connection, case_id: str, wanted: Seat, now: int) -> None:
    """Let the case hold what is *wanted*, and nothing else for its purpose; it waits for nothing any more.

    Raises:
        Taken: There is no room for it, or somebody who waits would fit in what is free.
        LookupError: There is no such pool.
    """
    _lock(conn, (wanted.pool, *_touched(conn, case_id)))
    mine = pools.held(conn, case_id, wanted.purpose).get((wanted.pool, wanted.slot), 0)
    more = wanted.amount - mine
    if more > 0 and not _may_sit_down(conn, case_id, wanted.pool, wanted.slot, more):
        raise Taken(wanted.pool)
    _off_the_lists(conn, case_id, now)
    pools.give_back(conn, case_id, wanted.purpose, now)
    pools.take(conn, case_id, Take("", wanted.pool, (wanted.slot,), wanted.amount, wanted.purpose), now)


def _may_sit_down(conn: Connection, case_id: str, pool: str, slot: str, more: int) -> bool:
    left = _left(conn, pool, slot)
    others = (each for each in in_order(conn, pool, slot) if each.case_id != case_id)
    return more <= left and not any(each.offered_until is None and each.amount <= left for each in others)


def wait(conn: Connection, case_id: str, wanted: Wait, now: int) -> None:
    """Let the case wait for what is *wanted*; one that waits there already keeps its place, whatever its size.

    It holds nothing for its purpose, and waits for nothing else.
    """
    _lock(conn, (wanted.pool, *_touched(conn, case_id)))
    pools.give_back(conn, case_id, wanted.purpose, now)
    _off_the_lists(conn, case_id, now, but=(wanted.pool, wanted.slot))
    mine = _here(wanted.pool, wanted.slot, case_id)
    if conn.execute(
        update(pool_waiting).where(*mine).values(amount=wanted.amount, offered_until=None)
    ).rowcount:
        return
    # Clocks differ and milliseconds are shared: whoever comes later stands behind, whatever the time.
    last = conn.execute(
        select(func.max(pool_waiting.c.since)).where(*_here(wanted.pool, wanted.slot))
    ).scalar()
    row = {"id": uuid.uuid4().hex, "case_id": case_id, "pool": wanted.pool, "slot": wanted.slot}
    since = now if last is None else max(now, last + 1)
    conn.execute(insert(pool_waiting).values(**row, amount=wanted.amount, since=since))


def in_order(conn: Connection, pool: str, slot: str) -> Sequence[Waiting]:
    """Return who waits for a slot, the longest first, those with an offer too."""
    found = conn.execute(_COLUMNS.where(*_here(pool, slot)).order_by(*_IN_ORDER))
    return [Waiting(*row) for row in found]


def queues(conn: Connection) -> Sequence[tuple[str, str]]:
    """Return the pools and slots for which somebody waits who has no offer."""
    columns = select(pool_waiting.c.pool, pool_waiting.c.slot).where(pool_waiting.c.offered_until.is_(None))
    return sorted((pool, slot) for pool, slot in conn.execute(columns.distinct()))


def next_in_line(conn: Connection, pool: str, slot: str) -> Waiting | None:
    """Return to whom what is free is to be offered: the first whose whole group fits; None for nobody."""
    left = _left(conn, pool, slot)
    waiting = (each for each in in_order(conn, pool, slot) if each.offered_until is None)
    return next((each for each in waiting if each.amount <= left), None)


def offer(conn: Connection, wanted: Waiting, until: int, now: int) -> Waiting | None:
    """Return the offer made to *wanted*, held until *until* (ms); None where they are not the next any more."""
    _lock(conn, (wanted.pool,))
    first = next_in_line(conn, wanted.pool, wanted.slot)
    if first is None or first.case_id != wanted.case_id:
        return None
    pools.take(conn, first.case_id, Take("", first.pool, (first.slot,), first.amount, OFFER), now)
    conn.execute(update(pool_waiting).where(pool_waiting.c.id == first.id).values(offered_until=until))
    return replace(first, offered_until=until)


def take_up(conn: Connection, case_id: str, wanted: TakeUp, now: int) -> None:
    """Let the case hold for its purpose what it was offered; an offer holds until somebody lets it lapse.

    Raises:
        Taken: It has no offer, or not any more.
    """
    _lock(conn, (wanted.pool,))
    offered = *_here(wanted.pool, wanted.slot, case_id), pool_waiting.c.offered_until.is_not(None)
    if conn.execute(delete(pool_waiting).where(*offered)).rowcount == 0:
        raise Taken(wanted.pool)
    held = claims.c.pool == wanted.pool, claims.c.slot == wanted.slot, claims.c.purpose == OFFER
    mine = claims.c.case_id == case_id, claims.c.released_at.is_(None)
    conn.execute(update(claims).where(*held, *mine).values(purpose=wanted.purpose, taken_at=now))


def leave(conn: Connection, case_id: str, purpose: str, now: int) -> None:
    """Let the case hold nothing for *purpose* and wait for nothing; what was held for it is free again."""
    _lock(conn, _touched(conn, case_id))
    _off_the_lists(conn, case_id, now)
    pools.give_back(conn, case_id, purpose, now)


def overdue(conn: Connection, now: int) -> Sequence[Waiting]:
    """Return whose offers have run out, those that ran out first before the others."""
    over = _COLUMNS.where(pool_waiting.c.offered_until <= now)
    return [Waiting(*row) for row in conn.execute(over.order_by(pool_waiting.c.offered_until, *_IN_ORDER))]


def lapse(conn: Connection, gone: Waiting, now: int) -> bool:
    """Return whether the offer of *gone* was still open and overdue; they wait no more, and what was held is free."""
    _lock(conn, (gone.pool,))
    over = pool_waiting.c.id == gone.id, pool_waiting.c.offered_until <= now
    if conn.execute(delete(pool_waiting).where(*over)).rowcount == 0:
        return False
    pools.give_back(conn, gone.case_id, OFFER, now, (gone.pool, gone.slot))
    return True


def _here(pool: str, slot: str, case_id: str = "") -> Sequence[ColumnElement[bool]]:
    found = [pool_waiting.c.pool == pool, pool_waiting.c.slot == slot]
    return [*found, pool_waiting.c.case_id == case_id] if case_id else found


def _lock(conn: Connection, keys: Iterable[str]) -> None:
    """Let nobody else do anything with the seats of the pools *keys* until the end of this transaction."""
    wanted = sorted(set(keys))
    locked = select(pools_table.c.key).where(pools_table.c.key.in_(wanted)).order_by(pools_table.c.key)
    conn.execute(locked.with_for_update()).all()


def _touched(conn: Connection, case_id: str) -> Sequence[str]:
    """Return the pools in which the case holds something or for which it waits."""
    held = select(claims.c.pool).where(claims.c.case_id == case_id, claims.c.released_at.is_(None))
    waits = select(pool_waiting.c.pool).where(pool_waiting.c.case_id == case_id)
    return [*conn.execute(held).scalars(), *conn.execute(waits).scalars()]


def _left(conn: Connection, pool: str, slot: str) -> int:
    capacity = conn.execute(select(pools_table.c.capacity).where(pools_table.c.key == pool)).scalar()
    if capacity is None:
        raise LookupError(f"there is no pool {pool}")
    here = pool_slots.c.pool == pool, pool_slots.c.slot == slot
    return int(capacity) - int(conn.execute(select(pool_slots.c.taken).where(*here)).scalar() or 0)


def _off_the_lists(conn: Connection, case_id: str, now: int, but: tuple[str, str] = ("", "")) -> None:
    here = pool_waiting.c.pool == but[0], pool_waiting.c.slot == but[1]
    others = delete(pool_waiting).where(pool_waiting.c.case_id == case_id, ~(here[0] & here[1]))
    conn.execute(others)
    pools.give_back(conn, case_id, OFFER, now)
