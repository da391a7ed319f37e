"""A turn from end to end: a signed webhook in, its answer at the platform; and the stateless echo on the same work.

Everything runs as real processes on this machine: wrk, the program, PostgreSQL where it is used, and nginx as LINE.
Rounds of the programs alternate, and the best round of each counts: other work on the machine only ever adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import fakeline, figures, load, processes, programs, residents
from bench.fakeline import FakeLine
from bench.figures import Figure
from bench.places import Server
from bench.programs import Program
from bench.rig import WARM, Rig, Site, rigged

ANSWERS = 9
CONNECTIONS = 64
MEGA = 1_000_000


@dataclass(frozen=True)
class Round:
    """One replay.  CPU is in ms per turn, of the program and of PostgreSQL's server; times in seconds."""

    delivered: int
    refused: int
    seconds: float
    cpu: float
    server: float
    drained: float
    memory: int

    @property
    def speed(self) -> float:
        """Return turns a second, from the first request to the last reply."""
        return self.delivered / self.seconds


@dataclass
class Contender:
    """A program under measurement, and what came out of its rounds; *site* is None for the echo."""

    name: str
    rig: Rig
    site: Site | None = None
    setting: tuple[int, int, str] = (1, 4, "text")
    rounds: list[Round] = field(default_factory=list)

    def start(self, line: str) -> AbstractContextManager[Program]:
        """Start it with the platform at *line*."""
        return self.site.serve(line) if self.site else programs.echo(self.rig.folder, line, *self.setting)

    def requests(self, name: str, people: int) -> Path:
        """Return a file with new webhooks of *people*."""
        return self.site.requests(name, people) if self.site else self.rig.plain_requests(name, people)

    @property
    def speed(self) -> float:
        """Return turns a second in the best round."""
        return max(one.speed for one in self.rounds)

    @property
    def cpu(self) -> float:
        """Return CPU ms per turn in the best round."""
        return min(one.cpu for one in self.rounds)


@dataclass(frozen=True)
class Plan:
    """How much is done: *people* give nine answers each in each of *rounds*, at each of *latencies* (seconds).

    *echoes* are the kinds of echo and their processes.
    """

    people: int
    rounds: int
    latencies: Sequence[float]
    echoes: Sequence[tuple[str, int]] = (("text", 1), ("text", 2))


_ALL = (("text", 1), ("text", 2), ("question", 1))
TINY = Plan(4, 1, (0.0,), (("question", 1),))
QUICK = Plan(300, 2, (0.0,))
FULL = Plan(800, 3, (0.0, fakeline.LATENCY), _ALL)


def measure(plan: Plan, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return the figures of all that *only* names (all where it names none), and print them in detail."""
    print(f"wrk against nginx, the same requests: {ceiling(plan.people):.0f}/s", flush=True)
    runs: dict[float, list[Contender]] = {}
    with rigged(server, only) as rig:
        for latency in plan.latencies:
            runs[latency] = list(_contenders(rig, plan, latency, only))
            for _ in range(plan.rounds):
                for each in runs[latency]:
                    each.rounds.append(_round(each, rig.line, latency, plan.people))
            print(table(latency, runs[latency], plan.people * ANSWERS), flush=True)
    return list(_figures(runs, plan.people * ANSWERS))


def _contenders(rig: Rig, plan: Plan, latency: float, only: Sequence[str]) -> Iterator[Contender]:
    for site in rig.sites:
        yield Contender(site.name, rig, site)
    if only and "echo" not in only:
        return
    # Who waits 150 ms for LINE within the request needs more threads to be at their best.
    threads = 64 if latency else 4
    # What a reply is made of makes no difference to how long LINE takes.
    chosen = [each for each in plan.echoes if each[0] == "text" or not latency]
    for kind, workers in chosen:
        yield Contender(f"echo {kind} {workers}x{threads}", rig, None, (workers, threads, kind))


def _round(each: Contender, line: FakeLine, latency: float, people: int) -> Round:
    first = WARM if people > WARM else 1
    warm, file = each.requests("warm", first), each.requests("requests", people)
    with each.start(line.url(latency)) as program:
        line.arrivals()
        load.replay(program.url, warm, 16)
        line.wait_for(first * ANSWERS, quiet=10)
        found = _replayed(each, program, line, file, people * ANSWERS)
        if each.site:
            each.site.stored()
        return found


def _replayed(each: Contender, program: Program, line: FakeLine, file: Path, total: int) -> Round:
    server_pid = each.site.server if each.site else 0
    cpu, server = program.cpu(), processes.cpu_seconds(server_pid)
    seen = load.replay(program.url, file, CONNECTIONS)
    found = line.wait_for(total)
    cpu, server = program.cpu() - cpu, processes.cpu_seconds(server_pid) - server
    delivered = len([arrival for arrival in found if arrival.status == 200])
    last = max((arrival.at for arrival in found), default=seen.last)
    return Round(
        delivered,
        seen.refused + seen.broken + seen.timeouts,
        (last - seen.first) / 1000,
        cpu / max(delivered, 1) * 1000,
        server / max(delivered, 1) * 1000,
        max(0.0, last - seen.last) / 1000,
        program.peak(),
    )


def ceiling(people: int) -> float:
    """Return how many of the same requests a second wrk gets answered by nginx, which does nothing with them."""
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, fakeline.running(Path(name)) as line:
        file = Path(name) / "requests"
        total = load.write(file, residents.requests(range(people), programs.now().date(), programs.codec()))
        seen = load.replay(line.at_once, file, CONNECTIONS)
        return total / (seen.last - seen.first) * 1000


_COLUMNS = ("turns/s", "CPU ms", "server", "drained s", "lost", "refused", "peak MB")


def table(latency: float, found: Sequence[Contender], asked: int) -> str:
    """Return the figures as text: the best of the rounds; *asked* is how many turns each round asked for."""
    lines = [
        f"LINE answers after {latency * 1000:.0f} ms, 64 at once, {asked} turns a round",
        " " * 20 + "".join(f"{name:>11}" for name in _COLUMNS),
    ]
    for each in found:
        rounds = each.rounds
        lines.append(
            f"{each.name:<20}{each.speed:>11.0f}{each.cpu:>11.3f}{min(one.server for one in rounds):>11.3f}"
            f"{min(one.drained for one in rounds):>11.2f}{sum(asked - one.delivered for one in rounds):>11}"
            f"{sum(one.refused for one in rounds):>11}{max(one.memory for one in rounds) / MEGA:>11.0f}"
        )
    return "\n".join(lines)


_BARS = {"SQLite": (1500, 1.0), "PostgreSQL": (1000, 1.5)}


def _figures(runs: dict[float, list[Contender]], asked: int) -> Iterator[Figure]:
    for latency, found in runs.items():
        floors = [each for each in found if not each.site]
        text = [each for each in floors if each.setting[2] == "text"]
        when = f"LINE at {latency * 1000:.0f} ms"
        for each in (one for one in found if one.site):
            speed, share = _BARS[each.name]
            bar = speed * (0.9 if latency else 1)
            yield figures.at_least("turns", f"{each.name}, {when}: turns/s at 64 at once", each.speed, bar)
            yield figures.plain("turns", f"{each.name}, {when}: CPU per turn", each.cpu, "ms", 3)
            if text and not latency:
                floor = min(one.cpu for one in text)
                what = f"{each.name}, {when}: CPU per turn, of the echo's ({floor:.3f} ms)"
                yield figures.at_most("turns", what, each.cpu / floor, share, "×", 2)
            lost = sum(abs(asked - one.delivered) + one.refused for one in each.rounds)
            yield figures.at_most(
                "turns", f"{each.name}, {when}: turns lost, doubled or refused", lost, 0, "", 0
            )
            peak = max(one.memory for one in each.rounds) / MEGA
            yield figures.plain("turns", f"{each.name}, {when}: peak memory", peak, "MB", 0)
        for each in floors:
            yield figures.plain("turns", f"{each.name}, {when}: turns/s", each.speed, "", 0)
            yield figures.plain("turns", f"{each.name}, {when}: CPU per turn", each.cpu, "ms", 3)
