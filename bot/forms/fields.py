"""Fields as a page draws them, and what a page sent as the parts of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from dialogs.events import Parts
from dialogs.fields import Photo, Slot
from dialogs.fields.base import Answers, Control, Field, Given, Input, Invalid, Value, part_of, sealed
from dialogs.form import Form
from dialogs.reading.days import read_day
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
    """One field as it is drawn.

    *note* helps to answer it, *received* says that there is a photo already.  One that *waits* is asked where the
    question named first has one of the answers behind it; it stays out of sight as long as it is *hidden*.
    """

    field: Field
    inputs: tuple[Drawn, ...]
    error: str = ""
    note: str = ""
    received: bool = False
    waits: tuple[str, tuple[str, ...]] = ("", ())
    hidden: bool = False


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
    inputs = _inputs(field, replace(given, before=_before(field, given, entered)))
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
    advice = field.advised(given)
    return Question(
        field,
        drawn,
        error if refused and refused.part not in known and len(inputs) > 1 else "",
        words.say(advice) if advice else "",
        received=isinstance(given.answers.get(field.key), dict) and isinstance(field, Photo),
    )


def _inputs(field: Field, given: Given) -> tuple[Input, ...]:
    """Return what is drawn of *field*: of a time to be booked at first the day alone, then what is free on it."""
    inputs = field.inputs(given)
    return inputs if not isinstance(field, Slot) or (given.before or {}).get("day") else inputs[:1]


def _before(field: Field, given: Given, entered: Parts | None) -> Value:
    """Return the answer so far; of a time to be booked the day that was entered just now."""
    value = given.answers.get(field.key)
    known = None if sealed(value) else value
    if not isinstance(field, Slot) or entered is None or "time" not in entered:
        return known
    day = read_day(part_of(entered, "day"), given.world.today)
    return {"day": day.isoformat()} if day else known


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
    return {each.key: _entered(each, world, sent) for each in fields}


def _entered(field: Field, world: World, sent: MultiDict[str, str]) -> Parts:
    if not isinstance(field, Slot):
        return _sent(field, field.inputs(Given(world)), sent)
    # A day without a time is half an answer: the times that are free on it are shown then.
    parts = {part: sent[f"{field.key}.{part}"] for part in ("day", "time") if f"{field.key}.{part}" in sent}
    return parts or {"day": ""}


def _sent(field: Field, inputs: Sequence[Input], sent: MultiDict[str, str]) -> Parts:
    return {
        each.part: sent.getlist(name_of(field, each))
        if each.control is Control.MANY_OF
        else sent.get(name_of(field, each), "")
        for each in inputs
    }
