"""The ground every end-to-end part stands on: the platform, the databases, and the residents of each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench import fakeline, load, programs, residents
from bench.fakeline import FakeLine
from bench.places import Place, Server, places
from bench.programs import Program
from storage.engine import create
from storage.outbox import WAITING
from storage.tables import outbox

WARM = 40
"""So many residents give their answers before anything is measured."""

_WAITING = select(func.count()).select_from(outbox).where(outbox.c.state == WAITING)


@dataclass
class Site:
    """The product on one database.  *server* is PostgreSQL's process."""

    name: str
    url: str
    folder: Path
    model: str
    server: int = 0
    _next: int = 0

    def requests(self, name: str, people: int) -> Path:
        """Settle *people* new residents; return the file with the webhooks of their nine answers each."""
        numbers = range(self._next, self._next + people)
        self._next += people
        engine = create(self.url)
        residents.settle(engine, self.model, numbers)
        engine.dispose()
        file = self.folder / name
        load.write(file, residents.requests(numbers, programs.now().date(), programs.codec()))
        return file

    def serve(self, line: str, module: str = "bot") -> AbstractContextManager[Program]:
        """Start the product with the platform at *line*."""
        return programs.product(self.url, self.folder, line, module)

    def stored(self, seconds: float = 30) -> int:
        """Wait until what became of every message is stored; return how many still wait after *seconds*.

        A program that is stopped before says some of them again when it is started anew, as it should.
        """
        engine, begin, left = create(self.url), time.monotonic(), 1
        while left and time.monotonic() - begin < seconds:
            time.sleep(0.05)
            with engine.connect() as conn:
                left = conn.execute(_WAITING).scalar_one()
        engine.dispose()
        return left

    @contextmanager
    def warm(self, line: str, module: str = "bot") -> Iterator[Program]:
        """Yield the product when it has answered some residents."""
        file = self.requests("warm", WARM)
        with self.serve(line, module) as program:
            load.replay(program.url, file, 16)
            yield program
            self.stored()


@dataclass
class Rig:
    """Everything that one run shares."""

    folder: Path
    line: FakeLine
    sites: Sequence[Site]
    _files: int = field(default=0)

    def plain_requests(self, name: str, people: int) -> Path:
        """Return the file *name* with webhooks of residents whom no database knows, for programs that have none."""
        self._files += 1
        numbers = range(self._files * 1_000_000, self._files * 1_000_000 + people)
        file = self.folder / f"plain-{name}"
        load.write(file, residents.requests(numbers, programs.now().date(), programs.codec()))
        return file


@contextmanager
def rigged(server: Server | None, only: Sequence[str] = ()) -> Iterator[Rig]:
    """Yield the platform and a prepared database of each kind that *only* names (all where it names none)."""
    with TemporaryDirectory(prefix="madoguchi-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        line = stack.enter_context(fakeline.running(folder / "line"))
        yield Rig(folder, line, [_site(each, folder, stack) for each in places(folder, only, server)])


def _site(place: Place, folder: Path, stack: ExitStack) -> Site:
    own = folder / place.kind
    own.mkdir(mode=0o700)
    url = stack.enter_context(place.databases.lent())
    return Site(place.kind, url, own, programs.prepare(url, own), place.server)
