"""Who has come to a meeting: noted by phones that may be out of reach for a while, and send again what they sent.

Every entry has an id of the phone's own, and a registration comes once: whatever is sent twice, late or by two
phones changes nothing.  Undoing names the entry that was wrong, so that an undoing sent again undoes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, or_, select, update

from storage.tables_door import accommodations, checkins
from storage.upsert import into


@dataclass(frozen=True)
class Entry:
    """One thing that a phone noted: that *people* of a registration came, or a walk-in of *kind*.

    *case_id* is None for a walk-in, whose name, if any, lies in *vault_id*.  *at* is in ms UTC.
    """

    id: str
    meeting: str
    case_id: str | None
    people: int
    at: int
    by: str
    kind: str = ""
    vault_id: str | None = None


_ENTRY = [checkins.c[name] for name in Entry.__dataclass_fields__]
_COUNTS = checkins.c.undone_at.is_(None), checkins.c.same_as.is_(None)


def knows(conn: Connection, entry_id: str) -> bool:
    """Return whether the entry was heard of before."""
    return conn.execute(select(checkins.c.id).where(checkins.c.id == entry_id)).first() is not None


def note(conn: Connection, entry: Entry, now: int) -> bool:
    """Return whether the entry counts: not where it was sent before, or the registration has come already."""
    row = {**vars(entry), "received_at": now}
    put = into(conn, checkins).values(row).on_conflict_do_nothing()
    if conn.execute(put.returning(checkins.c.id)).first() is not None:
        return True
    first = _came(conn, entry)
    if first is not None:
        # Kept as well: sent again after the first was undone, it must not count then.
        again = into(conn, checkins).values({**row, "same_as": first}).on_conflict_do_nothing()
        conn.execute(again)
    return False


def _came(conn: Connection, entry: Entry) -> str | None:
    same = checkins.c.meeting == entry.meeting, checkins.c.case_id == entry.case_id
    found: str | None = conn.execute(select(checkins.c.id).where(*same, *_COUNTS)).scalar()
    return found


def undo(conn: Connection, meeting: str, entry_id: str, by: str, now: int) -> bool:
    """Return whether the entry counted until now; it was a mistake."""
    here = checkins.c.id == entry_id, checkins.c.meeting == meeting, checkins.c.undone_at.is_(None)
    return conn.execute(update(checkins).where(*here).values(undone_at=now, undone_by=by)).rowcount == 1


def came(conn: Connection, meeting: str) -> Sequence[Entry]:
    """Return every entry that counts, in the order in which they were noted."""
    here = checkins.c.meeting == meeting
    rows = conn.execute(select(*_ENTRY).where(here, *_COUNTS).order_by(checkins.c.at, checkins.c.id))
    return [Entry(*row) for row in rows]


def attended(conn: Connection, meeting: str) -> int:
    """Return how many people have come."""
    total = select(func.coalesce(func.sum(checkins.c.people), 0))
    return int(conn.execute(total.where(checkins.c.meeting == meeting, *_COUNTS)).scalar_one())


def walk_ins_named_before(conn: Connection, before: int, limit: int) -> Sequence[tuple[str, str]]:
    """Return the entries (id, record of the vault) of walk-ins that gave a name before *before* (ms)."""
    old = checkins.c.vault_id.is_not(None), checkins.c.received_at < before
    rows = conn.execute(select(checkins.c.id, checkins.c.vault_id).where(*old).limit(limit))
    return [(row.id, row.vault_id) for row in rows]


def forget_names(conn: Connection, ids: Sequence[str]) -> None:
    """Let the entries *ids* say no name any more; that somebody came stays counted."""
    conn.execute(update(checkins).where(checkins.c.id.in_(ids)).values(vault_id=None))


def records_of(conn: Connection, case_ids: Sequence[str]) -> Sequence[str]:
    """Return the vault's records of what is arranged for the people of the cases."""
    here = accommodations.c.case_id.in_(case_ids)
    return conn.execute(select(accommodations.c.vault_id).where(here)).scalars().all()


def forget(conn: Connection, case_ids: Sequence[str]) -> int:
    """Return how many rows said that somebody of the cases came, or needed something; they are gone."""
    came_ = delete(checkins).where(checkins.c.case_id.in_(case_ids))
    needs = delete(accommodations).where(accommodations.c.case_id.in_(case_ids))
    return conn.execute(came_).rowcount + conn.execute(needs).rowcount


def refers_to(conn: Connection, record: str) -> bool:
    """Return whether a check-in or an arrangement has its sealed words in the vault's *record*."""
    named = select(checkins.c.id).where(checkins.c.vault_id == record)
    arranged = select(accommodations.c.case_id).where(accommodations.c.vault_id == record)
    return bool(conn.execute(select(or_(named.exists(), arranged.exists()))).scalar())
