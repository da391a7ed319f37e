"""The board between the night and the program: a page of memory that both map.

It holds how far the program's clock is from the machine's, which point of the program is armed with what, and
how often every point was passed.  A program that is killed takes nothing of it along.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

KILL, RAISE = 1, 2
"""What an armed point does when it is passed: end the whole program at once, or raise :class:`Injected`."""

SIZE = 4096
_OFFSET = struct.Struct("q")  # how far (ms) the clock is ahead
_ARMED = struct.Struct("iii")  # point, passings left, what to do
_COUNT = struct.Struct("I")
_STEPPED_AT, _ARMED_AT, _COUNTS_AT = 8, 16, 64


class Injected(RuntimeError):
    """Raised at a point that was armed to raise."""


class Board:
    """One page, mapped from *path*.  Points are known by their place in *points*."""

    def __init__(self, path: Path, points: Sequence[str]) -> None:
        """Map the page; it is made where it is missing."""
        self.path = path
        self._places: Mapping[str, int] = {name: place for place, name in enumerate(points)}
        fresh = not path.exists()
        with path.open("a+b") as file:
            file.truncate(SIZE)
            self._page = mmap.mmap(file.fileno(), SIZE)
        self._lock = threading.Lock()
        if fresh:
            self.disarm()

    # --- the clock

    @property
    def offset(self) -> int:
        """Return how far (ms) the program's clock is ahead of the machine's."""
        return int(_OFFSET.unpack_from(self._page, 0)[0])

    def turn(self, offset: int) -> None:
        """Put the program's clock *offset* ms ahead of the machine's."""
        _OFFSET.pack_into(self._page, 0, offset)

    def step(self, by: int) -> None:
        """Let the program's clock, and nobody else's, step by *by* ms."""
        _OFFSET.pack_into(self._page, _STEPPED_AT, self.stepped + by)

    @property
    def stepped(self) -> int:
        """Return by how much (ms) the program's clock has stepped in all."""
        return int(_OFFSET.unpack_from(self._page, _STEPPED_AT)[0])

    def now(self) -> int:
        """Return the program's time (ms)."""
        return self.true() + self.stepped

    def true(self) -> int:
        """Return the time (ms) that everybody else goes by."""
        return time.time_ns() // 1_000_000 + self.offset

    # --- the points

    def arm(self, point: str, passing: int = 1, action: int = KILL) -> None:
        """Let *action* happen when *point* is passed for the *passing*-th time from now."""
        _ARMED.pack_into(self._page, _ARMED_AT, self._places[point], passing, action)

    def disarm(self) -> None:
        """Let nothing happen at any point."""
        _ARMED.pack_into(self._page, _ARMED_AT, -1, 0, 0)

    @property
    def is_armed(self) -> bool:
        """Return whether something is still to happen."""
        return bool(_ARMED.unpack_from(self._page, _ARMED_AT)[0] >= 0)

    def passed(self, point: str) -> None:
        """Count that *point* was passed, and do there what it is armed with.

        Raises:
            Injected: It was armed to raise.
        """
        place = self._places[point]
        with self._lock:
            at = _COUNTS_AT + place * _COUNT.size
            _COUNT.pack_into(self._page, at, _COUNT.unpack_from(self._page, at)[0] + 1)
            armed, left, action = _ARMED.unpack_from(self._page, _ARMED_AT)
            if armed != place:
                return
            _ARMED.pack_into(self._page, _ARMED_AT, *((armed, left - 1, action) if left > 1 else (-1, 0, 0)))
        if left <= 1:
            _act(action, point)

    def counts(self) -> Mapping[str, int]:
        """Return how often each point was passed, in all lives of the program."""
        return {
            name: _COUNT.unpack_from(self._page, _COUNTS_AT + place * _COUNT.size)[0]
            for name, place in self._places.items()
        }


def _act(action: int, point: str) -> None:
    if action == RAISE:
        raise Injected(point)
    # Server and worker are one group: they go together, as in a power cut.
    os.killpg(os.getpgrp(), signal.SIGKILL)
