"""Which menu stands at the foot of whose talk on LINE, and whether the desk has menus there at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, literal_column, or_, select, update

from storage import values
from storage.ready import Ready
from storage.tables import cases, identities, people, settings

CHANNEL = "line"

_KEY = "richmenus"
_CHANNEL: ColumnElement[str] = literal_column(f"'{CHANNEL}'")


@dataclass(frozen=True)
class Account:
    """One account on LINE and whose it is."""

    external_id: str
    person_id: str


@dataclass(frozen=True)
class Seen:
    """Somebody at their menu: its key as it was linked last, None for the one that everybody sees."""

    person_id: str
    locale: str
    menu: str | None
    blocked: bool


_ON = exists().where(settings.c.key == literal_column(f"'{_KEY}'"))
_REACHED = and_(identities.c.channel == _CHANNEL, identities.c.blocked_at.is_(None))
_ACCOUNTS = select(identities.c.external_id, identities.c.person_id)
_OF_CASE = Ready(
    _ACCOUNTS.join(cases, cases.c.person_id == identities.c.person_id)
    .where(cases.c.id == bindparam("case"), _REACHED, _ON)
    .order_by(identities.c.external_id)
)
_OF_PERSON = Ready(
    _ACCOUNTS.where(identities.c.person_id == bindparam("person"), _REACHED, _ON).order_by(
        identities.c.external_id
    )
)


def edition(conn: Connection) -> str:
    """Return which menus people were last told of, "" where the desk has none at LINE."""
    return values.get(conn, _KEY) or ""


def told(conn: Connection, edition: str) -> None:
    """Note that everybody was told of the menus of *edition*."""
    values.put(conn, _KEY, edition)


def of_case(conn: Connection, case_id: str) -> Sequence[Account]:
    """Return the accounts whose menu may follow from the case; none where the desk has no menus at LINE."""
    return [Account(*row) for row in _OF_CASE.rows(conn, {"case": case_id})]


def of_person(conn: Connection, person_id: str) -> Sequence[Account]:
    """Return the accounts of the person that can be reached; none where the desk has no menus at LINE."""
    return [Account(*row) for row in _OF_PERSON.rows(conn, {"person": person_id})]


def unlike_a_newcomer(conn: Connection, locale: str) -> Sequence[Account]:
    """Return everybody who may see another menu than one who is new and reads *locale*."""
    known = exists().where(cases.c.person_id == people.c.id)
    found = (
        _ACCOUNTS.join(people, people.c.id == identities.c.person_id)
        .where(_REACHED, or_(identities.c.menu.is_not(None), people.c.locale != locale, known))
        .order_by(identities.c.external_id)
    )
    return [Account(*row) for row in conn.execute(found)]


def seen(conn: Connection, external_id: str) -> Seen | None:
    """Return who is behind the account and what was linked to it; None for an account never seen."""
    wanted = (
        select(people.c.id, people.c.locale, identities.c.menu, identities.c.blocked_at)
        .join(identities, identities.c.person_id == people.c.id)
        .where(_is(external_id))
    )
    row = conn.execute(wanted).first()
    return Seen(row.id, row.locale, row.menu, row.blocked_at is not None) if row else None


def linked(conn: Connection, external_id: str, menu: str | None) -> None:
    """Note that *menu* was linked to the account, None: that which everybody sees."""
    conn.execute(update(identities).where(_is(external_id)).values(menu=menu))


def _is(external_id: str) -> ColumnElement[bool]:
    return and_(identities.c.channel == _CHANNEL, identities.c.external_id == external_id)
