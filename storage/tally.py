"""Counts for monitors: each cheap enough to be asked for every few seconds."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.inbox import DEAD
from storage.outbox import UNDELIVERABLE
from storage.tables import inbox, outbox


def dead_letters(conn: Connection) -> int:
    """Return how many events were given up."""
    return conn.execute(select(func.count()).select_from(inbox).where(inbox.c.state == DEAD)).scalar_one()


def undeliverable(conn: Connection, since: int) -> int:
    """Return how many messages could not be delivered at *since* (ms) or later."""
    ended = outbox.c.done_at >= since, outbox.c.state == UNDELIVERABLE, outbox.c.kind == "messages"
    return conn.execute(select(func.count()).select_from(outbox).where(*ended)).scalar_one()
