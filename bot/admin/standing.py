"""How a case stands, in the few words that fit a table, and which steps staff may file on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.calendar import OfficeCalendar
from dialogs.procedure import Due, Procedure, Role, Step
from dialogs.standing import CaseView
from dialogs.words import Message, _, say
from storage.caselist import Wanted

STAFF = frozenset({Role.STAFF, Role.CHIEF, Role.MANAGER})
WORKING = STAFF | {Role.CONTRACTOR}
"""Those for whom cases wait, whoever of them looks."""


@dataclass(frozen=True)
class Choice:
    """One way to filter a list by how cases stand.

    Where *due* is given, *wanted* says which cases may wait for that step, and only what was filed on each of them
    whether it does (:func:`waits`).
    """

    key: str
    label: Message
    wanted: Wanted
    due: Step | None = None


def stand(procedure: Procedure, case: CaseView, calendar: OfficeCalendar) -> Message:
    """Return how a case stands: what it waits for, or what was done last."""
    due = staff_dues(procedure, case, calendar)
    if due:
        return waits_for(due[0].step)
    last = procedure.step(case.history[-1].step) if case.history else None
    return done(last) if last else say("")


def staff_dues(procedure: Procedure, case: CaseView, calendar: OfficeCalendar) -> Sequence[Due]:
    """Return what the case waits for from staff or a contractor, the soonest first."""
    return [due for due in procedure.due(case, calendar) if due.step.role in WORKING]


def waits_for(step: Step) -> Message:
    """Return that a case waits for *step*."""
    return say(_("{step}待ち"), step=say(step.title))


def done(step: Step) -> Message:
    """Return that *step* was filed last."""
    return say(_("{step}済み"), step=say(step.title))


def choices(procedure: Procedure) -> tuple[Choice, ...]:
    """Return the ways to filter the cases of *procedure*."""
    told = staff_steps(procedure)
    waiting = [
        Choice(
            f"wait:{step.key}",
            waits_for(step),
            waiting_for(procedure, step),
            None if step in told else step,
        )
        for step in _waited_for(procedure)
    ]
    last = [Choice(step.key, done(step), Wanted(procedure.key, stands=step.key)) for step in procedure.steps]
    return (*waiting, *last)


def waiting_for(procedure: Procedure, step: Step) -> Wanted:
    """Return which cases of *procedure* wait for *step*: the query that says what ``Procedure.due`` says."""
    lacking = step.until if step.comes_again else (step.key, *step.until)
    resets = {key: found for key in (step.after, *lacking) if (found := procedure.unfiled_by(key))}
    return Wanted(procedure.key, filed=(step.after,), lacking=lacking, resets=resets)


def staff_steps(procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps that cases wait for from staff or a contractor, as far as a query can tell which cases."""
    return tuple(step for step in _waited_for(procedure) if not (step.applies or step.since))


def _waited_for(procedure: Procedure) -> tuple[Step, ...]:
    return tuple(
        step for step in procedure.steps if step.role in WORKING and step.is_waited_for and step.after
    )


def waits(procedure: Procedure, case: CaseView, step: Step, calendar: OfficeCalendar) -> bool:
    """Return whether *case* waits for *step*."""
    return any(due.step is step for due in procedure.due(case, calendar))


def may_be_filed(procedure: Procedure, case: CaseView) -> tuple[Step, ...]:
    """Return the steps that staff may file on a case here and now.

    What is signed is signed on its sheet, by whom the roster names; what is asked beside a step is asked there,
    too; and what is filled in is a form.  So only steps remain that say nothing but that they were done.
    """
    signoff = procedure.signoff
    elsewhere = {*signoff.signatures, signoff.correction.step} if signoff else set()
    return tuple(
        step
        for step in procedure.steps
        if step.role in STAFF and not step.asks and not step.form and step.key not in elsewhere
        if procedure.may_file(step.key, case)
    )
