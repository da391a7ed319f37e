"""A set that is not back in time is promised to nobody else, and is free again once it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import overdue
from bot.service import Service
from dialogs.effects import Take
from dialogs.slots import FENCE_SETS, days
from storage import cases, pools, stock, stocktaking
from storage import engine as database
from storage.stock import Cause
from tests.bot.test_loan_story import Town, counted, handed_over, town
from tests.races.lent import lent
from tests.storage import make
from tests.support.service import StandingClock
from tests.support.service import make as make_service

__all__ = ["town"]

FIRST, LAST, TODAY = date(2027, 6, 20), date(2027, 7, 20), date(2027, 7, 23)
LATER = ("2027-08-02", "2027-08-03")


def test_an_overdue_set_is_held_every_hour_until_it_is_taken_back(town: Town) -> None:
    town.later(13)
    handed_over(town)
    jobs = town.house.service.jobs
    jobs.tick()
    assert town.held()[-1] == "2027-07-21"

    town.later(33)
    jobs.tick()

    assert town.held() == [*days(FIRST, LAST, 1), *days(TODAY, date(2027, 11, 2))]
    town.later(1)
    jobs.tick()  # the next round finds nothing to do
    assert len(town.held()) == len({*town.held()})

    state = {"damage": "none", "works": "yes", "cleaned": "yes"}
    town.files(town.worker, "受け入れ", "受け入れを記録", **counted("parts_in"), **state)
    assert town.held() == []


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Service:
    return make_service(sqlite_url, tmp_path, StandingClock())


def borrowed(service: Service) -> str:
    """Return our id of a case that has had a set since June, and that was promised it until July 20."""
    [reference] = lent(service, 1)
    with database.write(service.engine) as conn:
        pools.capacity(conn, FENCE_SETS, 1)
        case = cases.by_reference(conn, reference)
        assert case
        pools.take(conn, case.id, Take("", FENCE_SETS, days(FIRST, LAST, 1), 1, "loan"), 0)
    return case.id


def keep_back(service: Service, day: date = TODAY) -> None:
    overdue.keep_back(service.engine, service.world(day), 0)


def left(service: Service) -> int:
    """Return how many sets can be promised on the days LATER."""
    with database.read(service.engine) as conn:
        free = pools.free(conn, [FENCE_SETS], *LATER)
    return min(free.left(FENCE_SETS, each) for each in LATER)


def test_what_is_not_back_can_be_promised_to_nobody(service: Service) -> None:
    borrowed(service)
    keep_back(service, LAST)
    assert left(service) == 1

    keep_back(service)

    assert left(service) == 0
    with database.write(service.engine) as conn:
        other = make.case(conn, "R9-0777")
    with pytest.raises(pools.Taken), database.write(service.engine) as conn:
        pools.take(conn, other, Take("", FENCE_SETS, LATER, 1, "loan"), 0)


def test_what_was_promised_before_stays_promised_and_is_told(service: Service) -> None:
    borrowed(service)
    with database.write(service.engine) as conn:
        pools.take(conn, make.case(conn, "R9-0777"), Take("", FENCE_SETS, LATER, 1, "loan"), 0)

    keep_back(service)

    with database.read(service.engine) as conn:
        assert list(stocktaking.wrong(conn, "")) == [("oversold", f"{FENCE_SETS}/{each}") for each in LATER]


def test_a_set_that_was_lost_meanwhile_is_kept_back_no_more(service: Service) -> None:
    case_id = borrowed(service)
    with database.write(service.engine) as conn:
        stock.open_places(conn, 20)
        stock.bring_in(conn, [1], {}, Cause("in", "見本 係", 0))
        stock.lend(conn, 1, {}, Cause("out", "見本 係", 0, case_id))
    keep_back(service)
    assert left(service) == 0

    with database.write(service.engine) as conn:
        stock.move(conn, [1], stock.Place.LOST, {}, Cause("lost", "見本 係", 0))
    keep_back(service, TODAY + timedelta(days=1))

    with database.read(service.engine) as conn:
        assert pools.held(conn, case_id, "overdue") == {}
