"""The console's first page: what came in, what waits, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.caselines import CaseLine, Table
from bot.admin.console import READERS, Console, signed_in
from bot.admin.standing import staff_dues, staff_steps, waiting_for
from bot.clock import at_hour, day_of
from bot.signing import view
from bot.visits import Visit
from dialogs.procedure import Procedure, Step
from dialogs.words import _
from storage import caselist, inbox, outbox, submissions
from storage import engine as database
from storage.caselist import Wanted
from storage.inbox import DeadLetter

LONGEST_WAITING = 10
_APRIL = 4

FAULTS = {
    "blocked": _("LINEでブロックされているため届きません。"),
}
"""Why a message did not arrive, for those who pass it on; other reasons stand as the gateway gave them."""


@dataclass(frozen=True)
class Waiting:
    """A case that waits, and the last day for it."""

    line: CaseLine
    by: date | None
    is_late: bool


@dataclass(frozen=True)
class Queue:
    """What waits for one step: how many, and those that wait longest."""

    step: Step
    count: int
    oldest: tuple[Waiting, ...]


@dataclass(frozen=True)
class Summary:
    """The figures of one procedure."""

    procedure: Procedure
    today: int
    this_year: int
    withdrawn: int
    queues: tuple[Queue, ...]


@dataclass(frozen=True)
class Undelivered:
    """A message that did not arrive; *reference* is the newest case of whom it was for, "" for none."""

    at: int
    reference: str
    why: str


@dataclass(frozen=True)
class OverviewPage:
    """The route of the first page."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the route."""
        blueprint.add_url_rule("/", "overview", self._overview, methods=["GET"])

    @signed_in(*READERS)
    def _overview(self, visit: Visit) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            summaries = [self._summary(conn, each) for each in self.console.service.register.procedures]
            undelivered = self._undelivered(conn)
            dead: Sequence[DeadLetter] = inbox.dead(conn)
        return self.console.drawn(
            "overview.html",
            visit,
            summaries=summaries,
            undelivered=undelivered,
            dead=dead,
            today=day_of(self.console.now),
        )

    def _summary(self, conn: Connection, procedure: Procedure) -> Summary:
        today = day_of(self.console.now)
        april = date(today.year if today.month >= _APRIL else today.year - 1, _APRIL, 1)
        since = at_hour(april, 0)
        return Summary(
            procedure,
            caselist.count(conn, Wanted(procedure.key, since=at_hour(today, 0))),
            caselist.count(conn, Wanted(procedure.key, since=since)),
            caselist.count(conn, Wanted(procedure.key, since=since, filed=("withdrawal",))),
            tuple(self._queue(conn, procedure, step) for step in staff_steps(procedure)),
        )

    def _queue(self, conn: Connection, procedure: Procedure, step: Step) -> Queue:
        wanted = waiting_for(procedure, step)
        table = Table(procedure, self.console.words, self.console.world)
        found = caselist.oldest(conn, wanted, limit=LONGEST_WAITING)
        filed = submissions.of_cases(conn, [each.id for each in found])
        calendar, today = self.console.service.office.calendar, day_of(self.console.now)
        waiting = []
        for each in found:
            due = staff_dues(procedure, view(each, filed.get(each.id, ())), calendar)
            by = due[0].last if due else None
            line = table.line(each, filed.get(each.id, ()))
            waiting.append(Waiting(line, by, is_late=by is not None and by < today))
        return Queue(step, caselist.count(conn, wanted), tuple(waiting))

    def _undelivered(self, conn: Connection) -> list[Undelivered]:
        rows = outbox.undeliverable(conn)
        references = caselist.of_people(conn, {row.thread for row in rows})
        return [
            Undelivered(
                row.done_at or 0, references.get(row.thread, ""), FAULTS.get(row.error, row.error or "")
            )
            for row in rows
        ]
