"""Ranges of numbers and days, and the figures that describe a row of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles, stdev
from typing import TypeAlias

from bot.tabulation.questions import Option

MOST_RANGES = 12
"""Values that are each counted on their own; where there are more, ranges are counted."""

_DAY, _MONTH, _YEAR = 10, 7, 4
_STEPS = (1.0, 2.0, 5.0, 10.0)

Placed: TypeAlias = "tuple[tuple[Option, ...], Callable[[float], str]]"
"""Ranges, and the key of the one that a number lies in."""


@dataclass(frozen=True)
class Figures:
    """What describes a row of *count* numbers.  Quartiles as Excel's QUARTILE.INC reckons them; *spread* is s."""

    count: int
    mean: float
    median: float
    lower: float
    upper: float
    least: float
    most: float
    spread: float


def figures(numbers: Sequence[float]) -> Figures | None:
    """Return what describes *numbers*, None where there are none."""
    if not numbers:
        return None
    several = numbers if len(numbers) > 1 else [*numbers, *numbers]
    lower, median, upper = quantiles(several, n=4, method="inclusive")
    spread = stdev(several)
    return Figures(len(numbers), fmean(numbers), median, lower, upper, min(numbers), max(numbers), spread)


def ranges(numbers: Sequence[float]) -> Placed:
    """Return the ranges that *numbers* are counted in: each value where there are few, else steps of 1, 2 or 5."""
    values = sorted(set(numbers))
    if len(values) <= MOST_RANGES:
        return tuple(Option(plain(each), plain(each)) for each in values), plain
    step = _step(values[-1] - values[0])
    first, last = math.floor(values[0] / step), math.floor(values[-1] / step)
    whole = step >= 1 and all(each.is_integer() for each in values)

    def label(place: int) -> str:
        least = place * step
        # untranslated: a wave dash between two numbers is understood everywhere
        return f"{plain(least)}〜{plain(least + step - 1)}" if whole else f"{plain(least)}〜"

    options = tuple(Option(f"r{each}", label(each)) for each in range(first, last + 1))
    return options, lambda number: f"r{math.floor(number / step)}"


def _step(width: float) -> float:
    rough = width / (MOST_RANGES - 2)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(each * power for each in _STEPS if each * power >= rough)


def plain(number: float) -> str:
    """Return *number* without a point that says nothing."""
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.10g}"


def days(found: Sequence[str]) -> tuple[tuple[Option, ...], Callable[[str], str]]:
    """Return what days are counted in: each day where there are few, else months, else years."""
    fits = (each for each in (_DAY, _MONTH) if len({day[:each] for day in found}) <= MOST_RANGES)
    length = next(fits, _YEAR)
    values = sorted({each[:length] for each in found})
    return tuple(Option(each, each) for each in values), _cut(length)


def _cut(length: int) -> Callable[[str], str]:
    return lambda day: day[:length]
