"""The cases of a dataset, read page by page while the desk goes on working, personal answers opened and logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine

from bot.clock import Clock, at_hour
from bot.exports.columns import Dataset, Record
from storage import accesslog, caselist, submissions
from storage import engine as database
from storage.accesslog import Entry
from storage.cases import CaseRow
from storage.submissions import SubmissionRow
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

    def records(self, days: Days) -> Iterator[Record]:
        """Yield the cases opened on *days*, the oldest first; each opening of personal answers is logged."""
        after: CaseRow | None = None
        while True:
            found, filed = self._page(days, after)
            yield from self._opened(found, filed)
            if len(found) < PAGE:
                return
            after = found[-1]

    def note(self, detail: str) -> None:
        """Write into the access log that the dataset was exported."""
        entry = Entry(
            self.clock.now(),
            self.reader.by,
            self.reader.role,
            WHY,
            WHY,
            self.dataset.procedure.key,
            detail[:256],
        )
        with database.write(self.engine) as conn:
            accesslog.note(conn, [entry])

    def _page(
        self, days: Days, after: CaseRow | None
    ) -> tuple[Sequence[CaseRow], dict[str, Sequence[SubmissionRow]]]:
        # Reading holds nobody up; only the opening, which writes the log, takes the turn to write.
        with database.read(self.engine) as conn:
            found = caselist.oldest(conn, days.wanted(self.dataset.procedure.key), after, PAGE)
            return found, dict(submissions.of_cases(conn, [each.id for each in found]))

    def _opened(
        self, found: Sequence[CaseRow], filed: dict[str, Sequence[SubmissionRow]]
    ) -> Iterator[Record]:
        bare = [Record(each, filed.get(each.id, ()), {}) for each in found]
        wanted = [each.latest.vault_id for each in bare if each.latest and each.latest.vault_id]
        with database.write(self.engine) as conn:
            personal = self.vault.open_many(
                conn, wanted, by=self.reader.by, role=self.reader.role, why=WHY, now=self.clock.now()
            )
        for each in bare:
            record = each.latest.vault_id if each.latest else None
            yield Record(each.case, each.filed, personal.get(record or "", {}))
