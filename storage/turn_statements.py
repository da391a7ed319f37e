"""The statements of a turn, made and compiled once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, insert, literal, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import outbox_statements as messages
from storage.ready import Ready, given
from storage.tables import conversations, identities, inbox, people
from storage.tables import outbox as outbox_table


def _claim(dialect: Any) -> Any:
    rows = {
        "event_id": bindparam("event_id"),
        "channel": bindparam("channel"),
        "received_at": bindparam("now"),
        "state": literal("done"),
        "attempts": literal(0),
    }
    # An event whose turn failed before may be claimed again, by the worker or by the platform's redelivery.
    return (
        dialect.insert(inbox)
        .values(rows)
        .on_conflict_do_update(
            index_elements=[inbox.c.event_id],
            set_={"state": "done", "raw": None, "error": None, "due": None},
            where=inbox.c.state == literal_column("'failed'"),
        )
        .returning(inbox.c.event_id)
    )


_CLAIMS = {"sqlite": _claim(sqlite), "postgresql": _claim(postgresql)}
CLAIM = Ready(lambda dialect: _CLAIMS[dialect.name])

_COLUMNS = (
    people.c.id,
    people.c.locale,
    people.c.locale_chosen,
    people.c.current,
    people.c.at,
    people.c.version,
    identities.c.blocked_at,
    conversations.c.id.label("talk"),
    conversations.c.form,
    conversations.c.answers,
    conversations.c.aside,
    conversations.c.sources,
    conversations.c.asked,
    conversations.c.case_id,
    conversations.c.vault_id,
    conversations.c.started_at,
    conversations.c.updated_at,
)
_EVERYTHING = identities.join(people, people.c.id == identities.c.person_id).outerjoin(
    conversations, conversations.c.person_id == people.c.id
)
_ACCOUNT = and_(
    identities.c.channel == bindparam("channel"), identities.c.external_id == bindparam("external_id")
)
_PEOPLE = select(*_COLUMNS).select_from(_EVERYTHING).order_by(conversations.c.updated_at)
BY_IDENTITY = Ready(_PEOPLE.where(_ACCOUNT))


def _entering() -> Any:
    """Return the claim of an event and the load of its person in one; no row for an event that was known."""
    claimed = _CLAIMS["postgresql"].cte("claimed")
    found = select(*_COLUMNS).select_from(claimed.outerjoin(_EVERYTHING, _ACCOUNT))
    return found.order_by(conversations.c.updated_at)


ENTER = Ready(_entering())
BY_PERSON = Ready(_PEOPLE.where(people.c.id == bindparam("person_id")))

_STORE = (
    update(people)
    .where(people.c.id == bindparam("person"), people.c.version == bindparam("seen"))
    .values(
        version=people.c.version + 1,
        current=bindparam("new_current"),
        at=bindparam("new_at"),
        locale=bindparam("new_locale"),
        locale_chosen=bindparam("new_chosen"),
    )
)

STORE = Ready(_STORE)

# Not FOR UPDATE: whoever holds a case and writes something of its person, such as a reminder, needs the person's
# key alone, and would wait for a turn of theirs that waits for the case.
HOLD = select(people.c.version).where(people.c.id == bindparam("person")).with_for_update(key_share=True)
WAIT = (
    select(people.c.id)
    .join(identities, identities.c.person_id == people.c.id)
    .where(_ACCOUNT)
    .with_for_update(of=people, key_share=True)
)


_TALK = tuple(each.name for each in conversations.c)
_CHANGING = ("answers", "aside", "sources", "asked", "vault_id", "updated_at")


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(conversations).values(given(conversations, _TALK))
    return statement.on_conflict_do_update(
        index_elements=[conversations.c.id], set_={name: statement.excluded[name] for name in _CHANGING}
    )


_UPSERTS = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
UPSERT = Ready(lambda dialect: _UPSERTS[dialect.name])


def _leaving(*, with_talk: bool) -> Ready:
    """Return the store of a person, perhaps of one conversation, and of one message, in one.

    It returns the message's id and tries; no row, and nothing is stored, where another turn came before.
    """
    stored = _STORE.returning(people.c.id).cte("stored")
    message = select(*messages.values().values()).select_from(stored)
    queued = insert(outbox_table).from_select(list(messages.NAMES), message)
    sent = queued.returning(*messages.LEFT).cte("message")
    parts = []
    if with_talk:
        talk = select(*given(conversations, _TALK).values()).select_from(stored)
        upsert = postgresql.insert(conversations).from_select(list(_TALK), talk)
        changed = {name: upsert.excluded[name] for name in _CHANGING}
        parts.append(
            upsert.on_conflict_do_update(index_elements=[conversations.c.id], set_=changed).cte("talk")
        )
    return Ready(select(sent.c.id, sent.c.attempts).add_cte(*parts))


LEAVE, LEAVE_WITH_TALK = _leaving(with_talk=False), _leaving(with_talk=True)
