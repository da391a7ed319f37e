"""Opening the database, and who may write when."""

import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from storage import engine as engines
from storage import values
from storage.ready import Ready
from storage.tables import settings
from tests.storage import make

THREADS = 4
TIMES = 50


def _count_up(engine: Engine) -> None:
    """Read, then write, in a transaction: what a turn does.  Without the lock, which would hide a bad recipe."""
    for _ in range(TIMES):
        with engine.begin() as conn:
            before = int(values.get(conn, "count") or 0)
            values.put(conn, "count", str(before + 1))


def _counted(engine: Engine) -> int:
    with engines.write(engine) as conn:
        values.put(conn, "count", "0")
    make.together(THREADS, lambda: _count_up(engine))
    with engines.read(engine) as conn:
        return int(values.get(conn, "count") or 0)


def test_no_update_is_lost_when_threads_read_and_then_write(sqlite_engine: Engine) -> None:
    assert _counted(sqlite_engine) == THREADS * TIMES


def test_updates_are_lost_without_our_way_to_begin(sqlite_engine: Engine) -> None:
    event.remove(sqlite_engine, "begin", engines.on_begin)

    assert _counted(sqlite_engine) < THREADS * TIMES


def test_a_crash_of_the_machine_loses_nothing_that_was_committed(sqlite_engine: Engine) -> None:
    with engines.read(sqlite_engine) as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_the_folder_of_a_database_is_made_and_closed_to_others(tmp_path: Path) -> None:
    engine = engines.create(f"sqlite:///{tmp_path / 'var' / 'desk.sqlite3'}")

    with engine.connect():
        pass
    engine.dispose()

    assert (tmp_path / "var" / "desk.sqlite3").exists()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_what_is_written_is_committed_at_the_end(engine: Engine) -> None:
    with engines.write(engine) as conn:
        values.put(conn, "clock", "1")

    with engines.read(engine) as conn:
        assert values.get(conn, "clock") == "1"


def test_an_error_undoes_the_whole_transaction_and_lets_the_next_one_in(engine: Engine) -> None:
    def fail_halfway() -> None:
        with engines.write(engine) as conn:
            values.put(conn, "clock", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    with engines.write(engine) as conn:
        assert values.get(conn, "clock") is None


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as refused, engines.read(engine) as conn:
        values.put(conn, "clock", "1")

    assert engines.is_transient(refused.value)


def test_a_connection_that_read_can_write_afterwards(engine: Engine) -> None:
    for _ in range(3):
        with engines.read(engine) as conn:
            values.get(conn, "clock")
        with engines.write(engine) as conn:
            values.put(conn, "clock", "1")


def test_after_a_glance_a_connection_writes_in_transactions_as_before(engine: Engine) -> None:
    with engines.glance(engine) as connection:
        assert not Ready(select(func.count()).select_from(settings)).rows(connection, {})[0][0]
    with pytest.raises(DBAPIError), engines.glance(engine) as connection:
        Ready(text("SELECT nothing FROM nowhere")).rows(connection, {})

    with suppress(RuntimeError), engines.write(engine) as connection:
        values.put(connection, "sample", "1")
        raise RuntimeError

    with engines.read(engine) as connection:
        assert values.get(connection, "sample") is None


def test_a_reader_sees_one_state_throughout(engine: Engine) -> None:
    with engines.read(engine) as conn:
        before = conn.execute(select(func.count()).select_from(settings)).scalar()
        with engines.write(engine) as other:
            values.put(other, "clock", "1")
        after = conn.execute(select(func.count()).select_from(settings)).scalar()

    assert (before, after) == (0, 0)


def test_a_thread_that_writes_cannot_begin_to_write_again(sqlite_engine: Engine) -> None:
    with engines.write(sqlite_engine), pytest.raises(engines.NestedWrite), engines.write(sqlite_engine):
        pass

    with engines.write(sqlite_engine) as conn:
        values.put(conn, "clock", "1")


def test_one_thread_writes_at_a_time_in_a_process(sqlite_engine: Engine) -> None:
    inside, most = [0], [0]
    guard = threading.Lock()

    def work() -> None:
        for _ in range(10):
            with engines.write_lock(sqlite_engine):
                with guard:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                with guard:
                    inside[0] -= 1

    make.together(THREADS, work)

    assert most == [1]


def test_a_writer_that_never_gets_its_turn_gives_up(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.01)
    faults: list[BaseException] = []

    def write() -> None:
        try:
            with engines.write(sqlite_engine):
                pass
        except TimeoutError as fault:
            faults.append(fault)

    with engines.write(sqlite_engine):
        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=30)

    assert [engines.is_busy(fault) for fault in faults] == [True]


def test_no_error_quotes_what_was_to_be_stored(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as fault, engines.write(engine) as conn:
        conn.execute(text("INSERT INTO nowhere VALUES (:answer)"), {"answer": "見本 太郎"})

    assert "見本" not in str(fault.value)


@pytest.mark.postgres
def test_nothing_waits_for_ever_on_postgresql(postgres_engine: Engine) -> None:
    with engines.read(postgres_engine) as conn:
        limits = [
            conn.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        ]

    assert limits == ["4s", "15s", "1min"]


@pytest.mark.postgres
def test_the_address_may_set_other_limits(postgres_engine: Engine) -> None:
    url = postgres_engine.url.update_query_dict({"options": "-c lock_timeout=7s"})
    engine = engines.create(url.render_as_string(hide_password=False))

    with engines.read(engine) as conn:
        found = [
            conn.exec_driver_sql(f"SHOW {name}").scalar() for name in ("lock_timeout", "statement_timeout")
        ]
    engine.dispose()

    assert found == ["7s", "15s"]


@pytest.mark.parametrize(
    ("version", "warned"),
    [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 4), False)],
)
def test_a_sqlite_that_can_damage_the_database_is_warned_of(version: tuple[int, ...], warned: bool) -> None:
    warning = engines.sqlite_version_warning(version)

    assert bool(warning) == warned
    assert not warning or ".".join(map(str, version)) in warning
