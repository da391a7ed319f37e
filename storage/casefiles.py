"""Cases with all that was filed on them and their sealed answers: what an export reads, page by page.

One statement a page.  A page begins behind a case, as the lists do (:mod:`storage.caselist`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, select

from storage import caselist
from storage.caselist import Wanted
from storage.cases import CaseRow
from storage.sealed import SealedRecord
from storage.tables import submissions, vault

_NOTHING = "{}"
"""How a submission without answers is stored: a withdrawal, a note that staff took a case up."""


class Filed(NamedTuple):
    """That a step was filed, and when (ms UTC)."""

    step: str
    at: int


class Filled(NamedTuple):
    """The newest answers of a case, as JSON text; *sealed* are the personal ones, None where there are none."""

    edition: str
    locale: str
    filed_at: int
    answers: str
    sealed: SealedRecord | None


class CaseFile(NamedTuple):
    """One case: everything filed on it, the oldest first, and its answers as they stand."""

    case: CaseRow
    filed: Sequence[Filed]
    filled: Filled | None


_CASE = tuple(CaseRow.__dataclass_fields__)
_SUBMISSION = ("number", "step", "filed_at", "edition", "locale", "answers")
_AT = len(_CASE)
_RECORD = _AT + len(_SUBMISSION)


def page(conn: Connection, wanted: Wanted, after: CaseRow | None, limit: int) -> Sequence[CaseFile]:
    """Return the next *limit* cases, the oldest first, beginning behind *after*."""
    found = caselist.oldest_of(wanted, after, limit).subquery("found")
    statement = (
        select(
            *(found.c[name] for name in _CASE),
            *(submissions.c[name] for name in _SUBMISSION),
            *(vault.c[name] for name in SealedRecord._fields),
        )
        .outerjoin_from(found, submissions, submissions.c.case_id == found.c.id)
        # Only what has answers has a record worth its bytes; a correction may share that of the application.
        .outerjoin(vault, and_(vault.c.id == submissions.c.vault_id, submissions.c.answers != _NOTHING))
        .order_by(found.c.opened_at, found.c.id, submissions.c.number)
    )
    rows = groupby(conn.execute(statement), key=lambda row: row[0])
    return [_file(list(mine)) for _case, mine in rows]


def _file(rows: Sequence[Row[Any]]) -> CaseFile:
    case = CaseRow(*rows[0][:_AT])
    if rows[0][_AT] is None:  # nothing was filed on it
        return CaseFile(case, (), None)
    return CaseFile(case, [Filed(row[_AT + 1], row[_AT + 2]) for row in rows], _filled(reversed(rows)))


def _filled(newest_first: Iterable[Row[Any]]) -> Filled | None:
    for row in newest_first:
        _number, _step, filed_at, edition, locale, answers = row[_AT:_RECORD]
        if answers != _NOTHING:
            record = None if row[_RECORD] is None else SealedRecord(*row[_RECORD:])
            return Filled(edition, locale, filed_at, answers, record)
    return None
