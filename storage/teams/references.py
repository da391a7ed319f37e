"""Where somebody can be spoken to in Teams: conversations as they were last heard of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.ready import Ready, given
from storage.staff import there_on
from storage.tables import cases
from storage.tables_staff import staff, staff_roles, teams_references

PERSONAL, CHANNEL, GROUP = "personal", "channel", "groupChat"

REFRESHED = 24 * 3600 * 1000
"""How old (ms) *updated_at* of a conversation may become in which people speak: no write at every word."""


@dataclass(frozen=True)
class Reference:
    """One conversation of Teams.

    *object_id* is whose personal chat it is, "" in a channel; *user_id* is what Teams calls that account
    (29:…).  *dead_at* (ms) is set where nothing can be sent any more.
    """

    conversation_id: str
    scope: str
    tenant: str
    object_id: str
    service_url: str
    bot_id: str
    user_id: str = ""
    locale: str = ""
    dead_at: int | None = None

    @property
    def id(self) -> str:
        """Return our id of the conversation: the thread and the recipient of what is sent there."""
        return identity(self.conversation_id)


def identity(conversation_id: str) -> str:
    """Return our id of the conversation that Teams knows as *conversation_id*: 32 hexadecimal digits."""
    return blake2b(
        conversation_id.encode("utf-8", "surrogatepass"), digest_size=16, person=b"teams"
    ).hexdigest()


_NAMES = tuple(Reference.__dataclass_fields__)
_SELECT = select(*(teams_references.c[name] for name in _NAMES))
_COLUMNS = ("id", *_NAMES, "updated_at")
_CHANGING = tuple(name for name in _COLUMNS if name not in {"id", "conversation_id"})

_KNOWN = Ready(
    select(*(teams_references.c[name] for name in _NAMES), teams_references.c.updated_at).where(
        teams_references.c.id == bindparam("id")
    )
)


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(teams_references).values(given(teams_references, _COLUMNS))
    return statement.on_conflict_do_update(
        index_elements=[teams_references.c.id],
        set_={name: statement.excluded[name] for name in _CHANGING},
    )


_UPSERTS = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_KEEP = Ready(lambda dialect: _UPSERTS[dialect.name])


def keep(conn: Connection, found: Reference, now: int) -> str:
    """Return our id of the conversation, now known as *found* says; one that was given up is alive again.

    Usually one statement, which reads: only what changed is written.
    """
    rows = _KNOWN.rows(conn, {"id": found.id})
    if rows and Reference(*rows[0][:-1]) == found and now - rows[0][-1] < REFRESHED:
        return found.id
    columns = {"id": found.id, "updated_at": now, **{name: getattr(found, name) for name in _NAMES}}
    row = {f"{teams_references.name}_{name}": value for name, value in columns.items()}
    _KEEP.count(conn, row | {f"{teams_references.name}_dead_at": None})
    return found.id


def find(conn: Connection, reference_id: str) -> Reference | None:
    """Return the conversation with our id *reference_id*, dead or alive."""
    rows = _KNOWN.rows(conn, {"id": reference_id})
    return Reference(*rows[0][:-1]) if rows else None


def known(conn: Connection, wanted: Collection[str]) -> set[str]:
    """Return those of our ids *wanted* that are conversations, dead or alive."""
    return set(conn.execute(select(teams_references.c.id).where(teams_references.c.id.in_(wanted))).scalars())


def personal(conn: Connection, tenant: str, object_id: str) -> Reference | None:
    """Return the personal chat of the account, the one heard of last; None where there is none alive."""
    mine = teams_references.c.tenant == tenant.lower(), teams_references.c.object_id == object_id.lower()
    alive = _alive(PERSONAL).where(*mine).order_by(teams_references.c.updated_at.desc()).limit(1)
    row = conn.execute(alive).first()
    return Reference(*row) if row else None


_STAFF = staff.join(staff_roles, staff_roles.c.staff_id == staff.c.id)
_CONCERNED = Ready(
    select(teams_references.c.id)
    .where(
        teams_references.c.dead_at.is_(None),
        or_(
            and_(
                teams_references.c.scope == literal_column(f"'{CHANNEL}'"),
                exists().where(
                    cases.c.id == bindparam("case"),
                    teams_references.c.subscribed.contains(
                        literal_column("','") + cases.c.procedure + literal_column("','")
                    ),
                ),
            ),
            and_(
                teams_references.c.scope == literal_column(f"'{PERSONAL}'"),
                exists()
                .select_from(_STAFF.join(cases, cases.c.id == bindparam("case")))
                .where(
                    staff.c.tenant == teams_references.c.tenant,
                    staff.c.object_id == teams_references.c.object_id,
                    there_on(bindparam("day")),
                    or_(staff_roles.c.procedure == cases.c.procedure, staff_roles.c.procedure == "*"),
                ),
            ),
        ),
    )
    .order_by(teams_references.c.id)
)


def concerned(conn: Connection, case_id: str, day: date) -> Sequence[str]:
    """Return our ids of the conversations to be told of the case on *day* (Asia/Tokyo), in one order for all.

    Those are the personal chats of members who may do something in its procedure, and the team channels in which
    one of them has asked for its cases.
    """
    return [row[0] for row in _CONCERNED.rows(conn, {"case": case_id, "day": day.isoformat()})]


def channels(conn: Connection) -> Sequence[Reference]:
    """Return the team channels in which the desk was installed and still is."""
    rows = conn.execute(_alive(CHANNEL).order_by(teams_references.c.id))
    return [Reference(*row) for row in rows]


def neighbour(conn: Connection, tenant: str) -> Reference | None:
    """Return the conversation of *tenant* heard of last: it tells where the connector is; None where none is alive."""
    mine = teams_references.c.tenant == tenant.lower(), teams_references.c.dead_at.is_(None)
    row = conn.execute(_SELECT.where(*mine).order_by(teams_references.c.updated_at.desc()).limit(1)).first()
    return Reference(*row) if row else None


def subscribe(conn: Connection, where: Reference, procedures: Collection[str], now: int) -> None:
    """Let the channel that *where* is (a thread) of be told of the cases of *procedures*, and of no others.

    Nothing happens for a personal chat, which is always told what concerns its owner.
    """
    if where.scope != CHANNEL:
        return
    channel = replace(where, conversation_id=where.conversation_id.partition(";messageid=")[0])
    keep(conn, channel, now)
    wanted = "".join(f",{each}" for each in sorted(procedures)) + ("," if procedures else "")
    here = teams_references.c.id == channel.id
    conn.execute(update(teams_references).where(here).values(subscribed=wanted))


def die(conn: Connection, reference_id: str, now: int) -> None:
    """Note that nothing can be sent to the conversation any more, until somebody speaks in it again."""
    here = teams_references.c.id == reference_id, teams_references.c.dead_at.is_(None)
    conn.execute(update(teams_references).where(*here).values(dead_at=now))


def _alive(scope: str) -> Select[Any]:
    return _SELECT.where(teams_references.c.scope == scope, teams_references.c.dead_at.is_(None))
