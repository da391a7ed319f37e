"""A service with a procedure of trees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import day_of
from bot.exports.cases import Cases
from bot.exports.source import Reader, Source
from bot.service import Service
from tests.bot.exports.procedures import REGISTER, TREES_PROCEDURE
from tests.support.service import StandingClock, make


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


@pytest.fixture
def source(service: Service) -> Source:
    world = service.world(day_of(service.clock.now()))
    dataset = Cases(TREES_PROCEDURE, service.words["ja"], world)
    return Source(service.engine, service.vault, service.clock, dataset, Reader("見本 職員", "admin"))
