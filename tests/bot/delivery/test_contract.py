"""The contract of the delivery port: whatever engine sends the outbox, this is what it owes.

A further engine is one more line in ENGINES.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select

from bot.clock import Clock
from bot.delivery.embedded import LEASE, EmbeddedEngine
from bot.delivery.port import Deliver, Engine
from storage import engine as database
from storage import outbox as queue
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, Delivered, Parcel, Queued
from storage.tables import outbox
from tests.support.service import StandingClock, outage, until

SENDERS = 4


class Make(Protocol):
    """Makes an engine that sends at most *senders* parcels at once and calls *die* when it can work no more."""

    def __call__(
        self, engine: Database, deliver: Deliver, clock: Clock, *, senders: int, die: Callable[[], None]
    ) -> Engine:
        """Return the engine, not yet started."""
        ...


ENGINES: Mapping[str, Make] = {"embedded": EmbeddedEngine}


@dataclass
class Platform:
    """Takes parcels and keeps what came, in the order in which it came."""

    engine: Database
    make: Make
    clock: StandingClock = field(default_factory=StandingClock)
    came: list[Parcel] = field(default_factory=list)
    becomes: Callable[[Parcel], Delivered] = field(default=lambda each: Delivered(each.id, DELIVERED))
    died: threading.Event = field(default_factory=threading.Event)
    started: list[Engine] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deliver(self, parcel: Parcel) -> Delivered:
        with self._lock:
            self.came.append(parcel)
        return self.becomes(parcel)

    def sending(self, senders: int = SENDERS) -> Engine:
        """Return an engine that sends to this platform, not yet started."""
        made = self.make(self.engine, self.deliver, self.clock, senders=senders, die=self.died.set)
        self.started.append(made)
        return made

    def queue(self, thread: str, *names: str, lane: str = "chat") -> None:
        """Queue a message for each of *names*, which their causes keep."""
        with database.write(self.engine) as conn:
            for name in names:
                made = Queued("line", thread, thread, {"name": name}, f"{thread}/{name}", lane=lane)
                queue.queue(conn, [made], self.clock.now())

    def states(self) -> list[str]:
        with database.read(self.engine) as conn:
            return [row.state for row in conn.execute(select(outbox.c.state).order_by(outbox.c.id))]

    def is_done(self) -> bool:
        return WAITING not in self.states()

    @property
    def names(self) -> list[str]:
        return [str(each.body["name"]) for each in self.came]


@pytest.fixture(params=list(ENGINES))
def platform(request: pytest.FixtureRequest, engine: Database) -> Iterator[Platform]:
    made = Platform(engine, ENGINES[request.param])
    yield made
    for each in made.started:
        each.stop()


def test_what_is_queued_is_delivered_in_the_background(platform: Platform) -> None:
    sending = platform.sending()
    sending.start()

    platform.queue("one", "a", "b")
    platform.queue("two", "c")
    sending.wake()

    until(platform.is_done)
    assert sorted(platform.names) == ["a", "b", "c"]
    assert platform.states() == [DELIVERED] * 3


def test_what_was_queued_before_the_start_is_delivered(platform: Platform) -> None:
    platform.queue("one", "a")

    platform.sending().start()

    until(platform.is_done)


def test_a_row_that_nobody_woke_for_is_found(platform: Platform) -> None:
    platform.sending().start()

    platform.queue("one", "a")

    until(platform.is_done)


def test_run_until_idle_delivers_everything_that_is_due_in_the_callers_thread(platform: Platform) -> None:
    here = threading.get_ident()
    threads = set()

    def note(parcel: Parcel) -> Delivered:
        threads.add(threading.get_ident())
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = note
    platform.queue("one", *"abcdefghij")

    platform.sending().run_until_idle()

    assert platform.names == list("abcdefghij")
    assert threads == {here}


def test_a_thread_goes_out_in_order_however_often_something_has_to_be_sent_again(platform: Platform) -> None:
    chance = random.Random(7)

    def moody(parcel: Parcel) -> Delivered:
        again = parcel.attempts < 4 and chance.random() < 0.3
        return Delivered(parcel.id, WAITING if again else DELIVERED, due=platform.clock.now())

    platform.becomes = moody
    for thread in range(8):
        platform.queue(f"thread {thread}", *(f"{number:02}" for number in range(20)))

    sending = platform.sending()
    sending.start()

    until(platform.is_done)
    ends = defaultdict(list)
    for each in platform.came:
        ends[each.thread].append(each.body["name"])
    for names in ends.values():
        assert names == sorted(names)
        assert len(set(names)) == 20


def test_of_one_thread_nothing_is_sent_while_another_of_it_is_on_its_way(platform: Platform) -> None:
    flying: defaultdict[str, int] = defaultdict(int)
    most: list[int] = []

    def counted(parcel: Parcel) -> Delivered:
        flying[parcel.thread] += 1
        most.append(flying[parcel.thread])
        threading.Event().wait(0.002)
        flying[parcel.thread] -= 1
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = counted
    for thread in ("one", "two"):
        platform.queue(thread, *(f"{number:02}" for number in range(10)))

    platform.sending().start()

    until(platform.is_done)
    assert set(most) == {1}


def test_a_slow_thread_holds_nobody_else_up(platform: Platform) -> None:
    released = threading.Event()

    def slow(parcel: Parcel) -> Delivered:
        if parcel.thread == "slow":
            released.wait(20)
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = slow
    platform.queue("slow", "a")
    platform.queue("quick", "b", "c")

    platform.sending().start()

    until(lambda: platform.states() == [WAITING, DELIVERED, DELIVERED])
    released.set()
    until(platform.is_done)


def test_who_waits_for_an_answer_comes_before_a_mass_of_messages(platform: Platform) -> None:
    for number in range(20):
        platform.queue(f"bulk {number}", "bulk", lane="bulk")
    platform.queue("errand", "errand", lane="errand")
    platform.queue("chat", "chat")

    platform.sending(senders=1).run_until_idle()

    assert platform.names[0] == "chat"
    assert platform.names[-1] == "errand"


@pytest.mark.parametrize("end", [DELIVERED, MAYBE, UNDELIVERABLE])
def test_what_became_of_a_message_stays_visible(platform: Platform, end: str) -> None:
    platform.becomes = lambda each: Delivered(each.id, end, error="見本", request_id="request-1")
    platform.queue("one", "a")

    platform.sending().run_until_idle()

    with database.read(platform.engine) as conn:
        row = conn.execute(select(outbox)).one()
    assert (row.state, row.error, row.request_id) == (end, "見本", "request-1")
    assert row.done_at == platform.clock.now()


def test_what_waits_is_sent_again_when_its_time_has_come_and_not_before(platform: Platform) -> None:
    later = platform.clock.now() + 60_000
    platform.becomes = lambda each: Delivered(
        each.id, WAITING if each.attempts == 1 else DELIVERED, due=later, error="later"
    )
    platform.queue("one", "a", "b")
    sending = platform.sending()

    sending.run_until_idle()
    assert platform.names == ["a"], "what stands behind it waits as well"
    platform.clock.advance(timedelta(milliseconds=59_999))
    sending.run_until_idle()
    assert platform.names == ["a"]
    platform.clock.advance(timedelta(milliseconds=1))
    platform.becomes = lambda each: Delivered(each.id, DELIVERED)
    sending.run_until_idle()

    assert platform.names == ["a", "a", "b"]
    assert [each.error for each in platform.came] == [None, "later", None]


@pytest.mark.parametrize("how", ["in the background", "until idle"])
def test_a_message_that_our_own_code_cannot_handle_ends_before_staff_and_stops_nobody(
    platform: Platform, how: str
) -> None:
    def faulty(parcel: Parcel) -> Delivered:
        if parcel.thread == "bad":
            raise RuntimeError("見本の故障")
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = faulty
    platform.queue("bad", "a")
    platform.queue("good", "b")
    sending = platform.sending()
    if how == "in the background":
        sending.start()
        until(lambda: platform.states()[1] == DELIVERED)

    for tried in range(1, 10):
        if how == "until idle":
            sending.run_until_idle()
        until(lambda tried=tried: platform.names.count("a") >= min(tried, 5))  # type: ignore[misc]
        until(lambda: platform.states()[0] == UNDELIVERABLE or not _is_leased(platform))
        platform.clock.advance(timedelta(minutes=1))

    until(platform.is_done)
    assert platform.states() == [UNDELIVERABLE, DELIVERED]
    assert platform.names.count("a") == 5
    with database.read(platform.engine) as conn:
        assert [each.error for each in queue.undeliverable(conn)] == ["RuntimeError"]


def _is_leased(platform: Platform) -> bool:
    with database.read(platform.engine) as conn:
        row = conn.execute(select(outbox.c.attempts, outbox.c.error).order_by(outbox.c.id)).first()
    return row is None or row.attempts == 0 or row.error is None


def test_stopping_finishes_what_is_on_its_way_and_leaves_the_rest_queued(platform: Platform) -> None:
    begun, released = threading.Event(), threading.Event()

    def slow(parcel: Parcel) -> Delivered:
        begun.set()
        released.wait(20)
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = slow
    platform.queue("one", "a", "b")
    sending = platform.sending()
    sending.start()
    assert begun.wait(20)

    stopping = threading.Thread(target=sending.stop)
    stopping.start()
    released.set()
    stopping.join(20)

    assert not sending.is_alive()
    assert platform.states() == [DELIVERED, WAITING]
    sending.start()
    until(platform.is_done)
    assert platform.names == ["a", "b"]


def test_it_says_whether_it_is_alive(platform: Platform) -> None:
    sending = platform.sending()
    assert not sending.is_alive()

    sending.start()
    assert sending.is_alive()

    sending.stop()
    assert not sending.is_alive()


def test_nothing_is_lost_or_said_twice_when_the_database_goes_away_and_comes_back(platform: Platform) -> None:
    reached, released = threading.Event(), threading.Event()

    def slow(parcel: Parcel) -> Delivered:
        reached.set()
        released.wait(20)
        return Delivered(parcel.id, DELIVERED)

    platform.becomes = slow
    platform.queue("one", "a", "b")
    sending = platform.sending()
    sending.start()
    assert reached.wait(20)

    with outage(platform.engine) as failures:
        released.set()
        begun = len(failures)
        # The first may have come before what was sent came back; the second meets it.
        until(lambda: len(failures) >= begun + 2)

    until(platform.is_done)
    assert platform.names == ["a", "b"]
    assert sending.is_alive()
    assert not platform.died.is_set()


def test_what_a_killed_engine_had_taken_is_taken_over_once_its_lease_is_over(platform: Platform) -> None:
    platform.queue("one", "a", "b")
    now = platform.clock.now()
    with database.write(platform.engine) as conn:
        assert len(queue.claim(conn, now, now + LEASE, 10)) == 1
    sending = platform.sending()

    sending.run_until_idle()
    assert platform.names == []
    platform.clock.advance(timedelta(milliseconds=LEASE))
    sending.run_until_idle()

    assert platform.names == ["a", "b"]
    assert platform.came[0].attempts == 2


def test_two_engines_on_one_postgresql_share_the_work_and_send_nothing_twice(platform: Platform) -> None:
    if platform.engine.dialect.name != "postgresql":
        pytest.skip("SQLite belongs to one process")
    for thread in range(20):
        platform.queue(f"thread {thread}", *(f"{number:02}" for number in range(5)))

    for each in (platform.sending(), platform.sending()):
        each.start()

    until(platform.is_done)
    sent = [(each.thread, each.body["name"]) for each in platform.came]
    assert len(sent) == len(set(sent)) == 100
    for thread in range(20):
        names = [name for owner, name in sent if owner == f"thread {thread}"]
        assert names == sorted(map(str, names))


def test_a_turn_that_is_rolled_back_sends_nothing(platform: Platform) -> None:
    sending = platform.sending()

    with suppress(RuntimeError), database.write(platform.engine) as conn:
        queue.queue(conn, [Queued("line", "one", "one", {"name": "a"}, "one/a")], platform.clock.now())
        raise RuntimeError("見本の故障")
    sending.run_until_idle()

    assert platform.came == []
