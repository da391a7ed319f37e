"""What a turn costs when the database is full: CPU per turn with ten thousand, a hundred thousand, a million cases.

The program runs in this process, with its sender and the platform as in production but without its web server, and
one webhook after the other: so little else moves that ten per cent can be told apart.  Rounds of the sizes alternate.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bench import crowd, fakeline, figures, processes, programs, recorder, residents
from bench.figures import Figure
from bench.places import Place, Server, places
from bench.recorder import Record
from bot.clock import SystemClock
from bot.service import Service
from bot.wiring import build
from tests.support.service import door_of, envelope, settings, sign

PEOPLE = 40
"""Residents of one round."""


@dataclass
class Size:
    """A database of *cases*, what each round on it cost, and PostgreSQL's process.

    *next* is the number of its next resident: no two databases have one in common.
    """

    kind: str
    cases: int
    service: Service
    model: str
    server: int
    next: int
    cpu: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def bodies(self) -> list[bytes]:
        """Settle the residents of a round; return the webhooks of their answers."""
        numbers = range(self.next, self.next + PEOPLE)
        self.next += PEOPLE
        residents.settle(self.service.engine, self.model, numbers)
        events = residents.events(numbers, programs.now().date(), programs.codec())
        return [envelope([each]) for each in events]


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
                built = [*_sizes(place, folder, base, sizes, line, stack)]
                for _ in range(rounds):
                    for each in built:
                        _round(each, line)
            found += _figures(built)
            print(figures.table(found), flush=True)
    return found


def _sizes(
    place: Place, folder: Path, base: int, sizes: Sequence[int], line: Record, stack: ExitStack
) -> Iterator[Size]:
    before, copied, model = "", 1, ""
    for times in sizes:
        begin = time.monotonic()
        url = stack.enter_context(place.databases.lent(before or None))
        model = model or crowd.build(url, folder, base)
        crowd.multiply(url, range(copied, times))
        before, copied = url, times
        print(f"{place.kind}: {times * base:,} cases in {time.monotonic() - begin:.0f} s", flush=True)
        service = _service(url, folder, line.url, stack)
        yield Size(place.kind, times * base, service, model, place.server, times * 100_000)


def _service(url: str, folder: Path, line: str, stack: ExitStack) -> Service:
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


def _round(each: Size, line: Record) -> None:
    bodies = each.bodies()
    signed = [(body, sign(body)) for body in bodies]
    door = door_of(each.service)
    each.service.delivery.start()
    wanted = len(line.arrivals()) + len(signed)
    gc.collect()
    gc.disable()
    cpu, own = time.process_time(), processes.cpu_seconds(each.server)
    for body, signature in signed:
        assert door.hear(body, signature) == 200
    cpu_until, own_until = time.process_time(), processes.cpu_seconds(each.server)
    gc.enable()
    came = fakeline.patiently(line.arrivals, lambda so_far: len(so_far) >= wanted)
    assert len(came) >= wanted, "a message did not arrive"
    each.service.delivery.stop()
    each.cpu.append((cpu_until - cpu) / len(signed) * 1000)
    each.own.append((own_until - own) / len(signed) * 1000)


def _figures(built: Sequence[Size]) -> Iterator[Figure]:
    least = min(built[0].cpu)
    for each in built:
        what = f"{each.kind}, {each.cases:,} cases: CPU per turn"
        yield figures.plain("growth", what, min(each.cpu), "ms", 3)
        if each is not built[0]:
            share = f"{what}, of that at {built[0].cases:,}"
            yield figures.at_most("growth", share, min(each.cpu) / least, 1.1, "×", 2)
        if each.server:
            yield figures.plain(
                "growth", f"{each.kind}, {each.cases:,} cases: CPU of the server", min(each.own), "ms", 3
            )
