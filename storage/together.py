"""Writing together: the writes that wait for one another share one transaction.

A commit that survives a power cut waits for the disk, and on SQLite only one thread may write.  So while
transactions are under way the jobs of all other threads gather, and the next takes them along: one wait for the
disk serves them all, and each hears what became of its own.

On SQLite, where a savepoint costs nothing, each job has one.  On PostgreSQL it would be two ways there and back:
there a transaction in which a job fails is rolled back, and each of its jobs is run again in one of its own.
Jobs of one transaction run in the order of their keys, so that two transactions never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage.gathering import Gathering, Interrupted, Ticket

T = TypeVar("T")


def write(engine: Engine, job: Callable[[Connection], T], key: str = "", *, alone: bool = False) -> T:
    """Return what *job* returns, once it is committed.

    It may run in another thread, next to jobs it knows nothing of, and more than once, so it holds no lock,
    waits for nobody and changes nothing but the database.  Another job's failure does not touch it.  *key* names
    whose rows it locks; one that locks others' as well is to be *alone* in its transaction on PostgreSQL, where
    two transactions that hold several such rows would wait for each other.

    Raises:
        NestedWrite: This thread is writing already (SQLite).
        Exception: *job* raised it, or the commit did, and nothing of *job* is stored.
    """
    if alone and engine.dialect.name != "sqlite":
        with engine.begin() as conn:
            return job(conn)
    database.refuse_nested(engine)
    gathering: Gathering = engine.get_execution_options()["gathering"]
    mine = Ticket(job, key)
    if not gathering.join(mine):
        mine.turn.acquire()
    if not mine.done:
        _lead(engine, gathering, mine)
    return mine.outcome()


def _lead(engine: Engine, gathering: Gathering, mine: Ticket[Any]) -> None:
    """Run all that has gathered, *mine* among it."""
    taken: list[Ticket[Any]] = []
    try:
        with database.write_lock(engine):
            taken = gathering.take(mine)  # as late as this, so that as many as can come along
            _run_all(engine, sorted(taken, key=lambda each: each.key))
    except BaseException as fault:  # noqa: BLE001 -- each owner is told, the leader among them
        taken = taken or gathering.take(mine)
        for each in taken:
            others = each is not mine and not isinstance(fault, Exception)
            each.fault = each.fault or (Interrupted() if others else fault)
    finally:
        for each in taken:
            each.done = True
        gathering.pass_on()
        for each in taken:
            if each is not mine:
                each.turn.release()


def _run_all(engine: Engine, taken: list[Ticket[Any]]) -> None:
    if len(taken) == 1 or engine.dialect.name == "sqlite":
        with engine.begin() as conn:
            for each in taken:
                _run(conn, each, alone=len(taken) == 1)
        return
    try:
        with engine.begin() as conn:
            for each in taken:
                each.value = each.job(conn)
    except Exception:  # noqa: BLE001 -- whichever it was will fail again, and alone
        for each in taken:
            _run_apart(engine, each)


def _run_apart(engine: Engine, ticket: Ticket[Any]) -> None:
    try:
        with engine.begin() as conn:
            ticket.value = ticket.job(conn)
    except Exception as fault:  # noqa: BLE001 -- its owner is told, and the others go on
        ticket.fault = fault


def _run(conn: Connection, ticket: Ticket[Any], *, alone: bool) -> None:
    if alone:
        ticket.value = ticket.job(conn)
        return
    driver: Any = conn.connection.driver_connection
    driver.execute("SAVEPOINT job")
    try:
        ticket.value = ticket.job(conn)
    except Exception as fault:  # noqa: BLE001 -- its owner is told, and the others go on
        ticket.fault = fault
        # Where the database itself gave the transaction up there is nothing to go back to, and all hear of it.
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")
