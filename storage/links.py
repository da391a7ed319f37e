"""One-time links: into a private page, into the console."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from storage import tokens
from storage.tables import links


@dataclass(frozen=True)
class Link:
    """What a link leads to: of the kind ``page``, *subject* is a person and *detail* a conversation."""

    kind: str
    subject: str
    detail: str
    expires_at: int


_LINK = (links.c.kind, links.c.subject, links.c.detail, links.c.expires_at)


def make(  # noqa: PLR0913 -- one argument per column
    conn: Connection, kind: str, subject: str, detail: str, ttl: int, now: int, *, token: str = ""
) -> str:
    """Return the token of a new link, which can be used once within *ttl* ms: *token*, or one drawn here."""
    token = token or tokens.new()
    row = {"kind": kind, "subject": subject, "detail": detail, "created_at": now, "expires_at": now + ttl}
    conn.execute(insert(links), {"token_hash": tokens.hashed(token), **row})
    return token


def look(conn: Connection, token: str, kind: str, now: int) -> Link | None:
    """Return where *token* leads, None where it is used, too old or unknown.  It can still be used."""
    row = conn.execute(select(*_LINK).where(_usable(token, kind, now))).first()
    return Link(*row) if row else None


def take(conn: Connection, token: str, kind: str, now: int) -> Link | None:
    """Return where *token* leads and use it up; of several who try at once, one succeeds."""
    used = update(links).where(_usable(token, kind, now)).values(used_at=now).returning(*_LINK)
    row = conn.execute(used).first()
    return Link(*row) if row else None


def _usable(token: str, kind: str, now: int) -> ColumnElement[bool]:
    return and_(
        links.c.token_hash == tokens.hashed(token),
        links.c.kind == kind,
        links.c.used_at.is_(None),
        links.c.expires_at > now,
    )
