"""The population that a survey is weighted to, and how far the answers are from being a picture of it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.tabulation.answers import Data
from bot.tabulation.questions import AWAY, Kind, Question, by_key
from bot.tabulation.weighting import Group, Margin, Weights, needed, rake
from dialogs.words import Message, _, say

ERROR = 5.0
"""The margin of error (± percentage points, at 95 %) that a survey is to reach."""


@dataclass(frozen=True)
class Targets:
    """The margins to weight to, each a count of people by the answers to one or several questions."""

    margins: tuple[Margin, ...] = ()

    @property
    def people(self) -> float | None:
        """Return how many people there are in the population, None where nobody said."""
        return sum(self.margins[0].people.values()) if self.margins else None


@dataclass(frozen=True)
class Fault:
    """What is wrong in which *line* (from 1) of a table of people."""

    line: int
    message: Message


@dataclass(frozen=True)
class Progress:
    """One part of the population: its *labels*, how many *people* it has, how many answers there are and should be."""

    labels: tuple[str, ...]
    people: float
    have: int
    wanted: int

    @property
    def share(self) -> int:
        """Return how much of what is wanted is there (%), 100 at most."""
        return min(100, round(100 * self.have / self.wanted)) if self.wanted else 100


def to_json(targets: Targets) -> Mapping[str, Any]:
    """Return *targets* as they are stored."""
    return {
        "margins": [
            {"questions": list(each.questions), "people": [[list(key), n] for key, n in each.people.items()]}
            for each in targets.margins
        ]
    }


def from_json(held: Mapping[str, Any]) -> Targets:
    """Return the targets that were stored."""
    return Targets(
        tuple(
            Margin(tuple(each["questions"]), {tuple(key): number for key, number in each["people"]})
            for each in held.get("margins", ())
        )
    )


def weights_of(data: Data, targets: Targets) -> Weights | None:
    """Return the weights of the ballots of *data*, None where there are no targets that fit its questions."""
    fit = [each for each in targets.margins if all(key in data.columns for key in each.questions)]
    if not fit:
        return None
    said = [
        [_said(cells) for cells in zip(*(data.columns[key] for key in each.questions), strict=True)]
        for each in fit
    ]
    return rake(list(zip(*said, strict=True)), fit)


def _said(cells: Group) -> Group | None:
    return None if any(each is None or each == AWAY for each in cells) else cells


def progress(data: Data, targets: Targets) -> Sequence[Sequence[Progress]]:
    """Return for each margin how many answers there are in each part, beside as many as would be its share."""
    total = needed(targets.people, ERROR)
    return [_parts(data, each, total) for each in targets.margins if set(each.questions) <= set(data.columns)]


def _parts(data: Data, margin: Margin, total: int) -> Sequence[Progress]:
    have: dict[object, int] = {}
    for cells in zip(*(data.columns[key] for key in margin.questions), strict=True):
        have[cells] = have.get(cells, 0) + 1
    whole = sum(margin.people.values())
    return [
        Progress(labels(data, margin.questions, key), people, have.get(key, 0), round(total * people / whole))
        for key, people in margin.people.items()
    ]


def labels(data: Data, questions: Sequence[str], key: Sequence[str]) -> tuple[str, ...]:
    """Return the wording of what *key* answers to *questions*."""
    return tuple(_label(data.question(question), each) for question, each in zip(questions, key, strict=True))


def _label(question: Question | None, key: str) -> str:
    options = question.options if question else ()
    return next((each.label for each in options if each.key == key), key)


def read(text: str, questions: Sequence[Question]) -> tuple[Targets, tuple[Fault, ...]]:
    """Return the targets that the CSV *text* says, and what is wrong with it.

    A table begins with a line of questions and a last column for the number of people; an empty line ends it.
    Questions and answers are named by their wording or their key.
    """
    reader = _Reader(questions)
    for line, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        reader.take(line, [each.strip() for each in row])
    reader.end()
    margins = tuple(Margin(keys, people) for keys, people in reader.found if people)
    if not margins and not reader.faults:
        reader.fault(1, _("人口の表がありません。1行目に質問、2行目から選択肢と人数を書いてください。"))
    return Targets(margins), tuple(reader.faults)


@dataclass
class _Reader:
    questions: Sequence[Question]
    found: list[tuple[tuple[str, ...], dict[tuple[str, ...], float]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _asked: tuple[Question, ...] | None = None

    def fault(self, line: int, text: str, **facts: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(line, say(text, **facts)))

    def take(self, line: int, row: list[str]) -> None:
        """Take one line of the file."""
        if not any(row):
            self.end()
        elif self._asked is None:
            self._begin(line, row)
        elif self._asked:
            self._people(line, row, self._asked)

    def end(self) -> None:
        """End the table."""
        self._asked = None

    def _begin(self, line: int, row: list[str]) -> None:
        self._asked = ()
        asked = [self._question(line, name) for name in row[:-1]]
        if len(row) <= 1:
            self.fault(line, _("列が足りません。質問の列と、人数の列が必要です。"))
        elif all(asked):
            self._asked = tuple(each for each in asked if each)
            self.found.append((tuple(each.key for each in self._asked), {}))

    def _question(self, line: int, name: str) -> Question | None:
        named = by_key(self.questions, name) or next(
            (each for each in self.questions if name in {each.label, each.title}), None
        )
        if named is None or named.kind is not Kind.ONE:
            self.fault(line, _("「{name}」は、1つだけ選ぶ質問の名前ではありません。"), name=name)
            return None
        return named

    def _people(self, line: int, row: list[str], asked: Sequence[Question]) -> None:
        if len(row) != len(asked) + 1:
            self.fault(line, _("列の数が、表の1行目と違います。"))
            return
        keys = tuple(self._option(line, each, name) for each, name in zip(asked, row, strict=False))
        people_here = number(row[-1])
        if people_here is None:
            self.fault(line, _("「{number}」は人数ではありません。例：12345"), number=row[-1])
        elif all(keys):
            people = self.found[-1][1]
            people[keys] = people.get(keys, 0) + people_here

    def _option(self, line: int, question: Question, name: str) -> str:
        for each in question.options:
            if name in {each.key, each.label}:
                return each.key
        self.fault(
            line, _("「{name}」は「{question}」の選択肢にありません。"), name=name, question=question.label
        )
        return ""


def number(text: str) -> float | None:
    """Return the number of people that *text* says, None where it says none."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return float(plain) if plain.isdecimal() else None


def written(targets: Targets, data: Data) -> str:
    """Return *targets* as the CSV that :func:`read` reads."""
    return "\n".join("".join(_written(each, data)) for each in targets.margins)


def _written(margin: Margin, data: Data) -> Iterator[str]:
    buffer = io.StringIO()
    file = csv.writer(buffer, lineterminator="\n")
    file.writerow([*margin.questions, "people"])
    for key, number in margin.people.items():
        file.writerow([*labels(data, margin.questions, key), round(number)])
    yield buffer.getvalue()
