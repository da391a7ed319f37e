"""CPU and memory of a process and all its children, as Linux tells them in /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")

WITH_US = ("setpriv", "--pdeathsig=TERM")
"""Before a command: it ends with the process that started it, also when that is killed without a last word."""


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
    """Return what the tree of *pid* (0 for none) has used: user and system, ended children included."""
    return sum(_ticks(each) for each in tree(pid)) / _TICK if pid else 0.0


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # The name in brackets may hold anything; user, system and those of reaped children are fields 14 to 17.
    return sum(int(each) for each in stat.rpartition(")")[2].split()[11:15])


def peak_bytes(pid: int) -> int:
    """Return the most memory that each process of the tree of *pid* ever held; what they share counts twice."""
    return sum(_peak(each) for each in tree(pid))


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0].split()[1]) * 1024 if found else 0


def nanoseconds(pid: int) -> int:
    """Return what the thread *pid* has used (ns; a process's id is its first thread's), 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except OSError:
        return 0
