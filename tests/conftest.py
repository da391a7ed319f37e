"""What every test may ask for.

``database_url`` is a clean database with all tables; a test that asks for it runs on SQLite and PostgreSQL.
``engine`` is the same, opened. ``empty_database_url`` has no tables: for the tests of migrations.
``browser`` is a headless Chromium.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as searches
from sqlalchemy import Engine, make_url

from bot import logs
from storage.engine import create
from storage.migrate import upgrade
from tests.support import network, postgres, quicker
from tests.support.databases import Databases, Postgres, Sqlite

if TYPE_CHECKING:
    from playwright.sync_api import Browser  # slow to import, and few runs need it

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

# How long an example takes is the machine's affair, not the product's; what a test states itself still holds.
searches.register_profile("suite", searches(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
searches.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sqlite-only", action="store_true", help="leave out the tests that need PostgreSQL")
    parser.addoption("--update-transcripts", action="store_true", help="write tests/transcripts/ anew")


def pytest_configure() -> None:
    network.wall_up()
    quicker.hurry()
    logs.KEPT = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--sqlite-only"):
        left_out = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    # Ten thousand tests lie in memory from now on: looking through them for garbage would take a fifth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the address of a PostgreSQL server: the one named in the environment, else one started here."""
    if named := os.environ.get(postgres.VARIABLE):
        yield named
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.running())
        except LookupError as missing:
            pytest.fail(str(missing))
        yield server.url


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(postgres_url: str) -> Iterator[Databases]:
    made = Postgres(postgres_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def sqlite_template(sqlite_databases: Databases) -> Iterator[str]:
    with sqlite_databases.lent() as url:
        _migrate(url)
        whole = Path(str(make_url(url).database))
        before = whole.stat().st_mtime_ns
        yield url
        assert whole.stat().st_mtime_ns == before, "a test wrote into what all others are copied from"


@pytest.fixture(scope="session")
def postgresql_template(postgresql_databases: Databases) -> Iterator[str]:
    with postgresql_databases.lent() as url:
        _migrate(url)
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a database with all tables and no rows, of this test alone.

    A test marked ``fresh_database`` gets one that nobody had before it: emptied ones keep bytes of what was in them.
    """
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    template = request.getfixturevalue(f"{request.param}_template")
    fresh = request.node.get_closest_marker("fresh_database")
    with databases.lent(template) if fresh else databases.lent_again(template) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return the address of a SQLite database with all tables and no rows, of this test alone."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a database without any table, of this test alone."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.lent() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Return the engine of ``database_url``, made the way the program makes it."""
    made = create(database_url)
    yield made
    made.dispose()


# Playwright keeps an event loop running in this thread while it is open: for one module, not for the rest.
@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Return a headless Chromium; each test opens a context of its own in it."""
    from tests.support import chromium

    with ExitStack() as stack:
        try:
            started = stack.enter_context(chromium.running())
        except LookupError as missing:
            pytest.fail(str(missing))
        yield started


def _migrate(url: str) -> None:
    made = create(url)
    upgrade(made)
    made.dispose()
