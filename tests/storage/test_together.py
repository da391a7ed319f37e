"""Writes of several threads in one transaction: each hears of its own, and none pays for another's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text

from storage import engine as database
from storage import together
from storage.gathering import Ticket
from storage.tables_time import ticks
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
    """Return what became of *jobs*, which all came while as many others were writing as may at once."""
    gathering = engine.get_execution_options()["gathering"]
    go_on, begun = threading.Event(), []

    def slow(_conn: Connection) -> str:
        begun.append(1)
        go_on.wait(20)
        return "slow"

    with ThreadPoolExecutor(len(jobs) + gathering.leaders) as pool:
        for _ in range(gathering.leaders):
            pool.submit(together.write, engine, slow)
        until(lambda: len(begun) == gathering.leaders)
        found = [pool.submit(together.write, engine, job) for job in jobs]
        until(lambda: gathering.count() == len(jobs))
        go_on.set()
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
    leaders = engine.get_execution_options()["gathering"].leaders
    assert written <= 2 * leaders, "one for each that was writing, and few for all that waited"


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
    def nested(_conn: Connection) -> str:
        if engine.dialect.name == "sqlite":  # on PostgreSQL a second connection waits for nobody
            return together.write(engine, put("inner"))
        raise database.NestedWrite

    with pytest.raises(database.NestedWrite):
        together.write(engine, nested)
    assert names(engine) == []


def test_a_transaction_that_the_database_gave_up_hides_nothing(engine: Engine) -> None:
    def given_up(conn: Connection) -> str:
        conn.execute(text("ROLLBACK"))
        raise LookupError("b")

    first, second = gathered(engine, put("a"), given_up)

    assert second.exception() is not None
    # On SQLite nobody can tell what was stored and all hear of it; on PostgreSQL each was run again apart.
    kept = [] if engine.dialect.name == "sqlite" else ["a"]
    assert (first.exception() is None) == bool(kept)
    assert names(engine) == kept
    assert together.write(engine, put("c")) == "c"


def test_jobs_run_in_the_order_of_their_keys(engine: Engine) -> None:
    order: list[str] = []

    def noted(key: str) -> Callable[[Connection], str]:
        def job(_conn: Connection) -> str:
            order.append(key)
            return key

        return job

    gathering = engine.get_execution_options()["gathering"]
    tickets = [Ticket(noted(key), key) for key in "cab"]
    assert gathering.join(tickets[0])
    for each in tickets[1:]:
        gathering._waiting.append(each)  # noqa: SLF001 -- as those who wait for a leader
    together._lead(engine, gathering, tickets[0])  # noqa: SLF001

    assert order == ["a", "b", "c"]


def test_many_threads_lose_nothing_and_double_nothing(engine: Engine) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda number: together.write(engine, put(f"{number:03}")), range(300)))

    assert sorted(found) == names(engine) == [f"{number:03}" for number in range(300)]


def test_a_job_that_is_to_be_alone_shares_its_transaction_with_nobody_on_postgresql(engine: Engine) -> None:
    begun: list[int] = []
    event.listen(engine, "begin", lambda _connection: begun.append(1))
    gathering = engine.get_execution_options()["gathering"]

    def take_along(conn: Connection) -> str:
        if engine.dialect.name != "sqlite":  # there, one writes at a time anyway
            assert gathering.join(Ticket(put("b"), "b")), "nobody leads: this job is not gathered"
        return put("a")(conn)

    assert together.write(engine, take_along, alone=True) == "a"

    assert names(engine) == ["a"]
    assert len(begun) == 2, "one of the job, one of the look at what it left"
