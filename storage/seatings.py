"""The tables of a meeting as they stand, and what is arranged for whoever needs something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from storage.asjson import dump, load
from storage.tables_door import accommodations, seatings
from storage.turns import Stale
from storage.upsert import into


@dataclass(frozen=True)
class Plan:
    """What was stored last, and as which version; 0 for nothing yet.  *changed_at* is in ms UTC."""

    version: int = 0
    content: Mapping[str, Any] | None = None
    changed_at: int = 0
    changed_by: str = ""


def of_meeting(conn: Connection, meeting: str) -> Plan:
    """Return the tables of *meeting*."""
    row = conn.execute(select(seatings).where(seatings.c.meeting == meeting)).first()
    return Plan(row.version, load(row.plan), row.changed_at, row.changed_by) if row else Plan()


def save(conn: Connection, meeting: str, content: Mapping[str, Any], seen: int, by: str, now: int) -> int:
    """Return the version under which *content* is kept in the place of the version *seen*.

    Raises:
        Stale: Somebody else has changed the tables since.
    """
    row = {"plan": dump(content), "changed_at": now, "changed_by": by, "version": seen + 1}
    if seen:
        same = seatings.c.meeting == meeting, seatings.c.version == seen
        done = conn.execute(update(seatings).where(*same).values(row)).rowcount == 1
    else:
        put = into(conn, seatings).values({**row, "meeting": meeting}).on_conflict_do_nothing()
        done = conn.execute(put.returning(seatings.c.version)).first() is not None
    if not done:
        raise Stale
    return seen + 1


def arranged(conn: Connection, meeting: str) -> Mapping[str, str]:
    """Return the vault's record of what is arranged, by case."""
    wanted = select(accommodations.c.case_id, accommodations.c.vault_id)
    rows = conn.execute(wanted.where(accommodations.c.meeting == meeting))
    return {row.case_id: row.vault_id for row in rows}


def arrange(conn: Connection, case_id: str, meeting: str, record: str, by: str, now: int) -> None:
    """Keep that what is arranged for the case lies in the vault's *record*."""
    row = {"meeting": meeting, "vault_id": record, "changed_at": now, "changed_by": by}
    put = into(conn, accommodations).values(case_id=case_id, **row)
    conn.execute(put.on_conflict_do_update(index_elements=[accommodations.c.case_id], set_=row))
