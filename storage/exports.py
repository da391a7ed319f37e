"""Submissions page by page, for exports of any length.

The order, said once: by the time of filing, then by id.  A page begins after the last row of the page before,
so that nothing is left out or given twice while others go on filing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select, tuple_

from storage.submissions import SubmissionRow, submission
from storage.tables import cases, submissions


@dataclass(frozen=True)
class Exported:
    """One submission with what an export says of its case.  *opened_at* is in ms UTC."""

    reference: str
    procedure: str
    person_id: str
    opened_at: int
    submission: SubmissionRow


@dataclass(frozen=True)
class Span:
    """From *since* up to and without *until* (ms UTC); None is open."""

    since: int | None = None
    until: int | None = None


EVER = Span()

_CASE = (cases.c.reference, cases.c.procedure, cases.c.person_id, cases.c.opened_at)
_FILED = tuple(submissions.c[name] for name in SubmissionRow.__dataclass_fields__)
_ALL = select(*_CASE, *_FILED).join(cases, cases.c.id == submissions.c.case_id)
_ORDER = (submissions.c.filed_at, submissions.c.id)


def page(
    conn: Connection, form: str, span: Span = EVER, after: Exported | None = None, limit: int = 500
) -> Sequence[Exported]:
    """Return the next *limit* submissions of *form*, beginning behind *after*; the last page is short."""
    return _page(conn, _ALL.where(submissions.c.form == form), span, after, limit)


def page_of_procedure(
    conn: Connection, procedure: str, span: Span = EVER, after: Exported | None = None, limit: int = 500
) -> Sequence[Exported]:
    """Return the next *limit* submissions on cases of *procedure*, whatever their form, as :func:`page`."""
    return _page(conn, _ALL.where(cases.c.procedure == procedure), span, after, limit)


def _page(
    conn: Connection, wanted: Select[Any], span: Span, after: Exported | None, limit: int
) -> Sequence[Exported]:
    if span.since is not None:
        wanted = wanted.where(submissions.c.filed_at >= span.since)
    if span.until is not None:
        wanted = wanted.where(submissions.c.filed_at < span.until)
    if after is not None:
        wanted = wanted.where(tuple_(*_ORDER) > (after.submission.filed_at, after.submission.id))
    return [_exported(row) for row in conn.execute(wanted.order_by(*_ORDER).limit(limit)).mappings()]


def _exported(row: RowMapping) -> Exported:
    return Exported(
        **{column.name: row[column] for column in _CASE},
        submission=submission({column.name: row[column] for column in _FILED}),
    )
