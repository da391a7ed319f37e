"""A delivery beside a connector, over real HTTP, on SQLite and PostgreSQL, by both ways in which parcels are sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.bot.teams.outbound.sending import Sending
from tests.support.connector import Connector


@pytest.fixture
def teams() -> Iterator[Connector]:
    with Connector() as made:
        yield made


@pytest.fixture(params=["in a thread", "in the loop"])
def sending(request: pytest.FixtureRequest, engine: Engine, teams: Connector) -> Iterator[Sending]:
    made = Sending(engine, teams, in_loop=request.param == "in the loop")
    yield made
    made.stop()
