"""A turn from end to end: a signed webhook in, its answer at the platform; and the stateless echo on the same work.

Everything runs as real processes on this machine: wrk, the program, PostgreSQL where it is used, and nginx as LINE.
Rounds of the programs alternate, and the best round of each counts: other work on the machine only ever adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import fakeline, load, processes, programs, residents
from bench.fakeline import FakeLine
from bench.programs import Program
from storage.engine import create
from tests.support.databases import Databases, Postgres, Sqlite
from tests.support.postgres import Server

ANSWERS = 9
CONNECTIONS = 64
WARM = 40


@dataclass(frozen=True)
class Round:
    """One replay.  CPU is in ms per turn, of the program and of PostgreSQL's server; times in seconds."""

    delivered: int
    refused: int
    seconds: float
    cpu: float
    server: float
    drained: float
    connections: int

    @property
    def speed(self) -> float:
        """Return turns a second, from the first request to the last reply."""
        return self.delivered / self.seconds


@dataclass
class Contender:
    """A program under measurement: how it is started, and what came out of its rounds."""

    name: str
    start: Callable[[str], AbstractContextManager[Program]]
    settle: Callable[[range], None] | None = None
    server: int | None = None
    rounds: list[Round] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How much is done: *people* give nine answers each in each of *rounds*, at each of *latencies* (seconds)."""

    people: int
    rounds: int
    latencies: Sequence[float]


QUICK = Plan(150, 2, (0.0,))
FULL = Plan(600, 3, (0.0, fakeline.LATENCY))


def measure(
    plan: Plan, only: Sequence[str], server: Server | None
) -> Iterator[tuple[float, list[Contender]]]:
    """Yield each latency with the contenders that *only* names (all where it names none), measured."""
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        line = stack.enter_context(fakeline.running(folder / "line"))
        begin = 0
        for latency in plan.latencies:
            found = [
                c
                for c in _contenders(folder, server, stack, latency)
                if not only or c.name.split()[0] in only
            ]
            for _ in range(plan.rounds):
                for each in found:
                    numbers = range(begin, begin + plan.people)
                    begin += plan.people + WARM
                    each.rounds.append(_round(each, line, latency, numbers, folder))
            yield latency, found


def _contenders(folder: Path, server: Server | None, stack: ExitStack, latency: float) -> Iterator[Contender]:
    yield _product("sqlite", Sqlite(folder), folder / "sqlite", stack)
    if server:
        yield _product("postgres", Postgres(server.url), folder / "postgres", stack, server.pid)
    # Who waits 150 ms for LINE in the request needs more threads to be at their best.
    each = 64 if latency else 4
    for kind, workers, threads in (("text", 1, each), ("text", 2, each), ("question", 1, each)):
        name = f"echo {kind} {workers}x{threads}"

        def start(
            line: str, kind: str = kind, workers: int = workers, threads: int = threads
        ) -> AbstractContextManager[Program]:
            return programs.echo(folder, line, workers, threads, kind)

        yield Contender(name, start)


def _product(
    name: str, databases: Databases, folder: Path, stack: ExitStack, server: int | None = None
) -> Contender:
    folder.mkdir(mode=0o700, exist_ok=True)
    url = stack.enter_context(databases.lent())
    model = programs.prepare(url, folder)

    def settle(numbers: range) -> None:
        engine = create(url)
        residents.settle(engine, model, numbers)
        engine.dispose()

    return Contender(name, lambda line: programs.product(url, folder, line), settle, server)


def _round(each: Contender, line: FakeLine, latency: float, numbers: range, folder: Path) -> Round:
    warm = range(numbers.stop, numbers.stop + WARM)
    if each.settle:
        each.settle(range(numbers.start, warm.stop))
    today, codec = programs.now().date(), programs.codec()
    load.write(folder / "warm", residents.requests(warm, today, codec))
    total = load.write(folder / "requests", residents.requests(numbers, today, codec))
    with each.start(line.url(latency)) as program:
        line.arrivals()
        load.replay(program.url, folder / "warm", 16)
        line.wait_for(WARM * ANSWERS, quiet=2)
        return _replayed(each, program, line, folder / "requests", total)


def _replayed(each: Contender, program: Program, line: FakeLine, file: Path, total: int) -> Round:
    cpu, server = program.cpu(), _cpu(each.server)
    seen = load.replay(program.url, file, CONNECTIONS)
    found = line.wait_for(total)
    cpu, server = program.cpu() - cpu, _cpu(each.server) - server
    delivered = len([arrival for arrival in found if arrival.status == 200])
    last = max((arrival.at for arrival in found), default=seen.last)
    return Round(
        delivered,
        seen.refused + seen.broken + seen.timeouts,
        (last - seen.first) / 1000,
        cpu / max(delivered, 1) * 1000,
        server / max(delivered, 1) * 1000,
        max(0.0, last - seen.last) / 1000,
        len({arrival.connection for arrival in found}),
    )


def _cpu(pid: int | None) -> float:
    return processes.cpu_seconds(pid) if pid else 0.0


def ceiling(people: int = 600) -> float:
    """Return how many of the same requests a second wrk gets answered by nginx, which does nothing with them."""
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, fakeline.running(Path(name)) as line:
        file = Path(name) / "requests"
        total = load.write(file, residents.requests(range(people), programs.now().date(), programs.codec()))
        seen = load.replay(line.at_once, file, CONNECTIONS)
        return total / (seen.last - seen.first) * 1000


def table(latency: float, found: Sequence[Contender], asked: int) -> str:
    """Return the figures as text: the best of the rounds; *asked* is how many turns each round asked for."""
    lines = [
        f"LINE answers after {latency * 1000:.0f} ms, 64 at once, {asked} turns a round",
        f"{'':<24}{'turns/s':>8}{'CPU ms':>8}{'server':>8}{'drained s':>11}{'lost':>6}{'refused':>9}{'to LINE':>9}",
    ]
    for each in found:
        best = min(each.rounds, key=lambda one: one.cpu)
        lines.append(
            f"{each.name:<24}{max(one.speed for one in each.rounds):>8.0f}{best.cpu:>8.3f}"
            f"{min(one.server for one in each.rounds):>8.3f}{min(one.drained for one in each.rounds):>11.2f}"
            f"{sum(asked - one.delivered for one in each.rounds):>6}{sum(one.refused for one in each.rounds):>9}"
            f"{best.connections:>9}"
        )
    return "\n".join(lines)


def main(plan: Plan, only: Sequence[str], server: Server | None) -> None:
    """Measure and print."""
    print(f"wrk against nginx, the same requests: {ceiling():.0f}/s")
    for latency, found in measure(plan, only, server):
        print(table(latency, found, plan.people * ANSWERS))
