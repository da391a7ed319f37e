"""The simple tabulation (GT): how many gave each answer, and what share of those who were asked they are.

n is everybody who was asked, 無回答 included, as Japanese survey reports count; answers to a question with several
choices do not add up to n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.tabulation.answers import Cell, Data
from bot.tabulation.figures import Figures, days, figures, ranges
from bot.tabulation.questions import AWAY, NOTHING, Kind, Option, Question
from bot.tabulation.weighting import Weights

WRITTEN = "@written"
"""The key of the line of those who wrote something."""


@dataclass(frozen=True)
class Line:
    """One row: *count*, its share (%) of those asked and of those who answered, the weighted share of those asked.

    None where a figure is withheld, or where there is nothing to divide by.
    """

    key: str
    label: str
    count: int | None
    share: float | None
    valid: float | None = None
    weighted: float | None = None


@dataclass(frozen=True)
class Tally:
    """What *question* was answered: *asked* = *answered* + the count of *nothing*.

    *away* are those to whom it was not put.  *figures* describes numbers; *withheld* is whether any figure is.
    """

    question: Question
    asked: int | None
    answered: int | None
    away: int | None
    lines: tuple[Line, ...]
    nothing: Line
    figures: Figures | None = None
    withheld: bool = False

    @property
    def rows(self) -> tuple[Line, ...]:
        """Return all rows, 無回答 last."""
        return (*self.lines, self.nothing)


def percent(part: float | None, whole: float | None) -> float | None:
    """Return *part* of *whole* in per cent, to one decimal; None where it cannot be said."""
    return None if part is None or not whole else round(100 * part / whole, 1)


@dataclass(frozen=True)
class Sorting:
    """How the cells of a column are put into lines: *options* in order, *keys* of a cell (several for MANY)."""

    options: tuple[Option, ...]
    keys: Callable[[Cell], Sequence[str]]


def sorting(data: Data, question: Question) -> Sorting:
    """Return how the answers to *question* are put into lines; the lines of NOTHING and AWAY are no options."""
    given: Any = [each for each in set(data.columns[question.key]) if each is not None and each != AWAY]
    match question.kind:
        case Kind.ONE:
            return Sorting(question.options, lambda cell: (cell,))
        case Kind.MANY:
            return Sorting(question.options, lambda cell: cell)
        case Kind.TEXT:
            return Sorting((Option(WRITTEN, ""),), lambda _cell: (WRITTEN,))
        case Kind.NUMBER:
            options, key = ranges(given)
            return Sorting(options, lambda cell: (key(cell),))
        case Kind.DAY:
            steps, cut = days(given)
            return Sorting(steps, lambda cell: (cut(cell),))


def keyed(cell: Cell, how: Sorting) -> Sequence[str]:
    """Return the lines that *cell* is counted in."""
    if cell is None:
        return (NOTHING,)
    return (AWAY,) if cell == AWAY else how.keys(cell)


def tally(data: Data, question: Question, weights: Weights | None = None) -> Tally:
    """Return the simple tabulation of *question*, its weighted shares too where there are *weights*."""
    column, how = data.columns[question.key], sorting(data, question)
    counts = _by_line(Counter(column).items(), how)
    shares = _by_line(_weighed(column, weights), how) if weights else {}
    away = counts.get(AWAY, 0)
    asked, answered = data.size - away, data.size - away - counts.get(NOTHING, 0)
    weight = (weights.total - shares.get(AWAY, 0.0)) if weights else 0.0

    def line(key: str, label: str) -> Line:
        count = int(counts.get(key, 0))
        valid = percent(count, answered) if key != NOTHING else None
        heavy = percent(shares.get(key, 0.0), weight) if weights else None
        return Line(key, label, count, percent(count, asked), valid, heavy)

    return Tally(
        question,
        int(asked),
        int(answered),
        int(away),
        tuple(line(each.key, each.label) for each in how.options),
        line(NOTHING, ""),
        _described(data, question),
    )


def _described(data: Data, question: Question) -> Figures | None:
    if question.kind is not Kind.NUMBER:
        return None
    return figures([each for each in data.columns[question.key] if each is not None and each != AWAY])


def _weighed(column: Sequence[Cell], weights: Weights) -> Iterable[tuple[Cell, float]]:
    together = Counter(zip(column, weights.groups, strict=True))
    return ((cell, count * weights.of[group]) for (cell, group), count in together.items())


def _by_line(cells: Iterable[tuple[Cell, float]], how: Sorting) -> dict[str, float]:
    found: dict[str, float] = {}
    for cell, number in cells:
        for key in keyed(cell, how):
            found[key] = found.get(key, 0) + number
    return found
