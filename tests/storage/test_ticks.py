"""Of all processes, one does the regular work."""

from sqlalchemy import Engine

from storage import engine as database
from storage import ticks
from tests.storage import make
from tests.storage.make import DAY, NOW

MINUTE = 60_000


def test_work_is_done_once_in_its_period(engine: Engine) -> None:
    with database.write(engine) as conn:
        done = [
            ticks.claim(conn, "minute", MINUTE, NOW + at) for at in (0, 1, MINUTE - 1, MINUTE, MINUTE + 1)
        ]

    assert done == [True, False, False, True, False]


def test_each_work_has_a_period_of_its_own(engine: Engine) -> None:
    with database.write(engine) as conn:
        assert [ticks.claim(conn, name, MINUTE, NOW) for name in ("minute", "hour", "minute")] == [
            True,
            True,
            False,
        ]


def test_a_clock_that_was_set_back_does_not_stop_the_work(engine: Engine) -> None:
    with database.write(engine) as conn:
        ticks.claim(conn, "minute", MINUTE, NOW)

        assert not ticks.claim(conn, "minute", MINUTE, NOW - 5)  # another machine's clock
        assert ticks.claim(conn, "minute", MINUTE, NOW - DAY)


def test_of_many_processes_one_is_told_to_do_the_work(engine: Engine) -> None:
    for at in range(0, 20 * MINUTE, MINUTE):

        def claim(now: int = NOW + at) -> bool:
            with database.write(engine) as conn:
                return ticks.claim(conn, "minute", MINUTE, now)

        assert sum(make.together(4, claim)) == 1
