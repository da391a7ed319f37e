"""Weighting to the population by raking, and how far the results can be trusted.

Raking (iterative proportional fitting): W. E. Deming, F. F. Stephan, "On a Least Squares Adjustment of a Sampled
Frequency Table When the Expected Marginal Totals are Known", Annals of Mathematical Statistics 11 (1940).  Design
effect of weights: L. Kish, Survey Sampling (1965), section 11.7.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

Z = 1.959963984540054
"""The normal quantile of a confidence level of 95 %."""

CLOSE = 1e-9
MOST_ROUNDS = 1000

Group: TypeAlias = "tuple[object, ...]"
"""What one ballot says to each margin; None where it does not say it."""


@dataclass(frozen=True)
class Margin:
    """How many people of the population gave each answer to *questions* together: by age, by sex, by age and sex."""

    questions: tuple[str, ...]
    people: Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Weights:
    """A weight for each group of ballots that the margins do not tell apart; together they weigh *total* = n.

    *groups* has the number of the group of each ballot, *of* the weight of each group.  *empty* are the parts of
    the population from which nobody answered, by margin; *settled* is whether every other part is met.
    """

    groups: Sequence[int]
    of: Sequence[float]
    total: float
    empty: tuple[tuple[int, tuple[str, ...]], ...]
    settled: bool

    @property
    def design_effect(self) -> float:
        """Return Kish's n Σw² / (Σw)²: how many times wider the variance is than without weights."""
        counts = Counter(self.groups)
        n = len(self.groups)
        squares = sum(count * self.of[group] ** 2 for group, count in counts.items())
        return n * squares / self.total**2 if self.total else 1.0

    @property
    def effective(self) -> float:
        """Return the effective n: n by the design effect."""
        return len(self.groups) / self.design_effect

    @property
    def extremes(self) -> tuple[float, float]:
        """Return the least and the greatest weight, 1 being the weight of everybody without weighting."""
        return (min(self.of), max(self.of)) if self.of else (1.0, 1.0)

    def among(self, groups: Sequence[int]) -> Weights:
        """Return the weights of some of the ballots alone, each as it was: those in *groups*."""
        total = sum(count * self.of[group] for group, count in Counter(groups).items())
        return replace(self, groups=groups, total=total)


def rake(rows: Sequence[Group], margins: Sequence[Margin]) -> Weights:
    """Return weights with which *rows* (for each ballot, what it says to each margin) meet all *margins*.

    A ballot that leaves a margin open takes no part in it; its weight follows from the other margins.
    """
    numbers: dict[Group, int] = {}
    groups = [numbers.setdefault(row, len(numbers)) for row in rows]
    counts = Counter(groups)
    size = [counts[number] for number in range(len(numbers))]
    of = [1.0] * len(numbers)
    members = [_members(list(numbers), place) for place in range(len(margins))]
    shares = [_shares(margin, found) for margin, found in zip(margins, members, strict=True)]
    settled = False
    for _round in range(MOST_ROUNDS):
        moved = max(
            (_fit(of, size, found, share) for found, share in zip(members, shares, strict=True)), default=0
        )
        if settled := moved < CLOSE:
            break
    scale = len(rows) / total if (total := sum(w * n for w, n in zip(of, size, strict=True))) else 1.0
    empty = tuple(
        (place, key)
        for place, margin in enumerate(margins)
        for key, people in margin.people.items()
        if people > 0 and key not in members[place]
    )
    return Weights(groups, [each * scale for each in of], float(len(rows)), empty, settled)


def _members(groups: Sequence[Group], place: int) -> Mapping[object, Sequence[int]]:
    found: dict[object, list[int]] = {}
    for number, group in enumerate(groups):
        if group[place] is not None:
            found.setdefault(group[place], []).append(number)
    return found


def _shares(margin: Margin, members: Mapping[object, Sequence[int]]) -> Mapping[object, float]:
    """Return the share of the population of each part from which somebody answered."""
    people = {key: number for key, number in margin.people.items() if key in members}
    whole = sum(people.values())
    return {key: number / whole for key, number in people.items()} if whole else {}


def _fit(
    of: list[float],
    size: Sequence[int],
    members: Mapping[object, Sequence[int]],
    shares: Mapping[object, float],
) -> float:
    """Let the weights *of* meet one margin; return how far they moved at most, as a share."""
    now = {key: sum(of[each] * size[each] for each in members[key]) for key in shares}
    whole, moved = sum(now.values()), 0.0
    for key, share in shares.items():
        factor = whole * share / now[key] if now[key] else 1.0
        moved = max(moved, abs(factor - 1))
        for each in members[key]:
            of[each] *= factor
    return moved


def margin_of_error(effective: float, n: int, population: float | None, share: float = 0.5) -> float | None:
    """Return the margin of error (±, in percentage points) at 95 % of a *share* found among *n*.

    *effective* is n without weights.  The finite population correction √((N-n)/(N-1)) is made where *population*
    N is known; None where nobody answered.
    """
    if effective <= 0:
        return None
    finite = math.sqrt(max(0.0, population - n) / (population - 1)) if population and population > 1 else 1.0
    return 100 * Z * math.sqrt(share * (1 - share) / effective) * finite


def needed(population: float | None, error: float = 5.0) -> int:
    """Return how many answers make a margin of error of *error* points at 95 %: 385 in a big city for ±5 points."""
    endless = Z**2 * 0.25 / (error / 100) ** 2
    return math.ceil(endless / (1 + (endless - 1) / population) if population else endless)
