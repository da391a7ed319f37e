"""What was filed on a case, as a turn takes it, and who is just filing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection

from bot.clock import day_of
from dialogs.fields.base import sealed
from dialogs.procedure import Filing, History, Procedure, Role
from dialogs.replies import Reply
from dialogs.standing import CaseView, Standing
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import CaseFile, Filed
from storage.cases import CaseRow
from storage.submissions import SubmissionRow
from storage.turns import Person

if TYPE_CHECKING:
    from bot.desk import Arrival


class Telling(Protocol):
    """Whoever can queue what somebody is told who did not just speak: the desk."""

    @property
    def world(self) -> Callable[[date], World]:
        """Return what makes the world of a day."""
        ...

    def tell(self, conn: Connection, person_id: str, replies: Sequence[Reply], cause: str, now: int) -> None:
        """Queue *replies* in the transaction of *conn*."""
        ...


@dataclass
class Carried:
    """One turn whose effects are being carried out: *before* is who spoke, *standing* what the turn left.

    *reference* is that of the case filed on last, *filed* how many submissions there are so far.
    """

    conn: Connection
    before: Person
    standing: Standing
    arrival: Arrival
    now: int
    telling: Telling
    reference: str = ""
    filed: int = 0

    @property
    def day(self) -> date:
        """Return the day in Asia/Tokyo."""
        return day_of(self.now)

    def event(self) -> str:
        """Return the id under which the next submission is filed: the turn's own, then others made from it."""
        self.filed += 1
        return self.arrival.event_id if self.filed == 1 else f"{self.arrival.event_id}/{self.filed}"

    def filer(self, procedure: Procedure | None, step: str) -> tuple[str, Role]:
        """Return who files *step*, and as what: a resident by our id, a member of the staff by name."""
        if not self.standing.is_staff or procedure is None:
            return self.before.id, Role.RESIDENT
        found, key = procedure.step(step), procedure.key
        able = (found.role, *found.also) if found else ()
        held = self.standing.roles(key)
        stood_for = [each for each in able if each not in held and self.standing.acts_as(key, {each})]
        return self.standing.name, next(
            iter([*(each for each in able if each in held), *stood_for]), Role.STAFF
        )


def latest(filed: Sequence[SubmissionRow]) -> SubmissionRow | None:
    """Return the newest answers of the case itself: its application, or a correction of it.

    What a signature says is no answer, and what a later step's own form says is that step's.
    """
    own = _own_form(filed)
    return (
        next((each for each in reversed(filed) if each.answers and each.form == own), None) if own else None
    )


def _own_form(filed: Sequence[SubmissionRow]) -> str:
    """Return the form that the case was opened with, "" where nothing was filled in."""
    return next((each.form for each in filed if each.form), "")


def history(filed: Sequence[SubmissionRow]) -> History:
    """Return *filed* as the steps of a case, with what was signed and what its steps' own forms say."""
    own = _own_form(filed)
    return tuple(_filing(each, own) for each in filed)


def _filing(each: SubmissionRow, own: str) -> Filing:
    by = "" if each.role == Role.RESIDENT else each.filed_by
    return Filing(each.step, day_of(each.filed_at), by, said(each.answers, each.form, own))


def said(answers: Mapping[str, Any], form: str, own: str) -> Mapping[str, Any]:
    """Return what a filing says in a history: nothing of the case's *own* form, and nothing personal."""
    if form and form == own:
        return {}
    return {key: value for key, value in answers.items() if not sealed(value)}


def view_of(file: CaseFile) -> CaseView:
    """Return the case of *file* as a turn takes it."""
    own = next((each.form for each in file.filed if each.form), "")
    return CaseView(
        file.case.reference,
        file.case.procedure,
        file.filled.edition if file.filled else "",
        day_of(file.case.opened_at),
        tuple(_noted(each, own) for each in file.filed),
        load(file.filled.answers) if file.filled else {},
        file.filled.number if file.filled else 0,
    )


def _noted(each: Filed, own: str) -> Filing:
    by = "" if each.role == Role.RESIDENT else each.by
    return Filing(each.step, day_of(each.at), by, said(load(each.said), each.form, own) if each.said else {})


def view(case: CaseRow, filed: Sequence[SubmissionRow]) -> CaseView:
    """Return *case* with what was *filed* on it, as a turn takes it."""
    found = latest(filed)
    return CaseView(
        case.reference,
        case.procedure,
        found.edition if found else "",
        day_of(case.opened_at),
        tuple(history(filed)),
        found.answers if found else {},
        found.number if found else 0,
    )
