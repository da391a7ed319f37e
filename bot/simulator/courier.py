"""Brings webhooks to the product: signed, in order for each chat, again when they were not answered."""

import heapq
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.simulator.events import Json, redelivered
from bot.simulator.store import Store

_THREADS = 3


@dataclass(frozen=True, order=True)
class Parcel:
    """Events that travel in one webhook.  *due* is on the monotonic clock; *attempts* were made before."""

    due: float
    number: int
    chat: str = ""
    attempts: int = 0


@dataclass(frozen=True)
class Manners:
    """How webhooks are brought just now: in *copies*, *late* by seconds, again after *waits* seconds each."""

    copies: int
    late: float
    waits: tuple[float, ...]


class Courier:
    """A few threads and their queue.  What waits is in the store and survives a stop.

    *carry(events)* takes one webhook to the product and returns whether it was answered with 2xx.  *give_up*
    is told the events that nobody will bring any more.
    """

    def __init__(
        self,
        store: Store,
        carry: Callable[[Sequence[Json]], bool],
        give_up: Callable[[Sequence[Json]], None],
        manners: Callable[[], Manners],
    ) -> None:
        self._store, self._carry, self._give_up, self._manners = store, carry, give_up, manners
        self._changed = threading.Condition()
        self._lanes: dict[str, deque[Parcel]] = {}
        self._later: list[Parcel] = []
        self._busy: set[str] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    def send(self, chat: str, events: Sequence[Json]) -> None:
        """Take *events* as one webhook of *chat*, behind those already waiting."""
        number = self._store.insert(
            "INSERT INTO parcels (chat, events) VALUES (?, ?)", chat, json.dumps(events)
        )
        self._queue(Parcel(time.monotonic() + self._manners().late, number, chat))

    def start(self) -> None:
        """Begin to deliver, with what an earlier run left behind first.  Twice is once."""
        # The store before the queue, as everywhere: residents queue inside a transaction.
        with self._store.transaction(), self._changed:
            if self._threads:
                return
            self._stopping = False
            self._recall()
            self._threads = [
                threading.Thread(target=self._work, name=f"simulator-courier-{number}", daemon=True)
                for number in range(_THREADS)
            ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the webhooks now on their way."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def settle(self, seconds: float) -> bool:
        """Wait until nothing waits any more, at most *seconds*; return whether that came."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not (self._busy or self._later or any(self._lanes.values())), timeout=seconds
            )

    # --- the queue

    def _recall(self) -> None:
        self._lanes.clear()
        self._later.clear()
        for row in self._store.rows("SELECT id, chat, attempts FROM parcels ORDER BY id"):
            self._lanes.setdefault(row["chat"], deque()).append(
                Parcel(0, row["id"], row["chat"], row["attempts"])
            )

    def _queue(self, parcel: Parcel) -> None:
        with self._changed:
            if parcel.due > time.monotonic():
                heapq.heappush(self._later, parcel)
            else:
                self._lanes.setdefault(parcel.chat, deque()).append(parcel)
            self._changed.notify_all()

    def _next(self) -> Parcel | None:
        """Return the next parcel of a chat that nobody is bringing anything of; None means to stop."""
        with self._changed:
            while not self._stopping:
                self._call_up()
                for chat, lane in self._lanes.items():
                    if lane and chat not in self._busy:
                        self._busy.add(chat)
                        return lane.popleft()
                self._changed.wait(self._later[0].due - time.monotonic() if self._later else None)
            return None

    def _call_up(self) -> None:
        while self._later and self._later[0].due <= time.monotonic():
            parcel = heapq.heappop(self._later)
            self._lanes.setdefault(parcel.chat, deque()).append(parcel)

    def _work(self) -> None:
        while parcel := self._next():
            try:
                self._bring(parcel)
            finally:
                with self._changed:
                    self._busy.discard(parcel.chat)
                    self._changed.notify_all()

    # --- one webhook

    def _bring(self, parcel: Parcel) -> None:
        row = self._store.row("SELECT events FROM parcels WHERE id = ?", parcel.number)
        if row is None:  # what queued it was taken back
            return
        events: list[Json] = json.loads(row["events"])
        manners = self._manners()
        carried = [redelivered(each) for each in events] if parcel.attempts else events
        # All of them: a doubled webhook goes out twice also when its first copy was answered.
        answered = [self._carry(carried) for _ in range(manners.copies)]
        if any(answered):
            self._done(parcel)
        elif parcel.attempts < len(manners.waits):
            self._again(parcel, manners.waits[parcel.attempts])
        else:
            self._done(parcel)
            self._give_up(events)

    def _done(self, parcel: Parcel) -> None:
        self._store.write("DELETE FROM parcels WHERE id = ?", parcel.number)

    def _again(self, parcel: Parcel, wait: float) -> None:
        self._store.write("UPDATE parcels SET attempts = attempts + 1 WHERE id = ?", parcel.number)
        self._queue(replace(parcel, due=time.monotonic() + wait, attempts=parcel.attempts + 1))
