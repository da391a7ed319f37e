"""The program is ended at random times in the midst of a busy night, begun again, and the ledgers compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.faults.night import CI, storm
from tests.faults.opening import Houses


def test_nothing_is_lost_doubled_or_crossed_in_a_night_of_kills_and_faults(
    houses: Houses, pytestconfig: pytest.Config
) -> None:
    engines = ["sqlite"] if pytestconfig.getoption("--sqlite-only") else ["sqlite", "postgresql"]
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        street = [stack.enter_context(houses(each)) for each in engines]
        # Both at a time: the processes of a house wait for each other most of the time.
        for storms in [pool.submit(storm, each, CI) for each in street]:
            storms.result()
        shares = [each.fault_share() for each in street]

    assert min(len(each.driver.sent) for each in street) >= CI.events
    assert min(each.kills for each in street) >= CI.kills
    assert min(shares) >= 0.25, shares
