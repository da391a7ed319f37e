"""What time brings about, written down: word that somebody asked for, and what a case brings about on a day.

One of each kind per person and case.  What was sent stays: the same day's word is never sent again, whatever
becomes of the clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.ready import Ready
from storage.tables import reminders
from storage.upsert import into

WORD, LAPSE = "case:", "lapse:"
"""How what a case brings about is called: word to its person, or a step that the office files by itself."""


@dataclass(frozen=True)
class Reminder:
    """Something about *about* ("opening:fence_loan"), due at *due* (ms UTC); *case_id* is "" for what was asked for."""

    id: str
    person_id: str
    about: str
    due: int
    case_id: str = ""


@dataclass(frozen=True)
class Planned:
    """What a case wants to come about on *day* (Asia/Tokyo), not before *due* (ms UTC); *over* says it is too late."""

    day: date
    due: int
    over: bool = False


_COLUMNS = (
    reminders.c.id,
    reminders.c.person_id,
    reminders.c.about,
    reminders.c.due,
    reminders.c.case_id,
)
_OF_CASE = Ready(
    select(reminders.c.id, reminders.c.about, reminders.c.day, reminders.c.sent_at)
    # Spelt out for the partial index, which a parameter alone would not show to fit.
    .where(reminders.c.case_id == bindparam("wanted"), reminders.c.case_id != "")
    .order_by(reminders.c.about)
)


def ask(conn: Connection, person_id: str, about: str, due: int, now: int) -> None:  # noqa: ARG001 -- the house's shape
    """Let word about *about* be sent at *due*.  A later wish counts; the same wish again changes nothing."""
    row = {"id": uuid.uuid4().hex, "person_id": person_id, "about": about, "due": due}
    asked = into(conn, reminders).values(row)
    again = asked.on_conflict_do_update(
        index_elements=[reminders.c.person_id, reminders.c.case_id, reminders.c.about],
        set_={"due": due, "sent_at": None},
        where=reminders.c.due != due,
    )
    conn.execute(again)


def due(conn: Connection, now: int, limit: int) -> Sequence[Reminder]:
    """Return what was asked for and is to be sent now, the longest due first, kept from other processes meanwhile."""
    wanted = _waiting(now, limit).where(reminders.c.case_id == "")
    return [Reminder(*row) for row in conn.execute(wanted.with_for_update(skip_locked=True))]


def due_of_cases(conn: Connection, now: int, limit: int, besides: Collection[str] = ()) -> Sequence[Reminder]:
    """Return what cases bring about now, the longest due first, without those *besides*; nothing is locked by it."""
    wanted = _waiting(now, limit).where(reminders.c.case_id != "", reminders.c.id.not_in(besides))
    return [Reminder(*row) for row in conn.execute(wanted)]


def _waiting(now: int, limit: int) -> Any:
    wanted = select(*_COLUMNS).where(reminders.c.sent_at.is_(None), reminders.c.due <= now)
    return wanted.order_by(reminders.c.due, reminders.c.id).limit(limit)


def mark_sent(conn: Connection, reminder: str, now: int, due: int | None = None) -> bool:
    """Return whether *reminder* was still to be sent (at *due*, if given); from now on it is not."""
    waiting = [reminders.c.id == reminder, reminders.c.sent_at.is_(None)]
    if due is not None:
        waiting.append(reminders.c.due == due)
    return conn.execute(update(reminders).where(*waiting).values(sent_at=now)).rowcount == 1


def put_off(conn: Connection, reminder: str, due: int) -> None:
    """Let *reminder*, which could not be sent, be tried again at *due*."""
    waiting = reminders.c.id == reminder, reminders.c.sent_at.is_(None)
    conn.execute(update(reminders).where(*waiting).values(due=due))


def plan(conn: Connection, case_id: str, person_id: str, wanted: Mapping[str, Planned], now: int) -> None:
    """Let *wanted*, by what each is about, be all that the case brings about from now on.

    What waits and is not wanted any more goes; what was done stays, and is done again only for another day.  What
    is wanted anew though it is over already counts as done.
    """
    there = {about: (identity, day, sent) for identity, about, day, sent in _there(conn, case_id)}
    gone = [there[about][0] for about in there.keys() - wanted.keys() if there[about][2] is None]
    if gone:
        conn.execute(delete(reminders).where(reminders.c.id.in_(gone)))
    for about, each in sorted(wanted.items()):
        row = {"day": each.day.isoformat(), "due": each.due, "sent_at": now if each.over else None}
        if about not in there:
            kept = {"id": uuid.uuid4().hex, "case_id": case_id, "person_id": person_id, "about": about}
            conn.execute(insert(reminders), kept | row)
        elif there[about][1] != row["day"]:
            conn.execute(update(reminders).where(reminders.c.id == there[about][0]).values(row))


def case_of(conn: Connection, reminder: str) -> str:
    """Return the case that brought *reminder* about, "" for none."""
    return conn.execute(select(reminders.c.case_id).where(reminders.c.id == reminder)).scalar() or ""


def abouts(conn: Connection, wanted: Collection[str]) -> Mapping[str, str]:
    """Return what each of the reminders *wanted* is about."""
    found = select(reminders.c.id, reminders.c.about).where(reminders.c.id.in_(wanted))
    return {row.id: row.about for row in conn.execute(found)}


def _there(conn: Connection, case_id: str) -> Sequence[Sequence[Any]]:
    return _OF_CASE.rows(conn, {"wanted": case_id})
