"""The whole desk as the program wires it, on a file in memory, with LINE beside it in the same process.

Nothing is replaced but the network: webhooks are signed and read, turns are stored, answers sealed, messages
queued, leased, sent and marked, by the product's own code.
"""

from __future__ import annotations

import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import structlog
from sqlalchemy import event
from structlog import DropEvent
from structlog.typing import EventDict, WrappedLogger

from bot.delivery.embedded import LEASE, delivered
from bot.service import Service
from dialogs.standing import Register
from storage import engine as database
from storage import outbox
from storage.migrate import upgrade
from storage.outbox import Parcel
from storage.tables import metadata
from tests.machine import editions
from tests.machine.line import Killed, Line
from tests.support import folders
from tests.support.service import StandingClock, make, post

OFF, STATEMENT, BEFORE_COMMIT, AFTER_COMMIT = "", "statement", "before commit", "after commit"
FUSES = (STATEMENT, STATEMENT, BEFORE_COMMIT, AFTER_COMMIT)


class Logs:
    """Everything that was logged; of what went wrong, where."""

    def __init__(self) -> None:
        self.entries: list[EventDict] = []

    def __call__(self, _logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
        """Keep *entry*, and print nothing."""
        if entry.pop("exc_info", False):
            entry["where"] = traceback.format_exc(limit=-6)
        self.entries.append(entry)
        raise DropEvent


@dataclass
class Town:
    """The desk in two editions on one database, of which *edition* is running; a *fuse* lets it fail once."""

    file: Path
    clock: StandingClock
    line: Line
    services: tuple[Service, Service]
    sight: sqlite3.Connection
    logs: Logs
    edition: int = 0
    fuse: str = OFF
    after: int = 0
    burnt: bool = False
    at_once: bool = False
    _open: list[sqlite3.Connection] = field(default_factory=list)
    _watched: bool = False

    @property
    def service(self) -> Service:
        """Return the service that is running."""
        return self.services[self.edition]

    @property
    def register(self) -> Register:
        """Return what is offered now."""
        return self.service.register

    def begin(self, at: datetime) -> None:
        """Empty the database, and start the first edition at the moment *at*."""
        self.edition, self.fuse, self.burnt, self.at_once = 0, OFF, False, False
        self.clock.set(at)
        self.line.begin()
        self.logs.entries.clear()
        with database.write(self.service.engine) as conn:
            for table in reversed(metadata.sorted_tables):
                conn.execute(table.delete())

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what *statement* finds among what is committed."""
        return self.sight.execute(statement, values).fetchall()

    # --- what may go wrong

    def arm(self, fuse: str, after: int) -> None:
        """Let the next turn fail: in its statements, before its commit, or right behind it."""
        self.fuse, self.after, self.burnt = fuse, after, False
        if fuse == STATEMENT:
            self._watch(self._burn)

    def disarm(self) -> None:
        """Let nothing fail."""
        if self.fuse or self._watched:
            self.fuse = OFF
            self._watch(None)

    def _watch(self, burn: Callable[[], int] | None) -> None:
        self._watched = burn is not None
        for each in list(self._open):
            try:
                each.set_progress_handler(burn, 7)
            except sqlite3.ProgrammingError:  # closed meanwhile
                self._open.remove(each)

    def restart(self) -> None:
        """Do what a start does: leases of the process that died are over."""
        with database.write(self.service.engine) as conn:
            outbox.release(conn, self.clock.now())

    def _burn(self) -> int:
        if self.fuse != STATEMENT:
            return 0
        self.after -= 1
        if self.after > 0:
            return 0
        self.fuse, self.burnt = OFF, True
        return 1

    def committed(self, commit: Callable[[Any], None], driver: Any) -> None:
        """Commit as *commit* does; a fuse may end the process just before or behind it."""
        if self.fuse == BEFORE_COMMIT:
            driver.rollback()  # as the database finds it: the process never came to the commit
        self._blow(BEFORE_COMMIT)
        commit(driver)
        self._blow(AFTER_COMMIT)

    def _blow(self, here: str) -> None:
        if self.fuse == here:
            self.fuse, self.burnt = OFF, True
            raise Killed

    # --- sending at once, as a sender that is free does

    def lease(self, now: int) -> int:
        """Return until when a message queued now is the sender's at once, 0 where it is busy."""
        return now + LEASE if self.at_once else 0

    def hand(self, parcels: Sequence[Parcel]) -> None:
        """Send what was leased and store what became of it, before anybody is told that a turn was taken."""
        self.disarm()  # the sender is another thread
        deliver = self.service.delivery._deliver  # type: ignore[attr-defined]  # noqa: SLF001 -- no thread here
        for each in parcels:
            done = delivered(deliver, each, self.clock)
            with database.write(self.service.engine) as conn:
                outbox.finish(conn, [done], self.clock.now())

    # --- its doors

    def hear(self, *events: Mapping[str, Any]) -> int:
        """Return the status with which the desk answers a webhook of *events*."""
        return post(self.service, *events)

    def open_connections(self, connection: sqlite3.Connection, _record: object) -> None:
        """Make a new connection fast: what a power cut would lose is of no account here."""
        connection.execute("PRAGMA synchronous=OFF").close()
        self._open.append(connection)


@contextmanager
def standing() -> Iterator[Town]:
    """Yield a town; its database is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(dir=folders.quick(), prefix="machine-"))
        )
        file, clock = folder / "desk.db", StandingClock()
        url = f"sqlite:///{file}"
        file.write_bytes(_empty())
        line, logs = Line(clock.now), Logs()
        stack.enter_context(mock.patch("bot.wiring.LineGateway", return_value=line))
        first = make(url, folder, clock, register=editions.BEFORE)
        second = make(url, folder, clock, register=editions.AFTER)
        sight = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)
        stack.callback(sight.close)
        town = Town(file, clock, line, (first, second), sight, logs)
        for each in town.services:
            stack.callback(each.engine.dispose)
            each.engine.dispose()
            event.listen(each.engine, "connect", town.open_connections)
            stack.enter_context(mock.patch.object(each.delivery, "lease", town.lease))
            stack.enter_context(mock.patch.object(each.delivery, "hand", town.hand))
            commit = partial(town.committed, each.engine.dialect.do_commit)
            stack.enter_context(mock.patch.object(each.engine.dialect, "do_commit", commit))
        before = structlog.get_config()
        stack.callback(lambda: structlog.configure(**before))
        structlog.configure(processors=[logs], cache_logger_on_first_use=False)
        yield town


@cache
def _empty() -> bytes:
    """Return a database with all tables and no rows: what every town begins with."""
    with tempfile.TemporaryDirectory(dir=folders.quick(), prefix="machine-") as folder:
        file = Path(folder, "empty.db")
        engine = database.create(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        assert [each.name for each in file.parent.iterdir()] == [file.name]  # nothing waits beside it
        return file.read_bytes()
