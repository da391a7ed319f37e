"""A race in rounds: the same workers begin each round at the same moment, and what they left is counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, event

from storage import engine as database
from tests.races.scenes import WORKERS, Scene


@dataclass(frozen=True)
class Result:
    """What came of *rounds* rounds.

    *oversold* had more holders than there was to be had, *unsold* fewer; *doubled* had more winners than the
    tables have holders, or fewer.
    """

    rounds: int
    oversold: int
    unsold: int
    doubled: int

    @property
    def failed(self) -> int:
        """Return in how many rounds at most something was wrong."""
        return max(self.oversold, self.unsold, self.doubled)


def race(scene: Scene, rounds: int) -> Result:
    """Return what came of *rounds* rounds, in each of which every worker tries once."""
    gate, won = threading.Barrier(WORKERS + 1), [[False] * WORKERS for _ in range(rounds)]

    def work(worker: int) -> None:
        try:
            for number in range(rounds):
                gate.wait(timeout=60)  # the round is set up
                won[number][worker] = scene.run(worker, number)
                gate.wait(timeout=60)  # all have tried
        except Exception:
            gate.abort()
            raise

    counts: list[int] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        works = [pool.submit(work, worker) for worker in range(WORKERS)]
        try:
            counts += (_round(scene, number, gate) for number in range(rounds))
        except BaseException:
            gate.abort()  # nobody waits for a round that does not come
            _tell_first_fault(works)
            raise
        for each in works:
            each.result()
    before = scene.holders - 1
    return Result(
        rounds,
        sum(given > scene.holders for given in counts),
        sum(given < scene.holders for given in counts),
        sum(given != before + sum(winners) for given, winners in zip(counts, won, strict=True)),
    )


def _tell_first_fault(works: Sequence[Future[None]]) -> None:
    """Raise what a worker fell over: the others only saw that it was gone."""
    for each in works:
        fault = each.exception()
        if fault and not isinstance(fault, threading.BrokenBarrierError):
            raise fault


def _round(scene: Scene, number: int, gate: threading.Barrier) -> int:
    scene.begin(number)
    with database.write(scene.engine) as conn:
        scene.prepare(conn, number)
    gate.wait(timeout=60)
    gate.wait(timeout=60)
    with database.read(scene.engine) as conn:
        return scene.given(conn, number)


@contextmanager
def hurried(engine: Engine) -> Iterator[Engine]:
    """Let SQLite not wait for the disk: what is asked is who wins, not what survives a power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        engine.dispose()
    yield engine
    engine.dispose()
