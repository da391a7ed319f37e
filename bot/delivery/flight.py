"""What is in the air: calls to platforms, hundreds at once in one event loop; errands in a few threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from bot.delivery.port import Chore, Deliver, InLoop, Steps
from bot.delivery.posting import Posting, Request
from storage.outbox import Delivered, Parcel

CameBack: TypeAlias = Callable[[Parcel, Exception | None, Delivered | None], None]
"""Is told, from whichever thread, what became of a parcel, or what fault of our own stopped it."""

ERRANDS = 8
"""Parcels that need a thread (photos, profiles), at once."""

CHORES = 4
"""Chores of parcels at once: they are short, and no photo that trickles in may keep them waiting."""


class Flight:
    """Sends parcels, *most* at once; *died* is called when the event loop ends by itself."""

    def __init__(
        self,
        in_loop: InLoop,
        deliver: Deliver,
        came_back: CameBack,
        died: Callable[[], None],
        most: int,
    ) -> None:
        self._in_loop = in_loop
        self._deliver = deliver
        self._came_back = came_back
        self._died = died
        self._most = most
        self._count = 0
        self._counting = threading.Lock()
        self._boarding: list[Parcel] = []
        self._called = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._chores: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """Begin to take parcels."""
        ready = threading.Event()
        self._pool = ThreadPoolExecutor(ERRANDS, thread_name_prefix="errand")
        self._chores = ThreadPoolExecutor(CHORES, thread_name_prefix="chore")
        self._thread = threading.Thread(target=self._run, args=(ready,), name="sender", daemon=True)
        self._thread.start()
        ready.wait(30)

    def stop(self) -> None:
        """End; what is still in the air is left to its lease."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=30)
        for pool in (self._pool, self._chores):
            if pool:
                pool.shutdown(cancel_futures=True)
        self._loop = self._thread = self._pool = self._chores = None
        self._boarding, self._called, self._count = [], False, 0

    def room(self) -> int:
        """Return how many more parcels may be sent now."""
        return self._most - self._count

    def is_empty(self) -> bool:
        """Return whether nothing is in the air."""
        return self._count == 0

    def is_alive(self) -> bool:
        """Return whether the event loop runs."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, parcels: Sequence[Parcel]) -> None:
        """Send *parcels*; each comes back by itself."""
        loop = self._loop
        if loop is None or not parcels:
            return
        with self._counting:
            self._count += len(parcels)
            self._boarding.extend(parcels)
            called, self._called = self._called, True
        if not called:  # one call for all that come before the loop gets to it
            loop.call_soon_threadsafe(self._take_off)

    def _run(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        self._posting = Posting(loop, self._most)
        self._loop = loop
        loop.call_soon(ready.set)
        try:
            loop.run_forever()
        except BaseException:  # noqa: BLE001 -- whatever it was, nobody would send any more
            self._died()
        finally:
            self._posting.close()
            loop.close()

    def _take_off(self) -> None:
        with self._counting:
            self._called = False
            parcels, self._boarding = self._boarding, []
        for each in parcels:
            try:
                self._send(each)
            except Exception as fault:  # noqa: BLE001 -- whatever it is, the parcel must come to a visible end
                self._landed(each, fault, None)

    def _send(self, parcel: Parcel) -> None:
        steps = self._in_loop(parcel)
        if steps is not None:
            self._go_on(parcel, steps, partial(next, steps))
        elif self._pool:
            self._pool.submit(self._run_errand, parcel)

    def _go_on(self, parcel: Parcel, steps: Steps, on: Callable[[], Request | Chore]) -> None:
        try:
            wanted = on()
            if not isinstance(wanted, Chore):
                self._posting.begin(
                    wanted, lambda came: self._go_on(parcel, steps, partial(steps.send, came))
                )
            elif self._chores:
                self._chores.submit(self._run_chore, parcel, steps, wanted)
        except StopIteration as end:
            self._landed(parcel, None, end.value)
        except Exception as fault:  # noqa: BLE001 -- as above
            self._landed(parcel, fault, None)

    def _run_chore(self, parcel: Parcel, steps: Steps, chore: Chore) -> None:
        on = chore.done(steps)
        if (
            loop := self._loop
        ):  # none where we were stopped meanwhile: what is in the air is left to its lease
            loop.call_soon_threadsafe(self._go_on, parcel, steps, on)

    def _run_errand(self, parcel: Parcel) -> None:
        try:
            done = self._deliver(parcel)
        except Exception as fault:  # noqa: BLE001 -- as above
            self._landed(parcel, fault, None)
        else:
            self._landed(parcel, None, done)

    def _landed(self, parcel: Parcel, fault: Exception | None, done: Delivered | None) -> None:
        self._came_back(parcel, fault, done)
        with self._counting:
            self._count -= 1
