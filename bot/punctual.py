"""Does what is due on cases, on time: each thing once, in a transaction of its own, from the case as it stands."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine

from bot import signing
from bot.clock import day_of
from bot.dues import lapsing, named, refresh
from bot.following import Filed, follow
from bot.meetings import knowing
from bot.signing import Telling
from dialogs.procedure import Procedure, Role
from dialogs.standing import Register
from dialogs.world import World
from storage import caselist, cases, reminders, submissions, unreached
from storage import engine as database
from storage.faults import is_transient
from storage.reminders import Reminder
from storage.turns import Stale

log = structlog.get_logger()

CHANNEL = "time"
"""The channel on which the office files what lapsed."""

HOUR = 3_600_000
BATCH = 50
MOST_BATCHES = 200


@dataclass(frozen=True)
class Dues:
    """Does what is due on cases; whom it concerns is told through *telling*, and *locale* is what the office reads."""

    engine: Engine
    register: Register
    telling: Telling
    locale: str = "ja"

    def run(self, now: int) -> None:
        """Do all that is due at *now* (ms); the caller asks only by day.

        Raises:
            SQLAlchemyError: The database is in trouble; what is left is done the next time.
        """
        for _batch in range(MOST_BATCHES):
            with database.read(self.engine) as conn:
                found = reminders.due_of_cases(conn, now, BATCH)
            for each in found:
                self._do(each, now)
            if len(found) < BATCH:
                break

    def _do(self, each: Reminder, now: int) -> None:
        try:
            with database.write(self.engine) as conn:
                self._done(conn, each, now)
        except Exception as fault:
            if is_transient(fault):
                raise
            # One that cannot be done must not keep the others from being done.
            if not isinstance(fault, Stale):
                log.exception("reminder_failed", name=each.id)
            with database.write(self.engine) as conn:
                reminders.put_off(conn, each.id, now + HOUR)

    def _done(self, conn: Connection, each: Reminder, now: int) -> None:
        """Do *each*, unless another process has done it or the case does not want it any more."""
        caselist.lock(conn, each.case_id)  # nobody files on it meanwhile, so that what is said is true
        if not reminders.mark_sent(conn, each.id, now, each.due):
            return
        case = cases.by_id(conn, each.case_id)
        procedure = self.register.of(case.procedure) if case else None
        if case is None or procedure is None:
            return
        world, step = self._world(conn, procedure, now), lapsing(each.about)
        seen = signing.view(case, submissions.of_case(conn, case.id))
        if not seen.answers:  # erased
            return
        if step:
            self._lapse(conn, Filed(procedure, case, seen, step, {}, f"{unreached.REMINDER}/{each.id}"), now)
        elif replies := named(procedure, seen, world, each.about):
            cause = f"{unreached.REMINDER}/{each.id}/{each.due}"
            self.telling.tell(conn, case.person_id, replies, cause, now)
        refresh(conn, procedure, case.id, world, now)

    def _world(self, conn: Connection, procedure: Procedure, now: int) -> World:
        return knowing.of_meetings(conn, self.telling.world(day_of(now)), procedure)

    def _lapse(self, conn: Connection, filed: Filed, now: int) -> None:
        """File the step that ends what nobody went on with in time, if that is still so."""
        procedure, seen = filed.procedure, filed.seen
        world = self._world(conn, procedure, now)
        over = {each.step for each in procedure.lapses(seen, world) if each.by < world.today}
        if filed.step not in over or not procedure.may_file(filed.step, seen):
            return
        submissions.file(
            conn,
            case_id=filed.case.id,
            step=filed.step,
            form="",
            edition="",
            answers={},
            vault_id=None,
            filed_by="",
            role=Role.STAFF.value,
            channel=CHANNEL,
            locale=self.locale,
            event_id=filed.event,
            now=now,
            number=len(seen.history) + 1,
        )
        follow(conn, filed, self.telling, now)
        log.info("step_filed", procedure=procedure.key, step=filed.step)
