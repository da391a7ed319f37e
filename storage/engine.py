"""Opening the database: SQLite in one process, PostgreSQL in as many as needed."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from storage.faults import is_busy, is_collision, is_transient
from storage.gathering import Gathering

__all__ = [
    "Connection",
    "Engine",
    "NestedWrite",
    "WriteLock",
    "create",
    "is_busy",
    "is_collision",
    "is_transient",
    "pragma",
    "read",
    "sqlite_version_warning",
    "write",
    "write_lock",
]

LOCK_SECONDS = 30.0
"""How long a writer waits for its turn before it gives up; turns take milliseconds."""

LEADERS = 4
"""Transactions on PostgreSQL in which a process's writes gather: one that has to wait holds up a few others."""

RESTED = 1.0
"""Seconds after which a connection to PostgreSQL is asked whether it is still one."""

_BUSY_MILLIS = 5000
_FIXED_SQLITE = (3, 51, 3)

# In milliseconds.  Nothing here waits for a person or for the network, so whatever passes these is stuck.
_POSTGRESQL = {
    "lock_timeout": 4000,
    "statement_timeout": 15000,
    "idle_in_transaction_session_timeout": 60000,
}


class NestedWrite(RuntimeError):
    """A thread asked to write while it was writing: it would wait for itself for ever."""


class WriteLock:
    """Lets the threads of a process write one after the other.

    SQLite's own busy handler sleeps and is unfair: without this lock the slowest writer waits twenty times
    longer.  It also keeps two connections of a process from resetting the WAL at the same instant.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None

    def refuse_nested(self) -> None:
        """Check that this thread is not writing.

        Raises:
            NestedWrite: It is.
        """
        if self._owner == threading.get_ident():
            raise NestedWrite("hand the open connection down instead of opening a second one")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            NestedWrite: This thread holds it already.
            TimeoutError: Another thread kept it for half a minute.
        """
        self.refuse_nested()
        if not self._lock.acquire(timeout=LOCK_SECONDS):
            raise TimeoutError("another thread of this process is still writing")
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()


def create(url: str, *, pool_size: int = 8) -> Engine:
    """Return the engine of the database *url*; for a SQLite file its folder is made.

    No statement's parameters ever show in an error or a log: they may be somebody's answers.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, pool_size)
    return _postgresql(address, pool_size)


def _sqlite(url: URL, pool_size: int) -> Engine:
    file = url.database or ""
    if file and file != ":memory:" and not file.startswith("file:"):
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {"write_lock": WriteLock(), "gathering": Gathering(leaders=1)}
    # The connection used last knows the newest pages; another would have to read them anew.
    engine = create_engine(
        url, pool_size=pool_size, pool_use_lifo=True, hide_parameters=True, execution_options=options
    )
    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def on_connect(connection: Any, _record: object) -> None:
    """Set a SQLite connection up: the driver begins nothing by itself, and a commit survives a power cut."""
    connection.isolation_level = None
    for setting in (
        f"busy_timeout={_BUSY_MILLIS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # A checkpoint copies each page once, however often it was written since: fewer copy less.
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {setting}").close()


def on_begin(connection: Connection) -> None:
    """Begin as a writer at once: a transaction that reads first and writes later loses updates silently."""
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))


def _postgresql(url: URL, pool_size: int) -> Engine:
    limits = [f"-c {name}={value}" for name, value in _POSTGRESQL.items()]
    asked = url.query.get("options", "")  # last, so that the address has the last word
    options = " ".join([*limits, *([asked] if isinstance(asked, str) else asked)])
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"options": options.strip(), "connect_timeout": 5},
        execution_options={"gathering": Gathering(LEADERS)},
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ask_whether_alive, engine))
    return engine


def _note_use(_driver: object, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ask_whether_alive(engine: Engine, driver: Any, record: Any, _proxy: object) -> None:
    """Ask a connection that has rested whether the server still holds it; one just used is taken as it is.

    Asking each time would be a third of a turn's ways there and back.  A connection that was lost since costs
    its user an error that says so, after which a turn is simply run again.
    """
    if time.monotonic() - record.info.get("used", 0.0) < RESTED:
        return
    try:
        engine.dialect.do_ping(driver)
    except Exception as fault:
        raise DisconnectionError from fault


def write_lock(engine: Engine) -> AbstractContextManager[None]:
    """Return the turn to write: one thread at a time on SQLite, everybody on PostgreSQL."""
    lock: WriteLock | None = engine.get_execution_options().get("write_lock")
    return lock.held() if lock else nullcontext()


def refuse_nested(engine: Engine) -> None:
    """Check that this thread is not writing to *engine* (SQLite).

    Raises:
        NestedWrite: It is.
    """
    lock: WriteLock | None = engine.get_execution_options().get("write_lock")
    if lock:
        lock.refuse_nested()


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that may write; committed at the end, rolled back on any error.

    Raises:
        NestedWrite: This thread is writing already (SQLite).
    """
    with write_lock(engine), engine.begin() as connection:
        yield connection


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the database throughout and cannot write."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A reader that turned writer would go past the lock, and past what it has read.
            connection.execution_options(sqlite_begin="BEGIN DEFERRED")
            with pragma(connection, "query_only", "ON", "OFF"), connection.begin():
                yield connection
        else:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection


@contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for one statement that reads, made ready (:mod:`storage.ready`).

    It sees one state by itself: a transaction around it would be three ways to the server instead of one.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":  # begins nothing by itself
            yield connection
            return
        driver.autocommit = True
        try:
            yield connection
        finally:
            if not driver.closed:
                driver.autocommit = False


@contextmanager
def pragma(connection: Connection, name: str, during: str, after: str) -> Iterator[None]:
    """Set a PRAGMA around a transaction; inside one, SQLite ignores some of them."""
    driver: Any = connection.connection
    driver.execute(f"PRAGMA {name}={during}").close()
    try:
        yield
    finally:
        driver.execute(f"PRAGMA {name}={after}").close()


def sqlite_version_warning(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Return what to do about the SQLite in use, None where nothing is wrong with it."""
    if version >= _FIXED_SQLITE:
        return None
    return (
        f"SQLite {'.'.join(map(str, version))} can damage the database when two programs write or checkpoint "
        "at the same instant (the WAL-reset bug, mended in 3.51.3): run one process only and stop it before "
        "using other commands, or use PostgreSQL."
    )
