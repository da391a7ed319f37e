"""The ledgers as one reads them to compare them: page by page, with what a page has to be held against.

A page begins behind a key, so that a million rows take no more memory than one page, and each page is read with
its counterparts in one transaction of the caller's: a turn stores all of it in one, so a page never shows half
of a turn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, exists, func, select, union_all

from storage.staff import CHANNEL
from storage.tables import (
    cases,
    conversations,
    identities,
    inbox,
    outbox,
    people,
    photos,
    reminders,
    series,
    submissions,
    vault,
)
from storage.tables_erasures import erasures

Rows = Sequence[Row[Any]]

_MESSAGES = select(
    outbox.c.id,
    outbox.c.channel,
    outbox.c.thread,
    outbox.c.kind,
    outbox.c.recipient,
    outbox.c.reply_token,
    outbox.c.retry_key,
    outbox.c.legal,
    outbox.c.cause,
    outbox.c.state,
    outbox.c.due,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.done_at,
    (outbox.c.body != "").label("has_body"),
    case((outbox.c.kind == "sheet", outbox.c.body), else_="").label("sheet"),
)
_EVENTS = select(
    inbox.c.event_id,
    inbox.c.channel,
    inbox.c.state,
    inbox.c.due,
    inbox.c.received_at,
    inbox.c.raw.is_not(None).label("has_raw"),
)
_FILINGS = select(
    submissions.c.id,
    submissions.c.event_id,
    submissions.c.filed_by,
    submissions.c.role,
    submissions.c.channel,
    submissions.c.vault_id,
    submissions.c.filed_at,
    # Only answers that name a photo are worth the reading.
    case((submissions.c.answers.contains('"photo"'), submissions.c.answers), else_="{}").label("answers"),
    cases.c.person_id,
    cases.c.procedure,
).join(cases, cases.c.id == submissions.c.case_id)
_TALKS = select(
    conversations.c.id,
    conversations.c.person_id,
    conversations.c.form.label("procedure"),
    conversations.c.case_id,
    conversations.c.vault_id,
    conversations.c.answers,
    cases.c.person_id.label("case_owner"),
    exists()
    .where(identities.c.person_id == conversations.c.person_id, identities.c.channel == CHANNEL)
    .label("is_member"),
).outerjoin(cases, cases.c.id == conversations.c.case_id)
_filed = (
    select(func.count(submissions.c.id))
    .where(submissions.c.case_id == cases.c.id)
    .correlate(cases)
    .scalar_subquery()
)
_newest = (
    select(func.max(submissions.c.number))
    .where(submissions.c.case_id == cases.c.id)
    .correlate(cases)
    .scalar_subquery()
)
_CASES = select(
    cases.c.id,
    cases.c.reference,
    cases.c.procedure,
    cases.c.opened_at,
    cases.c.person_id,
    cases.c.channel,
    _filed.label("filed"),
    _newest.label("newest"),
)
_PEOPLE = select(people.c.id, people.c.current, conversations.c.person_id.label("owner")).outerjoin(
    conversations, conversations.c.id == people.c.current
)


def messages(conn: Connection, after: int, limit: int, since: int = 0) -> Rows:
    """Return the next *limit* messages behind the id *after* that were queued at *since* (ms) or later."""
    return page(conn, _MESSAGES, outbox.c.id, after, limit, outbox.c.created_at >= since)


def events(conn: Connection, after: str, limit: int, since: int = 0) -> Rows:
    """Return the next *limit* events behind *after* that came at *since* (ms) or later."""
    return page(conn, _EVENTS, inbox.c.event_id, after, limit, inbox.c.received_at >= since)


def filings(conn: Connection, after: str, limit: int, since: int = 0) -> Rows:
    """Return the next *limit* submissions, filed at *since* (ms) or later, with whose case they are on."""
    return page(conn, _FILINGS, submissions.c.id, after, limit, submissions.c.filed_at >= since)


def talks(conn: Connection, after: str, limit: int) -> Rows:
    """Return the next *limit* half-filled conversations, with whose case they correct."""
    return page(conn, _TALKS, conversations.c.id, after, limit)


def matters(conn: Connection, after: str, limit: int) -> Rows:
    """Return the next *limit* cases, with how many submissions they have and the newest one's number."""
    return page(conn, _CASES, cases.c.id, after, limit)


def persons(conn: Connection, after: str, limit: int) -> Rows:
    """Return the next *limit* people who are in a conversation, with the person to whom that belongs."""
    return page(conn, _PEOPLE, people.c.id, after, limit, people.c.current != "")


def page(
    conn: Connection,
    wanted: Select[Any],
    key: ColumnElement[Any],
    after: Any,
    limit: int,
    *where: ColumnElement[bool],
) -> Rows:
    """Return the next *limit* rows of *wanted* that meet *where* and whose *key* lies behind *after*."""
    return conn.execute(wanted.where(key > after, *where).order_by(key).limit(limit)).all()


def sizes(conn: Connection) -> int:
    """Return how many rows the pages have together."""
    tables = (outbox, inbox, submissions, conversations, cases, people)
    return sum(conn.execute(select(func.count()).select_from(each)).scalar_one() for each in tables)


# --- what a page is held against


def event_states(conn: Connection, events_wanted: Collection[str]) -> Mapping[str, str]:
    """Return the state of each of the events that is known."""
    return _pairs(conn, select(inbox.c.event_id, inbox.c.state).where(inbox.c.event_id.in_(events_wanted)))


def cases_there(conn: Connection, wanted: Collection[str]) -> set[str]:
    """Return those of the cases *wanted*, by our ids, that there are."""
    return set(conn.execute(select(cases.c.id).where(cases.c.id.in_(wanted))).scalars())


def filed_by_events(conn: Connection, wanted: Collection[str]) -> set[str]:
    """Return those of the events *wanted* that filed something."""
    return set(
        conn.execute(select(submissions.c.event_id).where(submissions.c.event_id.in_(wanted))).scalars()
    )


def reminded(conn: Connection, reminders_wanted: Collection[str]) -> Mapping[str, str]:
    """Return for each of the reminders that is known the person it is for."""
    return _pairs(
        conn, select(reminders.c.id, reminders.c.person_id).where(reminders.c.id.in_(reminders_wanted))
    )


def accounts(
    conn: Connection, people_wanted: Collection[str]
) -> Mapping[tuple[str, str], Mapping[str, bool]]:
    """Return the accounts of each person on each channel: by (person, channel), whether each is blocked."""
    columns = select(
        identities.c.person_id, identities.c.channel, identities.c.external_id, identities.c.blocked_at
    )
    found: dict[tuple[str, str], dict[str, bool]] = {}
    for row in conn.execute(columns.where(identities.c.person_id.in_(people_wanted))):
        found.setdefault((row.person_id, row.channel), {})[row.external_id] = row.blocked_at is not None
    return found


def caused(conn: Connection, causes: Collection[str]) -> Mapping[str, Rows]:
    """Return the messages of each of *causes*, in their order."""
    columns: Select[Any] = select(
        outbox.c.id, outbox.c.cause, outbox.c.thread, outbox.c.legal, outbox.c.retry_key
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in conn.execute(columns.where(outbox.c.cause.in_(causes)).order_by(outbox.c.id)):
        found.setdefault(row.cause, []).append(row)
    return found


def record_procedures(conn: Connection, records: Collection[str]) -> Mapping[str, str]:
    """Return the procedure of each of the vault's *records*."""
    return _pairs(conn, select(vault.c.id, vault.c.procedure).where(vault.c.id.in_(records)))


def photo_owners(conn: Connection, photos_wanted: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Return (person, procedure) of each of the photos."""
    columns = select(photos.c.id, photos.c.person_id, photos.c.procedure)
    return {
        row.id: (row.person_id, row.procedure)
        for row in conn.execute(columns.where(photos.c.id.in_(photos_wanted)))
    }


def erased(conn: Connection, people_wanted: Collection[str]) -> set[str]:
    """Return those of the people of whom something was erased: their messages have no recipient any more."""
    own = select(erasures.c.subject).where(erasures.c.subject.in_(people_wanted))
    of_cases = select(cases.c.person_id).join(erasures, erasures.c.subject == cases.c.id)
    found = union_all(own, of_cases.where(cases.c.person_id.in_(people_wanted)))
    return {row[0] for row in conn.execute(found)}


def last_erasure(conn: Connection) -> int:
    """Return when something was last erased (ms), 0 for never."""
    return conn.execute(select(func.max(erasures.c.erased_at))).scalar() or 0


def counters(conn: Connection) -> Mapping[str, int]:
    """Return the last number of each series."""
    return _pairs(conn, select(series.c.key, series.c.last))


def _pairs(conn: Connection, wanted: Select[Any]) -> Mapping[str, Any]:
    return {row[0]: row[1] for row in conn.execute(wanted)}
