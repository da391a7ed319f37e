"""What is scarce is opened by the office file, and what is free is known to the turns that need it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from bot import room
from bot.clock import day_of
from bot.service import Service
from dialogs.effects import Take
from dialogs.office import Booking
from dialogs.slots import FENCE_SETS, VISIT, counter
from storage import engine as database
from storage import pools
from tests.storage import make

SLOT = "2027-06-14T09:00"


def test_a_pool_is_opened_when_somebody_first_takes_from_it(service: Service) -> None:
    office, now = service.office, service.clock.now()
    with database.write(service.engine) as conn:
        case = make.case(conn)

        room.take(conn, office, case, Take("R-1", counter("minami"), (SLOT,), 1, "pickup"), now)

        world = room.with_free(conn, service.world(day_of(now)), "", now)
        assert world.free.left(counter("minami"), SLOT) == 1
        mine = room.with_free(conn, world, case, now)
        assert mine.free.left(counter("minami"), SLOT) == 2


def test_a_pool_that_the_office_does_not_have_is_never_opened(service: Service) -> None:
    with database.write(service.engine) as conn, pytest.raises(LookupError):
        room.take(
            conn, service.office, make.case(conn), Take("", counter("nowhere"), (SLOT,), 1, "pickup"), 0
        )


def test_what_is_over_today_is_not_free(service: Service) -> None:
    now = service.clock.now()  # ten in the morning
    today = day_of(now).isoformat()
    with database.write(service.engine) as conn:
        free = room.with_free(conn, service.world(day_of(now)), "", now).free

    assert free.left(VISIT, f"{today}T09:00") == 0
    assert free.left(VISIT, f"{today}T10:00") == 2


def test_the_office_file_says_anew_how_many_times_can_be_booked_and_never_how_many_sets(
    engine: Engine, service: Service
) -> None:
    room.open_pools(engine, service.office)
    with database.write(engine) as conn:
        pools.capacity(conn, FENCE_SETS, 7)
    booking = {**service.office.booking, VISIT: Booking(60, 3)}

    room.open_pools(engine, replace(service.office, booking=booking))

    with database.read(engine) as conn:
        free = pools.free(conn, [VISIT, FENCE_SETS], "", "9")
    assert free.capacities == {VISIT: 3, FENCE_SETS: 7}


def test_a_start_is_not_hindered_by_a_database_without_tables(tmp_path: Path, service: Service) -> None:
    empty = database.create(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with structlog.testing.capture_logs() as said:
        room.open_pools(empty, service.office)
    empty.dispose()

    assert [each["event"] for each in said] == ["pools_not_opened"]
