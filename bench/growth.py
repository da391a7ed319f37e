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

from bench import crowd, fakeline, figures, processes, programs, residents
from bench.fakeline import FakeLine
from bench.figures import Figure
from bot.clock import SystemClock
from bot.service import Service
from bot.wiring import build
from tests.support.databases import Databases, Postgres, Sqlite
from tests.support.postgres import Server
from tests.support.service import door_of, envelope, settings, sign

PEOPLE = 40
"""Residents of one round."""


@dataclass
class Size:
    """A database of *cases*, what each round on it cost, and PostgreSQL's process."""

    kind: str
    cases: int
    service: Service
    model: str
    server: int
    cpu: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    _next: int = 0

    def bodies(self) -> list[bytes]:
        """Settle the residents of a round; return the webhooks of their answers."""
        numbers = range(self._next, self._next + PEOPLE)
        self._next += PEOPLE
        residents.settle(self.service.engine, self.model, numbers)
        events = residents.events(numbers, programs.now().date(), programs.codec())
        return [envelope([each]) for each in events]


def measure(sizes: Sequence[int], rounds: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what a turn costs at each of *sizes* (cases: 10,000 or 100 times as many), per database."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, fakeline.running(Path(name) / "line") as line:
        places: list[tuple[str, Databases, int]] = [("SQLite", Sqlite(Path(name)), 0)]
        if server:
            places.append(("PostgreSQL", Postgres(server.url), server.pid))
        for kind, databases, pid in places:
            if only and kind.lower() not in only:
                continue
            folder = Path(name) / kind
            folder.mkdir(mode=0o700)
            with ExitStack() as stack:
                built = [*_sizes(kind, databases, folder, sizes, line, pid, stack)]
                for _ in range(rounds):
                    for each in built:
                        _round(each, line)
                found += _figures(built)
            print(figures.table(found), flush=True)
    return found


def _sizes(  # noqa: PLR0913, PLR0917 -- all that a database of a size is made of
    kind: str,
    databases: Databases,
    folder: Path,
    sizes: Sequence[int],
    line: FakeLine,
    pid: int,
    stack: ExitStack,
) -> Iterator[Size]:
    before, copied = "", 0
    for cases in sizes:
        begin = time.monotonic()
        url = stack.enter_context(databases.lent(before or None))
        if not before:
            model = crowd.build(url, folder)
        crowd.multiply(url, range(copied + 1, cases // crowd.BASE))
        before, copied = url, cases // crowd.BASE - 1
        print(f"{kind}: {cases:,} cases in {time.monotonic() - begin:.0f} s", flush=True)
        yield Size(kind, cases, _service(url, folder, line, stack), model, pid)


def _service(url: str, folder: Path, line: FakeLine, stack: ExitStack) -> Service:
    today = programs.now().date()
    chosen = settings(
        url,
        folder,
        line.at_once,
        secret_key=SecretStr(programs.KEY),
        fence_season=programs.season(today),
        fence_opens=today,
    )
    service = build(chosen, SystemClock())
    stack.callback(service.engine.dispose)
    return service


def _round(each: Size, line: FakeLine) -> None:
    bodies = each.bodies()
    signed = [(body, sign(body)) for body in bodies]
    door = door_of(each.service)
    each.service.delivery.start()
    line.arrivals()
    gc.collect()
    gc.disable()
    cpu, own = time.process_time(), processes.cpu_seconds(each.server)
    for body, signature in signed:
        assert door.hear(body, signature) == 200
    cpu_until, own_until = time.process_time(), processes.cpu_seconds(each.server)
    gc.enable()
    assert len(line.wait_for(len(signed))) >= len(signed), "a message did not arrive"
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
