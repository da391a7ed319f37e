"""Removing what is old, each as a job for the caller's transaction.

Each returns how much it removed and removes *limit* at most, so that nobody waits long behind it: one that
returns its limit has more to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage import conversations, inbox, photos, submissions, survey_talks, surveys, values
from storage.staff import CHANNEL
from storage.tables import cases, identities, links, outbox, sessions, vault
from storage.tables import conversations as conversations_table
from storage.tables import inbox as inbox_table
from storage.tables import photos as photos_table
from storage.tables import submissions as submissions_table
from storage.tables_questions import questions
from storage.tables_staff import teams_files
from storage.tables_time import unreached
from storage.turns import StoredConversation

MANY = 5000
"""Rows a statement removes in a few hundredths of a second."""

FEW = 200
"""Conversations, of which each takes several statements."""

_LOOKED = "photos_looked_through"
_BLANKED = "bodies_blanked"
_DAY = 24 * 3600 * 1000
_WEEK = 7 * _DAY


def purge_inbox(conn: Connection, done_before: int, dead_before: int, limit: int = MANY) -> int:
    """Remove the ids of events that went well and, after a time of their own, those that were given up."""
    return inbox.purge(conn, done_before, limit) + inbox.purge_dead(conn, dead_before, limit)


def purge_bodies(conn: Connection, before: int, limit: int = MANY) -> int:
    """Blank what messages said that were done with before *before*; that they were sent stays known.

    Rows that were blanked stay for ever, so each round begins where the last one came to, and a day earlier.
    """
    begin = (
        min(int(values.get(conn, _BLANKED) or 0), before) - _DAY
    )  # before is less where a clock was set back
    span = outbox.c.done_at >= begin, outbox.c.done_at < before
    old = select(outbox.c.id).where(*span, outbox.c.body != "").order_by(outbox.c.done_at).limit(limit)
    blank = update(outbox).where(outbox.c.id.in_(old))
    blanked = conn.execute(blank.values(body="", reply_token=None)).rowcount
    if blanked < limit:
        values.put(conn, _BLANKED, str(before))
    return blanked


def purge_links(conn: Connection, before: int, limit: int = MANY) -> int:
    """Remove links that ended before *before*."""
    return _remove(conn, links, links.c.token_hash, links.c.expires_at < before, limit)


def purge_sessions(conn: Connection, before: int, limit: int = MANY) -> int:
    """Remove sessions that ended before *before*."""
    return _remove(conn, sessions, sessions.c.token_hash, sessions.c.expires_at < before, limit)


def purge_half_filled(conn: Connection, before: int, limit: int = FEW) -> int:
    """Remove conversations that nobody went on with since *before*, with all that was given in them.

    What was filed stays, and so do the personal answers and photos that it refers to.
    """
    return sum(_remove_conversation(conn, each) for each in conversations.stale(conn, before, limit))


def purge_photos(conn: Connection, before: int, limit: int = FEW) -> int:
    """Look through photos that came before *before* and remove those that nothing shows; return how many were seen.

    Each is looked at once: what is shown by then was filed, or goes with its half-filled form.
    """
    at, _, last = (values.get(conn, _LOOKED) or "0/").partition("/")
    ordered = (photos_table.c.created_at, photos_table.c.id)
    wanted = select(photos_table.c.id, photos_table.c.person_id, photos_table.c.created_at).where(
        photos_table.c.created_at < before, tuple_(*ordered) > (int(at), last)
    )
    seen = conn.execute(wanted.order_by(*ordered).limit(limit)).all()
    for row in seen:
        if not _is_shown(conn, row.person_id, row.id):
            photos.forget(conn, row.id)
    if seen:
        values.put(conn, _LOOKED, f"{seen[-1].created_at}/{seen[-1].id}")
    return len(seen)


@dataclass(frozen=True)
class Limits:
    """Before when (ms) what is too old.

    In this order: ids of events, failed events, bodies, half-filled forms, tokens, addresses, what was passed on.
    """

    events: int
    failed: int
    bodies: int
    half_filled: int
    tokens: int
    addresses: int
    settled: int


def overdue(conn: Connection, limits: Limits) -> Mapping[str, int]:
    """Return how many rows of which table are older than they may be."""
    events, bodies = inbox_table.c, outbox.c
    old = {
        inbox_table: or_(
            and_(events.state == inbox.DONE, events.received_at < limits.events),
            and_(events.state == inbox.DEAD, events.received_at < limits.failed),
        ),
        # A week back: by then it has long been seen, and the table has years of blanked rows.
        outbox: and_(
            bodies.done_at >= limits.bodies - _WEEK, bodies.done_at < limits.bodies, bodies.body != ""
        ),
        conversations_table: conversations_table.c.updated_at < limits.half_filled,
        links: links.c.expires_at < limits.tokens,
        sessions: sessions.c.expires_at < limits.tokens,
        questions: and_(questions.c.answered_at < limits.bodies, questions.c.person_id.is_not(None)),
        teams_files: teams_files.c.received_at < limits.addresses,
        unreached: unreached.c.done_at < limits.settled,
    }
    return {
        table.name: conn.execute(select(func.count()).select_from(table).where(which)).scalar_one()
        for table, which in old.items()
    }


def _remove_conversation(conn: Connection, idle: conversations.Idle) -> bool:
    talk = conversations.get(conn, idle.id)
    if talk is None or not conversations.delete_idle(conn, idle):
        return False
    if survey := surveys.key_of(talk.form):
        survey_talks.stopped(conn, survey, talk.asked)
    if talk.vault_id and not _is_needed(conn, talk.vault_id):
        conn.execute(delete(vault).where(vault.c.id == talk.vault_id))
    for photo in _photos(talk):
        if not _is_shown(conn, idle.person_id, photo):
            photos.forget(conn, photo)
    return True


def _is_needed(conn: Connection, record: str) -> bool:
    others = exists().where(conversations_table.c.vault_id == record)
    return submissions.refers_to(conn, record) or bool(conn.execute(select(others)).scalar())


def _photos(talk: StoredConversation) -> set[str]:
    given: list[Any] = [*talk.answers.values(), *talk.aside.values()]
    return {
        value["photo"]
        for value in given
        if isinstance(value, Mapping) and isinstance(value.get("photo"), str)
    }


def _is_shown(conn: Connection, person_id: str, photo: str) -> bool:
    """Return whether something that the person filed or still fills in shows *photo*."""
    mine = submissions_table.c.case_id.in_(select(cases.c.id).where(cases.c.person_id == person_id))
    # A member's photos are filed on residents' cases.
    is_member = exists().where(identities.c.person_id == person_id, identities.c.channel == CHANNEL)
    theirs = and_(submissions_table.c.channel == CHANNEL, is_member)
    filed = exists().where(or_(mine, theirs), submissions_table.c.answers.contains(photo, autoescape=True))
    talks = conversations_table
    named = or_(
        talks.c.answers.contains(photo, autoescape=True), talks.c.aside.contains(photo, autoescape=True)
    )
    half = exists().where(talks.c.person_id == person_id, named)
    return bool(conn.execute(select(or_(filed, half))).scalar())


def _remove(conn: Connection, table: Table, key: Column[Any], old: ColumnElement[bool], limit: int) -> int:
    return conn.execute(delete(table).where(key.in_(select(key).where(old).limit(limit)))).rowcount
