"""The parts of the benchmarks by name: what each measures, in full, quickly, or just enough to see that it runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

from bench import bulk, desk, drivers, figures, growth, latency, layers, tabulation, teams, turns
from bench.figures import Figure
from bench.places import Server

FULL, QUICK, TINY = "full", "quick", "tiny"


@dataclass(frozen=True)
class Run:
    """How a part is run: its *size* (FULL, QUICK or TINY), on which databases (all where *only* names none)."""

    size: str
    only: Sequence[str]
    server: Server | None


def _disk(_run: Run) -> list[Figure]:
    """Return what a commit waits for: how long the disk takes to keep 8 KB."""
    waits = []
    with TemporaryFile() as file:
        for _ in range(200):
            file.write(b"x" * 8192)
            file.flush()
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            waits.append((time.perf_counter() - begin) * 1000)
    found = (("p50", 0.5), ("p99", 0.99))
    return [
        figures.plain("disk", f"one fdatasync, {name}", figures.percentile(waits, share), "ms", 2)
        for name, share in found
    ]


def _desk(run: Run) -> list[Figure]:
    return desk.measure({FULL: 7, QUICK: 3, TINY: 1}[run.size], run.only, run.server)


def _teams(run: Run) -> list[Figure]:
    return teams.measure({FULL: 20, QUICK: 8, TINY: 1}[run.size], run.only, run.server)


def _layers(run: Run) -> list[Figure]:
    return layers.measure({FULL: 60, QUICK: 20, TINY: 2}[run.size], run.only, run.server)


def _drivers(run: Run) -> list[Figure]:
    rounds, each = {FULL: (7, 300), QUICK: (3, 300), TINY: (1, 20)}[run.size]
    return drivers.measure(rounds, each, run.only, run.server)


def _turns(run: Run) -> list[Figure]:
    plan = {FULL: turns.FULL, QUICK: turns.QUICK, TINY: turns.TINY}[run.size]
    return turns.measure(plan, run.only, run.server)


_WAITS = {FULL: latency.FULL, QUICK: latency.QUICK, TINY: latency.TINY}


def _ack(run: Run) -> list[Figure]:
    return latency.acknowledgement(_WAITS[run.size], run.only, run.server)


def _commit(run: Run) -> list[Figure]:
    return latency.commit_to_send(_WAITS[run.size], run.only, run.server)


def _growth(run: Run) -> list[Figure]:
    sizes = {FULL: (1, 10, 100), QUICK: (1, 10), TINY: (1, 2)}[run.size]
    base = 20 if run.size == TINY else 10_000
    return growth.measure(base, sizes, {FULL: 4, QUICK: 2, TINY: 1}[run.size], run.only, run.server)


def _export(run: Run) -> list[Figure]:
    return bulk.measure({FULL: 100_000, QUICK: 10_000, TINY: 20}[run.size], run.only, run.server)


def _tabulation(run: Run) -> list[Figure]:
    answers, rounds = {FULL: (20_000, 5), QUICK: (5_000, 2), TINY: (20, 1)}[run.size]
    return tabulation.measure(answers, rounds, run.only, run.server)


PARTS: Mapping[str, Callable[[Run], list[Figure]]] = {
    "disk": _disk,
    "desk": _desk,
    "teams": _teams,
    "layers": _layers,
    "drivers": _drivers,
    "turns": _turns,
    "ack": _ack,
    "commit": _commit,
    "growth": _growth,
    "export": _export,
    "tabulation": _tabulation,
}
