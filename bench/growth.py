"""What a turn costs when the database is full: CPU per turn with ten thousand, a hundred thousand, a million cases.

The program runs in this process, with its sender and the platform as in production but without its web server, and
one webhook after the other, the databases in turns: so little else moves that ten per cent can be told apart.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bench import crowd, fakeline, figures, processes, programs, recorder, residents
from bench.figures import Figure
from bench.places import Place, Server, places
from bench.recorder import Record
from bench.turns import ANSWERS
from bot.clock import SystemClock
from bot.service import Service
from bot.wiring import build
from tests.support.service import door_of, envelope, settings, sign

PEOPLE = 40
"""Residents of one round."""

PAUSE = 0.012
"""Seconds after each webhook in which its message goes out: its CPU belongs to that turn."""


@dataclass
class Size:
    """A database of *cases* and what each turn on it cost (ms), by question.

    *next* is the number of its next resident: no two databases have one in common.
    """

    kind: str
    cases: int
    service: Service
    model: str
    next: int
    cpu: list[list[float]] = field(default_factory=list)

    def bodies(self) -> list[bytes]:
        """Settle the residents of a round; return the webhooks of their answers, by question."""
        numbers = range(self.next, self.next + PEOPLE)
        self.next += PEOPLE
        residents.settle(self.service.engine, self.model, numbers)
        events = residents.events(numbers, programs.now().date(), programs.codec())
        return [envelope([each]) for each in events]

    def cost(self) -> float:
        """Return the CPU of a turn (ms): of each question what half of its turns did not pass, on average."""
        return mean(median(each) for each in self.cpu)

    def own(self) -> float:
        """Return the CPU that PostgreSQL has spent on this database so far (ms)."""
        with self.service.engine.connect() as conn:
            pids = conn.exec_driver_sql(_BACKENDS).scalars().all()
        return sum(processes.nanoseconds(each) for each in pids) / 1e6


_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"


def measure(
    base: int, sizes: Sequence[int], rounds: int, only: Sequence[str], server: Server | None
) -> list[Figure]:
    """Return what a turn costs with *base* cases times each of *sizes* (from 1 to 100), on each database."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, recorder.running(Path(name), 0) as line:
        for place in places(Path(name), only, server):
            folder = Path(name) / place.kind
            folder.mkdir(mode=0o700)
            with ExitStack() as stack:
                built = [*_sizes(place, folder, base, sizes, line.url, stack)]
                for each in built:
                    each.service.delivery.start()
                    stack.callback(each.service.delivery.stop)
                found += [*_figures(built, _walked(built, rounds, line), place.server)]
            print(figures.table(found), flush=True)
    return found


def _sizes(
    place: Place, folder: Path, base: int, sizes: Sequence[int], line: str, stack: ExitStack
) -> Iterator[Size]:
    before, copied, model = "", 1, ""
    for times in sizes:
        begin = time.monotonic()
        url = stack.enter_context(place.databases.lent(before or None))
        model = model or crowd.build(url, folder, base)
        crowd.multiply(url, range(copied, times))
        before, copied = url, times
        print(f"{place.kind}: {times * base:,} cases in {time.monotonic() - begin:.0f} s", flush=True)
        service = served(url, folder, line, stack)
        yield Size(place.kind, times * base, service, model, times * 100_000)


def served(url: str, folder: Path, line: str, stack: ExitStack) -> Service:
    """Return the product in this process on the database *url*, with the platform at *line*, not yet sending."""
    today = programs.now().date()
    chosen = settings(
        url,
        folder,
        line,
        secret_key=SecretStr(programs.KEY),
        fence_season=programs.season(today),
        fence_opens=today,
    )
    service = build(chosen, SystemClock())
    stack.callback(service.engine.dispose)
    return service


def _walked(built: Sequence[Size], rounds: int, line: Record) -> list[float]:
    """Let residents answer on all databases in turns; return the CPU of PostgreSQL per turn (ms), by database."""
    own = [0.0 for _ in built]
    for number in range(rounds + 1):
        if number == 1:  # the first round only warms up
            for each in built:
                each.cpu.clear()
            own = [each.own() if each.kind == "PostgreSQL" else 0.0 for each in built]
        _round(built, line)
    turns = rounds * PEOPLE * ANSWERS
    return [
        (each.own() - before) / turns if each.kind == "PostgreSQL" else 0.0
        for each, before in zip(built, own, strict=True)
    ]


def _round(built: Sequence[Size], line: Record) -> None:
    wanted = len(line.arrivals()) + len(built) * PEOPLE * ANSWERS
    bodies = [each.bodies() for each in built]
    gc.collect()
    gc.disable()
    for position, webhooks in enumerate(zip(*bodies, strict=True)):
        for each, body in zip(built, webhooks, strict=True):
            if position // PEOPLE == len(each.cpu):
                each.cpu.append([])
            each.cpu[position // PEOPLE].append(_turn(each.service, body))
    gc.enable()
    came = fakeline.patiently(line.arrivals, lambda so_far: len(so_far) >= wanted)
    assert len(came) >= wanted, "a message did not arrive"


def _turn(service: Service, body: bytes) -> float:
    signature = sign(body)
    begin = time.process_time()
    assert door_of(service).hear(body, signature) == 200
    time.sleep(PAUSE)
    return (time.process_time() - begin) * 1000


def _figures(built: Sequence[Size], own: Sequence[float], server: int) -> Iterator[Figure]:
    least = built[0].cost()
    for each, theirs in zip(built, own, strict=True):
        what = f"{each.kind}, {each.cases:,} cases: CPU per turn"
        yield figures.plain("growth", what, each.cost(), "ms", 3)
        if each is not built[0]:
            share = f"{what}, of that at {built[0].cases:,}"
            yield figures.at_most("growth", share, each.cost() / least, 1.1, "×", 3)
        if server:
            what = f"{each.kind}, {each.cases:,} cases: CPU of the server per turn"
            yield figures.plain("growth", what, theirs, "ms", 3)
