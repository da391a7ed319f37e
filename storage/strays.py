"""What only a whole table can tell when the ledgers are compared; each of these yields ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, exists, func, or_, select, union_all

from storage.ledger import Rows, page
from storage.outbox import WAITING
from storage.photos import EXPECTED
from storage.tables import (
    cases,
    conversations,
    links,
    outbox,
    photos,
    reminders,
    sessions,
    submissions,
    vault,
)


def overdue(conn: Connection, chat_before: int, rest_before: int, after: int, limit: int) -> Rows:
    """Return waiting messages that nothing holds up and that were due before those times (ms): id, attempts.

    Whatever waits behind an earlier message of its thread is not late by itself.
    """
    earlier = outbox.alias("earlier")
    held_up = exists().where(
        earlier.c.state == WAITING, earlier.c.thread == outbox.c.thread, earlier.c.id < outbox.c.id
    )
    late = or_(
        and_(outbox.c.lane == "chat", outbox.c.due < chat_before),
        and_(outbox.c.lane != "chat", outbox.c.due < rest_before),
    )
    wanted = select(outbox.c.id, outbox.c.attempts).where(outbox.c.state == WAITING, late, ~held_up)
    return page(conn, wanted, outbox.c.id, after, limit)


def filed_twice(conn: Connection, since: int = 0) -> Iterable[str]:
    """Yield each event that filed more than one submission."""
    grouped = select(submissions.c.event_id).where(submissions.c.filed_at >= since)
    return _first(conn, grouped.group_by(submissions.c.event_id).having(func.count() > 1))


def _owned_records() -> Subquery:
    filed = select(submissions.c.vault_id, cases.c.person_id).join(cases, cases.c.id == submissions.c.case_id)
    half = select(conversations.c.vault_id, conversations.c.person_id)
    return union_all(
        filed.where(submissions.c.vault_id.is_not(None)), half.where(conversations.c.vault_id.is_not(None))
    ).subquery("owned")


def shared_records(conn: Connection) -> Iterable[str]:
    """Yield each record of the vault that more than one person's filings or conversations refer to."""
    owned = _owned_records()
    several = func.min(owned.c.person_id) != func.max(owned.c.person_id)
    return _first(conn, select(owned.c.vault_id).group_by(owned.c.vault_id).having(several))


def unowned_records(conn: Connection) -> Iterable[str]:
    """Yield each record of the vault that nothing refers to."""
    owned = _owned_records()
    records = select(vault.c.id).outerjoin(owned, owned.c.vault_id == vault.c.id)
    return _first(conn, records.where(owned.c.vault_id.is_(None)))


def unfetched_photos(conn: Connection, before: int) -> Iterable[str]:
    """Yield photos expected since before *before* (ms) that nobody is about to fetch."""
    errand = exists().where(outbox.c.state == WAITING, outbox.c.thread == "content/" + photos.c.person_id)
    wanted = select(photos.c.id).where(photos.c.state == EXPECTED, photos.c.created_at < before, ~errand)
    return _first(conn, wanted)


def crossed_links(conn: Connection) -> Iterable[str]:
    """Yield each conversation to which a link or a session of another person leads."""
    for table in (links, sessions):
        led = select(conversations.c.id).join(table, table.c.detail == conversations.c.id)
        yield from _first(
            conn, led.where(table.c.kind == "page", table.c.subject != conversations.c.person_id)
        )


def forgotten_reminders(conn: Connection, before: int) -> Iterable[str]:
    """Yield reminders that were due before *before* (ms) and are not sent."""
    return _first(conn, select(reminders.c.id).where(reminders.c.sent_at.is_(None), reminders.c.due < before))


def _first(conn: Connection, wanted: Select[Any]) -> Iterable[str]:
    return (row[0] for row in conn.execute(wanted))
