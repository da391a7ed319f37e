"""Who is signed in: to the console, or to a private page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from storage import tokens
from storage.tables import sessions


@dataclass(frozen=True)
class Session:
    """One sign-in.  *subject* is who; times are in ms UTC."""

    kind: str
    subject: str
    detail: str
    role: str
    created_at: int
    expires_at: int


_SESSION = (
    sessions.c.kind,
    sessions.c.subject,
    sessions.c.detail,
    sessions.c.role,
    sessions.c.created_at,
    sessions.c.expires_at,
)


def begin(  # noqa: PLR0913, PLR0917 -- one argument per column
    conn: Connection, kind: str, subject: str, detail: str, role: str, ttl: int, now: int
) -> str:
    """Return the token of a new session, which ends after *ttl* ms at the latest."""
    token = tokens.new()
    row = {
        "kind": kind,
        "subject": subject,
        "detail": detail,
        "role": role,
        "created_at": now,
        "seen_at": now,
    }
    conn.execute(insert(sessions), {"token_hash": tokens.hashed(token), "expires_at": now + ttl, **row})
    return token


def of(conn: Connection, token: str, kind: str, now: int, idle: int) -> Session | None:
    """Return the session of *token*, None where it ended or lay unused for *idle* ms.  It is a use."""
    alive = (
        sessions.c.token_hash == tokens.hashed(token),
        sessions.c.kind == kind,
        sessions.c.expires_at > now,
        sessions.c.seen_at > now - idle,
    )
    row = conn.execute(update(sessions).where(*alive).values(seen_at=now).returning(*_SESSION)).first()
    return Session(*row) if row else None


def is_held(conn: Connection, kind: str, subject: str, detail: str, now: int) -> bool:
    """Return whether a session of *kind* about *subject* and *detail* goes on: one that no token leads to."""
    alive = sessions.c.kind == kind, sessions.c.subject == subject, sessions.c.expires_at > now
    wanted = select(sessions.c.subject).where(*alive, sessions.c.detail == detail)
    return conn.execute(wanted.limit(1)).first() is not None


def of_detail(conn: Connection, kind: str, detail: str, now: int) -> Sequence[Session]:
    """Return the sessions of *kind* with *detail* that go on, the oldest first."""
    wanted = select(*_SESSION).where(
        sessions.c.kind == kind, sessions.c.detail == detail, sessions.c.expires_at > now
    )
    return [Session(*row) for row in conn.execute(wanted.order_by(sessions.c.created_at))]


def end(conn: Connection, token: str) -> None:
    """End the session of *token*."""
    conn.execute(delete(sessions).where(sessions.c.token_hash == tokens.hashed(token)))


def end_all(conn: Connection, kind: str, subject: str) -> int:
    """Return how many sessions of *subject* were ended: somebody who left is out at once."""
    return conn.execute(
        delete(sessions).where(sessions.c.kind == kind, sessions.c.subject == subject)
    ).rowcount
