"""A desk whose data is copied, brought back or erased, and an empty database beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.service import Service
from bot.settings import Settings
from tests.support.databases import Databases
from tests.support.kept import desk, settings_of
from tests.support.service import StandingClock


@pytest.fixture
def chosen(database_url: str, tmp_path: Path) -> Settings:
    return settings_of(database_url, tmp_path)


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = desk(database_url, tmp_path, clock)
    yield made
    made.stop()


@pytest.fixture
def into(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    """Return the address of an empty database of the same kind."""
    kind = make_url(database_url).get_backend_name()
    databases: Databases = request.getfixturevalue(f"{kind}_databases")
    with databases.lent() as url:
        yield url
