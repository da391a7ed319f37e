"""What an error means: really broken databases where they can be made, made-up codes where not."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import engine as engines
from storage import values
from storage.tables import settings


def _sqlite(code: int) -> OperationalError:
    driver = sqlite3.OperationalError("x")
    driver.sqlite_errorcode = code
    return OperationalError("", {}, driver)


def _postgresql(state: str) -> OperationalError:
    driver = psycopg.OperationalError("x")
    driver.sqlstate = state
    return OperationalError("", {}, driver)


BUSY = {
    "locked": _sqlite(sqlite3.SQLITE_BUSY),
    "locked behind a snapshot": _sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT),
    "table locked": _sqlite(sqlite3.SQLITE_LOCKED),
    "serialization": _postgresql("40001"),
    "deadlock": _postgresql("40P01"),
    "lock timeout": _postgresql("55P03"),
    "statement timeout": _postgresql("57014"),
    "no turn to write": TimeoutError(),
}
PASSING = {
    "disk full (SQLite)": _sqlite(sqlite3.SQLITE_FULL),
    "read-only (SQLite)": _sqlite(sqlite3.SQLITE_READONLY),
    "I/O error while syncing": _sqlite(sqlite3.SQLITE_IOERR_FSYNC),
    "disk full": _postgresql("53100"),
    "too many connections": _postgresql("53300"),
    "shutting down": _postgresql("57P01"),
    "connection lost": _postgresql("08006"),
    "read-only": _postgresql("25006"),
}
LASTING = {
    "no such table": _sqlite(sqlite3.SQLITE_ERROR),
    "damaged": _sqlite(sqlite3.SQLITE_CORRUPT),
    "undefined column": _postgresql("42703"),
    "no database error": ValueError("database is locked"),
}


@pytest.mark.parametrize("name", BUSY)
def test_somebody_in_the_way_is_busy_and_passes(name: str) -> None:
    assert engines.is_busy(BUSY[name])
    assert engines.is_transient(BUSY[name])


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_of_the_surroundings_passes_but_not_at_once(name: str) -> None:
    assert not engines.is_busy(PASSING[name])
    assert engines.is_transient(PASSING[name])


@pytest.mark.parametrize("name", LASTING)
def test_a_mistake_does_not_pass(name: str) -> None:
    assert not engines.is_busy(LASTING[name])
    assert not engines.is_transient(LASTING[name])


def test_a_row_of_the_same_key_is_a_collision_and_nothing_else(engine: Engine) -> None:
    def insert_twice() -> None:
        with engines.write(engine) as conn:
            for _ in range(2):
                conn.execute(settings.insert().values(key="clock", value="1"))

    with pytest.raises(IntegrityError) as fault:
        insert_twice()

    assert engines.is_collision(fault.value)
    assert not engines.is_transient(fault.value)


def test_a_missing_value_is_no_collision(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as fault, engines.write(engine) as conn:
        conn.execute(text("INSERT INTO settings (key) VALUES ('clock')"))

    assert not engines.is_collision(fault.value)


def test_a_database_locked_by_another_program_is_busy(sqlite_engine: Engine) -> None:
    other = sqlite3.connect(str(sqlite_engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with sqlite_engine.connect() as conn:
        driver = conn.connection.dbapi_connection
        assert driver
        driver.execute("PRAGMA busy_timeout=0")

    with pytest.raises(OperationalError) as fault, engines.write(sqlite_engine):
        pass
    other.close()

    assert engines.is_busy(fault.value)


def test_a_full_disk_passes(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(DBAPIError) as fault, engines.write(sqlite_engine) as conn:
        values.put(conn, "big", "x" * 100_000)

    assert engines.is_transient(fault.value)


def test_a_folder_that_cannot_be_written_to_passes(tmp_path: Path) -> None:
    engine = engines.create(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    (tmp_path / "desk.sqlite3").mkdir()

    with pytest.raises(OperationalError) as fault, engines.write(engine):
        pass
    engine.dispose()

    assert engines.is_transient(fault.value)


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_passes_and_is_replaced(postgres_engine: Engine) -> None:
    def lose_the_connection() -> None:
        with engines.write(postgres_engine) as conn:
            mine = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with engines.write(postgres_engine) as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            conn.exec_driver_sql("SELECT 1")

    with pytest.raises(DBAPIError) as fault:
        lose_the_connection()

    assert engines.is_transient(fault.value)
    with engines.write(postgres_engine) as conn:
        values.put(conn, "clock", "1")


@pytest.mark.postgres
def test_a_server_that_does_not_answer_passes(tmp_path: Path) -> None:
    engine = engines.create(f"postgresql+psycopg://madoguchi@/desk?host={tmp_path}")

    with pytest.raises(OperationalError) as fault, engines.write(engine):
        pass

    assert engines.is_transient(fault.value)
