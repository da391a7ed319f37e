"""The cases of a dataset as they stand at one moment, read page by page, personal answers opened and logged.

All pages show one state of the database: what is filed meanwhile is not in them, and nothing is in them twice or
half.  Reading holds nobody up.  What is written, the log of who opened what, is written page by page in short
transactions, and a page is handed on only once its log is stored: nothing is shown that is not logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from bot.clock import Clock, at_hour
from bot.exports.columns import Dataset
from bot.exports.rows import Record
from storage import accesslog, casefiles, caselist
from storage import engine as database
from storage.accesslog import Entry
from storage.casefiles import CaseFile
from storage.cases import CaseRow
from storage.vault import Vault

PAGE = 500
"""Cases read and opened at a time: what an export holds in memory, and how long it can hold a turn up."""

WHY = "export"


@dataclass(frozen=True)
class Days:
    """The days of application (Asia/Tokyo) from *first* to *last*, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def wanted(self, procedure: str) -> caselist.Wanted:
        """Return the cases of *procedure* that were opened on these days."""
        until = self.last + timedelta(days=1) if self.last else None
        return caselist.Wanted(
            procedure=procedure,
            since=at_hour(self.first, 0) if self.first else None,
            until=at_hour(until, 0) if until else None,
        )

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True)
class Reader:
    """Who reads an export: the name and the role that the access log keeps."""

    by: str
    role: str


@dataclass(frozen=True)
class Source:
    """Reads the cases of *dataset* for *reader*."""

    engine: Engine
    vault: Vault
    clock: Clock
    dataset: Dataset
    reader: Reader

    def count(self, days: Days) -> int:
        """Return how many cases were opened on *days*."""
        with database.read(self.engine) as conn:
            return caselist.count(conn, days.wanted(self.dataset.procedure.key))

    def records(self, days: Days) -> Iterator[Record]:
        """Yield the cases opened on *days*, the oldest first; each opening of personal answers is logged."""
        with self.moment(days) as found:
            for page in found.pages():
                yield from page

    @contextmanager
    def moment(self, days: Days) -> Iterator[Moment]:
        """Yield the cases opened on *days* as they stand now, for as long as the block lasts."""
        with database.read(self.engine) as conn:
            yield Moment(self, conn, days.wanted(self.dataset.procedure.key))

    def note(self, detail: str) -> None:
        """Write into the access log that the dataset was exported."""
        key = self.dataset.procedure.key
        entry = Entry(self.clock.now(), self.reader.by, self.reader.role, WHY, WHY, key, detail[:256])
        with database.write(self.engine) as conn:
            accesslog.note(conn, [entry])


@dataclass(frozen=True)
class Moment:
    """One state of the database, as the transaction behind *conn* sees it."""

    source: Source
    conn: Connection
    wanted: caselist.Wanted

    def count(self) -> int:
        """Return how many cases there are."""
        return caselist.count(self.conn, self.wanted)

    def pages(self) -> Iterator[Sequence[Record]]:
        """Yield the cases, the oldest first, *PAGE* at a time."""
        after: CaseRow | None = None
        while True:
            page = casefiles.page(self.conn, self.wanted, after, PAGE)
            personal = self._opened(page)
            yield [
                Record(each, personal.get(each.filled.sealed.id, {}))
                if each.filled and each.filled.sealed
                else Record(each, {})
                for each in page
            ]
            if len(page) < PAGE:
                return
            after = page[-1].case

    def _opened(self, page: Sequence[CaseFile]) -> Mapping[str, Mapping[str, Any]]:
        sealed = [each.filled.sealed for each in page if each.filled and each.filled.sealed]
        if not sealed:
            return {}
        source, reader = self.source, self.source.reader
        # Another connection, since this one's moment has to last: it cannot write.
        with database.write(source.engine) as conn:
            return source.vault.open_read(
                conn, sealed, by=reader.by, role=reader.role, why=WHY, now=source.clock.now()
            )
