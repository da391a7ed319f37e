"""Anybody does anything, in any order, while things fail: the laws of tests/machine/laws.py hold behind each step.

Thirty thousand steps here; ``python -m tests.machine.night`` takes a million and more, differently each time.
"""

import random

import pytest

from tests.machine import rules, town, walk
from tests.machine.walk import Failure

STEPS = 30_000
RUNS = 6


@pytest.mark.parametrize("seed", range(1, RUNS + 1))
def test_whatever_happens_every_law_holds(seed: int) -> None:
    with town.standing() as there:
        found = walk.run(there, seed, STEPS // RUNS)
        assert found is None, walk.transcript(walk.shortened(there, found))


def test_a_run_can_be_repeated_by_its_seed() -> None:
    assert walk.steps_of(7, 3) == walk.steps_of(7, 3)
    assert walk.steps_of(7, 3) != walk.steps_of(8, 3)


def test_every_rule_comes_up() -> None:
    drawn = rules.drawn(random.Random(1), 5000)

    assert {step.rule for step in drawn} == {*rules.RULES}


def test_a_failure_says_how_to_have_it_again() -> None:
    found = Failure("a law", "a law: what broke it", 3, tuple(walk.steps_of(7, 3)[:2]), 752, 7)

    assert "python -m tests.machine.night --seed 7 --walk 3" in walk.transcript(found)
