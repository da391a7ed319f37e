"""Word that somebody asked for, or that a case brings about: one of each kind per person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from storage.tables import reminders
from storage.upsert import into


@dataclass(frozen=True)
class Reminder:
    """Word about *about* ("opening:fence_loan"), due at *due* (ms UTC)."""

    id: str
    person_id: str
    about: str
    due: int


def ask(conn: Connection, person_id: str, about: str, due: int, now: int) -> None:  # noqa: ARG001 -- the house's shape
    """Let word about *about* be sent at *due*.  A later wish counts; the same wish again changes nothing."""
    row = {"id": uuid.uuid4().hex, "person_id": person_id, "about": about, "due": due}
    asked = into(conn, reminders).values(row)
    again = asked.on_conflict_do_update(
        index_elements=[reminders.c.person_id, reminders.c.about],
        set_={"due": due, "sent_at": None},
        where=reminders.c.due != due,
    )
    conn.execute(again)


def due(conn: Connection, now: int, limit: int) -> Sequence[Reminder]:
    """Return what is to be sent now, the longest due first, and let no other process have it meanwhile."""
    columns = select(reminders.c.id, reminders.c.person_id, reminders.c.about, reminders.c.due)
    wanted = columns.where(reminders.c.sent_at.is_(None), reminders.c.due <= now)
    ordered = wanted.order_by(reminders.c.due, reminders.c.id).limit(limit).with_for_update(skip_locked=True)
    return [Reminder(*row) for row in conn.execute(ordered)]


def mark_sent(conn: Connection, reminder: str, now: int) -> bool:
    """Return whether *reminder* was still to be sent; from now on it is not."""
    waiting = reminders.c.id == reminder, reminders.c.sent_at.is_(None)
    return conn.execute(update(reminders).where(*waiting).values(sent_at=now)).rowcount == 1
