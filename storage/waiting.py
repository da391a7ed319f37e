"""Who waits for something scarce that is full: offered in order, to the first whose whole group fits.

An offer holds the places for its deadline as a claim of its own, so nobody else can take them meanwhile; whoever
does not take it up in time gives way to the next.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select, update

from dialogs.effects import Take
from storage import pools
from storage.tables_pools import claims, pool_waiting
from storage.upsert import into

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


def join(conn: Connection, case_id: str, pool: str, slot: str, amount: int, now: int) -> bool:
    """Return whether the case waits from now on; one that waits already keeps its place."""
    row = {
        "id": uuid.uuid4().hex,
        "case_id": case_id,
        "pool": pool,
        "slot": slot,
        "amount": amount,
        "since": now,
    }
    joined = into(conn, pool_waiting).values(**row).on_conflict_do_nothing().returning(pool_waiting.c.id)
    return conn.execute(joined).first() is not None


def in_order(conn: Connection, pool: str, slot: str) -> Sequence[Waiting]:
    """Return who waits for a slot, the longest first, those with an offer too."""
    here = pool_waiting.c.pool == pool, pool_waiting.c.slot == slot
    return [Waiting(*row) for row in conn.execute(_COLUMNS.where(*here).order_by(*_IN_ORDER))]


def offer(conn: Connection, pool: str, slot: str, until: int, now: int) -> Waiting | None:
    """Return to whom what is free was offered now, until *until* (ms): the first whose group fits; None for nobody.

    Call it again until it returns None: there may be room for several.
    """
    here = pool_waiting.c.pool == pool, pool_waiting.c.slot == slot, pool_waiting.c.offered_until.is_(None)
    waiting = _COLUMNS.where(*here).order_by(*_IN_ORDER).with_for_update()
    for row in conn.execute(waiting).all():
        first = Waiting(*row)
        try:
            with conn.begin_nested():
                pools.take(conn, first.case_id, Take("", pool, (slot,), first.amount, OFFER), now)
        except pools.Taken:
            continue
        conn.execute(update(pool_waiting).where(pool_waiting.c.id == first.id).values(offered_until=until))
        return replace(first, offered_until=until)
    return None


def accept(conn: Connection, case_id: str, pool: str, slot: str, purpose: str, now: int) -> bool:
    """Return whether the case took up its offer in time; what was held for it is its own for *purpose* from now on."""
    mine = pool_waiting.c.case_id == case_id, pool_waiting.c.pool == pool, pool_waiting.c.slot == slot
    in_time = delete(pool_waiting).where(*mine, pool_waiting.c.offered_until > now)
    if conn.execute(in_time.returning(pool_waiting.c.id)).first() is None:
        return False
    held = (
        claims.c.case_id == case_id,
        claims.c.pool == pool,
        claims.c.slot == slot,
        claims.c.purpose == OFFER,
    )
    conn.execute(
        update(claims).where(*held, claims.c.released_at.is_(None)).values(purpose=purpose, taken_at=now)
    )
    return True


def leave(conn: Connection, case_id: str, pool: str, slot: str, now: int) -> bool:
    """Return whether the case waited; what was held for it is free again."""
    mine = pool_waiting.c.case_id == case_id, pool_waiting.c.pool == pool, pool_waiting.c.slot == slot
    left = conn.execute(delete(pool_waiting).where(*mine).returning(*_COLUMNS.selected_columns)).first()
    if left is None:
        return False
    _free(conn, Waiting(*left), now)
    return True


def expire(conn: Connection, now: int) -> Sequence[Waiting]:
    """Return whose offers have run out; they wait no more, and what was held for them is free for the next."""
    over = delete(pool_waiting).where(pool_waiting.c.offered_until <= now)
    rows = conn.execute(over.returning(*_COLUMNS.selected_columns)).all()
    gone = sorted((Waiting(*row) for row in rows), key=lambda each: (each.pool, each.slot, each.since))
    for each in gone:
        _free(conn, each, now)
    return gone


def _free(conn: Connection, gone: Waiting, now: int) -> None:
    if gone.offered_until is not None:
        pools.give_back(conn, gone.case_id, OFFER, now, (gone.pool, gone.slot))
