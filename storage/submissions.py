"""What was filed, kept as it was filed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Integer, RowMapping, bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.asjson import dump, load
from storage.faults import is_collision
from storage.ready import Ready
from storage.tables import cases, submissions
from storage.turns import Stale


class Collision(Stale):
    """Something else was filed on the case at the same moment; run the turn again."""


@dataclass(frozen=True)
class SubmissionRow:
    """One submission.  Personal answers in *answers* are marks; their values lie in *vault_id*.

    *number* counts within the case, from 1.  *filed_by* is a person's id or the name of a member of staff.
    Times are in ms UTC.
    """

    id: str
    case_id: str
    number: int
    step: str
    form: str
    edition: str
    answers: Mapping[str, Any]
    sources: Mapping[str, str]
    vault_id: str | None
    filed_by: str
    role: str
    channel: str
    locale: str
    event_id: str
    filed_at: int
    unsent_at: int | None = None


_COLUMNS = [submissions.c[name] for name in SubmissionRow.__dataclass_fields__]
_ROWS = select(*_COLUMNS)
_filed_here = submissions.alias("filed_here")
_FILE = (
    insert(submissions)
    .values(
        number=select(func.coalesce(func.max(_filed_here.c.number), 0) + 1)
        .where(_filed_here.c.case_id == bindparam("of_case"))
        .scalar_subquery()
    )
    .returning(submissions.c.number)
)
_FILE_AS = insert(submissions).values(number=bindparam("as_number"))
_NEWEST = Ready(
    select(submissions.c.answers)
    .where(submissions.c.form == bindparam("wanted_form"), submissions.c.answers != "{}")
    .order_by(submissions.c.filed_at.desc(), submissions.c.id.desc())
    .limit(bindparam("at_most", type_=Integer))
)
_REFERRED = select(exists().where(submissions.c.vault_id == bindparam("record")))


def file(  # noqa: PLR0913 -- one argument per column
    conn: Connection,
    *,
    case_id: str,
    step: str,
    form: str,
    edition: str,
    answers: Mapping[str, Any],
    vault_id: str | None,
    filed_by: str,
    role: str,
    channel: str,
    locale: str,
    event_id: str,
    now: int,
    sources: Mapping[str, str] | None = None,
    number: int | None = None,
) -> SubmissionRow:
    """Return the new submission, numbered next within its case; *number* is what that must come to, if anything.

    Raises:
        Collision: Another submission took that number meanwhile; the transaction is over.
    """
    filed = SubmissionRow(
        uuid.uuid4().hex, case_id, 0, step, form, edition, answers, sources or {}, vault_id, filed_by, role,
        channel, locale, event_id, now,
    )  # fmt: skip
    row = {name: value for name, value in vars(filed).items() if name != "number"}
    row |= {"answers": dump(answers), "sources": dump(filed.sources), "of_case": case_id}
    try:
        if number is not None:
            conn.execute(_FILE_AS, row | {"as_number": number})
            return replace(filed, number=number)
        return replace(filed, number=conn.execute(_FILE, row).scalar_one())
    except IntegrityError as fault:
        if is_collision(fault):
            raise Collision from None
        raise


def of_case(conn: Connection, case_id: str) -> Sequence[SubmissionRow]:
    """Return what was filed on the case, in the order of filing."""
    return of_cases(conn, [case_id]).get(case_id, ())


def of_cases(conn: Connection, case_ids: Iterable[str]) -> Mapping[str, Sequence[SubmissionRow]]:
    """Return what was filed on each case, in the order of filing; a case without submissions is left out."""
    wanted_ids = list(case_ids)
    if not wanted_ids:
        return {}
    wanted = _ROWS.where(submissions.c.case_id.in_(wanted_ids))
    found: dict[str, list[SubmissionRow]] = {}
    for row in conn.execute(wanted.order_by(submissions.c.case_id, submissions.c.number)).mappings():
        found.setdefault(row["case_id"], []).append(submission(row))
    return found


def latest_answers(conn: Connection, case_ids: Iterable[str]) -> Mapping[str, SubmissionRow]:
    """Return for each case the newest answers to the form it was opened with: the matter as it stands.

    What a signature says is no answer, and what a later step's own form says is that step's.
    """
    filed = of_cases(conn, case_ids)
    found = {
        case: [each for each in rows if each.answers and each.form == _own(rows)]
        for case, rows in filed.items()
    }
    return {case: rows[-1] for case, rows in found.items() if rows}


def _own(rows: Sequence[SubmissionRow]) -> str | None:
    """Return the form with which the case of *rows* was opened, None where nothing was filled in."""
    return next((each.form for each in rows if each.form), None)


def newest_answers(conn: Connection, form: str, limit: int) -> Iterator[Mapping[str, Any]]:
    """Yield the answers of the last *limit* submissions of *form*, the newest first; each is read when it is wanted."""
    rows = _NEWEST.rows(conn, {"wanted_form": form, "at_most": limit})
    return (load(answers) for (answers,) in rows)


def origin(conn: Connection, reference: str) -> tuple[str, str | None]:
    """Return the id of the case *reference* and the vault's record of its newest answers.

    Raises:
        LookupError: There is no such case.
    """
    case_id: str | None = conn.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar()
    if case_id is None:
        raise LookupError(reference)
    latest = latest_answers(conn, [case_id]).get(case_id)
    return case_id, latest.vault_id if latest else None


def refers_to(conn: Connection, record: str) -> bool:
    """Return whether something filed has its personal answers in the vault's *record*."""
    return bool(conn.execute(_REFERRED, {"record": record}).scalar())


def note_unsent(conn: Connection, person_id: str, message: str, now: int) -> int:
    """Return how many of the person's submissions hold an answer from *message*, which they took back."""
    mine = select(submissions.c.id, submissions.c.sources).join(cases, cases.c.id == submissions.c.case_id)
    rows = conn.execute(mine.where(cases.c.person_id == person_id, submissions.c.unsent_at.is_(None))).all()
    hit = [row.id for row in rows if message in load(row.sources).values()]
    conn.execute(update(submissions).where(submissions.c.id.in_(hit)).values(unsent_at=now))
    return len(hit)


def submission(columns: RowMapping | Mapping[str, Any]) -> SubmissionRow:
    """Return the submission that a row's *columns* hold."""
    return SubmissionRow(
        **{**columns, "answers": load(columns["answers"]), "sources": load(columns["sources"])}
    )
