"""What is scarce: taken and given back in the transaction of a turn, so that nothing is ever given twice.

A slot's count and the claims that make it up change together.  The last one is taken by a conditional UPDATE
and never by looking first: of two who want it at the same moment one gets it, and the other's turn is run again
and sees that nothing is left.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from dialogs.effects import Take
from dialogs.slots import Free
from storage.tables_pools import claims, pool_slots, pools
from storage.turns import Stale
from storage.upsert import into

END_OF_DAY = "T99:99"
"""Behind every time of a day, in the order of texts."""


class Taken(Stale):
    """There is not enough left of a slot, or the case holds it already: run the turn again with what is free now."""


def ensure(conn: Connection, capacities: Mapping[str, int]) -> None:
    """Open the pools that are not there yet, each with its capacity; those that are there stay as they are."""
    rows = [{"key": key, "capacity": capacity} for key, capacity in sorted(capacities.items())]
    conn.execute(into(conn, pools).on_conflict_do_nothing(index_elements=[pools.c.key]), rows)


def capacity(conn: Connection, pool: str, number: int) -> None:
    """Let *pool* hold *number* in each slot from now on; what was taken before stays taken."""
    row = {"key": pool, "capacity": number}
    opened = into(conn, pools).values(row)
    conn.execute(opened.on_conflict_do_update(index_elements=[pools.c.key], set_={"capacity": number}))


def take(conn: Connection, case_id: str, wanted: Take, now: int) -> None:
    """Take what is *wanted* for the case with our id *case_id*: all of its slots or none.

    Slots are taken in their order, so that two who want the same never wait for each other.

    Raises:
        Taken: Something is not left, or is held already; the transaction has to be rolled back.
        LookupError: There is no such pool.
    """
    limit = _limit(conn, wanted.pool)
    _claim(conn, case_id, wanted, now)
    for slot in sorted(set(wanted.slots)):
        _count(conn, wanted.pool, slot, wanted.amount, limit)


def _limit(conn: Connection, pool: str) -> int:
    """Return the capacity of *pool*, which nobody can change until the end of this transaction."""
    found: int | None = conn.execute(
        select(pools.c.capacity).where(pools.c.key == pool).with_for_update(read=True)
    ).scalar()
    if found is None:
        raise LookupError(f"there is no pool {pool}")
    return found


def _claim(conn: Connection, case_id: str, wanted: Take, now: int) -> None:
    if len(_new_claims(conn, case_id, wanted, now)) < len(set(wanted.slots)):
        raise Taken(wanted.pool)


def _new_claims(conn: Connection, case_id: str, wanted: Take, now: int) -> Sequence[str]:
    """Return the slots of what is *wanted* that the case did not hold before, in order; from now on it does."""
    common = {"pool": wanted.pool, "amount": wanted.amount, "purpose": wanted.purpose}
    common |= {"case_id": case_id, "taken_at": now}
    rows = [{**common, "id": uuid.uuid4().hex, "slot": slot} for slot in sorted(set(wanted.slots))]
    made = into(conn, claims).values(rows).on_conflict_do_nothing().returning(claims.c.slot)
    return sorted(conn.execute(made).scalars()) if rows else ()


def _count(conn: Connection, pool: str, slot: str, amount: int, limit: int) -> None:
    if not _fits(amount, limit):
        raise Taken(f"{pool} {slot}")
    first = into(conn, pool_slots).values(pool=pool, slot=slot, taken=amount)
    more = first.on_conflict_do_update(
        index_elements=[pool_slots.c.pool, pool_slots.c.slot],
        set_={"taken": pool_slots.c.taken + amount},
        where=_has_room(amount, limit),
    )
    if conn.execute(more.returning(pool_slots.c.taken)).scalar() is None:
        raise Taken(f"{pool} {slot}")


def _fits(amount: int, limit: int) -> bool:
    return amount <= limit


def _has_room(amount: int, limit: int) -> ColumnElement[bool]:
    """Return the guard of a slot: what is taken of it, at the moment of the UPDATE, leaves room for *amount*."""
    return pool_slots.c.taken + amount <= limit


def keep(conn: Connection, case_id: str, wanted: Take, now: int) -> int:
    """Return how many slots more the case holds of what is *wanted*, which is not there for anybody else.

    Whatever room there is: this says what is so.  Where more was promised than there is, the counts show it.

    Raises:
        LookupError: There is no such pool.
    """
    _limit(conn, wanted.pool)
    for slot in (new := _new_claims(conn, case_id, wanted, now)):
        first = into(conn, pool_slots).values(pool=wanted.pool, slot=slot, taken=wanted.amount)
        more = first.on_conflict_do_update(
            index_elements=[pool_slots.c.pool, pool_slots.c.slot],
            set_={"taken": pool_slots.c.taken + wanted.amount},
        )
        conn.execute(more)
    return len(new)


def holders(conn: Connection, pool: str, purpose: str) -> Sequence[str]:
    """Return our ids of the cases that hold something of *pool* for *purpose*, in order."""
    mine = claims.c.pool == pool, claims.c.purpose == purpose, claims.c.released_at.is_(None)
    return list(conn.execute(select(claims.c.case_id).where(*mine).distinct().order_by("case_id")).scalars())


def give_back(
    conn: Connection, case_id: str, purpose: str, now: int, only: tuple[str, str] | None = None
) -> int:
    """Return how many slots were given back: all that the case holds for *purpose*, "" for whatever it holds.

    *only* is one pool and one slot of it, where no other is to be given back.
    """
    held = [claims.c.case_id == case_id, claims.c.released_at.is_(None)]
    held += [claims.c.purpose == purpose] if purpose else []
    held += [claims.c.pool == only[0], claims.c.slot == only[1]] if only else []
    released = update(claims).where(*held).values(released_at=now)
    columns = claims.c.pool, claims.c.slot, claims.c.amount
    rows = sorted(tuple(row) for row in conn.execute(released.returning(*columns)))
    for pool, slot, amount in rows:
        lowered = update(pool_slots).where(pool_slots.c.pool == pool, pool_slots.c.slot == slot)
        conn.execute(lowered.values(taken=pool_slots.c.taken - amount))
    return len(rows)


_CAPACITIES = select(pools.c.key, pools.c.capacity).where(pools.c.key.in_(bindparam("pools", expanding=True)))


def free(
    conn: Connection, keys: Iterable[str], first_slot: str, last_slot: str, case_id: str = "", now: str = ""
) -> Free:
    """Return what is free of the pools *keys* from *first_slot* to *last_slot*, both included.

    A *last_slot* that is a day includes its times.  *mine* is what *case_id* holds.  Slots before *now* (a slot,
    Asia/Tokyo) are over.  Looked at without a lock: only :func:`take` says whether something is to be had.
    """
    wanted = sorted(set(keys))
    last = last_slot if "T" in last_slot else last_slot + END_OF_DAY
    capacities = {key: int(number) for key, number in conn.execute(_CAPACITIES, {"pools": wanted})}
    within = pool_slots.c.pool.in_(wanted), pool_slots.c.slot.between(first_slot, last)
    counted = select(pool_slots.c.pool, pool_slots.c.slot, pool_slots.c.taken)
    taken = {
        (pool, slot): number
        for pool, slot, number in conn.execute(counted.where(*within, pool_slots.c.taken > 0))
    }
    return Free(capacities, taken, held(conn, case_id) if case_id else {}, now)


def held(conn: Connection, case_id: str, purpose: str = "") -> Mapping[tuple[str, str], int]:
    """Return what a case holds (for *purpose*, "" for whatever it is), by pool and slot."""
    total = select(claims.c.pool, claims.c.slot, func.sum(claims.c.amount))
    mine = [claims.c.case_id == case_id, claims.c.released_at.is_(None)]
    mine += [claims.c.purpose == purpose] if purpose else []
    rows = conn.execute(total.where(*mine).group_by(claims.c.pool, claims.c.slot))
    return {(pool, slot): int(number) for pool, slot, number in rows}
