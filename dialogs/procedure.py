"""A service of the desk: its forms and the steps by which a case goes on.

A case has no status column.  What may be filed now, what is due and how the case stands follow from what was
filed; each of these is a pure function of the history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from dialogs.calendar import OfficeCalendar
from dialogs.fields.base import Answers, Field
from dialogs.form import Form
from dialogs.upcoming import Lapse, ReminderDue, Stop, no_lapses, no_reminders, no_rounds
from dialogs.words import Message
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.effects import Open
    from dialogs.replies import Reply
    from dialogs.signoff import SignOff
    from dialogs.standing import CaseView


class Role(StrEnum):
    """Who may file a step."""

    RESIDENT = "resident"
    CONTRACTOR = "contractor"
    STAFF = "staff"
    CHIEF = "chief"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Filing:
    """One thing that was filed on a case: which step, and on which day in Asia/Tokyo.

    *by* is the member of the staff who filed it ("" for a resident), *said* what a signature holds: its
    ``outcome``, the ``reason``, the ``fields`` sent back.  Answers to a form's questions are never here.
    """

    step: str
    day: date
    by: str = ""
    said: Answers = field(default_factory=dict)


History: TypeAlias = Sequence[Filing]
"""What was filed on one case, oldest first."""


@dataclass(frozen=True)
class Step:
    """Who files what, after what, until what.

    *state* tells the resident in plain words how the case stands once this step has been filed.
    *within* is the number of business days in which it is due; None where nobody waits for it.
    *also* are others who may file it.  *resets* are steps that count as not filed any more once this one is:
    what was sent back is signed once more.  *asks* is what is asked beside the button that files it; on one sheet
    a key stands only once.
    """

    key: str
    title: str
    role: Role
    _: KW_ONLY
    state: str
    after: str = ""
    until: tuple[str, ...] = ()
    within: int | None = None
    repeats: bool = False
    also: tuple[Role, ...] = ()
    resets: tuple[str, ...] = ()
    asks: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Due:
    """A step that is waited for, and the last day for it."""

    step: Step
    by: date


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


def always_open(world: World) -> Opening:  # noqa: ARG001 -- the shape of every opening rule
    """Return that applications are taken the whole year."""
    return Opening(is_open=True)


def no_flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:  # noqa: ARG001
    """Return that nothing is remarkable."""
    return ()


def no_notes(answers: Answers, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that the receipt needs no further words."""
    return ()


def nothing_follows(answers: Answers, before: Answers) -> tuple[Open, ...]:  # noqa: ARG001
    """Return that no other case follows."""
    return ()


def nothing_told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:  # noqa: ARG001
    """Return that the resident hears nothing of what the office does."""
    return ()


@dataclass(frozen=True)
class Procedure:
    """One service.  The first step's form is its application; *forms* holds every edition ever in force.

    *series* is the number series of the office file that its cases are numbered by.  *signoff* says who signs
    a case; its steps stand among *steps*.  *told* says what the resident is told when the office has filed a
    step: ``told(step, said, case, world)``, where *said* is what was filed, with the ``number`` of a decision.
    *once* says that nobody may have it twice: staff are shown earlier cases that may be of the same person.
    *glance* names the questions whose answers stand on the case's sheet; None for all that have a fixed form.
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
    notes: Callable[[Answers, World], tuple[Message, ...]] = no_notes
    signoff: SignOff | None = None
    told: Callable[[str, Answers, CaseView, World], tuple[Reply, ...]] = nothing_told
    follow_ups: Callable[[Answers, Answers], tuple[Open, ...]] = nothing_follows
    once: bool = False
    glance: Callable[[Answers], tuple[str, ...]] | None = None
    reminders: Callable[[CaseView, World], tuple[ReminderDue, ...]] = no_reminders
    rounds: Callable[[CaseView, World], tuple[Stop, ...]] = no_rounds
    lapses: Callable[[CaseView, World], tuple[Lapse, ...]] = no_lapses

    def form(self, today: date) -> Form:
        """Return the application's edition in force on *today*."""
        in_force = [form for form in self.forms if form.since <= today]
        return max(in_force or self.forms, key=lambda form: form.since)

    def edition(self, name: str) -> Form | None:
        """Return the edition *name*, None where it was never in force."""
        return next((form for form in self.forms if form.edition == name), None)

    def step(self, key: str) -> Step | None:
        """Return the step *key*, None where there is none."""
        return next((step for step in self.steps if step.key == key), None)

    def may_file(self, key: str, history: History) -> bool:
        """Return whether the step *key* may be filed now."""
        step = self.step(key)
        return step is not None and is_open(step, effective(self.steps, history))

    def state(self, history: History) -> Message:
        """Return how a case with this history stands, in plain words."""
        step = self.step(history[-1].step) if history else None
        return Message((step or self.steps[0]).state)

    def due(self, history: History, calendar: OfficeCalendar) -> tuple[Due, ...]:
        """Return what is waited for, the soonest first."""
        standing = effective(self.steps, history)
        waiting = [
            Due(step, calendar.add_business_days(self._since(step, history), step.within))
            for step in self.steps
            if step.within is not None and history and is_open(step, standing)
        ]
        return tuple(sorted(waiting, key=lambda due: due.by))

    def unfiled_by(self, key: str) -> tuple[str, ...]:
        """Return the steps that make the step *key* count as not filed any more."""
        return tuple(step.key for step in self.steps if key in step.resets)

    def _since(self, step: Step, history: History) -> date:
        """Return the day from which *step*, which is open, has been waited for.

        That is the day of the step it follows, or a later one on which something opened it again: nobody is
        late with what came back corrected this morning.
        """
        since = next((filing.day for filing in reversed(history) if filing.step == step.after), date.min)
        was_open = False
        for count, filing in enumerate(history, 1):
            opened = is_open(step, effective(self.steps, history[:count]))
            since = max(since, filing.day) if opened and not was_open else since
            was_open = opened
        return since


def effective(steps: Sequence[Step], history: History) -> History:
    """Return *history* without what later filings have reset."""
    resets = {step.key: step.resets for step in steps if step.resets}
    if not resets:
        return history
    standing: list[Filing] = []
    for filing in history:
        undone = resets.get(filing.step, ())
        standing = [each for each in standing if each.step not in undone]
        standing.append(filing)
    return standing


def is_open(step: Step, history: History) -> bool:
    """Return whether *step* may be filed on a case on which the filings of *history* count."""
    filed = [filing.step for filing in history]
    begun = step.after in filed if step.after else not filed
    ended = any(key in filed for key in step.until)
    return begun and not ended and (step.repeats or step.key not in filed)
