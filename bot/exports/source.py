"""The cases of a dataset as they stand at one moment, read page by page, personal answers opened and logged.

All pages show one state of the database: what is filed meanwhile is not in them, and nothing is in them twice or
half.  So all is read first, in one transaction that reads only and lasts seconds, and kept, sealed as it is, in
a file without a name.  Then page by page is opened, each in a short transaction that writes the log of it, and
handed on only once that is stored: nothing is shown that is not logged, and nobody waits long.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, TypeAlias

from sqlalchemy import Connection, Engine

from bot.clock import Clock, at_hour
from bot.exports.datasets import Dataset, Listed
from bot.exports.rows import Record, Row
from storage import accesslog, casefiles, caselist
from storage import engine as database
from storage.accesslog import Entry
from storage.casefiles import CaseFile
from storage.cases import CaseRow
from storage.sealed import SealedRecord
from storage.vault import Vault

PAGE = 500
"""Cases read and opened at a time: what an export holds in memory, and how long it can hold a turn up.

A page is one commit.  Fewer cases hold a turn up for less, some hundredths of a second, but on a slow disk an
export would spend most of its time waiting for commits.
"""

Watch: TypeAlias = "Callable[[int, int], None]"
"""Hears, page by page, how many cases are done and how many there are.  What it raises ends the export."""


def unwatched(rows: int, total: int) -> None:
    """Tell nobody how far it went."""


WHY = "export"


@dataclass(frozen=True)
class Days:
    """The days of application (Asia/Tokyo) from *first* to *last*, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def wanted(self, procedure: str) -> caselist.Wanted:
        """Return the cases of *procedure* ("" for all) that were opened on these days."""
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
    """Reads the cases of *dataset* for *reader*; of a dataset without personal answers nothing is opened."""

    engine: Engine
    vault: Vault
    clock: Clock
    dataset: Dataset
    reader: Reader

    def count(self, days: Days) -> int:
        """Return how many cases were opened on *days*; of a dataset without cases, how many rows it has."""
        listed = self.listed(days)
        if listed is not None:
            return sum(1 for _row in listed)
        with database.read(self.engine) as conn:
            return caselist.count(conn, days.wanted(self.dataset.procedure))

    def listed(self, days: Days) -> Iterator[Row] | None:
        """Return the rows of a dataset that is made of no cases, read as they are asked for; None for the others."""
        return self._listed(self.dataset, days) if isinstance(self.dataset, Listed) else None

    def _listed(self, dataset: Listed, days: Days) -> Iterator[Row]:
        with database.read(self.engine) as conn:
            yield from dataset.listed(conn, days.wanted(""))

    def records(self, days: Days) -> Iterator[Record]:
        """Yield the cases opened on *days*, the oldest first; each opening of personal answers is logged."""
        with self.moment(days) as found:
            for page in found.pages():
                yield from page

    @contextmanager
    def moment(self, days: Days, folder: Path | None = None, watch: Watch = unwatched) -> Iterator[Moment]:
        """Yield the cases opened on *days* as they stand now; meanwhile they are kept in *folder*.

        *watch* hears 0 of all while they are being read.
        """
        with TemporaryFile(dir=folder) as kept:
            total = self._keep(days.wanted(self.dataset.procedure), kept, watch)
            kept.seek(0)
            yield Moment(self, kept, total)

    def _keep(self, wanted: caselist.Wanted, kept: IO[bytes], watch: Watch) -> int:
        after: CaseRow | None = None
        read = casefiles.page if self.dataset.personal else casefiles.bare_page
        with database.read(self.engine) as conn:
            total = caselist.count(conn, wanted)
            while True:
                watch(0, total)
                page = read(conn, wanted, after, PAGE)
                pickle.dump((page, self._beside(conn, page)), kept)
                if len(page) < PAGE:
                    return total
                after = page[-1].case

    def _beside(self, conn: Connection, page: Sequence[CaseFile]) -> Mapping[int, Sequence[CaseFile]]:
        """Return the cases that the dataset looks at beside those of *page*, by the moment of their opening.

        What follows from a filing is opened by the same turn, and so at the same moment.
        """
        if not self.dataset.follows:
            return {}
        moments = {filed.at for each in page for filed in each.filed}
        found: dict[int, list[CaseFile]] = {}
        for each in casefiles.opened_at(conn, self.dataset.follows, moments):
            found.setdefault(each.case.opened_at, []).append(each)
        return found

    def note(self, detail: str) -> None:
        """Write into the access log that the dataset was exported."""
        key, now = self.dataset.key, self.clock.now()
        entry = Entry(now, self.reader.by, self.reader.role, WHY, WHY, key, detail[:256])
        with database.write(self.engine) as conn:
            accesslog.note(conn, [entry])


@dataclass(frozen=True)
class Moment:
    """The cases of one moment: *total* of them, *kept* in a file, their personal answers still sealed."""

    source: Source
    kept: IO[bytes]
    total: int

    def pages(self) -> Iterator[Sequence[Record]]:
        """Yield the cases, the oldest first, *PAGE* at a time."""
        while True:
            page: Sequence[CaseFile]
            page, beside = pickle.load(self.kept)  # noqa: S301 -- we wrote it, and nobody can enter
            personal = self._opened(page)
            yield [
                Record(
                    each,
                    personal.get(each.filled.sealed.id, {}) if each.filled and each.filled.sealed else {},
                    [one for at in {filed.at for filed in each.filed} for one in beside.get(at, ())],
                    personal,
                )
                for each in page
            ]
            if len(page) < PAGE:
                return

    def _opened(self, page: Sequence[CaseFile]) -> Mapping[str, Mapping[str, Any]]:
        form = getattr(self.source.dataset, "form", "")
        sealed = [record for each in page for record in _sealed(each, form)]
        if not sealed:
            return {}
        source, reader = self.source, self.source.reader
        with database.write(source.engine) as conn:
            return source.vault.open_read(
                conn, sealed, by=reader.by, role=reader.role, why=WHY, now=source.clock.now()
            )


def _sealed(file: CaseFile, form: str) -> list[SealedRecord]:
    """Return what is opened of *file*: the case's own personal answers, or those to a step's own *form*."""
    filled = [each.filled for each in file.filed if each.form == form] if form else [file.filled]
    return [each.sealed for each in filled if each and each.sealed]
