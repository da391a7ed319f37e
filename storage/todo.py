"""What waits for staff besides the cases: counted in one look, since every list of theirs says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select, union_all

from storage.ready import Ready
from storage.tables import cases
from storage.tables_questions import questions
from storage.tables_time import unreached

_QUESTIONS, _UNREACHED = 0, 1

_COUNTS = Ready(
    union_all(
        select(literal(_QUESTIONS), literal(""), func.count()).where(questions.c.answered_at.is_(None)),
        select(literal(_UNREACHED), func.coalesce(cases.c.procedure, ""), func.count())
        .select_from(unreached.outerjoin(cases, cases.c.id == unreached.c.case_id))
        .where(unreached.c.done_at.is_(None))
        .group_by(cases.c.procedure),
    )
)


@dataclass(frozen=True)
class Todo:
    """How many *questions* nobody has answered, and how many people are to be told by telephone or letter.

    The latter by the procedure of the case it is about ("" for none).
    """

    questions: int
    unreached: Mapping[str, int]


def counted(conn: Connection) -> Todo:
    """Return what waits now."""
    rows = _COUNTS.rows(conn, {})
    asked = sum(int(many) for kind, _, many in rows if kind == _QUESTIONS)
    return Todo(asked, {str(key): int(many) for kind, key, many in rows if kind == _UNREACHED})
