"""One input of a form on a card: a list, a number, a day, a line, a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.teams.cards import escape
from bot.teams.cards.elements import CHOICES, LABEL, QUIET, REFUSED, Json, prose
from dialogs.fields.base import Control, Input, Option
from dialogs.words import Message, Words, _

TICKED = "yes"


@dataclass(frozen=True)
class Box:
    """One input to be drawn: *id* names it on the card and in what comes back, *label* says what is asked.

    *values* are what stands in it, *last* is what was answered last time.
    """

    id: str
    label: str
    input: Input
    values: Sequence[str] = ()
    last: str = ""


def draw_box(box: Box, words: Words) -> list[Json]:
    """Return the elements of *box*: the input under its label, and its hint below."""
    return [_element(box, words), *draw_hint(box.input.hint, words)]


def draw_hint(hint: str, words: Words) -> list[Json]:
    """Return what helps to answer, if anything."""
    return prose(words.text(hint), QUIET, spacing="None") if hint else []


def draw_refusal(refused: Message, words: Words) -> list[Json]:
    """Return why an answer was not taken."""
    return prose(f"⚠ {words.say(refused)}", REFUSED, spacing="Small")


def _element(box: Box, words: Words) -> Json:
    match box.input.control:
        case Control.ONE_OF | Control.MANY_OF:
            return _choices(box, words)
        case Control.TICK:
            return _tick(box, words)
        case Control.DATE:
            return _labelled("Input.Date", box, words) | _days(box.input)
        case Control.NUMBER:
            return _labelled("Input.Number", box, words) | _example(box.input, words)
        case Control.LINE | Control.LINES | Control.PLACE:
            return _labelled("Input.Text", box, words) | _line(box.input, words)
        case Control.PHOTO:
            raise TypeError("a photo is sent as a message and stands on no card")
        case unknown:
            assert_never(unknown)


def _labelled(kind: str, box: Box, words: Words) -> Json:
    made: Json = {"type": kind, "id": box.id, "label": escape.one_line(_label(box, words), LABEL)}
    if box.values:
        made["value"] = _value(kind, box.values)
    return made


def _label(box: Box, words: Words) -> str:
    """Return what is asked, with the unit, last time's answer, or that it may stay empty."""
    label = words.text(box.label)
    if box.input.unit:
        label = words.text(_("{label}（{unit}）"), label=label, unit=Message(box.input.unit))
    if box.last:
        return words.text(_("{label}　前回 {answer}"), label=label, answer=box.last)
    if box.input.required or box.input.control is Control.NUMBER:
        return label  # whether a number may stay empty often hangs on another answer
    return words.text(_("{label}（任意）"), label=label)


def _value(kind: str, values: Sequence[str]) -> str | float:
    if kind == "Input.Number":
        number = float(values[0])
        return int(number) if number.is_integer() else number
    return values[0]


def _choices(box: Box, words: Words) -> Json:
    made = _labelled("Input.ChoiceSet", box, words)
    made["choices"] = [_choice(each, words) for each in box.input.options[:CHOICES]]
    if box.input.control is Control.MANY_OF:
        # The titles of a list that stands open are read as Markdown.
        choices = [each | {"title": escape.harmless(each["title"])} for each in made["choices"]]
        made |= {"choices": choices, "isMultiSelect": True, "style": "expanded"}
    else:
        made["placeholder"] = words.text(_("えらぶ"))
    return made | ({"value": ",".join(box.values)} if box.values else {})


def _choice(option: Option, words: Words) -> dict[str, str]:
    return {"title": escape.one_line(words.text(option.label), LABEL), "value": option.key}


def _tick(box: Box, words: Words) -> Json:
    label = words.text(box.label)
    made: Json = {"type": "Input.Toggle", "id": box.id, "valueOn": TICKED, "valueOff": ""}
    if box.input.required or not escape.is_bare(label):
        # The title of a tick is read as Markdown, its label is not.
        made |= {"label": escape.one_line(label, LABEL * 5), "title": words.text(_("確認しました"))}
    else:
        made |= {"title": label}
    return made | ({"value": TICKED} if box.values else {})


def _days(drawn: Input) -> dict[str, Any]:
    limits = {"min": drawn.least, "max": drawn.most}
    return {name: limit.isoformat() for name, limit in limits.items() if limit}


def _line(drawn: Input, words: Words) -> dict[str, Any]:
    longest = {"maxLength": drawn.longest} if drawn.longest else {}
    several = {"isMultiline": True} if drawn.control is Control.LINES else {}
    return _example(drawn, words) | longest | several


def _example(drawn: Input, words: Words) -> dict[str, Any]:
    if not drawn.example:
        return {}
    return {"placeholder": words.text(_("例：{example}"), example=words.text(drawn.example))}
