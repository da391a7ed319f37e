"""Matters of residents: each gathers its submissions under one reference number."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.ready import Ready
from storage.tables import cases, series

_INSERT = insert(cases)


@dataclass(frozen=True)
class CaseRow:
    """One case.  *opened_at* is in ms UTC."""

    id: str
    procedure: str
    reference: str
    person_id: str
    channel: str
    opened_at: int


_CASES = select(
    cases.c.id, cases.c.procedure, cases.c.reference, cases.c.person_id, cases.c.channel, cases.c.opened_at
)
_BY_REFERENCE = Ready(_CASES.where(cases.c.reference == bindparam("wanted")))
_MINE = _CASES.where(cases.c.person_id == bindparam("wanted")).order_by(cases.c.opened_at, cases.c.id)
_OF_PERSON, _OF_PERSON_LOCKED = Ready(_MINE), Ready(_MINE.with_for_update(key_share=True))
_BY_ID = Ready(_CASES.where(cases.c.id == bindparam("wanted")))


def _counted(dialect: Any) -> Any:
    first = dialect.insert(series).values(key=bindparam("wanted"), last=literal(1))
    counted = first.on_conflict_do_update(index_elements=[series.c.key], set_={"last": series.c.last + 1})
    return counted.returning(series.c.last)


_COUNTED = {"sqlite": _counted(sqlite), "postgresql": _counted(postgresql)}
_NEXT = Ready(lambda dialect: _COUNTED[dialect.name])


def open_case(
    conn: Connection, *, procedure: str, reference: str, person_id: str, channel: str, now: int
) -> str:
    """Return the id of a new case."""
    row = CaseRow(uuid.uuid4().hex, procedure, reference, person_id, channel, now)
    conn.execute(_INSERT, vars(row))
    return row.id


def by_reference(conn: Connection, reference: str) -> CaseRow | None:
    """Return the case with the number *reference*."""
    rows = _BY_REFERENCE.rows(conn, {"wanted": reference})
    return CaseRow(*rows[0]) if rows else None


def by_id(conn: Connection, case_id: str) -> CaseRow | None:
    """Return the case with our id *case_id*."""
    rows = _BY_ID.rows(conn, {"wanted": case_id})
    return CaseRow(*rows[0]) if rows else None


def reference(conn: Connection, case_id: str) -> str:
    """Return the number of the case *case_id*.

    Raises:
        LookupError: There is no such case.
    """
    found: str | None = conn.execute(select(cases.c.reference).where(cases.c.id == case_id)).scalar()
    if found is None:
        raise LookupError(case_id)
    return found


def of_person(conn: Connection, person_id: str, *, lock: bool = False) -> Sequence[CaseRow]:
    """Return the person's cases, the oldest first; *lock* keeps others from locking them until the end."""
    wanted = _OF_PERSON_LOCKED if lock else _OF_PERSON
    return [CaseRow(*row) for row in wanted.rows(conn, {"wanted": person_id})]


def next_number(conn: Connection, key: str) -> int:
    """Return the next number of the series *key*, from 1.

    Whoever asks at the same moment waits for the end of this transaction, and one that is rolled back gives
    its number back: no gaps, no doubles.
    """
    ((number,),) = _NEXT.rows(conn, {"wanted": key})
    return int(number)
