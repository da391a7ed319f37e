"""Ends at points that usual traffic does not pass: a reminder, the hourly removal, an export, a migration."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import TOKYO
from storage import migrate
from tests.conftest import BOTH
from tests.faults.house import House
from tests.faults.opening import Houses
from tests.faults.points import APART, POINTS
from tests.faults.residents import START

BEFORE_OPENING = datetime(2027, 5, 17, 12, tzinfo=TOKYO)
OPENING = datetime(2027, 5, 18, 9, 0, 1, tzinfo=TOKYO)
CALM: dict[str, float] = {}
DAY = 86_400_000


def _die(house: House, point: str, passing: int = 1) -> None:
    house.board.arm(point, passing)
    house.program.begin()
    house.program.nursery.wait(house.program.pid)


@pytest.mark.parametrize("engine", BOTH)
def test_a_reminder_comes_once_whenever_its_sender_dies(engine: str, houses: Houses) -> None:
    with houses(engine, at=BEFORE_OPENING, plan=CALM) as house:
        house.driver.walk = (START, "はい")
        for _ in range(2):
            house.driver.round(5)
        house.settle()
        house.program.kill()
        house.set_clock(OPENING)

        for point in ("remind.before_commit", "remind.after_commit"):
            _die(house, point)
            house.jump(61_000)
        house.begin_again()
        house.wait(lambda: _reminded(house) >= 5, "nobody was reminded")
        house.settle()

        assert _reminded(house) == 5
        verdict = house.verdict()
        assert verdict.clean, str(verdict)


def _reminded(house: House) -> int:
    found: int = house.scalar(
        "SELECT count(*) FROM outbox WHERE cause LIKE 'reminder/%' AND state IN ('delivered', 'waiting')"
    )
    return found


@pytest.mark.parametrize("engine", BOTH)
def test_the_hourly_removal_goes_on_where_it_was_ended(engine: str, houses: Houses) -> None:
    with houses(engine, plan=CALM) as house:
        while house.scalar("SELECT count(*) FROM submissions") < 4:
            house.driver.round(6)
        house.settle()
        filed = house.scalar("SELECT count(*) FROM submissions")
        house.program.kill()
        house.jump(40 * DAY)

        for point in ("purge.before_commit", "purge.after_commit"):
            _die(house, point, 2)
            house.jump(DAY)
        house.begin_again()
        house.wait(lambda: not _old(house), "what is old stays")
        house.settle()

        assert house.scalar("SELECT count(*) FROM submissions") == filed > 0
        # Removing what somebody left half-filled counts their version up, like a turn.
        twice = [each for each in house.verdict().found["duplicated"] if "turns of" not in each]
        assert not twice, twice


def _old(house: House) -> int:
    before = house.board.now() - 30 * DAY
    found: int = house.scalar(
        f"SELECT (SELECT count(*) FROM conversations WHERE updated_at < {before})"
        f" + (SELECT count(*) FROM outbox WHERE body <> '' AND done_at < {before})"
    )
    return found


@pytest.mark.parametrize("engine", BOTH)
def test_an_export_that_was_ended_leaves_no_file_and_the_next_one_is_whole(
    engine: str, houses: Houses, tmp_path: Path
) -> None:
    with houses(engine, plan=CALM) as house:
        while (filed := house.scalar("SELECT count(*) FROM submissions")) < 4:
            house.driver.round(6)
        house.settle()
        house.program.stop()
        out = tmp_path / "loans.csv"
        command = ("export", "fence_loan", "--header", "keys", "--out", str(out))

        for point, passing in (("export.row", 2), ("export.before_log", 1)):
            house.board.arm(point, passing)
            assert house.program.command(*command) == -9
            assert not out.exists()
        assert house.program.command(*command) == 0

        with out.open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        people = {str(each.perimeter): each for each in house.driver.residents}
        assert len(rows) == house.scalar("SELECT count(*) FROM submissions") >= filed
        for row in rows:
            assert row["name"].replace("\u3000", " ") == people[row["perimeter"].removesuffix("m")].name


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("step", [1, 9, 20])
def test_a_migration_that_was_ended_can_be_run_again(engine: str, step: int, houses: Houses) -> None:
    with houses(engine, empty=True, begin=False) as house:
        for point, passing in (("migrate.step", step), ("migrate.before_commit", 1)):
            house.board.arm(point, passing)
            assert house.program.command("upgrade") == -9

        assert house.program.command("upgrade") == 0
        assert house.scalar("SELECT version_num FROM alembic_version") == migrate.head()
        house.begin()


def test_every_point_has_a_test() -> None:
    told = Path(__file__).read_text(encoding="utf-8") + Path(__file__).with_name("test_threads.py").read_text(
        encoding="utf-8"
    )
    assert [each for each in POINTS if each.startswith(APART) and each not in told] == []
