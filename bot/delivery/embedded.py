"""The embedded engine: threads of this process drain the outbox of one node (SQLite or PostgreSQL).

One thread, the dispatcher, owns the ledger: in one transaction it stores what became of the parcels that came
back and leases the next ones.  The senders only talk to the platforms.  A dispatcher that dies ends the
process: a desk that hears but never answers is worse than one that is restarted.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy import Engine as Database
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.delivery.port import Deliver
from storage import engine as database
from storage import outbox
from storage.outbox import Delivered, Parcel

log = structlog.get_logger()

LEASE = 35_000
"""How long (ms) a claimed parcel is this process's: longer than a call to a platform should take, but short
enough for whoever takes it over to use its reply token.  Two who send it at once do no harm: the token works
once, and the retry key is the same."""

POLL = 0.25
"""Seconds between looks at the outbox when nobody wakes the dispatcher: retries and other processes' rows."""

RECOVERY = 1.0
"""Seconds to wait after a fault of the database before the next try."""


class EmbeddedEngine:
    """See the module.  *senders* bounds how many calls to platforms run at once."""

    def __init__(
        self,
        engine: Database,
        deliver: Deliver,
        clock: Clock,
        *,
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
        self._flying = 0
        self._unstored: list[Delivered] = []
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver; leases left by an earlier life of this process end at once."""
        self._stopping.clear()
        self._release()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def _release(self) -> None:
        if self._engine.dialect.name == "sqlite":  # one process owns the file: nobody else can be sending
            with database.write(self._engine) as conn:
                outbox.release(conn, self._clock.now())

    def stop(self) -> None:
        """End after the calls in flight have come back and are stored."""
        self._stopping.set()
        self._woken.set()
        if self._thread:
            self._thread.join(timeout=30)
            self._thread = None

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    def is_alive(self) -> bool:
        """Return whether the dispatcher runs."""
        return self._thread is not None and self._thread.is_alive()

    def run_until_idle(self) -> None:
        """Deliver everything that is due, in this thread, one after the other."""
        while True:
            parcels = self._exchange([], self._senders)
            if not parcels:
                return
            self._exchange([self._delivered(each) for each in parcels], 0)

    def _delivered(self, parcel: Parcel) -> Delivered:
        try:
            return self._deliver(parcel)
        except Exception as fault:  # noqa: BLE001 -- whatever it is, the parcel must come to a visible end
            log.error("delivery_fault", outbox=parcel.id, kind=parcel.kind, fault=type(fault).__name__)  # noqa: TRY400 -- its words may be somebody's
            return after_a_fault(parcel, type(fault).__name__, self._clock.now())

    def _run(self) -> None:
        try:
            with ThreadPoolExecutor(self._senders, thread_name_prefix="sender") as pool:
                while not (self._stopping.is_set() and self._flying == 0 and not self._unstored):
                    self._round(pool)
        except BaseException:
            log.exception("dispatcher_died")
            self._die()

    def _round(self, pool: ThreadPoolExecutor) -> None:
        self._woken.wait(POLL)
        self._woken.clear()
        self._collect()
        free = 0 if self._stopping.is_set() else self._senders - self._flying
        try:
            parcels = self._exchange(self._unstored, free)
        except (SQLAlchemyError, TimeoutError) as fault:
            # What came back is kept and stored when the database answers again.
            log.warning("outbox_unreachable", fault=type(fault).__name__)
            self._stopping.wait(RECOVERY)
            self._woken.set()
            return
        self._unstored = []
        for each in parcels:
            self._send(pool, each)

    def _collect(self) -> None:
        while True:
            try:
                self._unstored.append(self._results.get_nowait())
            except Empty:
                return
            self._flying -= 1

    def _exchange(self, results: list[Delivered], most: int) -> list[Parcel]:
        if not results and not self._anything_due():
            return []
        now = self._clock.now()
        with database.write(self._engine) as conn:
            outbox.finish(conn, results, now)
            return outbox.claim(conn, now, now + LEASE, most) if most else []

    def _anything_due(self) -> bool:
        with database.read(self._engine) as conn:
            due = outbox.next_due(conn)
        return due is not None and due <= self._clock.now()

    def _send(self, pool: ThreadPoolExecutor, parcel: Parcel) -> None:
        self._flying += 1
        pool.submit(self._delivered, parcel).add_done_callback(self._came_back)

    def _came_back(self, done: Future[Delivered]) -> None:
        self._results.put(done.result())
        self._woken.set()


MOST_FAULTS = 5


def after_a_fault(parcel: Parcel, name: str, now: int) -> Delivered:
    """Return what becomes of a parcel that our own code could not handle: a few tries, then it is shown to staff."""
    if parcel.attempts >= MOST_FAULTS:
        return Delivered(parcel.id, outbox.UNDELIVERABLE, error=name)
    return Delivered(parcel.id, outbox.WAITING, due=now + 1000 * 2**parcel.attempts, error=name)
