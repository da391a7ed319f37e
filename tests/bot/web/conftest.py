"""A desk, and a resident who talks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.web.talks import Desk, Resident


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with its pages, on SQLite and on PostgreSQL."""
    opened = Desk.opened(database_url, tmp_path)
    yield opened
    opened.service.engine.dispose()


@pytest.fixture
def resident(desk: Desk) -> Resident:
    return Resident(desk)
