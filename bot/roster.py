"""``madoguchi staff``: who may act in Teams, from when to when, and as what."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from bot.clock import Clock, day_of
from dialogs.procedure import Role
from dialogs.standing import Grant, Register
from storage import accesslog, staff
from storage import engine as database
from storage.accesslog import Entry
from storage.staff import ORGANISATIONS, Member, Overlap, Spell

ALL = "*"
"""In the place of a procedure's key: all of them."""

GRANTABLE = tuple(each for each in Role if each is not Role.RESIDENT)
"""What somebody on the roster may be."""

_LONGEST_NAME = 128
_NIL = uuid.UUID(int=0)
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHO = "terminal"
_KIND = "roster"
HEADER = ("tenant", "object id", "name", "organisation", "roles", "from", "until", "state", "id")


class RosterRefused(Exception):
    """The roster cannot be changed like that; the text says what to write instead."""


@dataclass(frozen=True)
class Account:
    """An account of Microsoft Entra ID, lower case."""

    tenant: str
    object_id: str


@dataclass(frozen=True)
class Order:
    """What was typed to add somebody: *roles* and *deputies* are ``procedure:role``.  Days are in Asia/Tokyo."""

    name: str
    organisation: str
    roles: Sequence[str] = ()
    deputies: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


def account(tenant: str, object_id: str) -> Account:
    """Return the account that was typed.

    Raises:
        RosterRefused: One of the two is no GUID.
    """
    return Account(_guid("--tenant", tenant), _guid("--object-id", object_id))


def _guid(option: str, typed: str) -> str:
    found = typed.strip().strip("{}")
    if not _GUID.fullmatch(found) or uuid.UUID(found) == _NIL:
        raise RosterRefused(
            f"{option} {typed}: no GUID; copy it from the Entra admin center, "
            "for example 3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        )
    return found.lower()


def grants(register: Register, roles: Sequence[str], deputies: Sequence[str] = ()) -> tuple[Grant, ...]:
    """Return what was typed as ``procedure:role``; who has a role is no deputy of it.

    Raises:
        RosterRefused: A procedure or role does not exist, or there is none at all.
    """
    found = {_grant(register, "--deputy", each, deputy=True) for each in deputies}
    own = {_grant(register, "--role", each, deputy=False) for each in roles}
    held = {(each.procedure, each.role) for each in own}
    found = {each for each in found if (each.procedure, each.role) not in held} | own
    if not found:
        raise RosterRefused("name what they may do, for example --role fence_loan:staff")
    return tuple(sorted(found, key=lambda each: (each.procedure, each.role.value)))


def _grant(register: Register, option: str, typed: str, *, deputy: bool) -> Grant:
    procedure, colon, role = typed.strip().partition(":")
    if not colon:
        raise RosterRefused(
            f"{option} {typed}: write procedure and role with a colon, for example {option} fence_loan:staff"
        )
    known = [each.key for each in register.procedures]
    if procedure != ALL and procedure not in known:
        raise RosterRefused(
            f"{option} {typed}: there is no procedure {procedure}; there are {', '.join(known)}, "
            f'and "{ALL}" for all'
        )
    if role not in [each.value for each in GRANTABLE]:
        raise RosterRefused(f"{option} {typed}: there is no role {role}; there are {', '.join(GRANTABLE)}")
    return Grant(procedure, Role(role), deputy=deputy)


def add(engine: Engine, register: Register, who: Account, order: Order, clock: Clock) -> str:
    """Put *who* on the roster; return the line that says so.

    Raises:
        RosterRefused: The text says what to write instead.
    """
    now = clock.now()
    since, name = order.since or day_of(now), _name(order.name)
    if order.organisation not in ORGANISATIONS:
        raise RosterRefused(f"--organisation {order.organisation}: write {' or '.join(ORGANISATIONS)}")
    if order.until is not None and order.until < since:
        raise RosterRefused(
            f"--until {order.until} lies before --from {since}: the last day comes after the first"
        )
    held = grants(register, order.roles, order.deputies)
    new = Member("", who.tenant, who.object_id, name, order.organisation, held)
    with database.write(engine) as conn:
        try:
            stored = staff.add(conn, new, since, order.until, now)
        except Overlap:
            raise RosterRefused(_already(conn, who, since)) from None
        spell = Spell(stored, since, order.until, now)
        _note(conn, "staff added", spell, now)
    return f"added: {_line(spell)}"


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise RosterRefused("--name: write the name as it is to stand under signatures, in one line")
    return name


def _already(conn: Connection, who: Account, since: date) -> str:
    there = next(
        (each for each in staff.of_account(conn, who.tenant, who.object_id) if _counts(each, since)), None
    )
    shown = f" as {_line(there)}" if there else ""
    return (
        f"the account is on the roster already{shown}; to change it, end that first "
        f"(madoguchi staff remove --tenant {who.tenant} --object-id {who.object_id}) and add it again"
    )


def _counts(spell: Spell, since: date) -> bool:
    return spell.removed_at is None and (spell.until is None or spell.until >= since)


def remove(engine: Engine, who: Account, last: date | None, clock: Clock) -> Iterator[str]:
    """End the access of *who* now, or with the day *last*; yield a line for each row that was changed.

    Raises:
        RosterRefused: The account is not on the roster, or *last* has gone by.
    """
    now = clock.now()
    today = day_of(now)
    if last is not None and last < today:
        raise RosterRefused(
            f"--on {last} has gone by: leave it out to end access now, or write today or a later day"
        )
    with database.write(engine) as conn:
        if last is None:
            changed = staff.remove(conn, who.tenant, who.object_id, today, now)
        else:
            changed = staff.end_on(conn, who.tenant, who.object_id, last, today)
        for each in changed:
            _note(conn, "staff removed", each, now, f"ends {last or 'now'}")
    if not changed:
        raise RosterRefused(
            "there is nobody to remove: the account is not on the roster, or its access ends then already; "
            "see madoguchi staff list --all"
        )
    ends = f"after {last}" if last else "now"
    for each in changed:
        yield f"access ends {ends}: {_line(each)}; the row stays for the records"


def _note(conn: Connection, why: str, spell: Spell, now: int, detail: str = "") -> None:
    # Who sat at the terminal cannot be known; the operating system's log can tell.
    shown = detail or f"{_roles(spell.member)} {_span(spell)}"
    entry = Entry(now, _WHO, Role.ADMIN.value, why, _KIND, spell.member.id, shown[:256])
    accesslog.note(conn, [entry])


def listed(engine: Engine, clock: Clock, *, everybody: bool, kind: str) -> Iterator[str]:
    """Yield the lines of the roster as a *table* or as *csv*: who may act now or later, or *everybody* ever."""
    today = day_of(clock.now())
    with database.read(engine) as conn:
        spells = staff.everybody(conn, None if everybody else today)
    rows = [HEADER, *(_row(each, today) for each in spells)]
    yield from _csv(rows) if kind == "csv" else _table(rows)


def _row(spell: Spell, today: date) -> tuple[str, ...]:
    who = spell.member
    return (
        who.tenant,
        who.object_id,
        who.name,
        who.organisation,
        _roles(who),
        spell.since.isoformat(),
        spell.until.isoformat() if spell.until else "",
        _state(spell, today),
        who.id,
    )


def _state(spell: Spell, today: date) -> str:
    if spell.removed_at is not None:
        return f"removed {day_of(spell.removed_at)}"
    if today < spell.since:
        return "not yet"
    return "active" if spell.is_active(today) else "ended"


def _roles(who: Member) -> str:
    return " ".join(
        f"{each.procedure}:{each.role.value}{' (deputy)' if each.deputy else ''}" for each in who.grants
    )


def _span(spell: Spell) -> str:
    return f"from {spell.since}" + (f" until {spell.until}" if spell.until else "")


def _line(spell: Spell) -> str:
    return f"{spell.member.name} ({spell.member.organisation}), {_roles(spell.member)}, {_span(spell)}"


def _csv(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="").writerow([_harmless(each) for each in row])
        yield text.getvalue()


def _harmless(text: str) -> str:
    # A spreadsheet would take these for the beginning of a formula.
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    shown = rows[0][:-1], *(row[:-1] for row in rows[1:])
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (each + " " * (width - _width(each)) for each, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal *text* takes: a kanji takes two."""
    return sum(2 if each > "\u2e7f" else 1 for each in text)
