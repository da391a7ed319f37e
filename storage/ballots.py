"""The ballot box: what was answered, and nothing that leads to who answered it.

Who has answered is a mark (``survey_marks``), a keyed fingerprint; a ballot has a random id.  Both are written in
one transaction, or neither, and neither has a time.  What a database tells of a row besides its columns is this:

- SQLite keeps both tables in the order of their keys and numbers no rows (``WITHOUT ROWID``).
- PostgreSQL tells which transaction wrote a row (``xmin``), and where it lies (``ctid``), which is where there was
  room at that time.  The same transaction wrote the mark, the person's turn and the messages to them.  So it writes
  ``CROWD`` other ballots anew, those whose ids are next to the new one, all together in an order that is drawn: of
  the ballots that bear its number each is as likely as the others to be the new one, however many of them a later
  transaction has taken over since.  While there are no more than ``CROWD`` ballots, all are written anew each time.

Of the only ballot everybody knows whose it is who knows who has answered; and so it is with a few, by guessing.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from storage import survey_talks, surveys
from storage.asjson import dump, load_quickly
from storage.surveys import CLOSED, OPEN
from storage.tables_surveys import ballots, survey_invitations, survey_marks
from storage.upsert import into

CROWD = 24
"""Other ballots that are written anew with each new one: some thousandths of a second."""

_BATCH = 500

Row = Mapping[str, Any]


class SurveyClosed(Exception):
    """The survey takes no answers: it was closed meanwhile, or never opened."""


@dataclass(frozen=True)
class Ballot:
    """One answered survey.  *kind* is the kind of participant where many are of it, *paper* that it was on paper."""

    id: str
    answers: Mapping[str, Any]
    channel: str
    kind: str = ""
    paper: bool = False


@dataclass(frozen=True)
class Counts:
    """How a survey goes.

    *invited* is how many were told of it; of those who *began*, *stopped_at* says how many are at which question
    now, or gave up there ("" for the last look).
    """

    invited: int
    answered: int
    begun: int
    stopped_at: Mapping[str, int] = field(default_factory=dict)


def new(answers: Mapping[str, Any], channel: str, kind: str = "", *, paper: bool = False) -> Ballot:
    """Return a new ballot, with an id that is drawn."""
    return Ballot(uuid.uuid4().hex, answers, channel, kind, paper)


def cast(conn: Connection, survey: str, mark: str, ballot: Ballot) -> bool:
    """Return whether *ballot* is in the box: it is not where whoever has *mark* has answered before.

    A *mark* of "" is for paper, which may be keyed in once the survey is closed, too.

    Raises:
        SurveyClosed: The survey takes no answers any more.
    """
    # One after the other: two could want to write the same others anew, each beginning at another end.
    row = surveys.get(conn, survey, lock=True)
    if row is None or row.state not in ({OPEN} if mark else {OPEN, CLOSED}):
        raise SurveyClosed(survey)
    if mark and not _marked(conn, survey, mark):
        return False
    values = {**vars(ballot), "survey": survey, "answers": dump(ballot.answers)}
    if conn.dialect.name == "postgresql":
        _put_in_crowd(conn, survey, values)
    else:
        conn.execute(insert(ballots), values)
    return True


def _marked(conn: Connection, survey: str, mark: str) -> bool:
    row = into(conn, survey_marks).values(survey=survey, mark=mark)
    return conn.execute(row.on_conflict_do_nothing().returning(survey_marks.c.mark)).first() is not None


def _put_in_crowd(conn: Connection, survey: str, new_row: Row) -> None:
    around = _around(conn, survey, new_row["id"])
    taken = delete(ballots).where(ballots.c.survey == survey, ballots.c.id.in_(around))
    together: list[Row] = [new_row, *conn.execute(taken.returning(*ballots.c)).mappings()]
    secrets.SystemRandom().shuffle(together)
    conn.execute(insert(ballots), [dict(each) for each in together])


def _around(conn: Connection, survey: str, new_id: str) -> Sequence[str]:
    """Return the ids of the ballots next to where *new_id* belongs, ``CROWD`` of them, as in a ring.

    How many of them stand before it is drawn: so it may be any of the row.
    """
    before = secrets.randbelow(CROWD + 1)
    down = select(ballots.c.id).where(ballots.c.survey == survey).order_by(ballots.c.id.desc())
    up = select(ballots.c.id).where(ballots.c.survey == survey).order_by(ballots.c.id)
    found: list[str] = []
    for ordered, side, many in (
        (down, ballots.c.id < new_id, before),
        (up, ballots.c.id > new_id, CROWD - before),
    ):
        near = conn.execute(ordered.where(side).limit(many)).scalars().all()
        beyond = conn.execute(ordered.limit(many - len(near))).scalars().all()
        found += [*near, *beyond]
    return found


_NAMES = ", ".join(each.name for each in ballots.c)
_SHAKE = text(
    f"WITH taken AS (DELETE FROM ballots WHERE survey = :survey RETURNING {_NAMES})"  # noqa: S608 -- our own names
    f" INSERT INTO ballots ({_NAMES}) SELECT {_NAMES} FROM taken ORDER BY random()"
)


def shake(conn: Connection, survey: str) -> None:
    """Write all ballots of *survey* anew in an order that is drawn: from then on all are of one crowd."""
    if conn.dialect.name != "postgresql":
        return
    conn.execute(_SHAKE, {"survey": survey})


def read(conn: Connection, survey: str) -> Iterator[Ballot]:
    """Yield the ballots of *survey* by their ids, which are drawn; a few hundred are held at a time."""
    wanted = select(*(each for each in ballots.c if each.name != "survey")).order_by(ballots.c.id)
    theirs = wanted.where(ballots.c.survey == survey)
    for row in conn.execute(theirs, execution_options={"yield_per": _BATCH}):
        yield Ballot(row.id, load_quickly(row.answers), row.channel, row.kind, row.paper)


def has_answered(conn: Connection, marks: Mapping[str, str]) -> frozenset[str]:
    """Return those of the surveys in *marks* (mark by survey) that hold that mark already."""
    wanted = select(survey_marks.c.survey).where(
        survey_marks.c.survey.in_(marks), survey_marks.c.mark.in_(marks.values())
    )
    return frozenset(conn.execute(wanted).scalars())


def counts(conn: Connection, survey: str) -> Counts:
    """Return how *survey* goes."""
    answered = select(func.count()).select_from(ballots).where(ballots.c.survey == survey)
    on_paper = answered.where(ballots.c.paper)
    told = select(func.count()).select_from(survey_invitations).where(survey_invitations.c.survey == survey)
    row, stops = surveys.get(conn, survey), survey_talks.stops(conn, survey)
    many, paper = conn.execute(answered).scalar_one(), conn.execute(on_paper).scalar_one()
    invited = row.invited if row and row.invited is not None else conn.execute(told).scalar_one()
    return Counts(invited, many, many - paper + sum(stops.values()), stops)
