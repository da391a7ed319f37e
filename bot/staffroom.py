"""Members of the staff at the desk: what they may do, and what their turns need from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from bot import signing, tours
from bot.desk_ports import Staff
from dialogs import rounds, staff
from dialogs.events import Action, Decided, Do, Event, Filled
from dialogs.fields import Choice
from dialogs.fields.base import Answers
from dialogs.office import Office
from dialogs.procedure import Procedure, Role, Step
from dialogs.replies import CaseSheet
from dialogs.standing import Register, Standing, Waiting
from dialogs.upcoming import Leg
from dialogs.words import _, say
from dialogs.world import World
from storage import casefiles, caselist, cases, submissions, todo
from storage import staff as roster
from storage.casefiles import CaseFile
from storage.cases import CaseRow
from storage.ready import Ready
from storage.staff import Member

MOST_WAITING = 60
"""Cases of one step that a list looks at, the oldest first: nobody reads more of them in a chat."""

COMPARED = 20
"""Earlier submissions among which the last one of the same kind is looked for."""


def as_member(standing: Standing, member: Member) -> Standing:
    """Return *standing* with who the *member* is and what they may do."""
    return replace(standing, name=member.name, member=member.id, grants=member.grants)


def looked_up(conn: Connection, desk: Staff, standing: Standing, event: Event, today: date) -> Standing:
    """Return a member's *standing* with what their *event* needs to be looked up."""
    asked = staff.wanted(standing, event)
    if asked:
        return desk.handed(conn, standing, asked, today)
    return desk.compared(conn, desk.handling(conn, standing, event), event)


def no_page(_conversation: str) -> str:
    """Refuse to make an address: what is drawn here has none."""
    raise TypeError("a refusal leads to no page")


@dataclass(frozen=True)
class StaffRoom:
    """Looks up, in the transaction of a member's turn, who they are and what they ask for.

    *sheet* draws a case as it stands; it is told the case's id and the day.  *world* makes the world of a day.
    """

    register: Register
    office: Office
    sheet: Callable[[Connection, str, date], CaseSheet | None]
    world: Callable[[date], World]
    _statements: dict[tuple[str, ...], Ready | None] = field(default_factory=dict, compare=False)

    def member(self, conn: Connection, account: str, today: date) -> Member | None:
        """Return who of the roster is behind *account* on *today*, None for anybody else."""
        return roster.member(conn, *roster.parts(account), today)

    def handed(self, conn: Connection, standing: Standing, asked: Action | Decided, today: date) -> Standing:
        """Return *standing* with what the member asked for; a case they decide on is locked until the end."""
        if isinstance(asked, Decided):
            return self._handled(conn, standing, asked.reference)
        if asked.do is Do.FIND:
            found = self._theirs(conn, standing, asked.key)
            return replace(standing, sheet=self.sheet(conn, found.id, today)) if found else standing
        if asked.do is Do.ROUND:
            return replace(standing, round=self._round(conn, standing, asked.value, today))
        if asked.do is not Do.QUEUE:
            return standing
        waiting = tuple(self._waiting(conn, standing, today))
        if not _answers(standing):
            return replace(standing, waiting=waiting)
        left = todo.counted(conn)
        lost = sum(many for key, many in left.unreached.items() if not key or _concerns(standing, key))
        return replace(standing, waiting=waiting, questions=left.questions, unreached=lost)

    def _round(self, conn: Connection, standing: Standing, value: str, today: date) -> tuple[Leg, ...]:
        """Return the round that the member asks for, of the procedures they have anything to do with."""
        day = rounds.day_of(value, today)
        if day is None:
            return ()
        mine = [each for each in self.register.procedures if _concerns(standing, each.key)]
        return rounds.of_day(tours.legs(conn, mine, self.world(today)), day, today, self.office)

    def handling(self, conn: Connection, standing: Standing, event: Event) -> Standing:
        """Return *standing* with the case on which the member's *event* takes a step; locked where it may file."""
        reference = staff.case_of(self.register, standing, event)
        lock = staff.files(event)
        return self._handled(conn, standing, reference, lock=lock) if reference else standing

    def _handled(
        self, conn: Connection, standing: Standing, reference: str, *, lock: bool = True
    ) -> Standing:
        found = self._theirs(conn, standing, reference)
        if found is None:
            return standing
        if lock:
            caselist.lock(conn, found.id)
        return replace(standing, handled=signing.view(found, submissions.of_case(conn, found.id)))

    def _theirs(self, conn: Connection, standing: Standing, reference: str) -> CaseRow | None:
        """Return the case *reference* where the member has anything to do with its procedure."""
        plain = reference[:64]
        found = cases.by_reference(conn, plain) if plain.isprintable() else None
        return found if found and _concerns(standing, found.procedure) else None

    def _waiting(self, conn: Connection, standing: Standing, today: date) -> Iterator[Waiting]:
        mine = {
            each.key: frozenset(one.role for one in standing.grants if one.procedure in {"*", each.key})
            for each in self.register.procedures
        }
        keys = tuple(key for key, roles in mine.items() if roles)
        statement = self._looked_for(keys)
        found = casefiles.looked_for(conn, statement) if statement else ()
        for each in sorted(found, key=lambda one: keys.index(one.case.procedure)):
            procedure = self.register.of(each.case.procedure)
            if procedure and each.filled:  # of what was erased only the number is left
                yield from self._due(procedure, each, mine[procedure.key], today)

    def _due(
        self, procedure: Procedure, file: CaseFile, mine: frozenset[Role], today: date
    ) -> Iterator[Waiting]:
        for due in procedure.due(signing.view_of(file), self.office.calendar):
            if (
                due.opens > today or due.step.role is Role.RESIDENT
            ):  # whom we remind, and nobody else waits for
                continue
            what = say(_("{step}待ち"), step=say(due.step.title))
            opens = due.opens if due.step.tolerance else None
            yield Waiting(file.case.reference, procedure.title, what, due.last, _may(due.step, mine), opens)

    def _looked_for(self, keys: tuple[str, ...]) -> Ready | None:
        """Return what finds the cases of the procedures *keys* that may wait, None where none ever waits."""
        if keys not in self._statements:
            wanted = [
                tours.perhaps_waiting(procedure, step)
                for procedure in self.register.procedures
                for step in procedure.steps
                if procedure.key in keys and step.is_waited_for and step.role is not Role.RESIDENT
            ]
            self._statements[keys] = casefiles.often(wanted, MOST_WAITING) if wanted else None
        return self._statements[keys]

    def compared(self, conn: Connection, standing: Standing, event: Event) -> Standing:
        """Return *standing* with what was filed the last time, where the form of *event* compares."""
        talk = standing.conversation(event.conversation) if isinstance(event, Filled) else standing.talk
        procedure = self.register.of(talk.form) if talk else None
        key = procedure.forms[-1].compare_by if procedure else ""
        if procedure is None or not key:
            return standing
        asked = procedure.forms[-1].field(key)
        kinds = len(asked.options) if isinstance(asked, Choice) else COMPARED
        found: dict[str, Answers] = {}
        for answers in submissions.newest_answers(conn, procedure.key, COMPARED):
            found.setdefault(str(answers.get(key)), answers)
            if len(found) == kinds:  # the others are older ones of the same kinds
                break
        return replace(standing, last=found)


def _answers(standing: Standing) -> bool:
    """Return whether residents' questions are the member's to answer: the office's, not a contractor's."""
    return any(each.role in {Role.STAFF, Role.CHIEF, Role.MANAGER} for each in standing.grants)


def _may(step: Step, mine: frozenset[Role]) -> bool:
    return bool(mine & {step.role, *step.also})


def _concerns(standing: Standing, procedure: str) -> bool:
    """Return whether the member has anything to do with *procedure*."""
    return any(each.procedure in {"*", procedure} for each in standing.grants)
