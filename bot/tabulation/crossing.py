"""Cross tabulation: how the answers to one question differ by the answers to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from bot.tabulation.answers import Data
from bot.tabulation.counting import keyed, percent, sorting
from bot.tabulation.questions import AWAY, NOTHING, Kind, Option, Question

TOTAL = "@total"
"""The key of the row, or the column, of all."""

Place = tuple[str, str]
"""The key of a row and of a column."""


@dataclass(frozen=True)
class Cross:
    """How many gave each answer to *row* and to *column*.

    *rows* and *columns* are the options with 無回答 and 非該当 where they occur.  *counts* has every pair, and with
    TOTAL how many people there are in a row, in a column, in all; None where a number is withheld.
    """

    row: Question
    column: Question
    rows: tuple[Option, ...]
    columns: tuple[Option, ...]
    counts: Mapping[Place, int | None]
    withheld: bool = False

    def count(self, row: str, column: str) -> int | None:
        """Return how many there are, None where it is withheld."""
        return self.counts[row, column]

    def of_row(self, row: str, column: str) -> float | None:
        """Return the share (%) of those in *row* who are in *column* too."""
        return percent(self.counts[row, column], self.counts[row, TOTAL])

    def of_column(self, row: str, column: str) -> float | None:
        """Return the share (%) of those in *column* who are in *row* too."""
        return percent(self.counts[row, column], self.counts[TOTAL, column])

    def turned(self) -> Cross:
        """Return the same with rows for columns."""
        counts = {(column, row): count for (row, column), count in self.counts.items()}
        return replace(
            self, row=self.column, column=self.row, rows=self.columns, columns=self.rows, counts=counts
        )


def cross(data: Data, row: Question, column: Question) -> Cross:
    """Return the cross tabulation of *row* by *column*, every ballot in it."""
    down, over = sorting(data, row), sorting(data, column)
    found: Counter[Place] = Counter()
    together = Counter(zip(data.columns[row.key], data.columns[column.key], strict=True))
    for (left, right), number in together.items():
        lefts, rights = keyed(left, down), keyed(right, over)
        for place in (*product(lefts, rights), *product(lefts, (TOTAL,)), *product((TOTAL,), rights)):
            found[place] += number
    found[TOTAL, TOTAL] = data.size
    rows = _with_others(down.options, {place[0] for place in found})
    columns = _with_others(over.options, {place[1] for place in found})
    places = product((*_keys(rows), TOTAL), (*_keys(columns), TOTAL))
    return Cross(row, column, rows, columns, {place: found[place] for place in places})


def _with_others(options: Sequence[Option], found: set[str]) -> tuple[Option, ...]:
    return (*options, *(Option(key, "") for key in (NOTHING, AWAY) if key in found))


def _keys(options: Sequence[Option]) -> tuple[str, ...]:
    return tuple(each.key for each in options)


def adds_up(question: Question) -> bool:
    """Return whether everybody is on one line of *question* only, so that its lines add up to all."""
    return question.kind is not Kind.MANY
