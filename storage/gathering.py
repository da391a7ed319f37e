"""Jobs that wait for a transaction to take them along."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

MOST = 64
"""Jobs in one transaction: what all of them must do again if the disk refuses it."""


class Interrupted(RuntimeError):
    """The thread that was to commit the job was stopped; nothing of the job is stored."""


class Ticket(Generic[T]):
    """One job, and what became of it.  Its owner waits at *turn*, unless it leads."""

    __slots__ = ("done", "fault", "job", "turn", "value")

    def __init__(self, job: Callable[[Connection], T]) -> None:
        self.job = job
        self.done = False
        self.value: T | None = None
        self.fault: BaseException | None = None
        self.turn = threading.Lock()
        self.turn.acquire()

    def outcome(self) -> T:
        """Return what the job returned, or raise what it raised."""
        if self.fault is not None:
            raise self.fault
        return self.value  # type: ignore[return-value]


class Gathering:
    """The jobs that wait for their transaction, and whether somebody leads one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Ticket[Any]] = []
        self._led = False

    def join(self, ticket: Ticket[Any]) -> bool:
        """Return whether the owner of *ticket* is to lead; otherwise they wait for their turn."""
        with self._lock:
            self._waiting.append(ticket)
            leads, self._led = not self._led, True
        return leads

    def count(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def take(self) -> list[Ticket[Any]]:
        """Return the jobs of the next transaction."""
        with self._lock:
            taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return taken

    def pass_on(self) -> None:
        """Let the owner of the job that has waited longest lead, if there is one."""
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
        if following:
            following.turn.release()
