"""A season from the opening to December: sixty residents, three of the office, two of the contractor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random

from bot import vault_keys
from bot.clock import TOKYO, millis, moment
from bot.play.office import Office
from bot.play.people import Actor, Stage
from bot.play.season import Season, Tick
from dialogs.procedure import Role
from dialogs.replies import Reply, Said
from dialogs.standing import Grant
from dialogs.words import Words
from storage import engine as database
from storage import staff
from storage.staff import CITY, CONTRACTOR, Member
from tests.season import laws
from tests.support.service import StandingClock, make
from tests.support.teams import TENANT, oid

YEAR, SEED, MANY, FEW = 2027, 1, 60, 8
OPENS, DECEMBER = datetime(YEAR, 5, 17, 8, tzinfo=TOKYO), datetime(YEAR, 12, 20, 18, tzinfo=TOKYO)


def drawn(
    replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
) -> Sequence[str]:
    """Draw what is said as plain words."""
    said = [words.say(each.message) for each in replies if isinstance(each, Said)]
    return [json.dumps({"messages": [{"type": "text", "text": each} for each in said or ["…"]]})]


def cast(stage: Stage) -> Office:
    """Put everybody who works on the roster."""

    def join(number: int, role: Role, organisation: str) -> Actor:
        grants = (Grant("fence_loan", role), Grant("install_guidance", role))
        new = Member("", TENANT, oid(number), f"見本 {number}", organisation, grants)
        with database.write(stage.service.engine) as conn:
            found = staff.add(conn, new, date(2020, 4, 1), None, 0)
        return stage.actor(found.account, staff.CHANNEL)

    city = [join(n, role, CITY) for n, role in enumerate((Role.STAFF, Role.CHIEF, Role.MANAGER), 1)]
    contractor = [join(n, Role.CONTRACTOR, CONTRACTOR) for n in (4, 5)]
    return Office(stage, *city, *contractor, dice=Random(SEED))


def test_a_season_ends_with_every_matter_closed_everything_checked_and_nobody_woken(
    database_url: str, tmp_path: Path
) -> None:
    with standing(database_url, tmp_path) as (stage, tick):
        played(Season(stage, cast(stage), tick, YEAR, MANY, SEED))

        assert laws.faults(stage, millis(DECEMBER)) == []
        assert len(stage.cases("fence_loan")) + len(stage.cases("install_guidance")) == MANY


def test_the_laws_find_a_contractor_who_does_not_go_and_a_desk_that_does_not_remind(
    database_url: str, tmp_path: Path
) -> None:
    with standing(database_url, tmp_path) as (stage, _tick):
        office = cast(stage)
        played(
            Season(
                stage,
                replace(office, idle={"checked_on_site", "rechecked"}),
                lambda _now: None,
                YEAR,
                FEW,
                SEED,
            )
        )

        found = "\n".join(laws.faults(stage, millis(DECEMBER)))
        for each in (
            "was not checked in",
            "was checked 0 times",
            "was not told of pickup/",
            "still waits for",
        ):
            assert each in found


@contextmanager
def standing(url: str, folder: Path) -> Iterator[tuple[Stage, Tick]]:
    """Yield a desk on the database *url*, and what lets time pass at it."""
    vault_keys.complete(folder / "vault-keys.json")
    clock = StandingClock(OPENS)
    service = make(url, folder, clock)

    def tick(now: int) -> None:
        clock.set(moment(now))
        service.jobs.tick()

    try:
        yield Stage(service, drawn), tick
    finally:
        service.stop()


def played(season: Season) -> None:
    """Play *season* to December."""
    for _day in season.play(millis(DECEMBER)):
        pass
    season.stage.settle(millis(DECEMBER))
