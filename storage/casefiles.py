"""Cases with all that was filed on them and their sealed answers: what an export reads, page by page.

One statement a page.  A page begins behind a case, as the lists do (:mod:`storage.caselist`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import CompoundSelect, Connection, Select, and_, select, union

from storage import caselist
from storage.caselist import Wanted
from storage.cases import CaseRow
from storage.ready import Ready
from storage.sealed import SealedRecord
from storage.tables import cases, submissions, vault

Found: TypeAlias = "Sequence[Any]"
"""One row of a statement: a case's columns, then those of one submission, then those of its record if wanted."""

_NOTHING = "{}"
"""How a submission without answers is stored: a withdrawal, a note that staff took a case up."""


class Filled(NamedTuple):
    """A form that was filled in: its answers as JSON text, and the *sealed* personal ones, None for none."""

    edition: str
    locale: str
    filed_at: int
    answers: str
    sealed: SealedRecord | None
    number: int = 0


class Filed(NamedTuple):
    """That a step was filed, and when (ms UTC); *number* counts within the case, from 1.

    *by* is who filed it as which *role* on which *channel*.  Where no form was filled in, *signed* is what they
    said, as JSON text: a signature; "" for none.  *filled* is the *form* of a step of its own; that of the case's
    own form, which a correction may have overtaken, stands in the case's file.
    """

    step: str
    at: int
    number: int = 0
    by: str = ""
    role: str = ""
    channel: str = ""
    signed: str = ""
    form: str = ""
    filled: Filled | None = None

    @property
    def said(self) -> str:
        """Return what was said or answered, as JSON text; "" for nothing, and for the case's own form."""
        return self.filled.answers if self.filled else self.signed


class CaseFile(NamedTuple):
    """One case: everything filed on it, the oldest first, and its answers to its own form as they stand."""

    case: CaseRow
    filed: Sequence[Filed]
    filled: Filled | None


_CASE = tuple(CaseRow.__dataclass_fields__)
_SUBMISSION = (
    "number", "step", "filed_at", "form", "edition", "locale", "answers", "filed_by", "role", "channel",
)  # fmt: skip
_AT = len(_CASE)
_FORM = _SUBMISSION.index("form")
_RECORD = _AT + len(_SUBMISSION)


def page(conn: Connection, wanted: Wanted, after: CaseRow | None, limit: int) -> Sequence[CaseFile]:
    """Return the next *limit* cases, the oldest first, beginning behind *after*."""
    return _files(conn, _cases(wanted, after, limit, sealed=True))


def bare_page(conn: Connection, wanted: Wanted, after: CaseRow | None, limit: int) -> Sequence[CaseFile]:
    """Return the same without the sealed answers, which are not even read."""
    return _files(conn, _cases(wanted, after, limit, sealed=False))


def often(wanted: Sequence[Wanted], limit: int) -> Ready:
    """Return what finds the *limit* oldest cases of each of *wanted*, once each and without sealed answers.

    For who looks for the same many times: it is one statement, and made once.
    """
    found = [caselist.oldest_of(each, None, limit).subquery(f"f{n}") for n, each in enumerate(wanted)]
    return Ready(_read(union(*map(select, found)), sealed=False))


def looked_for(conn: Connection, statement: Ready) -> Sequence[CaseFile]:
    """Return what a statement of :func:`often` finds."""
    return _grouped(statement.rows(conn, {}))


def opened_at(conn: Connection, procedure: str, moments: Collection[int]) -> Sequence[CaseFile]:
    """Return the cases of *procedure* that were opened at one of *moments* (ms UTC), without sealed answers."""
    if not moments:
        return ()
    columns = [cases.c[name] for name in _CASE]
    found = select(*columns).where(cases.c.procedure == procedure, cases.c.opened_at.in_(moments))
    return _files(conn, _read(found, sealed=False))


def _cases(wanted: Wanted, after: CaseRow | None, limit: int, *, sealed: bool) -> Select[Any]:
    return _read(caselist.oldest_of(wanted, after, limit), sealed=sealed)


def _read(cases_wanted: Select[Any] | CompoundSelect[Any], *, sealed: bool) -> Select[Any]:
    found = cases_wanted.subquery("found")
    columns = [*(found.c[name] for name in _CASE), *(submissions.c[name] for name in _SUBMISSION)]
    joined = found.outerjoin(submissions, submissions.c.case_id == found.c.id)
    if sealed:
        columns += [vault.c[name] for name in SealedRecord._fields]
        # Only what has answers has a record worth its bytes; a correction may share that of the application.
        joined = joined.outerjoin(
            vault, and_(vault.c.id == submissions.c.vault_id, submissions.c.answers != _NOTHING)
        )
    return select(*columns).select_from(joined).order_by(found.c.opened_at, found.c.id, submissions.c.number)


def _files(conn: Connection, statement: Select[Any]) -> Sequence[CaseFile]:
    return _grouped(conn.execute(statement))


def _grouped(rows: Iterable[Found]) -> Sequence[CaseFile]:
    return [_file(list(mine)) for _case, mine in groupby(rows, key=lambda row: row[0])]


def _file(rows: Sequence[Found]) -> CaseFile:
    case = CaseRow(*rows[0][:_AT])
    if rows[0][_AT] is None:  # nothing was filed on it
        return CaseFile(case, (), None)
    own = next((form for row in rows if (form := row[_AT + _FORM])), "")
    filled = (_filled(row) for row in reversed(rows) if row[_AT + _FORM] == own)
    return CaseFile(case, [_filed(row, own) for row in rows], next((each for each in filled if each), None))


def _filed(row: Found, own: str) -> Filed:
    number, step, filed_at, form, _edition, _locale, answers, by, role, channel = row[_AT:_RECORD]
    signed = answers if not form and answers != _NOTHING else ""
    filled = _filled(row) if form != own else None
    return Filed(step, filed_at, number, by, role, channel, signed, form, filled)


def _filled(row: Found) -> Filled | None:
    number, _step, filed_at, form, edition, locale, answers = row[_AT : _RECORD - 3]
    if not form or answers == _NOTHING:
        return None
    record = None if len(row) == _RECORD or row[_RECORD] is None else SealedRecord(*row[_RECORD:])
    return Filled(edition, locale, filed_at, answers, record, number)
