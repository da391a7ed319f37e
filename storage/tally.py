"""Counts for monitors: cheap enough to be asked for again and again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from storage.inbox import DEAD, in_trouble
from storage.outbox import WAITING
from storage.tables import inbox, outbox


def dead_letters(conn: Connection) -> int:
    """Return how many events were given up."""
    return conn.execute(select(func.count()).select_from(inbox).where(*in_trouble(DEAD))).scalar_one()


def by_state(conn: Connection, since: int) -> Mapping[tuple[str, str], int]:
    """Return by (state, kind) how much waits, and how much came to its end at *since* (ms) or later."""
    columns = select(outbox.c.state, outbox.c.kind, func.count()).group_by(outbox.c.state, outbox.c.kind)
    # Two questions, each with its index: the whole outbox may be a gigabyte.
    asked = columns.where(outbox.c.state == WAITING), columns.where(outbox.c.done_at >= since)
    return {(row[0], row[1]): row[2] for each in asked for row in conn.execute(each)}
