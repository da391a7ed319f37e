"""PostgreSQL fails in every way it can, and comes back; the desk goes on by itself and nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.engine import create
from storage.migrate import upgrade
from tests.faults.house import House
from tests.faults.opening import house
from tests.faults.processes import Nursery
from tests.support import postgres

pytestmark = pytest.mark.postgres

Fault: TypeAlias = Callable[[postgres.Server], AbstractContextManager[None]]


def _do(server: postgres.Server, *statements: str) -> None:
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()


_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'desk'"


def stopped(how: signal.Signals) -> Fault:
    @contextmanager
    def fault(server: postgres.Server) -> Iterator[None]:
        server.stop(how)
        yield
        server.start()

    return fault


def altered(worse: str, better: str) -> Fault:
    @contextmanager
    def fault(server: postgres.Server) -> Iterator[None]:
        _do(server, worse, _CUT)
        yield
        _do(server, better, _CUT)

    return fault


@contextmanager
def cut_off(server: postgres.Server) -> Iterator[None]:
    _do(server, _CUT)
    yield
    _do(server, _CUT)


FAULTS: Mapping[str, Fault] = {
    "crashed": stopped(signal.SIGQUIT),
    "stopped in good order": stopped(signal.SIGINT),
    "read-only": altered(
        "ALTER ROLE desk SET default_transaction_read_only = on",
        "ALTER ROLE desk RESET default_transaction_read_only",
    ),
    "out of connections": altered(
        "ALTER ROLE desk CONNECTION LIMIT 0", "ALTER ROLE desk CONNECTION LIMIT -1"
    ),
    "every connection cut": cut_off,
}

NOTHING_WORKS = {"crashed", "stopped in good order", "out of connections"}
"""Faults in which the desk must say that it is not able to work."""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """Return a server that may be stopped, unlike the one that all other tests share."""
    try:
        with postgres.running() as made:
            yield made
    except LookupError as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="module")
def desk(
    server: postgres.Server, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    # An owner who is no superuser: limits hold for nobody else.  What is committed must outlive a crash.
    _do(server, "CREATE ROLE desk LOGIN", "CREATE DATABASE desk OWNER desk")
    _do(server, "ALTER DATABASE desk SET synchronous_commit = on")
    mine = make_url(server.url).set(username="desk", database="desk")
    url = mine.render_as_string(hide_password=False)
    engine = create(url)
    upgrade(engine)
    engine.dispose()
    own = make_url(server.url).set(database="desk").render_as_string(hide_password=False)
    folder: Path = tmp_path_factory.mktemp("desk")
    with house(nursery, folder, url, "1", own_url=own) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_the_desk_outlives_its_database(desk: House, server: postgres.Server, fault: str) -> None:
    for _ in range(3):
        desk.driver.round(8)
    with FAULTS[fault](server):
        for _ in range(3):
            desk.driver.round(8)
        assert not desk.program.ready() or fault not in NOTHING_WORKS
    desk.settle()

    verdict = desk.news()
    assert verdict.clean, f"{fault}: {verdict}"
    assert desk.program.runs
    assert not desk.kills
    desk.wait(desk.program.ready, "it does not count as able to work again")
