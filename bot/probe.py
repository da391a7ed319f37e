"""Asking what may never answer: whoever asks waits for a short time at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a monitor waits: load balancers give up after a few."""


class Probe(Generic[T]):
    """One question, asked in a thread of its own; whoever comes while it is under way waits for the same answer.

    An answer serves for *keep* seconds, so that many monitors cost no more than one.
    """

    def __init__(self, ask: Callable[[], T], keep: float = 0.0) -> None:
        self._ask = ask
        self._keep = keep
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None
        self._since = 0.0

    def answer(self) -> T | None:
        """Return the answer; None where the question failed, or where it is not answered in time."""
        asked = self._asking()
        try:
            return asked.result(PATIENCE)
        except Exception:  # noqa: BLE001 -- the caller shows what failed; a monitor must get an answer
            return None

    def _asking(self) -> Future[T]:
        with self._lock:
            if self._asked is None or self._is_over(self._asked):
                self._asked, self._since = Future(), time.monotonic()
                # A thread that hangs must not keep the process from ending.
                threading.Thread(target=self._run, args=(self._asked,), name="probe", daemon=True).start()
            return self._asked

    def _is_over(self, asked: Future[T]) -> bool:
        failed = asked.done() and asked.exception() is not None
        return failed or (asked.done() and time.monotonic() - self._since >= self._keep)

    def _run(self, asked: Future[T]) -> None:
        try:
            asked.set_result(self._ask())
        except BaseException as fault:  # noqa: BLE001 -- whoever waits for it is told
            asked.set_exception(fault)
