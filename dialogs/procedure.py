"""A service of the desk: its forms and the steps by which a case goes on.

A case has no status column.  What may be filed now, what is due and how the case stands follow from what was
filed; each of these is a pure function of the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dialogs.calendar import OfficeCalendar
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.steps import Due, Filing, History, Role, Step, dues, effective, is_open, may_be_filed
from dialogs.upcoming import Lapse, ReminderDue, Stop, no_lapses, no_reminders, no_rounds
from dialogs.words import Message, _
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.effects import Claim, Open
    from dialogs.polls import Poll
    from dialogs.replies import Reply
    from dialogs.signoff import SignOff
    from dialogs.standing import CaseView

__all__ = [
    "Due",
    "Filing",
    "Flag",
    "History",
    "Opening",
    "Procedure",
    "ReminderDue",
    "Role",
    "Step",
    "effective",
    "in_force",
    "is_open",
]


@dataclass(frozen=True)
class Opening:
    """Whether a procedure takes applications today; where not, from which day (None: not known)."""

    is_open: bool
    opens: date | None = None
    message: Message | None = None


@dataclass(frozen=True)
class Flag:
    """Something staff should see at a glance, derived from the answers: a short lead time, signs of bears."""

    key: str
    label: str


SHOW_NOTICE = _("通知番号を見せる")


def always_open(world: World) -> Opening:  # noqa: ARG001 -- the shape of every opening rule
    """Return that applications are taken the whole year."""
    return Opening(is_open=True)


def no_flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:  # noqa: ARG001
    """Return that nothing is remarkable."""
    return ()


def no_marks(case: CaseView, world: World) -> tuple[Flag, ...]:  # noqa: ARG001
    """Return that nothing is remarkable about how a case stands."""
    return ()


def no_facts(answers: Answers, world: World) -> Mapping[str, tuple[Message, Message]]:  # noqa: ARG001
    """Return that nothing is to be reckoned from the answers."""
    return {}


def nothing_to_show(case: CaseView, world: World) -> Reply | None:  # noqa: ARG001
    """Return that nothing is shown at a counter."""
    return None


def no_notes(answers: Answers, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that the receipt needs no further words."""
    return ()


def nothing_follows(answers: Answers, before: Answers) -> tuple[Open, ...]:  # noqa: ARG001
    """Return that no other case follows."""
    return ()


def always_offered(world: World) -> bool:  # noqa: ARG001 -- the shape of it
    """Return that it stands in the menu whatever the day."""
    return True


def nothing_known(world: World) -> Answers:  # noqa: ARG001 -- the shape of it
    """Return that an application begins with no answers."""
    return {}


def no_sequel(step: str, answers: Answers, case: CaseView, world: World) -> str:  # noqa: ARG001
    """Return that nothing is filed right after *step*."""
    return ""


def nothing_told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    """Return that the resident hears nothing of what the office does."""
    return ()


def nothing_claimed(step: str, said: Answers, case: CaseView, world: World) -> tuple[Claim, ...]:  # noqa: ARG001
    """Return that a filing takes nothing scarce."""
    return ()


def in_force(forms: Sequence[Form], today: date) -> Form:
    """Return the one of the editions *forms* that is in force on *today*."""
    begun = [form for form in forms if form.since <= today]
    return max(begun or forms, key=lambda form: form.since)


@dataclass(frozen=True)
class Procedure:
    """One service.  The first step's form is its application; *forms* holds every edition ever in force.

    *series* is the number series of the office file that its cases are numbered by.  *signoff* says who signs
    a case; its steps stand among *steps*.  *told* says what the resident is told when anybody else has filed a
    step: ``told(step, said, case, world)``, where *said* is what was filed, with the ``number`` of a decision, and
    *case* stands as it did before.  *claims* says what that filing takes or gives back of what is scarce:
    ``claims(step, said, case, world)``.
    *once* says that nobody may have it twice: staff are shown earlier cases that may be of the same person.
    *glance* names the questions whose answers stand on the case's sheet; None for all that have a fixed form.
    *marks* says what staff should see at a glance of a case as it stands, as *flags* does of its answers.
    *facts* says what staff should see beside an answer, reckoned from it: a label and a text, by the question's key.
    *proof* is what the resident shows at a counter, None where there is nothing (yet, or any more), and
    *proof_label* the button that shows it.
    *offered* says whether the menu has it at all today: what comes and goes stands there last, so that no other
    number depends on it.
    *known* says which answers an application begins with, since there is nothing to choose.
    *sequel* says which step is filed right after an application or its correction, in the same turn, "" for none:
    ``sequel(step, answers, case, world)``, with the *answers* that the case has from now on.
    *grant* is the question for the number of a subsidy, which is looked for in the city's list of holders ("": none).
    *renewals* are steps that change what a sheet shows beside the answers, each with how things stand in words: who
    presses a button of a sheet that was drawn before is told that instead.
    *poll* says that it is a survey, and whose: what is answered goes into a ballot box, and no case is opened.
    *reminders*, *rounds* and *lapses* say what time brings about on a case (see ``dialogs.upcoming``).
    """

    key: str
    title: str
    invitation: str
    forms: tuple[Form, ...]
    steps: tuple[Step, ...]
    _: KW_ONLY
    series: str
    opening: Callable[[World], Opening] = always_open
    flags: Callable[[Answers, World, date], tuple[Flag, ...]] = no_flags
    marks: Callable[[CaseView, World], tuple[Flag, ...]] = no_marks
    notes: Callable[[Answers, World], tuple[Message, ...]] = no_notes
    facts: Callable[[Answers, World], Mapping[str, tuple[Message, Message]]] = no_facts
    proof: Callable[[CaseView, World], Reply | None] = nothing_to_show
    proof_label: str = SHOW_NOTICE
    offered: Callable[[World], bool] = always_offered
    known: Callable[[World], Answers] = nothing_known
    sequel: Callable[[str, Answers, CaseView, World], str] = no_sequel
    signoff: SignOff | None = None
    told: Callable[[str, Answers, CaseView, World], tuple[Reply, ...]] = nothing_told
    follow_ups: Callable[[Answers, Answers], tuple[Open, ...]] = nothing_follows
    once: bool = False
    grant: str = ""
    glance: Callable[[Answers], tuple[str, ...]] | None = None
    claims: Callable[[str, Answers, CaseView, World], tuple[Claim, ...]] = nothing_claimed
    reminders: Callable[[CaseView, World], tuple[ReminderDue, ...]] = no_reminders
    rounds: Callable[[CaseView, World], tuple[Stop, ...]] = no_rounds
    lapses: Callable[[CaseView, World], tuple[Lapse, ...]] = no_lapses
    renewals: Mapping[str, Callable[[CaseView], Message]] = field(default_factory=dict)
    poll: Poll | None = None

    def form(self, today: date) -> Form:
        """Return the application's edition in force on *today*."""
        return in_force(self.forms, today)

    def edition(self, name: str) -> Form | None:
        """Return the edition *name*, None where it was never in force."""
        return next((form for form in self.forms if form.edition == name), None)

    def step(self, key: str) -> Step | None:
        """Return the step *key*, None where there is none."""
        return next((step for step in self.steps if step.key == key), None)

    def may_file(self, key: str, case: CaseView) -> bool:
        """Return whether the step *key* may be filed on *case* now."""
        step = self.step(key)
        return step is not None and may_be_filed(self.steps, step, case)

    def renewed(self, case: CaseView) -> int:
        """Return the number of the newest of its renewals that was filed on *case*, 0 for none."""
        numbered = enumerate(case.history, 1)
        return max((number for number, each in numbered if each.step in self.renewals), default=0)

    def to_be_seen(self, case: CaseView) -> int:
        """Return the number of the newest filing that a sheet of *case* has to show, to be signed on it."""
        return max(case.newest, self.renewed(case))

    def state(self, history: History) -> Message:
        """Return how a case with this history stands, in plain words."""
        step = self.step(history[-1].step) if history else None
        return Message((step or self.steps[0]).state)

    def due(self, case: CaseView, calendar: OfficeCalendar) -> tuple[Due, ...]:
        """Return what *case* waits for, the soonest first."""
        return dues(self.steps, case, calendar)

    def unfiled_by(self, key: str) -> tuple[str, ...]:
        """Return the steps that make the step *key* count as not filed any more."""
        return tuple(step.key for step in self.steps if key in step.resets)
