"""Services for hostile input; most run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.service import Service
from tests.bot.web.talks import Desk
from tests.support.service import StandingClock, make


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
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """Return a service whose LINE answers nobody."""
    made = make(database_url, tmp_path, StandingClock())
    yield made
    made.stop()


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with its pages; nothing runs in the background."""
    opened = Desk.opened(database_url, tmp_path)
    yield opened
    opened.service.engine.dispose()
