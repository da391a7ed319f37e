"""Writes of several threads in one transaction: each hears of its own, and none pays for another's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text

from storage import engine as database
from storage import together
from storage.tables import ticks
from tests.support.service import until


def put(name: str) -> Callable[[Connection], str]:
    def job(conn: Connection) -> str:
        conn.execute(insert(ticks), {"name": name, "ran_at": 1})
        return name

    return job


def broken(name: str) -> Callable[[Connection], str]:
    def job(conn: Connection) -> str:
        put(name)(conn)
        raise LookupError(name)

    return job


def names(engine: Engine) -> list[str]:
    with database.read(engine) as conn:
        return sorted(conn.execute(select(ticks.c.name)).scalars())


def gathered(engine: Engine, *jobs: Callable[[Connection], str]) -> list[Future[str]]:
    """Return what became of *jobs*, which all came while another thread was writing."""
    with ThreadPoolExecutor(len(jobs)) as pool, database.write(engine):
        found = [pool.submit(together.write, engine, job) for job in jobs]
        gathering = engine.get_execution_options().get("gathering")
        if gathering:
            until(lambda: gathering.count() == len(jobs))
    return found


def commits(engine: Engine) -> list[int]:
    counted: list[int] = []
    event.listen(engine, "commit", lambda _conn: counted.append(1))
    return counted


def test_a_job_alone_is_stored_and_told(engine: Engine) -> None:
    assert together.write(engine, put("one")) == "one"
    assert names(engine) == ["one"]


def test_jobs_that_wait_for_a_writer_share_one_commit(engine: Engine) -> None:
    counted = commits(engine)

    found = gathered(engine, *(put(f"{number:02}") for number in range(20)))
    written = len(counted)

    assert [each.result() for each in found] == names(engine) == [f"{number:02}" for number in range(20)]
    if engine.dialect.name == "sqlite":
        assert written == 2, "the writer's, and one for all that waited"


def test_a_job_that_fails_leaves_the_others_alone(engine: Engine) -> None:
    first, second, third = gathered(engine, put("a"), broken("b"), put("c"))

    assert (first.result(), third.result()) == ("a", "c")
    with pytest.raises(LookupError, match="b"):
        second.result()
    assert names(engine) == ["a", "c"]


def test_a_commit_that_fails_is_told_to_all_and_stores_nothing(engine: Engine) -> None:
    refused = threading.Event()

    def refuse(_conn: object) -> None:
        if refused.is_set():
            refused.clear()
            raise OSError("見本の満杯のディスク")

    event.listen(engine, "commit", refuse)
    refused.set()
    with pytest.raises(OSError, match="満杯"):
        together.write(engine, put("a"))

    assert names(engine) == []
    assert together.write(engine, put("a")) == "a", "the next may write again"


def test_a_job_that_would_wait_for_itself_is_refused(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL a second connection waits for nobody")

    def nested(_conn: Connection) -> str:
        return together.write(engine, put("inner"))

    with pytest.raises(database.NestedWrite):
        together.write(engine, nested)
    assert names(engine) == []


def test_a_transaction_that_the_database_gave_up_is_told_to_all(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL each job has its own")

    def given_up(conn: Connection) -> str:
        conn.execute(text("ROLLBACK"))
        raise LookupError("b")

    first, second = gathered(engine, put("a"), given_up)

    assert first.exception() is not None
    assert second.exception() is not None
    assert names(engine) == []
    assert together.write(engine, put("c")) == "c"


def test_many_threads_lose_nothing_and_double_nothing(engine: Engine) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda number: together.write(engine, put(f"{number:03}")), range(300)))

    assert sorted(found) == names(engine) == [f"{number:03}" for number in range(300)]
