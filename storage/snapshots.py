"""Snapshots of surveys: kept as they were made, told apart by a digest of what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from storage import surveys
from storage.tables_snapshots import survey_snapshots
from storage.upsert import into

STEP = 5
"""How many ballots two snapshots of a survey must differ by: what they differ by is the answers of those people."""


class TooAlike(Exception):
    """Another snapshot, *id*, has nearly the same ballots: the two side by side would tell of fewer than ``STEP``."""

    def __init__(self, identity: str) -> None:
        super().__init__(identity)
        self.id = identity


@dataclass(frozen=True)
class Snapshot:
    """One snapshot without its content.  *made_on* is a day (Asia/Tokyo, YYYY-MM-DD)."""

    survey: str
    id: str
    made_on: str
    made_by: str
    ballots: int


_COLUMNS = [each for each in survey_snapshots.c if each.name != "content"]


def keep(conn: Connection, snapshot: Snapshot, content: bytes) -> bool:
    """Return whether *snapshot* is new; one of the same numbers stays as it was made first.

    Raises:
        TooAlike: A snapshot has a few ballots more or fewer than this one.
    """
    surveys.get(conn, snapshot.survey, lock=True)
    for each in listed(conn, snapshot.survey):
        if 0 < abs(each.ballots - snapshot.ballots) < STEP:
            raise TooAlike(each.id)
    row = into(conn, survey_snapshots).values(**vars(snapshot), content=content)
    return conn.execute(row.on_conflict_do_nothing().returning(survey_snapshots.c.id)).first() is not None


def listed(conn: Connection, survey: str) -> Sequence[Snapshot]:
    """Return the snapshots of *survey*, the newest first."""
    theirs = select(*_COLUMNS).where(survey_snapshots.c.survey == survey)
    newest = survey_snapshots.c.made_on.desc(), survey_snapshots.c.ballots.desc(), survey_snapshots.c.id
    return [Snapshot(*row) for row in conn.execute(theirs.order_by(*newest))]


def find(conn: Connection, survey: str, identity: str) -> tuple[Snapshot, bytes] | None:
    """Return the snapshot *identity* of *survey* with its content, None where there is none."""
    mine = select(*_COLUMNS, survey_snapshots.c.content).where(_is(survey, identity))
    row = conn.execute(mine).first()
    return (Snapshot(*row[:-1]), bytes(row[-1])) if row else None


def withdraw(conn: Connection, survey: str, identity: str) -> bool:
    """Return whether there was a snapshot *identity*; it is gone, and so is what it kept others from."""
    return conn.execute(delete(survey_snapshots).where(_is(survey, identity))).rowcount == 1


def _is(survey: str, identity: str) -> ColumnElement[bool]:
    return and_(survey_snapshots.c.survey == survey, survey_snapshots.c.id == identity)
