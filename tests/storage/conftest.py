"""Databases of one kind, for what only that kind does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import engine as engines
from storage import migrate
from tests.support.databases import Databases


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = engines.create(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgresql_databases: Databases, postgresql_template: str) -> Iterator[Engine]:
    with postgresql_databases.lent(postgresql_template) as url:
        engine = engines.create(url)
        yield engine
        engine.dispose()


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = engines.create(empty_database_url)
    yield engine
    engine.dispose()
