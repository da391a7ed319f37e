"""What time brings about on cases: word to their people, and deadlines that end something by themselves.

After every filing it is written down anew what the case will bring about (:func:`refresh`); ``bot.punctual`` does
it when it is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Connection

from bot import signing
from bot.clock import at_hour, day_of, moment
from dialogs.procedure import Procedure
from dialogs.replies import Reply
from dialogs.standing import CaseView
from dialogs.upcoming import no_lapses, no_reminders
from dialogs.world import World
from storage import cases, reminders, submissions
from storage.reminders import LAPSE, WORD, Planned

MORNING, EVENING = 9, 19
"""From which hour and until before which (Asia/Tokyo) anything is said by itself: never at night."""

_DAY = timedelta(days=1)


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
    # Of what was erased no answer is left, and nobody to whom anything could be said.
    wanted = dict(_planned(procedure, seen, world, now)) if seen.answers else {}
    reminders.plan(conn, case.id, case.person_id, wanted, now)


def _planned(procedure: Procedure, seen: CaseView, world: World, now: int) -> Iterator[tuple[str, Planned]]:
    for word in procedure.reminders(seen, world):
        yield f"{WORD}{word.about}", _word(word.day, word.last, now)
    for lapse in procedure.lapses(seen, world):
        yield f"{LAPSE}{lapse.step}/{lapse.by}", Planned(lapse.by, at_hour(lapse.by + _DAY, MORNING))


def _word(day: date, last: date, now: int) -> Planned:
    due, tomorrow = at_hour(day, MORNING), day_of(now) + _DAY
    if due > now:
        return Planned(day, due)
    return Planned(day, at_hour(tomorrow, MORNING), over=tomorrow > last)


def named(procedure: Procedure, seen: CaseView, world: World, about: str) -> tuple[Reply, ...]:
    """Return the word that *about*, of a row of ours, means today; nothing where it does not make sense any more."""
    for word in procedure.reminders(seen, world):
        if f"{WORD}{word.about}" == about and word.day <= world.today <= word.last:
            return word.replies
    return ()


def lapsing(about: str) -> str:
    """Return the step that the office files because of a row *about* this, "" for word to somebody."""
    return about.removeprefix(LAPSE).rpartition("/")[0] if about.startswith(LAPSE) else ""
