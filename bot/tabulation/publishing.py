"""What may be published of a table: nothing about fewer than five people, and nothing that leads to them.

A number of nobody stays, unless the line that it stands in is about fewer than five people altogether: then all of
that line is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.tabulation.counting import Line, Tally
from bot.tabulation.crossing import TOTAL, Cross, Place, adds_up
from bot.tabulation.figures import Figures
from bot.tabulation.hiding import SMALL, Cell, Sum, hidden, is_small
from bot.tabulation.questions import AWAY, NOTHING, Kind, Question

ANSWERED, ASKED = "@answered", "@asked"

_WORDED_BY_ANSWERS = (Kind.NUMBER, Kind.DAY)

ENOUGH_FOR_QUARTILES = 20
"""Quartiles of fewer are answers of single people."""


def publishable(whole: Tally) -> Tally:
    """Return *whole* without what may not be published."""
    dark = _hidden_lines(whole)
    if dark is None:
        return _nothing_of(whole)
    base = ANSWERED in dark

    def shown(line: Line) -> Line:
        if line.key in dark:
            return replace(line, count=None, share=None, valid=None, weighted=None)
        return replace(line, valid=None) if base else line

    return replace(
        whole,
        answered=None if base else whole.answered,
        away=whole.away if AWAY not in dark else None,
        lines=tuple(line for line in map(shown, whole.lines) if _may_be_named(whole.question, line.count)),
        nothing=shown(whole.nothing),
        figures=None if base else _told(whole.figures),
        withheld=bool(dark),
    )


def _hidden_lines(whole: Tally) -> frozenset[Cell] | None:
    """Return the lines of *whole* to be hidden, with the bases that would give them away; None for all of it."""
    asked, answered, away = whole.asked or 0, whole.answered or 0, whole.away or 0
    if is_small(asked) or is_small(away):
        return None  # who was asked follows from another answer: its small numbers would be told here
    values: dict[Cell, int] = {line.key: line.count or 0 for line in whole.rows}
    values |= {ANSWERED: answered, ASKED: asked}
    sums = [Sum((ANSWERED, NOTHING), ASKED, across=True)]
    if adds_up(whole.question):
        sums.append(Sum(tuple(line.key for line in whole.lines), ANSWERED, across=True))
    dark = hidden(values, sums, kept=(ASKED,))
    if dark is None or ANSWERED not in dark or answered >= SMALL:
        return dark
    return frozenset(values) - {ASKED} if answered else dark


def _nothing_of(whole: Tally) -> Tally:
    named = (each for each in whole.lines if _may_be_named(whole.question, None))
    lines = tuple(Line(each.key, each.label, None, None) for each in named)
    nothing = Line(NOTHING, whole.nothing.label, None, None)
    return Tally(whole.question, None, None, None, lines, nothing, withheld=True)


def _told(figures: Figures | None) -> Figures | None:
    """Return *figures* where enough people stand behind them; the least and the greatest answer are one person's."""
    if figures is None or figures.count < ENOUGH_FOR_QUARTILES:
        return None
    unknown = float("nan")
    return replace(
        figures, mean=round(figures.mean, 1), least=unknown, most=unknown, spread=round(figures.spread, 1)
    )


def publishable_cross(whole: Cross, rows: Tally, columns: Tally) -> Cross:
    """Return *whole* without what may not be published beside the published tallies of its *rows* and *columns*."""
    values: Mapping[Cell, int] = {place: count or 0 for place, count in whole.counts.items()}
    totals = {
        **{(key, TOTAL): shown for key, shown in _shown(rows).items() if (key, TOTAL) in values},
        **{(TOTAL, key): shown for key, shown in _shown(columns).items() if (TOTAL, key) in values},
        (TOTAL, TOTAL): True,
    }
    given = {place for place, shown in totals.items() if not shown}
    given |= {place for place in whole.counts if _line_is_small(whole, place)}
    dark = hidden(values, _sums(whole), given, kept=[place for place, shown in totals.items() if shown])
    if dark is None or is_small(values[TOTAL, TOTAL]):
        tiny = is_small(values[TOTAL, TOTAL])
        dark = frozenset(place for place in whole.counts if tiny or not totals.get(place, False))
    counts = {place: None if place in dark else count for place, count in whole.counts.items()}
    return _named(replace(whole, counts=counts, withheld=bool(dark)))


def _shown(tally: Tally) -> Mapping[str, bool]:
    lines = {line.key: line.count is not None for line in tally.rows}
    return lines | {AWAY: tally.away is not None}


def _line_is_small(whole: Cross, place: Place) -> bool:
    """Return whether *place* lies in a row or a column of fewer than five people altogether."""
    row, column = place
    ends = (whole.counts[row, TOTAL] or 0, whole.counts[TOTAL, column] or 0)
    return TOTAL not in place and any(map(is_small, ends))


def _sums(whole: Cross) -> list[Sum]:
    rows, columns = [each.key for each in whole.rows], [each.key for each in whole.columns]
    sums = []
    if adds_up(whole.column):
        sums += [Sum(tuple((row, each) for each in columns), (row, TOTAL)) for row in rows]
        sums.append(Sum(tuple((TOTAL, each) for each in columns), (TOTAL, TOTAL), across=True))
    if adds_up(whole.row):
        sums += [
            Sum(tuple((each, column) for each in rows), (TOTAL, column), across=True) for column in columns
        ]
        sums.append(Sum(tuple((each, TOTAL) for each in rows), (TOTAL, TOTAL)))
    return sums


def _named(cross: Cross) -> Cross:
    """Return *cross* without the ranges of numbers and days that only few gave: their wording is an answer."""
    rows = tuple(each for each in cross.rows if _may_be_named(cross.row, cross.counts[each.key, TOTAL]))
    columns = tuple(
        each for each in cross.columns if _may_be_named(cross.column, cross.counts[TOTAL, each.key])
    )
    return replace(cross, rows=rows, columns=columns)


def _may_be_named(question: Question, count: int | None) -> bool:
    return count is not None or question.kind not in _WORDED_BY_ANSWERS
