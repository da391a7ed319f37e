"""Answers on paper: keyed in twice, compared, and counted once; a paper is known by the number printed on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.asjson import dump, load
from storage.tables_surveys import survey_papers
from storage.upsert import into


class PaperCounted(Exception):
    """The paper with this number has been counted: it is not keyed in again."""


@dataclass(frozen=True)
class Paper:
    """One paper.  *first* and *second* are what was keyed in, None where it was not, or was counted since."""

    page: str
    first: Mapping[str, Any] | None = None
    second: Mapping[str, Any] | None = None
    first_by: str = ""
    second_by: str = ""
    counted: bool = False


def key_in(conn: Connection, survey: str, page: str, answers: Mapping[str, Any], by: str) -> Paper:
    """Keep *answers* as the first keying of the paper *page*, or as the second where there is one; return the paper.

    Raises:
        PaperCounted: It has been counted.
    """
    row = {"survey": survey, "page": page, "counted": False, "first": "", "second": ""}
    conn.execute(into(conn, survey_papers).values(row).on_conflict_do_nothing())
    paper = find(conn, survey, page, lock=True) or Paper(page)
    if paper.counted:
        raise PaperCounted(page)
    turn = "first" if paper.first is None else "second"
    _write(conn, survey, page, {turn: dump(dict(answers)), f"{turn}_by": by[:128]})
    return find(conn, survey, page) or paper


def count(conn: Connection, survey: str, page: str) -> bool:
    """Return whether the paper *page* was not counted yet; from now on it is, and its answers are forgotten here."""
    forgotten = {"first": "", "second": "", "first_by": "", "second_by": "", "counted": True}
    still = _is(survey, page), survey_papers.c.counted.is_(False)
    return conn.execute(update(survey_papers).where(*still).values(forgotten)).rowcount == 1


def begin_anew(conn: Connection, survey: str, page: str) -> None:
    """Forget what was keyed in of the paper *page*, which is not counted."""
    _write(conn, survey, page, {"first": "", "second": "", "first_by": "", "second_by": ""})


def find(conn: Connection, survey: str, page: str, *, lock: bool = False) -> Paper | None:
    """Return the paper *page*; *lock* lets nobody else lock it before this transaction's end."""
    wanted = select(survey_papers).where(_is(survey, page))
    row = conn.execute(wanted.with_for_update() if lock else wanted).first()
    return _paper(row) if row else None


def waiting(conn: Connection, survey: str) -> Sequence[Paper]:
    """Return the papers that are not counted yet, by their numbers."""
    open_ = survey_papers.c.survey == survey, survey_papers.c.counted.is_(False)
    wanted = select(survey_papers).where(*open_).order_by(survey_papers.c.page)
    return [_paper(row) for row in conn.execute(wanted)]


def counted(conn: Connection, survey: str) -> int:
    """Return how many papers were counted."""
    wanted = select(func.count()).select_from(survey_papers).where(survey_papers.c.survey == survey)
    return conn.execute(wanted.where(survey_papers.c.counted)).scalar_one()


def _is(survey: str, page: str) -> Any:
    return (survey_papers.c.survey == survey) & (survey_papers.c.page == page)


def _write(conn: Connection, survey: str, page: str, values: Mapping[str, Any]) -> None:
    open_ = _is(survey, page), survey_papers.c.counted.is_(False)
    conn.execute(update(survey_papers).where(*open_).values(**values))


def _paper(row: Any) -> Paper:
    first, second = (load(each) if each else None for each in (row.first, row.second))
    return Paper(row.page, first, second, row.first_by, row.second_by, row.counted)
