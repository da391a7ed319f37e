"""Fields as a page draws them, and what a page sent as the parts of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from dialogs.events import Parts
from dialogs.fields.base import Answers, Control, Field, Given, Input, Invalid, sealed
from dialogs.form import Form
from dialogs.words import Words
from dialogs.world import World


@dataclass(frozen=True)
class Drawn:
    """One input as it is drawn: *name* in the form, the texts in the reader's language, what stands in it."""

    input: Input
    name: str
    values: tuple[str, ...]
    error: str = ""

    @property
    def value(self) -> str:
        """Return the one value of an input that holds one."""
        return self.values[0] if self.values else ""

    @property
    def control(self) -> str:
        """Return how it is drawn."""
        return self.input.control.value


@dataclass(frozen=True)
class Question:
    """One field as it is drawn."""

    field: Field
    inputs: tuple[Drawn, ...]
    error: str = ""


def private_fields(form: Form, answers: Answers) -> tuple[Field, ...]:
    """Return the questions of the form's private pages that are asked, given *answers*."""
    return tuple(each for each in form.visible(answers) if form.page_of(each).private)


def questions(
    fields: Iterable[Field],
    given: Given,
    entered: Mapping[str, Parts],
    refused: Mapping[str, Invalid],
    words: Words,
) -> tuple[Question, ...]:
    """Return *fields* for drawing, with what was *entered* or answered, and why it was *refused*."""
    return tuple(
        _question(each, given, entered.get(each.key), refused.get(each.key), words) for each in fields
    )


def _question(
    field: Field, given: Given, entered: Parts | None, refused: Invalid | None, words: Words
) -> Question:
    parts = entered if entered is not None else _parts(field, given.answers)
    inputs = field.inputs(given)
    error = words.say(refused.message) if refused else ""
    known = {each.part for each in inputs}
    drawn = tuple(
        Drawn(
            each,
            name_of(field, each),
            _values(parts.get(each.part, ())),
            error if refused and _is_about(refused, each, inputs) else "",
        )
        for each in inputs
    )
    return Question(field, drawn, error if refused and refused.part not in known and len(inputs) > 1 else "")


def _is_about(refused: Invalid, each: Input, inputs: Sequence[Input]) -> bool:
    return refused.part == each.part or len(inputs) == 1


def _parts(field: Field, answers: Answers) -> Parts:
    value = answers.get(field.key)
    if value is None or sealed(value):
        return {}
    raw = field.raw(value)
    return {"": raw} if isinstance(raw, str) else raw


def _values(part: str | Sequence[str]) -> tuple[str, ...]:
    return (part,) if isinstance(part, str) else tuple(part)


def name_of(field: Field, each: Input) -> str:
    """Return the name of an input in the page's form."""
    return f"{field.key}.{each.part}" if each.part else field.key


def entered(fields: Iterable[Field], world: World, sent: MultiDict[str, str]) -> dict[str, Parts]:
    """Return what a page *sent*, by field: every part that was drawn, empty ones too."""
    return {each.key: _sent(each, each.inputs(Given(world)), sent) for each in fields}


def _sent(field: Field, inputs: Sequence[Input], sent: MultiDict[str, str]) -> Parts:
    return {
        each.part: sent.getlist(name_of(field, each))
        if each.control is Control.MANY_OF
        else sent.get(name_of(field, each), "")
        for each in inputs
    }
