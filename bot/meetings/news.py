"""Tells everybody who registered that a meeting does not take place, or that its day, time or place has changed.

What somebody knows is read from their case, so that it is told once, whatever happens in between, and only to those
whom it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine, select

from bot import signing
from bot.following import Filed
from bot.meetings import by_itself
from bot.signing import Telling
from dialogs.meetings import Meeting, State
from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING
from dialogs.procedures.exchange_meeting.registration import KEY, Registration, Stand
from dialogs.standing import CaseView
from storage import caselist, cases, meetings, submissions
from storage import engine as database
from storage.cases import CaseRow
from storage.faults import is_transient
from storage.tables import cases as cases_table

log = structlog.get_logger()

COMING = frozenset({Stand.SEATED, Stand.WAITING, Stand.OFFERED})


@dataclass(frozen=True)
class News:
    """What became of meetings, for those who registered; they are told through *telling*."""

    engine: Engine
    telling: Telling
    locale: str = "ja"

    def run(self, now: int) -> None:
        """Tell everybody who has to be told something at *now* (ms); the caller asks only by day.

        Raises:
            SQLAlchemyError: The database is in trouble; what is left is done the next time.
        """
        with database.read(self.engine) as conn:
            changed = meetings.to_tell(conn)
        for each in changed:
            if self._all_told(each, now):
                with database.write(self.engine) as conn:
                    meetings.told(conn, each)

    def _all_told(self, meeting: Meeting, now: int) -> bool:
        with database.read(self.engine) as conn:
            concerned = _cases(conn)
        untold = [each for each in concerned if not self._told(meeting, each, now)]
        return not untold

    def _told(self, meeting: Meeting, case_id: str, now: int) -> bool:
        try:
            with database.write(self.engine) as conn:
                caselist.lock(conn, case_id)
                case = cases.by_id(conn, case_id)
                if case:
                    self._tell(conn, meeting, case, now)
        except Exception as fault:
            if is_transient(fault):
                raise
            log.exception("meeting_news_failed", name=case_id)
            return False
        return True

    def _tell(self, conn: Connection, meeting: Meeting, case: CaseRow, now: int) -> None:
        seen = signing.view(case, submissions.of_case(conn, case.id))
        found = change(meeting, seen)
        if found:
            step, said = found
            event = f"{step}/{case.id}/{len(seen.history) + 1}"
            filed = Filed(EXCHANGE_MEETING, case, seen, step, said, event)
            by_itself.file(conn, filed, self.telling, now, self.locale)


def change(meeting: Meeting, case: CaseView) -> tuple[str, Mapping[str, str]] | None:
    """Return the step by which *case* hears what has changed, and what it says; None where it knows already."""
    registration = Registration(case)
    if registration.meeting != meeting.key or registration.stand not in COMING:
        return None
    if meeting.state is State.CANCELLED:
        return "called_off", {}
    now = {"day": meeting.slot, "starts": f"{meeting.starts:%H:%M}", "place": meeting.place}
    return ("rescheduled", now) if meeting.is_held() and registration.told != tuple(now.values()) else None


def _cases(conn: Connection) -> Sequence[str]:
    """Return our ids of all registrations, the oldest first."""
    mine = select(cases_table.c.id).where(cases_table.c.procedure == KEY)
    return list(conn.execute(mine.order_by(cases_table.c.opened_at, cases_table.c.id)).scalars())
