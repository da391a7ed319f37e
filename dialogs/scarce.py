"""What a filing would take of what is scarce, held against what is free.  Pure: storage alone takes something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dialogs.anycase import on_the_only_case
from dialogs.effects import Claim, Take
from dialogs.events import Action, Decided, Do, Event, Tapped
from dialogs.procedure import Procedure, nothing_claimed
from dialogs.slots import Free
from dialogs.standing import Register, Standing
from dialogs.ways import addressed
from dialogs.words import Message, _, say

MOST_NAMED = 3
"""How many days a sentence names; the others are counted."""


def wanted(register: Register, standing: Standing, event: Event, *, again: bool = False) -> str | None:
    """Return for which case (its reference, "" for a new one) the turn of *event* must know what is free.

    None where it need not.  A form that asks for nothing scarce need not until it is filed; *again* says that the
    turn came too late for something once: then it is told whatever its form is.
    """
    event = on_the_only_case(register, standing, event)
    if isinstance(event, Decided):
        return _of_case(register, standing, event.reference)
    if isinstance(event, Tapped) and event.action.do is Do.FILE:
        return _of_case(register, standing, event.action.key)
    talk = addressed(standing, event)
    entry = register.entry(talk.form) if talk else None
    if talk is None or entry is None:
        return _of_beginning(register, event)
    asked = entry.form.needs_free
    taken = (again or not entry.is_application) and claims_anything(entry.procedure)
    return talk.case if asked or taken else None


def _of_case(register: Register, standing: Standing, reference: str) -> str | None:
    case = standing.case(reference)
    procedure = register.of(case.procedure) if case else None
    return reference if procedure and claims_anything(procedure) else None


def _of_beginning(register: Register, event: Event) -> str | None:
    """Return "" where *event* begins a form that asks for a slot."""
    action = event.action if isinstance(event, Tapped) else Action(Do.MENU)
    entry = register.entry(action.key) if action.do is Do.START else None
    return "" if entry and entry.form.needs_free else None


def claims_anything(procedure: Procedure) -> bool:
    """Return whether anything scarce is taken on cases of *procedure*."""
    return procedure.claims is not nothing_claimed


def lacking(claims: Iterable[Claim], free: Free) -> tuple[str, ...]:
    """Return the slots in which too little is left for *claims*, in order; of what was looked at."""
    found = {
        slot
        for each in claims
        if isinstance(each, Take) and each.pool in free.capacities
        for slot in each.slots
        if free.left(each.pool, slot) < each.amount
    }
    return tuple(sorted(found))


def named(slots: Sequence[str]) -> Message:
    """Return *slots* in words: the first ones, and how many there are besides."""
    shown = _listed([_slot(each) for each in slots[:MOST_NAMED]])
    more = len(slots) - MOST_NAMED
    return say(_("{days} ほか{count}件"), days=shown, count=more) if more > 0 else shown


def _slot(slot: str) -> Message:
    day, _t, time = slot.partition("T")
    shown = date.fromisoformat(day)
    return say(_("{day} {time}"), day=shown, time=time) if time else say("{day}", day=shown)


def _listed(messages: Sequence[Message]) -> Message:
    first, *others = messages
    return say(_("{first}、{others}"), first=first, others=_listed(others)) if others else first
