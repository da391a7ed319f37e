"""No thread dies silently: the process ends with it, and a new one goes on."""

from __future__ import annotations

import pytest

from tests.faults.board import RAISE
from tests.faults.house import House


@pytest.mark.parametrize("point", ["outbox.before_finish", "jobs.tick"])
def test_a_thread_that_dies_takes_the_process_along(street: House, point: str) -> None:
    street.board.arm(point, 1, RAISE)
    for _ in range(3):
        street.driver.round(6)
    street.wait(lambda: not street.program.runs, "the process goes on without its thread")

    street.begin_again()
    street.settle()
    verdict = street.news()
    assert verdict.clean, str(verdict)
