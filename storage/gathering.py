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

    __slots__ = ("done", "fault", "job", "key", "leads", "turn", "value")

    def __init__(self, job: Callable[[Connection], T], key: str = "") -> None:
        self.job = job
        self.key = key
        self.done = False
        self.leads = False
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
    """The jobs that wait for their transaction, and how many threads lead one: *leaders* at most."""

    def __init__(self, leaders: int) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Ticket[Any]] = []
        self.leaders = leaders
        self._leading = 0

    def join(self, ticket: Ticket[Any]) -> bool:
        """Return whether the owner of *ticket* is to lead; otherwise they wait for their turn."""
        with self._lock:
            leads = self._leading < self.leaders
            self._leading += leads
            ticket.leads = leads
            self._waiting.append(ticket)
        return leads

    def count(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def take(self, own: Ticket[Any]) -> list[Ticket[Any]]:
        """Return the jobs of the next transaction, the leader's *own* among them."""
        with self._lock:
            # Whoever was told to lead takes their own job themselves.
            others = [each for each in self._waiting if not each.leads][: MOST - 1]
            taken = [own, *others]
            self._waiting = [each for each in self._waiting if each not in taken]
        return taken

    def pass_on(self) -> None:
        """Let the owner of the job that has waited longest lead, if there is one."""
        with self._lock:
            following = next((each for each in self._waiting if not each.leads), None)
            if following:
                following.leads = True
            else:
                self._leading -= 1
        if following:
            following.turn.release()
