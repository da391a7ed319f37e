"""Addresses of attachments until they have been fetched: put by the door, read and removed by the errand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from storage.tables_staff import teams_files
from storage.upsert import into

_LONGEST_NAME = 255


@dataclass(frozen=True)
class Attachment:
    """Where the attachment of a message lies, and what its sender called it ("" for nothing)."""

    message_id: str
    url: str
    name: str = ""


def keep(conn: Connection, found: Attachment, now: int) -> None:
    """Keep the address of the message's attachment; a later one takes its place."""
    row = {"url": found.url, "name": found.name[:_LONGEST_NAME], "received_at": now}
    kept = into(conn, teams_files).values(message_id=found.message_id, **row)
    conn.execute(kept.on_conflict_do_update(index_elements=[teams_files.c.message_id], set_=row))


def find(conn: Connection, message_id: str) -> Attachment | None:
    """Return the attachment of the message, None where it was fetched or is too old."""
    columns = select(teams_files.c.message_id, teams_files.c.url, teams_files.c.name)
    row = conn.execute(columns.where(teams_files.c.message_id == message_id)).first()
    return Attachment(*row) if row else None


def forget(conn: Connection, message_id: str) -> None:
    """Remove the address: the attachment was fetched, or cannot be."""
    conn.execute(delete(teams_files).where(teams_files.c.message_id == message_id))


def purge(conn: Connection, before: int, limit: int) -> int:
    """Remove addresses that came before *before* (ms), *limit* at most; return how many."""
    old = select(teams_files.c.message_id).where(teams_files.c.received_at < before).limit(limit)
    return conn.execute(delete(teams_files).where(teams_files.c.message_id.in_(old))).rowcount
