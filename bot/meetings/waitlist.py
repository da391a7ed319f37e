"""Moves the waiting lists on: what was not taken up in time goes to the next, and what is free to the first who fits.

By day alone.  Each offer and each lapse is filed on its case in a transaction of its own, so that nobody is offered
anything twice, whatever happens in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import Connection, Engine

from bot import dues, signing
from bot.clock import TOKYO, day_of, millis, moment
from bot.following import Filed
from bot.meetings import by_itself
from bot.signing import Telling
from dialogs.meetings import Meeting
from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING
from dialogs.slots import at
from storage import caselist, cases, meetings, submissions, waiting
from storage import engine as database
from storage.faults import is_transient
from storage.waiting import Waiting

log = structlog.get_logger()

MINUTE = 60_000
HOUR = 60 * MINUTE
NOON = time(12)

SHORTEST = 2 * HOUR
"""An offer that leaves less time than this is not made any more."""

BEFORE = 2 * HOUR
"""How long before the meeting begins the last offer ends."""


@dataclass(frozen=True)
class WaitingLists:
    """The waiting lists of the meetings; those who wait are told through *telling*."""

    engine: Engine
    telling: Telling
    locale: str = "ja"

    def run(self, now: int) -> None:
        """Do all that is due at *now* (ms); the caller asks only by day.

        Raises:
            SQLAlchemyError: The database is in trouble; what is left is done the next time.
        """
        with database.read(self.engine) as conn:
            late = waiting.overdue(conn, now)
        for each in late:
            self._done("lapse", each, now)
        with database.read(self.engine) as conn:
            queues = waiting.queues(conn)
        for pool, slot in queues:
            while self._next(pool, slot, now):
                pass

    def _next(self, pool: str, slot: str, now: int) -> bool:
        """Return whether something was offered: then there may be room for one more."""
        with database.read(self.engine) as conn:
            first = waiting.next_in_line(conn, pool, slot)
        return first is not None and self._done("offer", first, now)

    def _done(self, what: str, each: Waiting, now: int) -> bool:
        try:
            with database.write(self.engine) as conn:
                return self._offer(conn, each, now) if what == "offer" else self._lapse(conn, each, now)
        except Exception as fault:
            if is_transient(fault):
                raise
            # One that cannot be done must not keep the other lists from moving.
            log.exception("waiting_list_failed", step=what)
            return False

    def _offer(self, conn: Connection, each: Waiting, now: int) -> bool:
        caselist.lock(conn, each.case_id)  # nobody files on it meanwhile
        meeting = meetings.one(conn, each.pool.split("/")[1])
        until = deadline(meeting, now) if meeting else 0
        if meeting is None or not meeting.is_held() or until < now + SHORTEST:
            return False
        if waiting.offer(conn, each, until, now) is None:  # somebody was quicker: look again
            return True
        here = moment(until)
        said = {"until": at(here.date(), here.time()), "amount": each.amount}
        self._file(conn, each, "offered", said, now)
        return True

    def _lapse(self, conn: Connection, each: Waiting, now: int) -> bool:
        caselist.lock(conn, each.case_id)
        if waiting.lapse(conn, each, now):
            self._file(conn, each, "lapsed", {}, now)
            return True
        return False

    def _file(self, conn: Connection, each: Waiting, step: str, said: dict[str, object], now: int) -> None:
        case = cases.by_id(conn, each.case_id)
        if case is None:
            return
        seen = signing.view(case, submissions.of_case(conn, case.id))
        filed = Filed(EXCHANGE_MEETING, case, seen, step, said, f"{step}/{each.id}")
        by_itself.file(conn, filed, self.telling, now, self.locale)
        log.info("step_filed", procedure=EXCHANGE_MEETING.key, step=step)


def deadline(meeting: Meeting, now: int) -> int:
    """Return until when (ms, a full minute) what is offered at *now* is kept: never into the night, nor too late."""
    wanted = moment(now + meeting.hours_to_answer(day_of(now)) * HOUR).replace(second=0, microsecond=0)
    if not dues.MORNING <= wanted.hour < dues.EVENING:
        day = wanted.date() + timedelta(days=1 if wanted.hour >= dues.EVENING else 0)
        wanted = datetime.combine(day, NOON, TOKYO)
    last = millis(datetime.combine(meeting.day, meeting.starts, TOKYO)) - BEFORE
    return min(millis(wanted), last)
