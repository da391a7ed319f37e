"""The clock goes over midnight, over the year's end and over 29 February, and steps back; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bot.clock import TOKYO, millis
from tests.conftest import BOTH
from tests.faults.house import House
from tests.faults.opening import Houses
from tests.faults.residents import SUMMER, Days

WINTER = {"FENCE_SEASON": "2027-12-01/2028-05-31", "FENCE_OPENS": "2027-11-20"}

MOMENTS: Mapping[str, tuple[datetime, Mapping[str, str], Days]] = {
    "midnight": (datetime(2027, 6, 8, tzinfo=TOKYO), {}, SUMMER),
    "the year's end": (
        datetime(2028, 1, 1, tzinfo=TOKYO),
        WINTER,
        {"2月20日": "2028-02-20", "3月20日": "2028-03-20"},
    ),
    "29 February": (
        datetime(2028, 2, 29, tzinfo=TOKYO),
        WINTER,
        {"3月20日": "2028-03-20", "4月20日": "2028-04-20"},
    ),
    "the day after": (
        datetime(2028, 3, 1, tzinfo=TOKYO),
        WINTER,
        {"3月20日": "2028-03-20", "4月20日": "2028-04-20"},
    ),
    "the fiscal year's end": (
        datetime(2028, 4, 1, tzinfo=TOKYO),
        WINTER,
        {"4月20日": "2028-04-20", "5月20日": "2028-05-20"},
    ),
}


def _rounds(house: House, number: int) -> None:
    for _ in range(number):
        house.driver.round(10)


POSTGRESQL = pytest.mark.postgres
PLACES = [
    ("midnight", "sqlite"),
    pytest.param("midnight", "postgresql", marks=POSTGRESQL),
    ("the year's end", "sqlite"),
    pytest.param("29 February", "postgresql", marks=POSTGRESQL),
    ("the day after", "sqlite"),
    pytest.param("the fiscal year's end", "postgresql", marks=POSTGRESQL),
]


@pytest.mark.parametrize(("moment", "engine"), PLACES)
def test_talks_and_filings_go_on_over(moment: str, engine: str, houses: Houses) -> None:
    at, settings, days = MOMENTS[moment]
    with houses(engine, at=at - timedelta(minutes=10), settings=settings) as house:
        house.driver.days = days
        _rounds(house, 9)
        house.settle()
        house.step_to(at - timedelta(seconds=0.3))
        _rounds(house, 9)
        house.settle()

        verdict = house.verdict()
        assert verdict.clean, str(verdict)
        assert house.board.now() > millis(at)
        assert house.scalar("SELECT count(*) FROM submissions") > 0


@pytest.mark.parametrize("engine", BOTH)
def test_a_clock_that_steps_back_and_ahead_loses_nothing(engine: str, houses: Houses) -> None:
    with houses(engine) as house:
        for hours in (0, -1, 2, -25, 30):
            house.board.step(hours * 3_600_000)
            _rounds(house, 4)
        house.settle()

        verdict = house.verdict()
        assert verdict.clean, str(verdict)


@pytest.mark.parametrize("engine", BOTH)
def test_an_answer_that_comes_too_late_for_its_token_is_pushed(engine: str, houses: Houses) -> None:
    with houses(engine, plan={"rate": 1.0}) as house:
        _rounds(house, 3)
        house.jump(61_000)
        house.platform.ask("/_settle", {"plan": {}})
        house.settle()

        verdict = house.verdict()
        assert verdict.clean, str(verdict)
        assert {each["kind"] for each in house.driver.accepted} == {"push"}
        assert set(verdict.noted) == {"delivered"}
