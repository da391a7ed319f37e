"""The steps by which a case goes on: who files what, after what, and by when.  Pure, like all that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from dialogs.calendar import OfficeCalendar
from dialogs.fields.base import Answers, Field
from dialogs.form import Form
from dialogs.words import Message
from dialogs.world import World

if TYPE_CHECKING:
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

    *by* is the member of the staff who filed it ("" for a resident).  *said* holds what a signature says (its
    ``outcome``, the ``reason``, the ``fields`` sent back), what was given beside a button, and the answers of a
    step's own form.  Personal answers are never here, nor are those of the application and its corrections,
    which are the case's (``CaseView.answers``).
    """

    step: str
    day: date
    by: str = ""
    said: Answers = field(default_factory=dict)


History: TypeAlias = Sequence[Filing]
"""What was filed on one case, oldest first."""


def never_closed(case: CaseView, world: World) -> Message | None:  # noqa: ARG001 -- the shape of every such rule
    """Return that a step is not closed to residents."""
    return None


def no_words(answers: Answers, case: CaseView, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return that a step's receipt needs no further words."""
    return ()


@dataclass(frozen=True)
class Step:
    """Who files what, after what, until what.

    *state* tells the resident in plain words how the case stands once this step has been filed.  *also* are
    others who may file it.  *applies* is a condition on the case, *closed* says why it is too late for residents
    to file it here today; whoever writes it down for them still can.  *resets* are steps that count as not filed any
    more once this one is: what was sent back is signed once more.

    What is asked: *form* is filled in when the step is filed (*former* are earlier editions of it), *asks* stands
    beside the button that files it (on one sheet a key stands only once), and *sure* is asked before a step
    without questions is filed ("" for none).  *invitation* is the wording of the button and the menu's entry
    (「受け取りを予約する」; "" where it is not offered by itself), *receipt* what stands in the receipt besides.

    When it is due, None where nobody waits for it: *within* so many business days, after *days* calendar days,
    or *every* so many of them, again and again.  They are counted from the day of the step *after*, or from what
    *since* returns (None: not waited for yet); *every* later from its own newest filing.  *tolerance* is how many
    days before and after that are in time.
    """

    key: str
    title: str
    role: Role
    _: KW_ONLY
    state: str
    after: str = ""
    until: tuple[str, ...] = ()
    within: int | None = None
    days: int | None = None
    every: int | None = None
    tolerance: int = 0
    since: Callable[[CaseView], date | None] | None = None
    applies: Callable[[CaseView], bool] | None = None
    closed: Callable[[CaseView, World], Message | None] = never_closed
    repeats: bool = False
    also: tuple[Role, ...] = ()
    resets: tuple[str, ...] = ()
    asks: tuple[Field, ...] = ()
    form: Form | None = None
    former: tuple[Form, ...] = ()
    invitation: str = ""
    sure: str = ""
    receipt: Callable[[Answers, CaseView, World], tuple[Message, ...]] = no_words

    @property
    def is_waited_for(self) -> bool:
        """Return whether somebody waits for it."""
        return not self.within is self.days is self.every is None

    @property
    def comes_again(self) -> bool:
        """Return whether it may be filed more than once."""
        return self.repeats or self.every is not None

    @property
    def editions(self) -> tuple[Form, ...]:
        """Return every edition of its form that was ever in force, none where it has none."""
        return (*self.former, self.form) if self.form else ()

    @property
    def filers(self) -> frozenset[Role]:
        """Return everybody who may file it."""
        return frozenset({self.role, *self.also})


@dataclass(frozen=True)
class Due:
    """A step that is waited for, and the day for it; it is in time from *opens* until *last*."""

    step: Step
    by: date
    opens: date

    @property
    def last(self) -> date:
        """Return the last day on which it is in time."""
        return self.by + timedelta(self.step.tolerance)


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
    """Return whether *step* may be filed on a case on which the filings of *history* count.

    Whether it *applies* to the case is not looked at; see :func:`may_be_filed`.
    """
    return _is_open(step, {filing.step for filing in history})


def _is_open(step: Step, filed: frozenset[str] | set[str]) -> bool:
    begun = step.after in filed if step.after else not filed
    return begun and filed.isdisjoint(step.until) and (step.key not in filed or step.comes_again)


def may_be_filed(steps: Sequence[Step], step: Step, case: CaseView) -> bool:
    """Return whether *step* may be filed on *case* as it stands."""
    return is_open(step, effective(steps, case.history)) and applies(step, case)


def applies(step: Step, case: CaseView) -> bool:
    """Return whether *step* is one for *case* at all."""
    return step.applies is None or step.applies(case)


def dues(steps: Sequence[Step], case: CaseView, calendar: OfficeCalendar) -> tuple[Due, ...]:
    """Return what *case* waits for, the soonest first."""
    # Once for all of them: lists ask this of every case.
    filed = {each.step for each in effective(steps, case.history)}
    waiting = (
        _due(steps, step, case, calendar)
        for step in steps
        if step.is_waited_for and case.history and _is_open(step, filed) and applies(step, case)
    )
    return tuple(sorted((each for each in waiting if each), key=lambda due: due.by))


def _due(steps: Sequence[Step], step: Step, case: CaseView, calendar: OfficeCalendar) -> Due | None:
    since = step.since(case) if step.since else _opened(steps, step, case)
    if since is None:
        return None
    by = _by(step, since, _filed_last(steps, step, case), calendar)
    around = step.every is not None or step.tolerance > 0
    return Due(step, by, by - timedelta(step.tolerance) if around else since)


def _by(step: Step, since: date, last: date | None, calendar: OfficeCalendar) -> date:
    if step.every is not None and last:
        return last + timedelta(step.every)
    if step.within is not None:
        return calendar.add_business_days(since, step.within)
    return since + timedelta(step.days if step.days is not None else step.every or 0)


def _filed_last(steps: Sequence[Step], step: Step, case: CaseView) -> date | None:
    """Return the day of the newest filing of *step* that counts; None where there is none."""
    standing = effective(steps, case.history)
    return next((each.day for each in reversed(standing) if each.step == step.key), None)


def _opened(steps: Sequence[Step], step: Step, case: CaseView) -> date:
    """Return the day from which *step*, which is open, has been waited for.

    That is the day of the step it follows, or a later one on which something opened it again: nobody is
    late with what came back corrected this morning.
    """
    history = case.history
    since = next((filing.day for filing in reversed(history) if filing.step == step.after), date.min)
    was_open = False
    for count, filing in enumerate(history, 1):
        opened = may_be_filed(steps, step, replace(case, history=history[:count]))
        since = max(since, filing.day) if opened and not was_open else since
        was_open = opened
    return since


def by_key(steps: Sequence[Step]) -> Mapping[str, Step]:
    """Return *steps* by their keys."""
    return {each.key: each for each in steps}
