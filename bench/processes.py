"""CPU and memory of a process and all its children, as Linux tells them in /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> Iterator[int]:
    """Yield *pid* and every process below it that lives."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = task.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in below:
            yield from tree(int(child))


def cpu_seconds(pid: int) -> float:
    """Return what the tree of *pid* has used: user and system, children that have ended included."""
    return sum(_ticks(each) for each in tree(pid)) / _TICK


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # The name in brackets may hold anything; user, system and those of reaped children are fields 14 to 17.
    return sum(int(each) for each in stat.rpartition(")")[2].split()[11:15])


def resident_bytes(pid: int) -> int:
    """Return the memory that the tree of *pid* holds; what two of them share counts twice."""
    return sum(_resident(each) for each in tree(pid))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
