"""A door for Teams, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.teams.doors import TeamsDesk, teams_desk
from tests.support.service import StandingClock
from tests.support.teams import Issuer, issuing


@pytest.fixture
def issuer(clock: StandingClock) -> Iterator[Issuer]:
    with issuing(clock) as made:
        yield made


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: StandingClock, issuer: Issuer) -> Iterator[TeamsDesk]:
    """Return a service that hears Teams and whose answers go nowhere."""
    made = teams_desk(database_url, tmp_path, clock, issuer)
    yield made
    made.service.stop()
