"""What time brings about on cases: word to their people, and deadlines that end something by themselves.

After every filing it is written down anew what the case will bring about (:func:`refresh`).  Once a minute what is
due is done, each in a transaction of its own, from the case as it stands then (:class:`Dues`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

import structlog
from sqlalchemy import Connection, Engine

from bot import boards, room, signing
from bot.clock import at_hour, day_of, moment
from bot.signing import Telling
from dialogs.effects import Take
from dialogs.procedure import Procedure, Role
from dialogs.replies import Reply
from dialogs.standing import CaseView, Register
from dialogs.upcoming import no_lapses, no_reminders
from dialogs.world import World
from storage import caselist, cases, pools, reminders, submissions
from storage import engine as database
from storage.cases import CaseRow
from storage.faults import is_transient
from storage.reminders import Planned, Reminder
from storage.turns import Stale

log = structlog.get_logger()

MORNING, EVENING = 9, 19
"""From which hour and until before which (Asia/Tokyo) anything is said by itself: never at night."""

CHANNEL = "time"
"""The channel on which the office files what lapsed."""

HOUR = 3_600_000
BATCH = 50
MOST_BATCHES = 200
_DAY = timedelta(days=1)
_WORD, _LAPSE = "case:", "lapse:"


def is_day(now: int) -> bool:
    """Return whether it is an hour at which people may be told something."""
    return MORNING <= moment(now).hour < EVENING


def refresh(conn: Connection, procedure: Procedure, case_id: str, world: World, now: int) -> None:
    """Write down anew what the case brings about, in the transaction that has filed something on it.

    Raises:
        LookupError: There is no such case.
    """
    if procedure.reminders is no_reminders and procedure.lapses is no_lapses:
        return
    case = cases.by_id(conn, case_id)
    if case is None:
        raise LookupError(case_id)
    seen = signing.view(case, submissions.of_case(conn, case_id))
    _plan(conn, procedure, case, seen, world, now)


def _plan(
    conn: Connection, procedure: Procedure, case: CaseRow, seen: CaseView, world: World, now: int
) -> None:
    reminders.plan(conn, case.id, case.person_id, dict(_planned(procedure, seen, world, now)), now)


def _planned(procedure: Procedure, seen: CaseView, world: World, now: int) -> Iterator[tuple[str, Planned]]:
    for word in procedure.reminders(seen, world):
        yield f"{_WORD}{word.about}", _word(word.day, word.last, now)
    for lapse in procedure.lapses(seen, world):
        yield f"{_LAPSE}{lapse.step}", Planned(lapse.by, at_hour(lapse.by + _DAY, MORNING))


def _word(day: date, last: date, now: int) -> Planned:
    due, tomorrow = at_hour(day, MORNING), day_of(now) + _DAY
    if due > now:
        return Planned(day, due)
    return Planned(day, at_hour(tomorrow, MORNING), over=tomorrow > last)


def named(procedure: Procedure, seen: CaseView, world: World, about: str) -> tuple[Reply, ...]:
    """Return the word that *about*, of a row of ours, means today; nothing where it does not make sense any more."""
    for word in procedure.reminders(seen, world):
        if f"{_WORD}{word.about}" == about and word.day <= world.today <= word.last:
            return word.replies
    return ()


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
        due = _Due(each, case, procedure, self.telling.world(day_of(now)), now)
        if each.about.startswith(_LAPSE):
            self._lapse(conn, due)
        else:
            self._remind(conn, due)
        refresh(conn, procedure, case.id, due.world, now)

    def _remind(self, conn: Connection, due: _Due) -> None:
        replies = named(due.procedure, due.seen(conn), due.world, due.row.about)
        if replies:
            self.telling.tell(conn, due.case.person_id, replies, due.cause, due.now)

    def _lapse(self, conn: Connection, due: _Due) -> None:
        """File the step that ends what nobody went on with in time, if that is still so."""
        seen, step = due.seen(conn), due.row.about.removeprefix(_LAPSE)
        over = {each.step for each in due.procedure.lapses(seen, due.world) if each.by < due.world.today}
        if step not in over or not due.procedure.may_file(step, seen):
            return
        submissions.file(
            conn,
            case_id=due.case.id,
            step=step,
            form="",
            edition="",
            answers={},
            vault_id=None,
            filed_by="",
            role=Role.STAFF.value,
            channel=CHANNEL,
            locale=self.locale,
            event_id=due.event,
            now=due.now,
            number=len(seen.history) + 1,
        )
        _carry_out(conn, due, step, seen)
        replies = due.procedure.told(step, {}, seen, due.world)
        if replies:
            self.telling.tell(conn, due.case.person_id, replies, due.cause, due.now)
        boards.changed(conn, due.case.id, due.event, due.now)
        log.info("step_filed", procedure=due.procedure.key, step=step)


def _carry_out(conn: Connection, due: _Due, step: str, seen: CaseView) -> None:
    """Do what filing *step* does to what is scarce; nearly always it gives a slot back."""
    for claim in due.procedure.claims(step, {}, seen, due.world):
        if isinstance(claim, Take):
            room.take(conn, due.world.office, due.case.id, claim, due.now)
        else:
            pools.give_back(conn, due.case.id, claim.purpose, due.now)


@dataclass(frozen=True)
class _Due:
    """One thing that is due, with what it takes to do it."""

    row: Reminder
    case: CaseRow
    procedure: Procedure
    world: World
    now: int

    @property
    def cause(self) -> str:
        """Return what is said to cause the messages; the ledgers know the row by it."""
        return f"reminder/{self.row.id}/{self.row.due}"

    @property
    def event(self) -> str:
        """Return the id under which a step is filed: short, and another for each day on which it lapses."""
        return f"lapse/{blake2b(self.cause.encode(), digest_size=16).hexdigest()}"

    def seen(self, conn: Connection) -> CaseView:
        """Return the case as it stands in this transaction."""
        return signing.view(self.case, submissions.of_case(conn, self.case.id))
