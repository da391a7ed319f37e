"""What an error of the database means for whoever met it: try again, wait, or give up."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# PostgreSQL: serialization failure, deadlock, lock not available, statement timeout.
_BUSY_STATES = {"40001", "40P01", "55P03", "57014"}
# PostgreSQL: read-only, idle transaction ended, I/O error, and the classes 08 (connection), 53 (out of
# connections, disk, memory), 57P (shutting down).
_PASSING_STATES = {"25006", "25P03", "58030"}
_PASSING_CLASSES = ("08", "53", "57P")

_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PASSING_CODES = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}
_UNIQUE_CODES = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


def is_busy(error: BaseException) -> bool:
    """Return whether somebody else was in the way: the same transaction may well succeed at once."""
    if isinstance(error, TimeoutError | PoolTimeoutError):
        return True
    return _code(error) & 0xFF in _BUSY_CODES or _state(error) in _BUSY_STATES


def is_transient(error: BaseException) -> bool:
    """Return whether the fault will pass: busy, connection lost, read-only, disk full, out of connections."""
    if is_busy(error) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return True
    state = _state(error)
    passing = state in _PASSING_STATES or state.startswith(_PASSING_CLASSES)
    return passing or _code(error) & 0xFF in _PASSING_CODES or _never_connected(error)


def is_collision(error: BaseException) -> bool:
    """Return whether a row of the same key was there already."""
    return _code(error) in _UNIQUE_CODES or _state(error) == "23505"


def _driver(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _code(error: BaseException) -> int:
    """Return SQLite's extended result code, 0 for any other error."""
    return int(getattr(_driver(error), "sqlite_errorcode", 0) or 0)


def _state(error: BaseException) -> str:
    """Return PostgreSQL's SQLSTATE, "" for any other error."""
    return str(getattr(_driver(error), "sqlstate", "") or "")


def _never_connected(error: BaseException) -> bool:
    # psycopg names no SQLSTATE where there was no server to give one.
    driver = _driver(error)
    named = {cls.__name__ for cls in type(driver).__mro__ if cls.__module__.startswith("psycopg")}
    return "OperationalError" in named and not _state(error)
