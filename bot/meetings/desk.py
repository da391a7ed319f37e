"""What staff do with meetings, whether in the console or at a terminal: check, keep, open, close, call off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from dialogs.meetings import Meeting, State
from dialogs.meetings_reading import Problem, advice, read
from dialogs.words import Message, _, say
from storage import meetings
from storage.tables_pools import pool_slots


class MeetingRefused(Exception):
    """Something is not done with a meeting; *problems* say why, field by field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].field if problems else "")
        self.problems = problems


@dataclass(frozen=True)
class Kept:
    """A meeting as it is kept now, whether it is *new*, and what is allowed and yet unwise about it."""

    meeting: Meeting
    is_new: bool
    advice: Sequence[Problem] = ()


def keep(conn: Connection, raw: Mapping[str, Any], by: str, now: int) -> Kept:
    """Keep the meeting that *raw* describes: a new one as a draft, one that is there in the state it has.

    Those who registered are told where its day, time or place has changed.

    Raises:
        MeetingRefused: Something is wrong with it, or more seats are taken than it would have.
    """
    found = read(raw)
    if not isinstance(found, Meeting):
        raise MeetingRefused(*found)
    before = meetings.one(conn, found.key, lock=True)
    if before:
        _refuse_too_few(conn, found)
    kept = replace(found, state=before.state if before else State.DRAFT)
    meetings.save(conn, kept, by, now)
    return Kept(kept, before is None, advice(kept))


def _refuse_too_few(conn: Connection, found: Meeting) -> None:
    rows = conn.execute(
        select(pool_slots.c.pool, pool_slots.c.taken).where(pool_slots.c.pool.in_(found.pools))
    )
    taken = {pool: int(number) for pool, number in rows}
    text = _("もう {taken}席が埋まっています。それより少なくはできません。")
    over = [
        Problem(f"seats_{pool.rpartition('/')[2]}", say(text, taken=taken[pool]))
        for pool, seats in found.pools.items()
        if taken.get(pool, 0) > seats
    ]
    if over:
        raise MeetingRefused(*over)


_FROM: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.DRAFT, State.CLOSED, State.OPEN}),
    State.CLOSED: frozenset({State.OPEN, State.CLOSED}),
    State.CANCELLED: frozenset({State.DRAFT, State.OPEN, State.CLOSED, State.CANCELLED}),
}
"""From which state a meeting comes into another: one that was called off stays so."""


def put(conn: Connection, key: str, state: State, by: str, now: int, today: date) -> Meeting:
    """Put the meeting *key* into *state*; those who registered are told where it does not take place.

    Raises:
        MeetingRefused: There is none, or it cannot come into that state (any more).
    """
    found = meetings.one(conn, key, lock=True)
    if found is None:
        raise MeetingRefused(Problem("key", say(_("この交流会はありません。"))))
    why = _why_not(found, state, today)
    if why:
        raise MeetingRefused(Problem("state", why))
    meetings.put(conn, key, state, by, now)
    return replace(found, state=state)


def _why_not(found: Meeting, state: State, today: date) -> Message | None:
    if found.state not in _FROM[state]:
        return say(_("この交流会は、いまの状態からは変えられません。"))
    if state is State.OPEN and today > found.closes:
        return say(_("締切が過ぎています。締切を今日より後にしてから、受付を始めてください。"))
    return None
