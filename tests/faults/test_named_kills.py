"""The program is ended at every named point, begun again, and the ledgers compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.house import House
from tests.faults.points import POINTS

APART = ("remind.", "purge.", "export.", "migrate.")
"""Points that usual traffic does not pass; they have tests of their own."""

FAILED = ("keep.", "retry.")
"""Points that only an event passes whose turn fails."""

USUAL = [each for each in POINTS if not each.startswith(APART)]

ROUNDS = 40
"""Rounds of traffic in which every point is passed more than once."""


@pytest.mark.parametrize("point", USUAL)
def test_nothing_is_lost_doubled_or_crossed_when_the_program_dies(street: House, point: str) -> None:
    passing = 1 + street.chance.randrange(2 if point.startswith(("file.", "page.", "door.", *FAILED)) else 9)

    died = street.die_at(point, passing, ROUNDS, _provoking(street) if point.startswith(FAILED) else None)
    street.begin_again()
    street.settle()

    assert died, f"{point} was not passed {passing} times in {ROUNDS} rounds"
    verdict = street.news()
    assert verdict.clean, f"killed at {point}, passing {passing}: {verdict}"


def _provoking(house: House) -> Callable[[], None]:
    def provoke() -> None:
        person = next(each for each in house.driver.residents if not each.over and not each.waiting)
        house.driver.deliver([house.driver.fail(person)])
        house.jump(6_000)

    return provoke


def test_the_desk_speaks_again_soon_after_a_new_start(street: House) -> None:
    if not street.recoveries:
        street.program.kill()
        street.begin_again()

    assert max(street.recoveries) < 10, street.recoveries
