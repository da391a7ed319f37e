"""What the databases alone cost: the statements of a turn sent by the bare drivers, without any of our code.

Claim the event, load the person with their talk, store both, queue a message of usual size, commit; and mark
messages delivered, sixteen to a transaction.  One connection, one thread.
"""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import make_url

from bench import figures, processes, programs, residents
from bench.figures import Figure
from bench.places import Server, places
from bench.residents import Resident
from storage.engine import create

PEOPLE, BATCH = 50, 16
_DRIVERS = {"SQLite": "sqlite3", "PostgreSQL": "psycopg"}
BODY = '{"messages":[' + '{"type":"text","text":"' + "x" * 4500 + '"}]}'
ANSWERS = '{"applicant_type":"person","perimeter":40,"period":{"from":"2027-06-20"},"sets":1}'

_CLAIM = """INSERT INTO inbox (event_id, channel, received_at, state, attempts) VALUES (?, 'line', ?, 'done', 0)
 ON CONFLICT (event_id) DO NOTHING RETURNING event_id"""
_COLUMNS = """p.id AS person, p.locale, p.locale_chosen, p.current, p.at, p.version, i.blocked_at, c.id, c.form,
 c.answers, c.aside, c.sources, c.asked, c.case_id, c.vault_id, c.started_at"""
_JOINED = """identities i JOIN people p ON p.id = i.person_id LEFT JOIN conversations c ON c.person_id = p.id
 WHERE i.channel = 'line' AND i.external_id = ?"""
_STORE = "UPDATE people SET version = version + 1, at = ? WHERE id = ? AND version = ?"
_TALK = "UPDATE conversations SET answers = ?, sources = ?, asked = ?, updated_at = ? WHERE id = ?"
_NAMES = """INSERT INTO outbox (channel, lane, thread, kind, recipient, body, reply_token, reply_until,
 retry_key, legal, cause, state, due, attempts, created_at)"""
_QUEUE = _NAMES + " VALUES ('line','chat',?,'messages',?,?,?,?,?,false,?,'waiting',?,1,?) RETURNING id"
_DONE = "UPDATE outbox SET state = 'delivered', done_at = ?, request_id = ? WHERE id = ?"

_ENTER = f"WITH claimed AS ({_CLAIM}) SELECT {_COLUMNS} FROM claimed, {_JOINED}"  # noqa: S608 -- our own texts
_LEAVE = f"""WITH stored AS ({_STORE} RETURNING id), talk AS ({_TALK})
 {_NAMES} SELECT 'line','chat',?,'messages',?,?,?,?,?,false,?,'waiting',?,1,? FROM stored RETURNING id"""  # noqa: S608


def measure(rounds: int, each: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return the figures of the drivers that *only* names: the best of *rounds* of *each* turns."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name:
        for place in places(Path(name), only, server):
            driver, pid = _DRIVERS[place.kind], place.server
            with place.databases.lent() as url, _turn(url, Path(name)) as turn:
                cpu, own, speed = _best(turn, rounds, each, pid)
            found.append(figures.plain("drivers", f"bare {driver}: turns/s, one connection", speed, "", 0))
            found.append(figures.plain("drivers", f"bare {driver}: CPU per turn", cpu, "ms", 3))
            if pid:
                found.append(
                    figures.plain("drivers", f"bare {driver}: CPU of the server per turn", own, "ms", 3)
                )
    return found


def _best(turn: Callable[[int], None], rounds: int, each: int, pid: int) -> tuple[float, float, float]:
    costs, numbers = [], iter(range(rounds * each + BATCH))
    for _ in range(BATCH):
        turn(next(numbers))
    gc.disable()
    for _ in range(rounds):
        wall, cpu, server = time.perf_counter(), time.process_time(), processes.cpu_seconds(pid)
        for _turn in range(each):
            turn(next(numbers))
        cpu, server = time.process_time() - cpu, processes.cpu_seconds(pid) - server
        costs.append((cpu / each * 1000, server / each * 1000, each / (time.perf_counter() - wall)))
    gc.enable()
    cpus, servers, speeds = zip(*costs, strict=True)
    return min(cpus), min(servers), max(speeds)


@contextmanager
def _turn(url: str, folder: Path) -> Iterator[Callable[[int], None]]:
    model = programs.prepare(url, folder)
    engine = create(url)
    residents.settle(engine, model, range(PEOPLE))
    engine.dispose()
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        yield _on_sqlite(str(address.database))
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield _on_postgresql(connection)


def _values(number: int, version: int) -> tuple[tuple[object, ...], tuple[object, ...], tuple[object, ...]]:
    """Return what the turn *number* stores: of the person, of the talk, and the message."""
    who, now = Resident(number % PEOPLE), 1_812_000_000_000 + number
    person = ("", who.person, version)
    talk = (ANSWERS, '{"perimeter":"900000"}', f"perimeter.{number % 9}", now, who.talk)
    key = f"{number:036d}"
    return person, talk, (who.person, who.account, BODY, f"reply{key}", now, key, key, now, now)


def _on_sqlite(file: str) -> Callable[[int], None]:
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")
    sent: list[int] = []

    def turn(number: int) -> None:
        account = Resident(number % PEOPLE).account
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_CLAIM, (f"bare{number}", number)).fetchall()
        row = connection.execute(f"SELECT {_COLUMNS} FROM {_JOINED}", (account,)).fetchone()  # noqa: S608
        person, talk, message = _values(number, row[5])
        assert connection.execute(_STORE, person).rowcount == 1
        connection.execute(_TALK, talk)
        sent.append(connection.execute(_QUEUE, message).fetchone()[0])
        connection.execute("COMMIT")
        if len(sent) == BATCH:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_DONE, [(number, "request", each) for each in sent])
            connection.execute("COMMIT")
            sent.clear()

    return turn


def _on_postgresql(connection: psycopg.Connection) -> Callable[[int], None]:
    sent: list[int] = []
    enter, leave, done = (each.replace("?", "%s").encode() for each in (_ENTER, _LEAVE, _DONE))

    def turn(number: int) -> None:
        account = Resident(number % PEOPLE).account
        with connection.transaction():
            row = connection.execute(enter, (f"bare{number}", number, account), prepare=True).fetchone()
            assert row
            person, talk, message = _values(number, row[5])
            stored = connection.execute(leave, (*person, *talk, *message), prepare=True).fetchone()
            assert stored
        sent.append(stored[0])
        if len(sent) == BATCH:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(done, [(number, "request", each) for each in sent])
            sent.clear()

    return turn
