"""The embedded engine: threads of this process drain the outbox of one node (SQLite or PostgreSQL).

One thread, the dispatcher, owns the ledger: in one transaction it stores what became of the parcels that came
back and leases the next ones.  Most messages never wait for it: the turn that queues one leases it in the same
statement and hands it over once it is committed.  The calls to the platforms are in the air in one event loop.
A thread of ours that dies ends the process: a desk that hears but never answers is worse than one that is
restarted.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy import Connection
from sqlalchemy import Engine as Database
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import Clock
from bot.delivery.flight import Flight
from bot.delivery.port import Deliver, InLoop, never
from storage import engine as database
from storage import outbox, together
from storage.outbox import Delivered, Parcel
from storage.presence import Presence

log = structlog.get_logger()

LEASE = 35_000
"""How long (ms) a claimed parcel is this process's: longer than a call to a platform should take, but short
enough for whoever takes it over to use its reply token.  Two who send it at once do no harm: the token works
once, and the retry key is the same."""

POLL = 0.25
"""Seconds between looks at the outbox when nobody wakes the dispatcher: retries and other processes' rows."""

LINGER = 0.01
"""Seconds in which what came back is gathered: one commit for many, and nobody waits for it but whoever has
been sent two messages at once."""

RECOVERY = 1.0
"""Seconds to wait after a fault of the database before the next try."""


class EmbeddedEngine:
    """See the module.  *senders* bounds how many calls to platforms run at once.

    *in_loop* sends in the event loop whatever it takes; *deliver* sends the rest, each parcel in a thread.
    """

    def __init__(
        self,
        engine: Database,
        deliver: Deliver,
        clock: Clock,
        *,
        in_loop: InLoop = never,
        senders: int = 32,
        die: Callable[[], None] = lambda: os._exit(70),
    ) -> None:
        self._engine = engine
        self._deliver = deliver
        self._clock = clock
        self._senders = senders
        self._die = die
        self._results: SimpleQueue[Delivered] = SimpleQueue()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._unstored: list[Delivered] = []
        self._presence = Presence(engine)
        self._thread: threading.Thread | None = None
        self._flight = Flight(in_loop, deliver, self._came_back, self._died, senders)

    def start(self) -> None:
        """Begin to deliver; leases left by an earlier life of this process end at once."""
        self._stopping.clear()
        self._end_old_leases()
        self._flight.start()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def _end_old_leases(self) -> None:
        if self._presence.enter():  # nobody else can be sending
            with database.write(self._engine) as conn:
                outbox.release(conn, self._clock.now())

    def stop(self) -> None:
        """End after the calls in flight have come back and are stored."""
        self._stopping.set()
        self._woken.set()
        if self._thread:
            self._thread.join(timeout=30)
            self._thread = None
        self._flight.stop()
        self._presence.leave()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    def lease(self, now: int) -> int:
        """Return until when (ms) a message queued now may be this engine's at once; 0 where it must be claimed."""
        free = self._thread is not None and not self._stopping.is_set() and self._flight.room() > 0
        return now + LEASE if free else 0

    def hand(self, parcels: Sequence[Parcel]) -> None:
        """Send *parcels*, which were queued with a lease and are committed; without any, :meth:`wake`.

        What was queued beside them is seen when they have come back.
        """
        if parcels:
            self._flight.begin(parcels)
        else:
            self.wake()

    def is_alive(self) -> bool:
        """Return whether the dispatcher and the event loop run."""
        return self._thread is not None and self._thread.is_alive() and self._flight.is_alive()

    def run_until_idle(self) -> None:
        """Deliver everything that is due, in this thread, one after the other."""
        while True:
            parcels = self._exchange([], self._senders)
            if not parcels:
                return
            self._exchange([delivered(self._deliver, each, self._clock) for each in parcels], 0)

    def _run(self) -> None:
        try:
            while not (self._stopping.is_set() and self._is_done()):
                self._round()
        except BaseException:
            log.exception("dispatcher_died")
            self._die()

    def _is_done(self) -> bool:
        # In this order: what comes back is put among the results before it counts as landed.
        return self._flight.is_empty() and self._results.empty() and not self._unstored

    def _round(self) -> None:
        self._woken.wait(POLL)
        if self._results.qsize() and not self._stopping.is_set():
            self._stopping.wait(LINGER)
        self._woken.clear()
        self._collect()
        free = 0 if self._stopping.is_set() else self._flight.room()
        try:
            parcels = self._exchange(self._unstored, free)
        except (SQLAlchemyError, TimeoutError) as fault:
            # What came back is kept and stored when the database answers again.
            log.warning("outbox_unreachable", fault=type(fault).__name__)
            self._stopping.wait(RECOVERY)
            self._woken.set()
            return
        self._unstored = []
        self._flight.begin(parcels)

    def _collect(self) -> None:
        while True:
            try:
                self._unstored.append(self._results.get_nowait())
            except Empty:
                return

    def _exchange(self, results: list[Delivered], most: int) -> list[Parcel]:
        if not results and not self._anything_due():
            return []
        now = self._clock.now()

        def both(conn: Connection) -> list[Parcel]:
            outbox.finish(conn, results, now)
            due = outbox.next_due(conn) if most else None
            return outbox.claim(conn, now, now + LEASE, most) if due is not None and due <= now else []

        return together.write(self._engine, both)

    def _anything_due(self) -> bool:
        with database.read(self._engine) as conn:
            due = outbox.next_due(conn)
        return due is not None and due <= self._clock.now()

    def _came_back(self, parcel: Parcel, fault: Exception | None, done: Delivered | None) -> None:
        became = done or after_a_fault(parcel, fault, self._clock.now())
        metrics.SENT.labels(parcel.channel, parcel.kind, became.state).inc()
        self._results.put(became)
        self._woken.set()

    def _died(self) -> None:
        log.error("sender_died")
        self._die()


def delivered(deliver: Deliver, parcel: Parcel, clock: Clock) -> Delivered:
    """Return what became of *parcel*; whatever happens, it comes to a visible end."""
    try:
        return deliver(parcel)
    except Exception as fault:  # noqa: BLE001 -- see above
        return after_a_fault(parcel, fault, clock.now())


MOST_FAULTS = 5


def after_a_fault(parcel: Parcel, fault: Exception | None, now: int) -> Delivered:
    """Return what becomes of a parcel that our own code could not handle: a few tries, then it is shown to staff."""
    name = type(fault).__name__
    log.error("delivery_fault", outbox=parcel.id, kind=parcel.kind, fault=name)  # its words may be somebody's
    if parcel.attempts >= MOST_FAULTS:
        return Delivered(parcel.id, outbox.UNDELIVERABLE, error=name)
    return Delivered(parcel.id, outbox.WAITING, due=now + 1000 * 2**parcel.attempts, error=name)
