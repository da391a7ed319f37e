"""A step that was asked for without saying of which case: a tile of a menu is the same for everybody.  Pure."""

from __future__ import annotations

from dataclasses import replace

from dialogs.events import Do, Event, Tapped
from dialogs.possible import invited
from dialogs.standing import Register, Standing
from dialogs.words import Message, _, say


def on_the_only_case(register: Register, standing: Standing, event: Event) -> Event:
    """Return *event* about the one case on which the step it asks for can be taken now; as it is otherwise."""
    if not isinstance(event, Tapped) or event.action.do is not Do.FILE or event.action.key:
        return event
    found = _references(register, standing, event.action.part)
    return replace(event, action=replace(event.action, key=found[0])) if len(found) == 1 else event


def which(register: Register, standing: Standing, step: str) -> Message:
    """Return what is said where the step *step* can be taken on no case, or on several, above the menu of all."""
    if _references(register, standing, step):
        return say(_("あてはまる申請がいくつかあります。メニューから番号でお選びください。"))
    return say(_("いまは、その手続きはできません。いまできることは、メニューにあります。"))


def _references(register: Register, standing: Standing, step: str) -> list[str]:
    """Return the person's cases on which *step* can be taken now."""
    return [
        case.reference
        for case in standing.cases
        if (procedure := register.of(case.procedure))
        and any(each.key == step for each in invited(procedure, case, standing))
    ]
