"""Writing together: on SQLite the writes that wait for one another share one transaction.

A commit that survives a power cut waits for the disk, and only one thread may write.  So while one transaction
is under way the jobs of all other threads gather, and the next takes them all along: one wait for the disk
serves them all, and each hears what became of its own.  On PostgreSQL, which does the same by itself, each job
has its own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage.gathering import Gathering, Interrupted, Ticket

T = TypeVar("T")


def write(engine: Engine, job: Callable[[Connection], T]) -> T:
    """Return what *job* returns, once it is committed.

    It may run in another thread, next to jobs it knows nothing of, so it holds no lock and waits for nobody.
    Another job's failure does not touch it.

    Raises:
        NestedWrite: This thread is writing already (SQLite).
        Exception: *job* raised it, or the commit did, and nothing of *job* is stored.
    """
    gathering: Gathering | None = engine.get_execution_options().get("gathering")
    if gathering is None:
        with database.write(engine) as conn:
            return job(conn)
    database.refuse_nested(engine)
    mine = Ticket(job)
    if not gathering.join(mine):
        mine.turn.acquire()
    if not mine.done:
        _lead(engine, gathering)
    return mine.outcome()


def _lead(engine: Engine, gathering: Gathering) -> None:
    """Run all that has gathered; the leader's own job is the first of it."""
    taken: list[Ticket[Any]] = []
    try:
        with database.write_lock(engine):
            taken = gathering.take()  # as late as this, so that as many as can come along
            _run_all(engine, taken)
    except BaseException as fault:  # noqa: BLE001 -- each owner is told, the leader among them
        taken = taken or gathering.take()
        for each in taken:
            others = each is not taken[0] and not isinstance(fault, Exception)
            each.fault = each.fault or (Interrupted() if others else fault)
    finally:
        for each in taken:
            each.done = True
        gathering.pass_on()
        for each in taken[1:]:
            each.turn.release()


def _run_all(engine: Engine, taken: list[Ticket[Any]]) -> None:
    with engine.begin() as conn:
        for each in taken:
            _run(conn, each, alone=len(taken) == 1)


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
