"""The database side of a turn: the hot path, kept to few statements of SQLAlchemy Core.

On PostgreSQL, where every statement is a way there and back, a usual turn is two of them.

A turn claims its event, loads one person with their half-filled conversations, and stores what the turn left.
Two turns of one person at the same moment both load the same version; the later store finds it gone and
raises :class:`Stale`, and the shell runs that turn again, which is safe because a turn is pure.  The second
time it waits for the person's row first (:func:`wait_for`), so that it cannot lose once more.

Locks are taken in one order, or two turns could wait for each other: the event, the person, all else.  So a
turn that writes anything besides the person, their conversations and the outbox holds the person first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from storage import outbox
from storage import turn_statements as statements
from storage.asjson import dump
from storage.asjson import load as load_json
from storage.outbox import Parcel, Queued
from storage.tables import conversations, identities, people


class Stale(Exception):
    """Another turn of the same person was stored meanwhile; run this one again."""


@dataclass(frozen=True)
class StoredConversation:
    """A half-filled form as stored.  Personal answers in *answers* are marks; their values lie in *vault_id*.

    *started_at* and *updated_at* are in ms UTC; by the latter a person's conversations have their order.
    """

    id: str
    form: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    aside: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    case_id: str = ""
    vault_id: str | None = None
    started_at: int = 0
    updated_at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Person:
    """One person with everything half-filled, as a turn needs them."""

    id: str
    locale: str
    locale_chosen: bool
    current: str
    at: str
    version: int
    blocked: bool
    conversations: tuple[StoredConversation, ...] = ()
    is_new: bool = False


def enter(
    conn: Connection, event_id: str, channel: str, external_id: str, now: int
) -> tuple[bool, Person | None]:
    """Return whether *event_id* is new, and then the person behind the account; see ``claim`` and ``load``."""
    if conn.dialect.name != "postgresql":
        is_new = claim(conn, event_id, channel, now)
        return is_new, load(conn, channel, external_id) if is_new else None
    given = {"event_id": event_id, "channel": channel, "external_id": external_id, "now": now}
    rows = statements.ENTER.rows(conn, given)
    return bool(rows), _person(rows) if rows and rows[0][0] else None


def claim(conn: Connection, event_id: str, channel: str, now: int) -> bool:
    """Return whether *event_id* is new; from now on it is known.  A concurrent claim waits for the other's end."""
    # Asked by RETURNING: psycopg tells no row count for this statement.
    return bool(statements.CLAIM.rows(conn, {"event_id": event_id, "channel": channel, "now": now}))


def wait_for(conn: Connection, channel: str, external_id: str) -> None:
    """Keep every other turn of the person behind an account from being stored before this transaction's end."""
    conn.execute(statements.WAIT, {"channel": channel, "external_id": external_id})


def hold(conn: Connection, person: Person) -> None:
    """Let nobody else store a turn of *person* until the end of this transaction.

    Raises:
        Stale: Another turn was stored since *person* was loaded.
    """
    if not person.is_new and conn.execute(statements.HOLD, {"person": person.id}).scalar() != person.version:
        raise Stale


def load(conn: Connection, channel: str, external_id: str) -> Person | None:
    """Return the person behind an account, None for somebody never seen."""
    return _person(statements.BY_IDENTITY.rows(conn, {"channel": channel, "external_id": external_id}))


def load_person(conn: Connection, person_id: str) -> Person | None:
    """Return the person *person_id*."""
    return _person(statements.BY_PERSON.rows(conn, {"person_id": person_id}))


def _person(rows: Sequence[Sequence[Any]]) -> Person | None:
    if not rows:
        return None
    identity, locale, chosen, current, at, version, blocked_at = rows[0][:7]
    return Person(
        identity,
        locale,
        bool(chosen),
        current,
        at,
        version,
        blocked=blocked_at is not None,
        conversations=tuple(_conversation(row[7:]) for row in rows if row[7]),
    )


def _conversation(row: Sequence[Any]) -> StoredConversation:
    talk, form, answers, aside, sources, asked, case_id, vault_id, started_at, updated_at = row
    return StoredConversation(
        talk,
        form,
        load_json(answers),
        load_json(aside),
        load_json(sources),
        asked,
        case_id,
        vault_id,
        started_at,
        updated_at,
    )


def create(conn: Connection, channel: str, external_id: str, locale: str, now: int) -> Person:
    """Return a new person for an account never seen.

    Raises:
        Stale: Another turn created them at the same moment.
    """
    person = Person(
        uuid.uuid4().hex,
        locale,
        locale_chosen=False,
        current="",
        at="",
        version=0,
        blocked=False,
        is_new=True,
    )
    row = {"id": person.id, "locale": locale, "locale_chosen": False, "current": "", "at": "", "version": 0}
    account = {"channel": channel, "external_id": external_id, "person_id": person.id, "seen_at": now}
    try:
        conn.execute(insert(people), {**row, "created_at": now})
        conn.execute(insert(identities), account)
    except IntegrityError:
        raise Stale from None
    return person


def store(
    conn: Connection,
    before: Person,
    after: Person,
    now: int,
    messages: Sequence[Queued] = (),
    *,
    lease: int = 0,
) -> list[Parcel]:
    """Store what a turn changed of *before*: the person, the changed conversations, the vanished ones.

    *messages* are what the turn says; they are queued behind all that turns before it have said.  Return those
    of them that are leased to the caller until *lease* (ms, 0 for none); see ``outbox.queue``.

    Raises:
        Stale: Another turn of this person was stored since *before* was loaded.
    """
    changed = {
        "person": before.id,
        "seen": before.version,
        "new_current": after.current,
        "new_at": after.at,
        "new_locale": after.locale,
        "new_chosen": after.locale_chosen,
    }
    known = {each.id: each for each in before.conversations}
    left = {each.id for each in after.conversations}
    # What is touched last stays last, also within one millisecond: the menu numbers by it.
    later = max([now, *(each.updated_at + 1 for each in before.conversations)])
    changed_talks = [each for each in after.conversations if known.get(each.id) != each]
    rows = [_row(before.id, each, later + place) for place, each in enumerate(changed_talks)]
    if conn.dialect.name == "postgresql" and len(rows) <= 1 and len(messages) == 1:
        parcels = _store_at_once(conn, changed, rows, messages[0], now, lease)
    else:
        _store_one_by_one(conn, changed, rows)
        parcels = outbox.queue(conn, messages, now, lease=lease)
    _delete(conn, [each for each in known if each not in left])
    return parcels


def _store_at_once(
    conn: Connection,
    changed: Mapping[str, Any],
    talks: Sequence[Mapping[str, Any]],
    message: Queued,
    now: int,
    lease: int,
) -> list[Parcel]:
    row = outbox.as_row(message, 0, now)
    given = {**changed, **row, "lease": lease}
    for talk in talks:
        given |= talk
    stored = (statements.LEAVE_WITH_TALK if talks else statements.LEAVE).rows(conn, given)
    if not stored:
        raise Stale
    ((identity, attempts),) = stored
    return [outbox.leased(message, row, identity)] if attempts else []


def _store_one_by_one(
    conn: Connection, changed: Mapping[str, Any], talks: Sequence[Mapping[str, Any]]
) -> None:
    if statements.STORE.count(conn, changed) != 1:
        raise Stale
    for talk in talks:
        statements.UPSERT.count(conn, talk)


def _delete(conn: Connection, gone: Iterable[str]) -> None:
    for each in gone:
        conn.execute(delete(conversations).where(conversations.c.id == each))


def _row(person_id: str, each: StoredConversation, at: int) -> Mapping[str, Any]:
    return {
        "conversations_id": each.id,
        "conversations_person_id": person_id,
        "conversations_form": each.form,
        "conversations_case_id": each.case_id,
        "conversations_answers": dump(each.answers),
        "conversations_aside": dump(each.aside),
        "conversations_sources": dump(each.sources),
        "conversations_asked": each.asked,
        "conversations_vault_id": each.vault_id,
        "conversations_started_at": each.started_at or at,
        "conversations_updated_at": at,
    }
