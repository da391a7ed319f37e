"""What is true of the embedded engine alone: leases on SQLite, and a death that must not go unseen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine as Database

from bot.delivery.embedded import LEASE, EmbeddedEngine
from storage import engine as database
from storage import outbox as queue
from storage.outbox import DELIVERED, Delivered, Parcel, Queued
from tests.support.service import BEGIN, StandingClock, until


class FragileClock(StandingClock):
    """A clock whose reading fails once it is broken, as any fault in our own code might."""

    broken = False

    def now(self) -> int:
        if self.broken:
            raise RuntimeError("見本の故障")
        return super().now()


def delivered(parcel: Parcel) -> Delivered:
    return Delivered(parcel.id, DELIVERED)


def put(engine: Database, clock: StandingClock) -> None:
    with database.write(engine) as conn:
        queue.queue(conn, [Queued("line", "one", "one", {"name": "a"}, "one/a")], clock.now())


def left(engine: Database) -> int:
    with database.read(engine) as conn:
        return queue.counts(conn).get("waiting", 0)


def test_the_death_of_the_dispatcher_ends_the_process(engine: Database) -> None:
    clock, died = FragileClock(), threading.Event()
    sending = EmbeddedEngine(engine, delivered, clock, die=died.set)
    sending.start()
    clock.broken = True

    put(engine, StandingClock())

    assert died.wait(20)
    until(lambda: not sending.is_alive())


def test_a_process_that_sends_alone_ends_the_leases_of_the_one_before(engine: Database) -> None:
    clock = StandingClock()
    put(engine, clock)
    with database.write(engine) as conn:
        queue.claim(conn, clock.now(), clock.now() + LEASE, 1)
    sending = EmbeddedEngine(engine, delivered, clock)

    sending.start()

    until(lambda: left(engine) == 0)
    sending.stop()


def test_on_postgresql_a_new_process_leaves_the_leases_of_others_alone(engine: Database) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite belongs to one process")
    clock = StandingClock()
    came: list[Parcel] = []

    def deliver(parcel: Parcel) -> Delivered:
        came.append(parcel)
        return delivered(parcel)

    other = EmbeddedEngine(engine, deliver, StandingClock(BEGIN - timedelta(days=1)))
    other.start()
    put(engine, clock)
    with database.write(engine) as conn:
        queue.claim(conn, clock.now(), clock.now() + LEASE, 1)
    sending = EmbeddedEngine(engine, deliver, clock)

    sending.start()
    sending.stop()
    other.stop()
    sending.run_until_idle()

    assert came == []
    clock.advance(timedelta(milliseconds=LEASE))
    sending.run_until_idle()
    assert len(came) == 1
