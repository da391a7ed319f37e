"""Events that came in.  Those that went well leave their id; the others are kept, sealed, to try again.

A turn claims its event through ``turns``, a failed one too: its row is done when the turn's transaction is, and
failed as before when that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from storage.tables import inbox
from storage.upsert import into

DONE = "done"
FAILED = "failed"
DEAD = "dead"


@dataclass(frozen=True)
class FailedEvent:
    """An event to be tried again.  *raw* is sealed; *attempts* counts the tries that failed."""

    event_id: str
    channel: str
    raw: bytes
    attempts: int
    received_at: int


@dataclass(frozen=True)
class DeadLetter:
    """An event that was given up; staff see to it.  *error* names the kind of fault, never an answer."""

    event_id: str
    channel: str
    received_at: int
    attempts: int
    error: str | None


def fail(  # noqa: PLR0913 -- one argument per column
    conn: Connection, event_id: str, channel: str, raw: bytes, error: str, *, due: int, now: int
) -> None:
    """Keep an event whose turn left no trace, to be tried again at *due*; what went well since stays so."""
    row = {"event_id": event_id, "channel": channel, "received_at": now, "state": FAILED, "attempts": 1}
    kept = into(conn, inbox).values({**row, "raw": raw, "error": error, "due": due})
    again = {"attempts": inbox.c.attempts + 1, "raw": raw, "error": error, "due": due}
    conn.execute(
        kept.on_conflict_do_update(
            index_elements=[inbox.c.event_id], set_=again, where=inbox.c.state == FAILED
        )
    )


def knows(conn: Connection, event_id: str) -> bool:
    """Return whether the event went well."""
    done = select(inbox.c.event_id).where(inbox.c.event_id == event_id, inbox.c.state == DONE)
    return conn.execute(done).first() is not None


def in_trouble(state: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for events in *state*, which is not done; the index holds those with an error alone."""
    return inbox.c.state == state, inbox.c.error.is_not(None)


def retryable(conn: Connection, now: int, limit: int) -> Sequence[FailedEvent]:
    """Return the events to be tried again now, in the order in which they came."""
    columns = select(inbox.c.event_id, inbox.c.channel, inbox.c.raw, inbox.c.attempts, inbox.c.received_at)
    wanted = columns.where(*in_trouble(FAILED), inbox.c.due <= now)
    ordered = wanted.order_by(inbox.c.received_at, inbox.c.event_id).limit(limit)
    return [FailedEvent(*row) for row in conn.execute(ordered)]


def bury(conn: Connection, event_id: str, error: str) -> None:
    """Give a failed event up: it is tried no more, and staff are shown it."""
    failed = inbox.c.event_id == event_id, inbox.c.state == FAILED
    given_up = {"state": DEAD, "due": None, "error": error, "attempts": inbox.c.attempts + 1}
    conn.execute(update(inbox).where(*failed).values(given_up))


def dead(conn: Connection, limit: int = 200) -> Sequence[DeadLetter]:
    """Return the events that were given up, the newest first."""
    columns = select(inbox.c.event_id, inbox.c.channel, inbox.c.received_at, inbox.c.attempts, inbox.c.error)
    newest = columns.where(*in_trouble(DEAD)).order_by(inbox.c.received_at.desc(), inbox.c.event_id)
    return [DeadLetter(*row) for row in conn.execute(newest.limit(limit))]


def oldest_unprocessed(conn: Connection) -> int | None:
    """Return when the oldest event came (ms) that is still to be tried again."""
    return conn.execute(select(func.min(inbox.c.received_at)).where(*in_trouble(FAILED))).scalar()


def purge(conn: Connection, before: int, limit: int) -> int:
    """Remove ids of events that went well and came before *before* (ms); return how many, *limit* at most.

    An event that comes again after that would be taken for a new one.
    """
    return _remove(conn, (inbox.c.state == DONE,), before, limit)


def purge_dead(conn: Connection, before: int, limit: int) -> int:
    """Remove events that were given up and came before *before* (ms); return how many, *limit* at most."""
    return _remove(conn, in_trouble(DEAD), before, limit)


def _remove(conn: Connection, which: Iterable[ColumnElement[bool]], before: int, limit: int) -> int:
    old = select(inbox.c.event_id).where(*which, inbox.c.received_at < before)
    oldest = old.order_by(inbox.c.received_at).limit(limit)
    return conn.execute(delete(inbox).where(inbox.c.event_id.in_(oldest))).rowcount
