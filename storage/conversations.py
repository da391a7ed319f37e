"""Half-filled forms, outside a turn.  Within a turn, ``turns`` loads and stores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, select, update
from sqlalchemy import delete as deletion

from storage import turns
from storage.tables import conversations, people
from storage.turns import StoredConversation


@dataclass(frozen=True)
class Idle:
    """A conversation that nobody went on with since *updated_at* (ms)."""

    id: str
    person_id: str
    updated_at: int


def of_person(conn: Connection, person_id: str) -> Sequence[StoredConversation]:
    """Return what the person has half-filled, the one touched last at the end."""
    person = turns.load_person(conn, person_id)
    return person.conversations if person else ()


def get(conn: Connection, conversation: str) -> StoredConversation | None:
    """Return the conversation, None where it is over."""
    owner = conn.execute(select(conversations.c.person_id).where(conversations.c.id == conversation)).scalar()
    mine = of_person(conn, owner) if owner else ()
    return next((each for each in mine if each.id == conversation), None)


def stale(conn: Connection, before: int, limit: int = 100) -> Sequence[Idle]:
    """Return conversations that nobody went on with since *before* (ms), the oldest first."""
    columns = select(conversations.c.id, conversations.c.person_id, conversations.c.updated_at)
    wanted = columns.where(conversations.c.updated_at < before).order_by(conversations.c.updated_at)
    return [Idle(*row) for row in conn.execute(wanted.limit(limit))]


def delete(conn: Connection, conversation: str) -> None:
    """Remove the conversation; a turn of its person that is being taken meanwhile is run again."""
    owner = conn.execute(select(conversations.c.person_id).where(conversations.c.id == conversation)).scalar()
    if owner:
        _leave(conn, owner, conversation)
        conn.execute(deletion(conversations).where(conversations.c.id == conversation))


def delete_idle(conn: Connection, each: Idle) -> bool:
    """Return whether *each* was removed; not where its person went on with it meanwhile."""
    _leave(conn, each.person_id, each.id)
    same = conversations.c.id == each.id, conversations.c.updated_at == each.updated_at
    return conn.execute(deletion(conversations).where(*same)).rowcount == 1


def _leave(conn: Connection, person_id: str, conversation: str) -> None:
    # A turn under way has loaded the conversation and would store it once more: counting up makes it run
    # again.
    current = case((people.c.current == conversation, ""), else_=people.c.current)
    changed = {"current": current, "version": people.c.version + 1}
    conn.execute(update(people).where(people.c.id == person_id).values(changed))
