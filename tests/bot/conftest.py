"""Services for the tests of the shell: each runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.service import Service
from tests.support.service import House, StandingClock, living, make


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Write no log lines: structlog's usual ones draw whole stacks, which takes seconds."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    """Return a service whose LINE answers nobody: for what happens before anything is sent."""
    made = make(database_url, tmp_path, clock)
    yield made
    _await_exports()
    made.stop()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """Return a service with a LINE platform beside it."""
    with living(database_url, tmp_path) as made:
        yield made


def _await_exports() -> None:
    """Wait for exports that were given up: one that outlives its test holds a connection and files of a folder gone."""
    for each in threading.enumerate():
        if each.name.startswith("export "):
            each.join(20)
