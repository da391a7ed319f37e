"""What every kind of field has in common.

A kind knows how to read, check and show a value.  It is drawn as one or more inputs, each with one of few
controls; a channel draws controls and never kinds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Protocol, TypeAlias

from dialogs.events import Parts
from dialogs.reading.shortcuts import is_skip
from dialogs.words import Fact, Message, Words, say
from dialogs.world import World

Value: TypeAlias = Any
"""One accepted answer, as JSON can hold it: text, number, True, list, mapping; None where it was skipped."""

Answers: TypeAlias = Mapping[str, Value]
Raw: TypeAlias = "str | Parts"
"""An answer as given: typed words, or the named parts of a button, a page or a card."""

Cell: TypeAlias = "str | int | float | date | None"
"""What one cell of an export holds."""

SEALED = "sealed"
"""The mark of a personal answer whose value lies in the vault: ``{"sealed": True, **outline}``."""


class Control(Enum):
    """How an input is drawn: all that a channel's renderer has to know."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    TICK = "tick"
    DATE = "date"
    PHOTO = "photo"
    PLACE = "place"


class Invalid(Exception):
    """An answer that cannot be taken, with the sentence that says what to do instead.

    *part* names the input it is about ("" for the field as a whole).
    """

    def __init__(self, text: str | Message, part: str = "", **facts: Fact) -> None:
        super().__init__(text if isinstance(text, str) else text.text)
        self.message = text if isinstance(text, Message) else say(text, **facts)
        self.part = part


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from.

    *short* is the wording for narrow buttons (20 characters); *formerly* the keys it had in earlier editions.
    """

    key: str
    label: str
    _: KW_ONLY
    short: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input:
    """One thing to be drawn: a line, a list, a calendar.

    *least*, *most* and *initial* bound a calendar; *autocomplete* and *inputmode* are the HTML words.
    """

    part: str
    control: Control
    label: str
    _: KW_ONLY
    hint: str = ""
    example: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    least: date | None = None
    most: date | None = None
    initial: date | None = None
    longest: int = 0
    autocomplete: str = ""
    inputmode: str = ""
    required: bool = True


@dataclass(frozen=True)
class Given:
    """What an answer is read with: the world, the other answers, and the part of this one already given.

    *words* is the reader's language, in which labels may be typed; None where nobody types.
    """

    world: World
    answers: Answers = field(default_factory=dict)
    before: Value = None
    words: Words | None = None


class Condition(Protocol):
    """When a question is asked, judged by earlier answers.

    It is not called before every question of *keys* is answered, skipped, or known not to be asked.
    """

    @property
    def keys(self) -> frozenset[str]:
        """Return the questions it looks at."""
        ...

    def __call__(self, answers: Answers, /) -> bool:
        """Return whether *answers* meet it; a question that was not asked is not among them."""
        ...


@dataclass(frozen=True)
class Is:
    """The condition that the answer *key* is, or has among its choices, one of *values*."""

    key: str
    values: tuple[str, ...]

    def __init__(self, key: str, *values: str) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)

    @property
    def keys(self) -> frozenset[str]:
        """Return the one question it looks at."""
        return frozenset((self.key,))

    def __call__(self, answers: Answers) -> bool:
        """Return whether *answers* meet the condition."""
        answer = answers.get(self.key)
        if isinstance(answer, list):
            return any(value in answer for value in self.values)
        return answer in self.values


@dataclass(frozen=True)
class Column:
    """One column of an export.  *key* continues the field's key; "" is the field itself."""

    key: str
    label: str


@dataclass(frozen=True)
class Field(ABC):
    """One question of a form.  *key* is its identity for ever; the rest is wording and rules.

    *needs_free* says of a kind that it can only be asked by whoever knows what is free.

    A *reserved* answer is personal and shown only where those who act on it look, never on the page of its case or
    in an export.

    *question* is what a talk asks (the label where empty), *hint* stands under it, *help* answers "?".
    """

    key: str
    label: str
    _: KW_ONLY
    question: str = ""
    hint: str = ""
    help: str = ""
    example: str = ""
    when: Condition | None = None
    required: bool = True
    personal: bool = False
    reserved: bool = False
    formerly: tuple[str, ...] = ()

    # Whether even a tapped answer is read back: a day from a calendar is, the label of a button is not.
    echoes_taps: ClassVar[bool] = False
    needs_free: ClassVar[bool] = False

    @abstractmethod
    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return what is to be drawn, in order.  A talk asks the first part that is still missing."""

    @abstractmethod
    def read(self, raw: Raw, given: Given) -> Value:
        """Return the value of *raw*, complete or in part.

        Raises:
            Invalid: *raw* cannot be taken; the message says what to give instead.
        """

    def take(self, raw: Raw, given: Given) -> Value:
        """Return the value of *raw*, None where a question that may stay empty is skipped.

        Raises:
            Invalid: as :meth:`read`.
        """
        return None if not self.required and skipped(raw) else self.read(raw, given)

    def raw(self, value: Value) -> Raw:
        """Return *value* as it could be given again: ``read(raw(value)) == value``."""
        return {"": str(value)}

    def show(self, value: Value, words: Words) -> str:  # noqa: ARG002 -- other kinds need the language
        """Return *value* for a reader."""
        return str(value)

    def renewed(self, value: Value) -> Value:
        """Return *value*, given to an earlier edition, in the keys of this one."""
        return value

    def is_complete(self, value: Value) -> bool:  # noqa: ARG002 -- only fields of several parts look
        """Return whether nothing of *value* is missing."""
        return True

    def pending(self, given: Given) -> Input:
        """Return the input to be asked next in a talk, given what is there already."""
        return self.inputs(given)[0]

    def outline(self, value: Value) -> Mapping[str, Value]:  # noqa: ARG002
        """Return what may be known of a personal *value* outside the vault, such as the ward."""
        return {}

    def remark(self, value: Value, given: Given) -> Message | None:  # noqa: ARG002
        """Return what a person should know about an answer that was taken, such as a short lead time."""
        return None

    def advised(self, given: Given) -> Message | None:  # noqa: ARG002
        """Return what helps to answer, reckoned from the other answers; it is said before the question."""
        return None

    def columns(self) -> Sequence[Column]:
        """Return the export's columns for this field."""
        return (Column("", self.label),)

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:
        """Return the export's cells, as many as there are columns."""
        return (None if value is None else self.show(value, words),)


def only(raw: Raw) -> str:
    """Return the one text of *raw*: typed, or the part without a name."""
    return raw if isinstance(raw, str) else part_of(raw, "")


def part_of(parts: Parts, name: str) -> str:
    """Return the one text of the part *name*, "" where it was not given."""
    part = parts.get(name, "")
    return part if isinstance(part, str) else (part[0] if part else "")


def skipped(raw: Raw) -> bool:
    """Return whether *raw* gives no answer: a word such as なし was typed, or every part was left empty."""
    if isinstance(raw, str):
        return is_skip(raw)
    return not any(
        text.strip() for part in raw.values() for text in ([part] if isinstance(part, str) else part)
    )


def sealed(value: Value) -> bool:
    """Return whether *value* is the mark of an answer kept in the vault."""
    return isinstance(value, dict) and value.get(SEALED) is True
