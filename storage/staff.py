"""The roster: who works for the city or its contractor, from when to when, and as what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from dialogs.procedure import Role
from dialogs.standing import Grant
from storage.faults import is_collision
from storage.ready import Ready
from storage.tables import identities, people
from storage.tables_staff import staff, staff_roles

CITY, CONTRACTOR = "city", "contractor"
ORGANISATIONS = (CITY, CONTRACTOR)

CHANNEL = "teams"
"""The channel whose accounts are members': ``tenant/object id``, lower case."""


class Overlap(Exception):
    """The account is on the roster on some of these days already."""


@dataclass(frozen=True)
class Member:
    """Somebody who may act for the city on the day that was asked for, and as what (*grants*)."""

    id: str
    tenant: str
    object_id: str
    name: str
    organisation: str
    grants: tuple[Grant, ...] = ()

    @property
    def account(self) -> str:
        """Return the external id of the member's identity."""
        return account(self.tenant, self.object_id)

    def has_to_do_with(self, procedure: str) -> bool:
        """Return whether the member has any grant on *procedure*."""
        return any(each.procedure in {"*", procedure} for each in self.grants)


@dataclass(frozen=True)
class Spell:
    """One row of the roster: a member from the day *since* to the day *until* (Asia/Tokyo, both included).

    *until* is None where no end is known.  *added_at* and *removed_at* are in ms UTC; one that was removed
    ended at that moment.
    """

    member: Member
    since: date
    until: date | None
    added_at: int
    removed_at: int | None = None

    def is_active(self, day: date) -> bool:
        """Return whether the member may act on *day*."""
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and self.removed_at is None


def account(tenant: str, object_id: str) -> str:
    """Return how an account of Teams is called among identities."""
    return f"{tenant}/{object_id}".lower()


def parts(external_id: str) -> tuple[str, str]:
    """Return (tenant, object id) of what :func:`account` made."""
    tenant, _, object_id = external_id.partition("/")
    return tenant, object_id


_COLUMNS = (
    staff.c.id,
    staff.c.tenant,
    staff.c.object_id,
    staff.c.name,
    staff.c.organisation,
    staff_roles.c.procedure,
    staff_roles.c.role,
    staff_roles.c.deputy,
)
_EVERYTHING = staff.outerjoin(staff_roles, staff_roles.c.staff_id == staff.c.id)
_ORDER = (staff.c.since, staff.c.id, staff_roles.c.procedure, staff_roles.c.role)


def there_on(day: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a row of the roster counts on *day* (YYYY-MM-DD)."""
    ends = or_(staff.c.until.is_(None), staff.c.until >= day)
    return and_(staff.c.removed_at.is_(None), staff.c.since <= day, ends)


_THERE = there_on(bindparam("day"))
_MEMBER = Ready(
    select(*_COLUMNS)
    .select_from(_EVERYTHING)
    .where(staff.c.tenant == bindparam("tenant"), staff.c.object_id == bindparam("object_id"), _THERE)
    .order_by(*_ORDER)
)


def member(conn: Connection, tenant: str, object_id: str, day: date) -> Member | None:
    """Return who the account is on *day* (Asia/Tokyo), None for nobody: unknown, not yet, no more, removed."""
    given = {"tenant": tenant.lower(), "object_id": object_id.lower(), "day": day.isoformat()}
    return next(iter(_members(_MEMBER.rows(conn, given))), None)


_LOCALE = Ready(
    select(func.coalesce(people.c.locale, literal("")))
    .select_from(
        staff.outerjoin(
            identities,
            and_(identities.c.channel == literal(CHANNEL), identities.c.external_id == bindparam("account")),
        ).outerjoin(people, people.c.id == identities.c.person_id)
    )
    .where(staff.c.tenant == bindparam("tenant"), staff.c.object_id == bindparam("object_id"), _THERE)
)


def locale(conn: Connection, tenant: str, object_id: str, day: date) -> str | None:
    """Return the catalog that a member reads, "" where they never wrote; None for who is none on *day*."""
    given = {"tenant": tenant.lower(), "object_id": object_id.lower(), "day": day.isoformat()}
    rows = _LOCALE.rows(conn, {**given, "account": account(tenant, object_id)})
    return str(rows[0][0]) if rows else None


def _members(rows: Sequence[Sequence[Any]]) -> list[Member]:
    found = []
    for _, mine in groupby(rows, key=lambda row: row[0]):
        held = list(mine)
        grants = tuple(Grant(row[5], Role(row[6]), deputy=bool(row[7])) for row in held if row[5] is not None)
        identity, tenant, object_id, name, organisation = held[0][:5]
        found.append(Member(identity, tenant, object_id, name, organisation, grants))
    return found


def add(conn: Connection, new: Member, since: date, until: date | None, now: int) -> Member:
    """Return *new*, stored under an id of its own with its grants, from *since* to *until*.

    Raises:
        Overlap: The account is on the roster on one of these days.
    """
    mine = and_(staff.c.tenant == new.tenant.lower(), staff.c.object_id == new.object_id.lower())
    if conn.execute(select(staff.c.id).where(mine, _meets(since, until)).limit(1)).first():
        raise Overlap(new.account)
    stored = Member(
        uuid.uuid4().hex, new.tenant.lower(), new.object_id.lower(), new.name, new.organisation, new.grants
    )
    row = {name: value for name, value in vars(stored).items() if name != "grants"}
    row |= {"since": since.isoformat(), "until": until.isoformat() if until else None, "added_at": now}
    try:
        conn.execute(insert(staff), row)
    except IntegrityError as fault:
        if is_collision(fault):
            raise Overlap(new.account) from None
        raise
    roles = [
        {"staff_id": stored.id, "procedure": each.procedure, "role": each.role.value, "deputy": each.deputy}
        for each in stored.grants
    ]
    if roles:
        conn.execute(insert(staff_roles), roles)
    return stored


def _meets(since: date, until: date | None) -> ColumnElement[bool]:
    met = [staff.c.removed_at.is_(None), or_(staff.c.until.is_(None), staff.c.until >= since.isoformat())]
    if until is not None:
        met.append(staff.c.since <= until.isoformat())
    return and_(*met)


def remove(conn: Connection, tenant: str, object_id: str, day: date, now: int) -> Sequence[Spell]:
    """End at this moment (*now*, on *day*) whatever access the account has or will have; return what was ended."""
    ended = [each for each in of_account(conn, tenant, object_id) if _is_open(each, day)]
    here = staff.c.id.in_([each.member.id for each in ended])
    conn.execute(update(staff).where(here).values(removed_at=now))
    return ended


def end_on(conn: Connection, tenant: str, object_id: str, last: date, day: date) -> Sequence[Spell]:
    """Let the account's access end with the day *last*, seen from *day*; return what was changed.

    Spells that would begin after *last* are not changed: remove them at once instead.
    """
    found = [each for each in of_account(conn, tenant, object_id) if _is_open(each, day)]
    changed = [each for each in found if each.since <= last and (each.until is None or each.until != last)]
    here = staff.c.id.in_([each.member.id for each in changed])
    conn.execute(update(staff).where(here).values(until=last.isoformat()))
    return changed


def _is_open(spell: Spell, day: date) -> bool:
    return spell.removed_at is None and (spell.until is None or spell.until >= day)


def of_account(conn: Connection, tenant: str, object_id: str) -> Sequence[Spell]:
    """Return every spell of the account, the earliest first."""
    mine = and_(staff.c.tenant == tenant.lower(), staff.c.object_id == object_id.lower())
    return _spells(conn, mine)


def everybody(conn: Connection, day: date | None = None) -> Sequence[Spell]:
    """Return the roster as it stands on *day* and will stand later; every spell there ever was without a day."""
    if day is None:
        return _spells(conn)
    return _spells(
        conn, staff.c.removed_at.is_(None), or_(staff.c.until.is_(None), staff.c.until >= day.isoformat())
    )


def _spells(conn: Connection, *where: ColumnElement[bool]) -> list[Spell]:
    spans = select(staff.c.id, staff.c.since, staff.c.until, staff.c.added_at, staff.c.removed_at)
    found = {row.id: row for row in conn.execute(spans.where(*where))}
    wanted = select(*_COLUMNS).select_from(_EVERYTHING).where(*where).order_by(*_ORDER)
    return [
        Spell(
            each,
            date.fromisoformat(found[each.id].since),
            date.fromisoformat(found[each.id].until) if found[each.id].until else None,
            found[each.id].added_at,
            found[each.id].removed_at,
        )
        for each in _members(conn.execute(wanted).all())
    ]
