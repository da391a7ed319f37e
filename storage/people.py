"""People and the accounts that speak for them.  A turn loads and creates them through ``turns``."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, select, update

from storage.tables import identities


def find(conn: Connection, channel: str, external_id: str) -> str | None:
    """Return the id of the person behind an account, None for an account never seen."""
    return conn.execute(select(identities.c.person_id).where(_is(channel, external_id))).scalar()


def account(conn: Connection, person_id: str) -> tuple[str, str]:
    """Return (channel, external id) of the account that the person came with last.

    Raises:
        LookupError: The person has no account.
    """
    found = known_account(conn, person_id)
    if found is None:
        raise LookupError(person_id)
    return found


def known_account(conn: Connection, person_id: str) -> tuple[str, str] | None:
    """Return the same, None for a person without an account: one who was erased."""
    wanted = select(identities.c.channel, identities.c.external_id).where(identities.c.person_id == person_id)
    newest = wanted.order_by(identities.c.seen_at.desc(), identities.c.channel, identities.c.external_id)
    row = conn.execute(newest.limit(1)).first()
    return (row.channel, row.external_id) if row else None


def set_blocked(conn: Connection, channel: str, external_id: str, at: int | None) -> None:
    """Note that an account cannot be reached since *at* (ms); None: it can be reached."""
    conn.execute(update(identities).where(_is(channel, external_id)).values(blocked_at=at))


def is_blocked(conn: Connection, channel: str, external_id: str) -> bool:
    """Return whether nothing can be sent to an account; one never seen is not blocked."""
    blocked = select(identities.c.blocked_at).where(_is(channel, external_id))
    return conn.execute(blocked).scalar() is not None


def _is(channel: str, external_id: str) -> ColumnElement[bool]:
    return and_(identities.c.channel == channel, identities.c.external_id == external_id)
