"""Cases as lists, for staff and for exports: filtered, counted, and page by page.

The order, said once: by the time of opening, then by id.  A page begins behind a case, so that nothing is left
out or shown twice while others go on applying.  How a case stands follows from its newest submission, so the
lists look at that and no column repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, tuple_

from storage.cases import CaseRow
from storage.tables import cases, submissions

_COLUMNS = tuple(cases.c[name] for name in CaseRow.__dataclass_fields__)
_ORDER = (cases.c.opened_at, cases.c.id)
_newest = (
    select(submissions.c.step)
    .where(submissions.c.case_id == cases.c.id)
    .order_by(submissions.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_later = submissions.alias("later")


@dataclass(frozen=True)
class Wanted:
    """Which cases: all that meet every condition given.

    *since* (included) and *until* (not included) are in ms UTC.  *reference* is a part of the number, *channel*
    how the application came.  *stands* is the step filed last; of the steps in *filed* each must have been filed, of
    those in *lacking* none.  A step counts as not filed where one of its *resets* was filed behind it.
    """

    procedure: str = ""
    since: int | None = None
    until: int | None = None
    reference: str = ""
    channel: str = ""
    stands: str = ""
    filed: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    resets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def newest(
    conn: Connection, wanted: Wanted, before: CaseRow | None = None, limit: int = 50
) -> Sequence[CaseRow]:
    """Return the next *limit* cases, the newest first, beginning behind *before*."""
    found = _matching(select(*_COLUMNS), wanted)
    if before is not None:
        found = found.where(tuple_(*_ORDER) < (before.opened_at, before.id))
    return _rows(conn, found.order_by(*(column.desc() for column in _ORDER)).limit(limit))


def oldest(
    conn: Connection, wanted: Wanted, after: CaseRow | None = None, limit: int = 50
) -> Sequence[CaseRow]:
    """Return the next *limit* cases, the oldest first, beginning behind *after*."""
    return _rows(conn, oldest_of(wanted, after, limit))


def oldest_of(wanted: Wanted, after: CaseRow | None, limit: int) -> Select[Any]:
    """Return the statement of :func:`oldest`, for what is read together with cases."""
    found = _matching(select(*_COLUMNS), wanted)
    if after is not None:
        found = found.where(tuple_(*_ORDER) > (after.opened_at, after.id))
    return found.order_by(*_ORDER).limit(limit)


def count(conn: Connection, wanted: Wanted) -> int:
    """Return how many cases there are."""
    return int(conn.execute(_matching(select(func.count()).select_from(cases), wanted)).scalar_one())


def lock(conn: Connection, case_id: str) -> None:
    """Keep others from filing on the case *case_id* until the end of the transaction."""
    conn.execute(select(cases.c.id).where(cases.c.id == case_id).with_for_update(key_share=True))


def of_records(conn: Connection, records: Iterable[str]) -> Mapping[str, str]:
    """Return the reference of the case that each of the vault's *records* belongs to, by record."""
    owners = select(submissions.c.vault_id, cases.c.reference).join(
        cases, cases.c.id == submissions.c.case_id
    )
    return _pairs(conn, owners.where(submissions.c.vault_id.in_(list(records))))


def of_people(conn: Connection, people: Iterable[str]) -> Mapping[str, str]:
    """Return the reference of each person's newest case, by person; those without a case are left out."""
    owners = select(cases.c.person_id, cases.c.reference).where(cases.c.person_id.in_(list(people)))
    return _pairs(conn, owners.order_by(*_ORDER))


def _pairs(conn: Connection, found: Select[Any]) -> Mapping[str, str]:
    return {row[0]: row[1] for row in conn.execute(found)}


def _rows(conn: Connection, found: Select[Any]) -> Sequence[CaseRow]:
    return [CaseRow(*row) for row in conn.execute(found)]


def _matching(found: Select[Any], wanted: Wanted) -> Select[Any]:
    return found.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    met: list[ColumnElement[bool]] = [_has(step, wanted.resets.get(step, ())) for step in wanted.filed]
    met += [~_has(step, wanted.resets.get(step, ())) for step in wanted.lacking]
    if wanted.procedure:
        met.append(cases.c.procedure == wanted.procedure)
    if wanted.since is not None:
        met.append(cases.c.opened_at >= wanted.since)
    if wanted.until is not None:
        met.append(cases.c.opened_at < wanted.until)
    if wanted.reference:
        met.append(func.upper(cases.c.reference).contains(wanted.reference.upper(), autoescape=True))
    if wanted.channel:
        met.append(cases.c.channel == wanted.channel)
    if wanted.stands:
        met.append(_newest == wanted.stands)
    return met


def _has(step: str, resets: tuple[str, ...]) -> ColumnElement[bool]:
    here = (submissions.c.case_id == cases.c.id, submissions.c.step == step)
    if not resets:
        return exists().where(*here)
    undone = exists().where(
        _later.c.case_id == submissions.c.case_id,
        _later.c.number > submissions.c.number,
        _later.c.step.in_(resets),
    )
    return exists().where(*here, ~undone)
