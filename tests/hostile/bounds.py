"""A bound on how long something may take: what is beaten by a hostile text would otherwise run for hours."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLong(BaseException):
    """It was not done in any time that somebody would wait.  No ``except Exception`` keeps it from being seen."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt what is done in here after *seconds*, far more than it needs; the main thread's alone."""

    def stop(_number: int, _frame: object) -> None:
        raise TookTooLong(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
