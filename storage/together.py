"""Writing together: on SQLite the writes that wait for one another share one transaction.

A commit that survives a power cut waits for the disk, and only one thread may write.  So whoever gets the lock
takes the jobs of all who wait along: one wait for the disk serves them all, and each hears what became of its
own.  On PostgreSQL, which does the same by itself, each job has its own transaction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from storage import engine as database

T = TypeVar("T")

MOST = 64
"""Jobs in one transaction: what all of them must do again if the disk refuses it."""


class _Ticket(Generic[T]):
    """One job, and what became of it."""

    __slots__ = ("done", "fault", "job", "value")

    def __init__(self, job: Callable[[Connection], T]) -> None:
        self.job = job
        self.done = False
        self.value: T | None = None
        self.fault: BaseException | None = None


Waiting = deque[_Ticket[Any]]


def write(engine: Engine, job: Callable[[Connection], T]) -> T:
    """Return what *job* returns, once it is committed.

    It may run in another thread, next to jobs it knows nothing of, so it holds no lock and waits for nobody.
    Another job's failure does not touch it.

    Raises:
        NestedWrite: This thread is writing already (SQLite).
        Exception: *job* raised it, or the commit did, and nothing of *job* is stored.
    """
    waiting: Waiting | None = engine.get_execution_options().get("waiting")
    if waiting is None:
        with database.write(engine) as conn:
            return job(conn)
    mine = _Ticket(job)
    waiting.append(mine)
    try:
        with database.write_lock(engine):
            while not mine.done:
                _take_along(engine, waiting)
    except BaseException:
        mine.done = True  # whoever comes next must not run what its owner has been told failed
        raise
    if mine.fault is not None:
        raise mine.fault
    return mine.value  # type: ignore[return-value]


def _take_along(engine: Engine, waiting: Waiting) -> None:
    taken = [each for each in (waiting.popleft() for _ in range(min(len(waiting), MOST))) if not each.done]
    try:
        with engine.begin() as conn:
            for each in taken:
                _run(conn, each, alone=len(taken) == 1)
    except Exception as fault:  # noqa: BLE001 -- each owner is told
        for each in taken:
            each.fault = each.fault or fault
    except BaseException as fault:
        for each in taken:
            each.fault = fault
        raise
    finally:
        for each in taken:
            each.done = True


def _run(conn: Connection, ticket: _Ticket[Any], *, alone: bool) -> None:
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
