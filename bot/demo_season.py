"""The season that the demo begins in the midst of: sample people have applied, borrowed and been visited so far."""

from __future__ import annotations

from datetime import datetime
from random import Random

from bot import dues, progress
from bot.clock import millis, moment
from bot.play.office import Office
from bot.play.people import Actor, Stage
from bot.play.season import DAY, Season
from bot.punctual import Dues
from bot.service import Service
from bot.simulator.teams.config import CHECKER, CHIEF, CLERK, LENDER, MANAGER, SampleMember
from storage import staff

SEED = 1
LABEL = "a season of sample people"


def play(service: Service, begin: datetime) -> None:
    """Play the season in which *begin* lies up to it; nothing where none has opened yet that year."""
    stage = Stage(service)
    working = Dues(service.engine, service.register, stage.desk, service.desk.locale)

    def tick(now: int) -> None:
        if dues.is_day(now):
            working.run(now)

    people = [_actor(stage, each) for each in (CLERK, CHIEF, MANAGER, LENDER, CHECKER)]
    office = Office(stage, *people, dice=Random(SEED))  # noqa: S311 -- a play, no secret
    season = Season(stage, office, tick, begin.year, seed=SEED)
    now = millis(begin)
    days = (moment(now).date() - season.first) // DAY
    if days < 0:
        return
    with progress.bar(LABEL, days + 1) as done:
        for _day in season.play(now):
            done(1)
    stage.settle(now)


def _actor(stage: Stage, sample: SampleMember) -> Actor:
    tenant = stage.service.settings.tenants()[0]
    return stage.actor(staff.account(tenant, sample.object_id), staff.CHANNEL)
