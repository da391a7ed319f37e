"""``madoguchi reconcile``: the ledgers compared, so that nothing is lost, doubled or crossed without being seen.

Everything that was acknowledged stands in the inbox, everything filed in the submissions, everything to be said
in the outbox with its cause.  The comparison walks through each of them once, a page a transaction, beside a
desk that goes on working.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bot import reconcile_checks as checks
from bot import reconcile_messages, reconcile_signed
from bot.clock import Clock, SystemClock, at_hour, day_of
from bot.findings import Report
from bot.office import load_office
from bot.progress import bar
from bot.reconcile_checks import DAY, HOUR, LATE, LATE_ERRAND, Frame
from bot.reconcile_numbers import Numbers
from bot.reconcile_platform import PlatformLedger, check_heard
from bot.settings import Settings
from dialogs.office import Office
from dialogs.procedures import REGISTER
from dialogs.standing import Register
from storage import engine as database
from storage import gaps, ledger, stocktaking, strays
from storage.alone import looking
from storage.ledger import Rows

PAGE = 500
"""Rows in one transaction."""

FIRST = ""
"""Before every text key."""


@dataclass
class Reconciliation:
    """One comparison.  It is done by running through :meth:`steps`; the result is the *report*."""

    engine: Engine
    settings: Settings
    office: Office
    now: int
    register: Register = REGISTER
    since: int = 0
    platform: PlatformLedger | None = None
    report: Report = field(default_factory=Report)

    def steps(self) -> Iterator[int]:
        """Compare, and yield after each page how many rows it had: others may work in between."""
        frame = self._frame()
        if self.platform:
            self.platform.read(self.report)
        yield from self._pages(ledger.messages, 0, lambda conn, rows: self._messages(conn, rows, frame))
        yield from self._pages(ledger.events, FIRST, self._by(checks.check_events, frame))
        yield from self._pages(ledger.filings, FIRST, self._by(checks.check_filings, frame))
        yield from self._pages(ledger.talks, FIRST, self._by(checks.check_talks, frame))
        yield from self._pages(ledger.persons, FIRST, self._by(checks.check_persons, frame))
        yield from self._numbers()
        yield from self._overdue()
        yield from self._strays()
        yield from self._stock()
        if self.platform:
            yield from self._platform(self.platform, frame)

    def run(self, told: Callable[[int], object] = lambda _rows: None) -> Report:
        """Return the report of a whole comparison; *told* hears how many rows each page had."""
        for rows in self.steps():
            told(rows)
        return self.report

    def size(self) -> int:
        """Return about how many rows there are to go through."""
        with database.read(self.engine) as conn:
            return ledger.sizes(conn)

    def _frame(self) -> Frame:
        # Ids are removed by the hour: what is just about to go is not missed.
        keep = self.settings
        events = self.now - keep.keep_inbox_days * DAY + DAY
        failed = self.now - min(keep.keep_failed_days, keep.keep_inbox_days) * DAY + DAY
        steps = {
            step.form.key: each.key
            for each in self.register.procedures
            for step in each.steps
            if step.form is not None
        }
        return Frame(self.now, events, failed, self.since, steps)

    def _pages(
        self, pages: Callable[..., Rows], first: Any, check: Callable[[Connection, Rows], None]
    ) -> Iterator[int]:
        after, dated = first, pages not in {ledger.talks, ledger.persons, ledger.matters}
        while True:
            with database.read(self.engine) as conn:
                rows = pages(conn, after, PAGE, *((self.since,) if dated else ()))
                check(conn, rows)
            yield len(rows)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def _by(
        self, check: Callable[[Connection, Rows, Frame, Report], None], frame: Frame
    ) -> Callable[[Connection, Rows], None]:
        return lambda conn, rows: check(conn, rows, frame, self.report)

    def _messages(self, conn: Connection, rows: Rows, frame: Frame) -> None:
        reconcile_messages.check_messages(conn, rows, frame, self.report)
        if self.platform:
            self.platform.check_messages(rows, self.report)

    def _numbers(self) -> Iterator[int]:
        with database.read(self.engine) as conn:
            numbers = Numbers(self.office, self.register, ledger.counters(conn))
        signed = reconcile_signed.Signed(self.register, self._frame(), numbers)
        yield from self._pages(
            ledger.matters, FIRST, lambda conn, rows: signed.check(conn, rows, self.report)
        )
        with database.read(self.engine) as conn:
            numbers.end(ledger.counters(conn), gaps.known(conn), self.report)

    def _overdue(self) -> Iterator[int]:
        after = 0
        while True:
            with database.read(self.engine) as conn:
                late = strays.overdue(conn, self.now - LATE, self.now - LATE_ERRAND, after, PAGE)
            for row in late:
                self.report.add("lease_stale" if row.attempts else "message_overdue", row.id)
            yield 0
            if len(late) < PAGE:
                return
            after = late[-1].id

    def _strays(self) -> Iterator[int]:
        found: Mapping[str, Callable[[Connection], Iterable[str]]] = {
            "filed_twice": lambda conn: strays.filed_twice(conn, self.since),
            "record_shared": strays.shared_records,
            "record_unowned": strays.unowned_records,
            "photo_never_fetched": lambda conn: strays.unfetched_photos(conn, self.now - HOUR),
            "link_crossed": strays.crossed_links,
            "reminder_overdue": lambda conn: strays.forgotten_reminders(conn, self.now - DAY),
        }
        for kind, looks in found.items():
            with database.read(self.engine) as conn:
                for each in looks(conn):
                    self.report.add(kind, each)
            yield 0

    def _stock(self) -> Iterator[int]:
        """Compare claims, counts, sets and moves in one moment: together they say what there is."""
        with database.read(self.engine) as conn:
            for kind, each in stocktaking.wrong(conn, day_of(self.now).isoformat()):
                self.report.add(kind, each)
        yield 0

    def _platform(self, platform: PlatformLedger, frame: Frame) -> Iterator[int]:
        with database.read(self.engine) as conn:
            erased_at = ledger.last_erasure(conn)
        kept_since = max(self.now - self.settings.keep_bodies_days * DAY, erased_at)
        platform.end(kept_since, frame, self.report)
        for page in platform.heard():
            with database.read(self.engine) as conn:
                check_heard(conn, page, frame, self.report)
            yield 0


def compare(
    settings: Settings, *, platform: Path | None = None, since: date | None = None, clock: Clock | None = None
) -> Report:
    """Return what the command found; a bar on the terminal shows how far it is.

    *since* is a day in Asia/Tokyo, *platform* the file of what the platform accepted.

    Raises:
        OfficeFileError: The office file has faults.
        OSError: *platform* cannot be read.
    """
    engine = looking(settings.database_url)
    try:
        whole = Reconciliation(
            engine, settings, load_office(settings.office_file), (clock or SystemClock()).now()
        )
        whole.since = at_hour(since, 0) if since else 0
        if platform is None:
            return _watched(whole)
        with PlatformLedger(platform) as whole.platform:
            return _watched(whole)
    finally:
        engine.dispose()


def _watched(whole: Reconciliation) -> Report:
    with bar("compare", whole.size()) as told:
        return whole.run(told)
