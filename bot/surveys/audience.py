"""Whom a survey is for, as people: those who take part in its meeting, or have a case of its procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.signing import view
from dialogs.polls import Poll
from dialogs.standing import CaseView
from storage import submissions
from storage.cases import CaseRow
from storage.tables import cases

ENOUGH = 5
"""Of how many people a kind has to be, so that it may stand on a ballot: of fewer it would tell who they are."""

_BATCH = 200


@dataclass(frozen=True)
class Participant:
    """Somebody who is asked, and the case for which they are."""

    person_id: str
    case: CaseView

    @property
    def kind(self) -> str:
        """Return what kind of participant they are, "" where it was not asked."""
        return str(self.case.answers.get("kind") or "")


def participants(conn: Connection, poll: Poll) -> Mapping[str, Participant]:
    """Return who is asked, by person; nobody by name where everybody is."""
    return {each.person_id: each for each in _counting(conn, poll)} if poll.procedure else {}


def _counting(conn: Connection, poll: Poll) -> Iterator[Participant]:
    ordered = select(cases).where(cases.c.procedure == poll.procedure).order_by(cases.c.opened_at, cases.c.id)
    rows = [CaseRow(**each) for each in conn.execute(ordered).mappings()]
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        filed = submissions.of_cases(conn, [each.id for each in some])
        for each in some:
            seen = view(each, filed.get(each.id, ()))
            if poll.counts(seen):
                yield Participant(each.person_id, seen)


def of_person(conn: Connection, poll: Poll, person_id: str) -> CaseView | None:
    """Return the newest case for which the person is asked, None where there is none."""
    mine = select(cases).where(cases.c.procedure == poll.procedure, cases.c.person_id == person_id)
    rows = [CaseRow(**each) for each in conn.execute(mine.order_by(cases.c.opened_at)).mappings()]
    filed = submissions.of_cases(conn, [each.id for each in rows])
    views = [view(each, filed.get(each.id, ())) for each in rows]
    return next((each for each in reversed(views) if poll.counts(each)), None)


def kinds(conn: Connection, poll: Poll) -> frozenset[str]:
    """Return the kinds of participants of which there are enough to be told apart."""
    found = Counter(each.kind for each in participants(conn, poll).values())
    return frozenset(kind for kind, many in found.items() if kind and many >= ENOUGH)
