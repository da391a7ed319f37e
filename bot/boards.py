"""Cards of a case in Teams: whoever shows one is told that the case has changed.

What is queued is the case's id alone.  The card is drawn from the case as it stands when it is sent.
"""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import Connection

from bot import menus
from bot.clock import day_of
from storage import outbox
from storage.outbox import Queued
from storage.staff import CHANNEL
from storage.teams import references

KIND = "sheet"

_LONGEST_EVENT = 41
"""What is left of a cause, which holds 80 characters, beside a conversation's id."""


def changed(conn: Connection, case_id: str, event_id: str, now: int) -> int:
    """Queue the case's card for everybody whom it concerns; return for how many conversations.

    Those are the personal chats of the members who have something to do with its procedure today, and the team
    channels in which the desk was installed.  Where Teams is not set up there are none.  *event_id* caused it.
    The person whose case it is may now get another menu on LINE.
    """
    menus.changed(conn, case_id, event_id, now)
    concerned = references.concerned(conn, case_id, day_of(now))
    rows = [
        Queued(CHANNEL, each, each, {"case": case_id}, cause(event_id, each), kind=KIND) for each in concerned
    ]
    for row in rows:  # each has a cause of its own
        outbox.queue(conn, [row], now)
    return len(rows)


def cause(event_id: str, reference_id: str) -> str:
    """Return what a card sent to the conversation *reference_id* is said to be caused by."""
    event = event_id
    if len(event) > _LONGEST_EVENT:
        event = blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{event}/{KIND}/{reference_id}"
