"""The answers of a survey as columns: one for each question, all of the same length, in an order that says nothing.

A cell holds the key of an option (ONE), a tuple of keys (MANY), a number, a day as text, a text; ``None`` where
the question was left open, ``AWAY`` where it was not put.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice
from typing import Any, Protocol, TypeAlias

from bot.tabulation.questions import AWAY, Kind, Option, Question, by_key
from dialogs.fields import Answers

Cell: TypeAlias = Any
Column: TypeAlias = "Sequence[Cell]"

_BATCH = 1000

FACTS = ("@channel", "@kind", "@paper")
"""What is known of a ballot beside its answers: how it came, from what kind of person, whether on paper."""


class Ballot(Protocol):
    """What tabulation reads of a ballot."""

    @property
    def answers(self) -> Answers: ...

    @property
    def channel(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def paper(self) -> bool: ...


@dataclass(frozen=True)
class Data:
    """All answers.  *columns* has one for each of *questions*, which end with those of ``FACTS``."""

    questions: tuple[Question, ...]
    columns: Mapping[str, Column]
    size: int

    def question(self, key: str) -> Question | None:
        """Return the question *key*, None where there is none."""
        return by_key(self.questions, key)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Return the questions of the survey itself."""
        return tuple(each for each in self.questions if each.key not in FACTS)

    @property
    def facts(self) -> tuple[Question, ...]:
        """Return what is known of every ballot beside its answers."""
        return tuple(each for each in self.questions if each.key in FACTS)


@dataclass(frozen=True)
class Filter:
    """Only the ballots on which *question* was answered with *option*."""

    question: str
    option: str


def read(questions: Iterable[Question], facts: Mapping[str, str], ballots: Iterable[Ballot]) -> Data:
    """Return the columns of *ballots*, read once; *facts* are the wordings of ``FACTS`` and of what they hold."""
    asked = tuple(questions)
    columns: dict[str, list[Cell]] = {each.key: [] for each in asked} | {key: [] for key in FACTS}
    same: dict[Cell, Cell] = {}
    source = iter(ballots)
    while batch := list(islice(source, _BATCH)):
        sheets = [each.answers for each in batch]
        for question in asked:
            cells = _cells(question, sheets)
            # Thousands give one of few answers: each is held once.
            columns[question.key] += (
                [same.setdefault(each, each) for each in cells] if question.is_chosen else cells
            )
        columns["@channel"] += [each.channel or None for each in batch]
        columns["@kind"] += [each.kind or None for each in batch]
        columns["@paper"] += ["yes" if each.paper else "no" for each in batch]
    return _held(asked, columns, facts)


def _cells(question: Question, sheets: Sequence[Answers]) -> list[Cell]:
    """Return what *sheets* say to *question*; an amount of 0 is an answer, an empty text is none."""
    key, taken, when = question.key, _READERS[question.kind], question.asked
    given = [each.get(key) for each in sheets]
    if when is None:
        return [taken(each) if each or each == 0 else None for each in given]
    return [
        taken(each) if each or each == 0 else None if when(answers) else AWAY
        for each, answers in zip(given, sheets, strict=True)
    ]


def _held(asked: Sequence[Question], columns: Mapping[str, Sequence[Cell]], facts: Mapping[str, str]) -> Data:
    known = [_completed(each, columns[each.key]) for each in asked]
    told = [
        Question(
            key, facts.get(key, key), Kind.ONE, tuple(Option(each, facts.get(each, each)) for each in seen)
        )
        for key in FACTS
        if (seen := sorted({each for each in columns[key] if each is not None}))
    ]
    kept = {each.key: columns[each.key] for each in (*known, *told)}
    return Data((*known, *told), kept, len(columns[FACTS[0]]))


def _completed(question: Question, column: Column) -> Question:
    """Return *question* with an option for each key that only an earlier edition had, so that none is lost."""
    if not question.is_chosen:
        return question
    known = {each.key for each in question.options}
    extra = tuple(Option(key, key) for key in sorted(_keys(question, column) - known))
    return replace(question, options=(*question.options, *extra)) if extra else question


def _keys(question: Question, column: Column) -> set[str]:
    cells = {each for each in column if each is not None and each != AWAY}
    return {key for each in cells for key in each} if question.kind is Kind.MANY else cells


def _number(value: Any) -> float:
    return float(value)


def _several(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def _day(value: Any) -> str:
    return str(value)[:10]


_READERS: Mapping[Kind, Callable[[Any], Cell]] = {
    Kind.ONE: str,
    Kind.MANY: _several,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.TEXT: str,
}


def selected(data: Data, filters: Sequence[Filter]) -> Data:
    """Return *data* with only the ballots that meet all of *filters*.

    Raises:
        KeyError: A filter names a question that there is not.
    """
    if not filters:
        return data
    wanted = [all(met) for met in zip(*(_met(data, each) for each in filters), strict=True)]
    columns = {key: list(compress(column, wanted)) for key, column in data.columns.items()}
    return replace(data, columns=columns, size=sum(wanted))


def _met(data: Data, wanted: Filter) -> Iterator[bool]:
    question = data.question(wanted.question)
    if question is None:
        raise KeyError(wanted.question)
    column = data.columns[question.key]
    if question.kind is Kind.MANY:
        return (type(each) is tuple and wanted.option in each for each in column)
    return (each == wanted.option for each in column)


def texts(data: Data, question: Question) -> list[str]:
    """Return what was written to *question*, in the order of the alphabet: the order of coming is nobody's business."""
    return sorted(each for each in data.columns[question.key] if each is not None and each != AWAY)
