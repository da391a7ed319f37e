"""The one place that reads a clock.  Everything else is handed the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> int:
        """Return the time in milliseconds since 1970, UTC."""
        ...


def day_of(now: int) -> date:
    """Return the day in Asia/Tokyo at *now* (ms): the only day that counts for residents and offices."""
    return moment(now).date()


def moment(now: int) -> datetime:
    """Return *now* (ms) as an aware time in Asia/Tokyo."""
    return datetime.fromtimestamp(now / 1000, TOKYO)


def millis(when: datetime) -> int:
    """Return the aware time *when* in milliseconds since 1970."""
    return round(when.timestamp() * 1000)


def at_hour(day: date, hour: int) -> int:
    """Return *hour* o'clock of *day* in Asia/Tokyo, in milliseconds since 1970."""
    return millis(datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO))


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return the machine's time (ms)."""
        return time.time_ns() // 1_000_000


class TurnableClock:
    """A clock that runs on but can be put ahead or back: the demo's.

    *keep* is told the new distance from the machine's clock (ms), so that a restart goes on from there.
    """

    def __init__(self, offset: int, keep: Callable[[int], None]) -> None:
        self._offset = offset
        self._keep = keep
        self._lock = threading.Lock()
        self._machine = SystemClock()

    def now(self) -> int:
        """Return the turned time (ms)."""
        return self._machine.now() + self._offset

    def advance(self, by: timedelta) -> None:
        """Put the clock ahead by *by*."""
        with self._lock:
            self._offset += int(by.total_seconds() * 1000)
            self._keep(self._offset)

    def set(self, when: datetime) -> None:
        """Put the clock to the aware time *when*."""
        with self._lock:
            self._offset = millis(when) - self._machine.now()
            self._keep(self._offset)
