"""The questions of a form as rows of a card, kept as JSON while nobody's answer stands in them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from bot.teams.cards.elements import BOLD, GROUP, Json, prose, size
from bot.teams.cards.inputs import Box, draw_box, draw_hint, draw_refusal
from dialogs.events import Parts
from dialogs.fields.base import Answers, Control, Field, Input, sealed
from dialogs.form import Form
from dialogs.words import Message, Words
from storage.asjson import encode

MOST_KEPT = 4000
"""Rows kept: every question of a dozen forms in all languages, at the limits of some days."""


@dataclass(frozen=True)
class Question:
    """One question as it is to be drawn: its *inputs*, what stands in them, last time's answer, why it is refused."""

    field: Field
    inputs: tuple[Input, ...]
    parts: Parts
    last: str = ""
    refused: Message | None = None

    @property
    def is_blank(self) -> bool:
        """Return whether it is drawn alike for everybody."""
        return not self.parts and not self.last and self.refused is None


@dataclass(frozen=True)
class Row:
    """Elements as JSON, without the brackets; *weight* is their size in bytes as UTF-16."""

    text: str
    weight: int

    def __add__(self, below: Row) -> Row:
        """Return both as one row."""
        return Row(f"{self.text},{below.text}", self.weight + below.weight + 2)


@dataclass
class Rows:
    """The rows of one process; its threads share them."""

    _kept: OrderedDict[Hashable, Row] = field(default_factory=OrderedDict)
    _keeping: Lock = field(default_factory=Lock)

    def row(self, question: Question, form: Form, words: Words, *, hinted: bool = True) -> Row:
        """Return *question* of *form* as a row, with its hint where it is *hinted*."""
        if not question.is_blank:
            return joined(list(_elements(question, words, hinted=hinted)))
        key = words.locale, form.key, form.edition, question.field.key, question.inputs, hinted
        return self._keep(key, lambda: joined(list(_elements(question, words, hinted=hinted))))

    def _keep(self, key: Hashable, draw: Callable[[], Row]) -> Row:
        found = self._kept.get(key)
        if found is None:
            found = draw()
            with self._keeping:
                self._kept[key] = found
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return found

    def heading(self, text: str, words: Words) -> Row:
        """Return the wording *text* of ours above the questions that it is about."""
        key = words.locale, text
        return self._keep(key, lambda: joined(prose(words.text(text), GROUP, spacing="Medium")))

    def elements(self, question: Question, words: Words) -> list[Json]:
        """Return *question* as elements, drawn anew."""
        return list(_elements(question, words, hinted=True))

    def count(self) -> int:
        """Return how many are kept."""
        return len(self._kept)


def joined(elements: Sequence[Json]) -> Row:
    """Return *elements* as a row."""
    text = ",".join(map(encode, elements))
    return Row(text, size(text))


def _elements(question: Question, words: Words, *, hinted: bool) -> Iterator[Json]:
    asked = question.field
    several = len(question.inputs) > 1
    if several:
        yield from prose(words.text(asked.label), BOLD, spacing="Medium")
    for each in question.inputs:
        yield from draw_box(_box(question, each), words)
    if hinted:
        yield from draw_hint(asked.hint, words)
    if question.refused:
        yield from draw_refusal(question.refused, words)


def _box(question: Question, each: Input) -> Box:
    part = question.parts.get(each.part, ())
    values = (part,) if isinstance(part, str) else tuple(part)
    label = each.label or question.field.label
    return Box(name_of(question.field, each), label, each, tuple(filter(None, values)), question.last)


def name_of(asked: Field, each: Input) -> str:
    """Return the id of an input, by which its answer comes back."""
    return f"{asked.key}/{each.part}" if each.part else asked.key


def parts_of(asked: Field, answers: Answers) -> Parts:
    """Return what may stand in the inputs of *asked*: the answer given before, if it is no personal one."""
    value = answers.get(asked.key)
    if value is None or asked.personal or sealed(value):
        return {}
    raw = asked.raw(value)
    return {"": raw} if isinstance(raw, str) else raw


def drawable(inputs: Sequence[Input]) -> tuple[Input, ...]:
    """Return the *inputs* that a card can hold: a photo is sent as a message."""
    return tuple(each for each in inputs if each.control is not Control.PHOTO)
