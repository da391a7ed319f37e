"""The program is ended at every named point, begun again, and the ledgers compared."""

from __future__ import annotations

import pytest

from tests.faults.house import House
from tests.faults.points import APART, POINTS

USUAL = [each for each in POINTS if not each.startswith(APART)]


@pytest.mark.parametrize("point", USUAL)
def test_nothing_is_lost_doubled_or_crossed_when_the_program_dies(street: House, point: str) -> None:
    street.kill_at(point)


def test_the_desk_speaks_again_soon_after_a_new_start(street: House) -> None:
    if not street.recoveries:
        street.program.kill()
        street.begin_again()

    assert max(street.recoveries) < 10, street.recoveries
