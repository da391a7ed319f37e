"""What is asked beside a button that files a step: a few questions of a form, on the sheet of a case."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.events import Parts
from dialogs.fields.base import Answers, Given, Value
from dialogs.procedure import Step
from dialogs.replies import DeedInput
from dialogs.words import say
from dialogs.world import World


def asked(step: Step, world: World) -> tuple[DeedInput, ...]:
    """Return what is drawn beside the button that files *step*: the first input of each question."""
    given = Given(world)
    return tuple(
        DeedInput(
            each.key,
            drawn.control,
            say(each.label),
            each.required,
            drawn.options,
            hint=each.hint,
        )
        for each in step.asks
        for drawn in each.inputs(given)[:1]
    )


def answered(step: Step, fields: Mapping[str, Parts], world: World) -> Answers:
    """Return what came back with the button that files *step*, by key; what was left empty is left out.

    Raises:
        Invalid: an answer is missing or cannot be taken.
    """
    found: dict[str, Value] = {}
    for each in step.asks:
        [part, *_] = [*fields.get(each.key, {}).values(), ""]
        value = each.take({"": part}, Given(world, found))
        if value is not None:
            found[each.key] = value
    return found
