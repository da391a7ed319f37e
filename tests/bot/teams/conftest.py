"""A door for Teams, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.service import Service
from tests.bot.teams.doors import TeamsDesk, teams_desk
from tests.support.service import StandingClock
from tests.support.teams import Issuer, issuing


@pytest.fixture
def issuer(clock: StandingClock) -> Iterator[Issuer]:
    with issuing(clock) as made:
        yield made


@pytest.fixture
def desk(service: Service, issuer: Issuer) -> TeamsDesk:
    return teams_desk(service, issuer)
