"""Weighting equals a published example to four digits, and says what it could not do.

The example: D. Friedlander, "A Technique for Estimating a Contingency Table, Given the Marginal Totals and Some
Supplementary Data", Journal of the Royal Statistical Society A 124 (1961), as in Y. M. M. Bishop, S. E. Fienberg,
P. W. Holland, Discrete Multivariate Analysis (1975), page 98; the fitted table as Stata's ``mstdize`` prints it
(N. J. Cox, Statalist, April 2004) and SAS/IML in example 9.14 of its User's Guide.
"""

from __future__ import annotations

import pytest

from bot.tabulation.counting import tally
from bot.tabulation.weighting import Margin, margin_of_error, needed, rake
from tests.bot.tabulation.ballots import AGE, crossed

SAMPLE = (
    (1306, 83, 0),
    (619, 765, 3),
    (263, 1194, 9),
    (173, 1372, 28),
    (171, 1393, 51),
    (159, 1372, 81),
    (208, 1350, 108),
    (1116, 4100, 2329),
)
BY_AGE = (1412, 1402, 1450, 1541, 1681, 1532, 1662, 7644)
BY_STATUS = (3988, 11702, 2634)
FITTED = (
    (1325.27, 86.73, 0.00),
    (615.56, 783.39, 3.05),
    (253.94, 1187.18, 8.88),
    (165.13, 1348.55, 27.32),
    (173.41, 1454.71, 52.87),
    (147.21, 1308.12, 76.67),
    (202.33, 1352.28, 107.40),
    (1105.16, 4181.04, 2357.81),
)


def margin(question: str, people: dict[str, float]) -> Margin:
    return Margin((question,), {(key,): number for key, number in people.items()})


def rows(ages: list[str | None], sexes: list[str | None]) -> list[tuple[object, ...]]:
    return [(age and (age,), sex and (sex,)) for age, sex in zip(ages, sexes, strict=True)]  # None stays None


def test_raking_equals_the_published_table_to_four_digits() -> None:
    ballots = [
        ((str(age),), (str(status),))
        for age, line in enumerate(SAMPLE)
        for status, count in enumerate(line)
        for _ in range(count)
    ]
    margins = [
        margin("age", {str(key): people for key, people in enumerate(BY_AGE)}),
        margin("status", {str(key): people for key, people in enumerate(BY_STATUS)}),
    ]

    weights = rake(ballots, margins)

    assert weights.settled
    people: dict[object, float] = {}
    for ballot, group in zip(ballots, weights.groups, strict=True):
        people[ballot] = people.get(ballot, 0) + weights.of[group] * sum(BY_AGE) / len(ballots)
    for age, line in enumerate(FITTED):
        for status, expected in enumerate(line):
            found = people.get(((str(age),), (str(status),)), 0.0)
            assert found == pytest.approx(expected, abs=0.005), (age, status)


def test_equal_weights_cost_nothing_and_unequal_ones_cost_answers() -> None:
    even = rake([(("a",),), (("b",),)], [margin("q", {"a": 50, "b": 50})])
    uneven = rake([(("a",),)] * 3 + [(("b",),)], [margin("q", {"a": 50, "b": 50})])

    assert even.design_effect == pytest.approx(1)
    assert uneven.of == pytest.approx([2 / 3, 2])
    # Kish: 4 x (3 x (2/3)^2 + 2^2) / 4^2
    assert uneven.design_effect == pytest.approx(4 / 3)
    assert uneven.effective == pytest.approx(3)
    assert uneven.extremes == pytest.approx((2 / 3, 2))


def test_who_leaves_a_margin_open_is_weighted_by_the_others() -> None:
    found = rake(
        rows(["a", "a", "b", None], ["f", "m", "m", "f"]),
        [margin("age", {"a": 1, "b": 1}), margin("sex", {"f": 1, "m": 1})],
    )

    assert found.settled
    assert sum(found.of[group] for group in found.groups) == pytest.approx(4)


def test_a_part_of_the_population_without_an_answer_is_named() -> None:
    found = rake([(("a",),)], [margin("age", {"a": 1, "b": 1, "c": 0})])

    assert found.empty == ((0, ("b",)),)
    assert rake([], [margin("age", {"a": 1})]).effective == 0


def test_margins_that_contradict_each_other_are_not_called_met() -> None:
    # Everybody young is a woman and the other way about, so half and half cannot be a third.
    found = rake(
        rows(["a", "b"], ["f", "m"]), [margin("age", {"a": 1, "b": 1}), margin("sex", {"f": 1, "m": 2})]
    )

    assert not found.settled


def test_weighted_shares_stand_beside_the_counts() -> None:
    answers = crossed({("young", "f"): 3, ("old", "m"): 1})
    weights = rake(
        [(each,) for each in zip(answers.columns["sex"], strict=True)], [margin("sex", {"f": 1, "m": 1})]
    )

    done = tally(answers, AGE, weights)

    assert [(line.share, line.weighted) for line in done.lines] == [(75.0, 50.0), (25.0, 50.0)]


def test_the_margin_of_error_knows_how_many_people_there_are() -> None:
    assert margin_of_error(385, 385, None) == pytest.approx(4.9945, abs=1e-4)
    # sqrt((1000 - 385) / 999) of it
    assert margin_of_error(385, 385, 1000) == pytest.approx(4.9945 * 0.78461, abs=1e-4)
    assert margin_of_error(0, 0, 1000) is None
    assert margin_of_error(100, 100, 100) == 0


def test_385_answers_are_needed_in_a_big_city_and_fewer_in_a_small_one() -> None:
    assert [needed(None), needed(1_960_000), needed(1000)] == [385, 385, 278]
