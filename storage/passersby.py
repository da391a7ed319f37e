"""People who came without a chat account, to fill in one form: by the web, or by a member of the staff for them.

They have an identity like everybody, of a channel to which nothing can be sent.  Of those who never filed
anything nothing is left: neither their answers nor themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select

from storage import conversations, photos, submissions, survey_talks, surveys
from storage.tables import cases, identities, people, sessions, vault
from storage.tables import conversations as conversations_table
from storage.tables import photos as photos_table
from storage.turns import StoredConversation

WEB = "web"
"""The channel of somebody who fills in a form in their own browser."""

KEYED = ("telephone", "paper", "fax", "mail", "counter")
"""How an application came that a member of the staff keys in (代理入力)."""

CHANNELS = (WEB, *KEYED)


def leave(conn: Connection, person_id: str, form: str) -> None:
    """Remove what the person has half-filled of *form*, and themselves where they have nothing else here."""
    for talk in conversations.of_person(conn, person_id):
        if talk.form == form and not talk.case_id:
            _remove(conn, talk)
    _gone(conn, [each for each in [person_id] if _is_nobody(conn, each)])


def purge(conn: Connection, before: int, limit: int) -> int:
    """Return how many people went who came before *before* (ms), never filed anything and have nothing open."""
    old = select(people.c.id).where(people.c.created_at < before, _nothing())
    found = list(conn.execute(old.limit(limit)).scalars())
    _gone(conn, found)
    return len(found)


def _nothing() -> ColumnElement[bool]:
    mine = identities.c.person_id == people.c.id
    return and_(
        exists().where(mine, identities.c.channel.in_(CHANNELS)),
        ~exists().where(mine, identities.c.channel.not_in(CHANNELS)),
        ~exists().where(cases.c.person_id == people.c.id),
        ~exists().where(conversations_table.c.person_id == people.c.id),
    )


def _is_nobody(conn: Connection, person_id: str) -> bool:
    wanted = select(people.c.id).where(people.c.id == person_id, _nothing())
    return conn.execute(wanted).first() is not None


def _remove(conn: Connection, talk: StoredConversation) -> None:
    conversations.delete(conn, talk.id)
    if survey := surveys.key_of(talk.form):
        survey_talks.stopped(conn, survey, talk.asked)
    if talk.vault_id and not submissions.refers_to(conn, talk.vault_id):
        conn.execute(delete(vault).where(vault.c.id == talk.vault_id))
    for value in talk.answers.values():
        if isinstance(value, dict) and isinstance(value.get("photo"), str):
            photos.forget(conn, value["photo"])


def _gone(conn: Connection, found: Sequence[str]) -> None:
    conn.execute(delete(photos_table).where(photos_table.c.person_id.in_(found)))
    conn.execute(delete(sessions).where(sessions.c.subject.in_(found)))
    conn.execute(delete(identities).where(identities.c.person_id.in_(found)))
    conn.execute(delete(people).where(people.c.id.in_(found)))
