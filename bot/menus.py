"""Menus at the foot of a talk: whoever's may have changed is noted, in the transaction that changed it.

What is queued is who alone.  Which menu fits is found when the errand is run, from what may be filed then, and
LINE is called only if it is another than before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from sqlalchemy import Connection

from storage import outbox, richmenus
from storage.outbox import Queued
from storage.richmenus import CHANNEL, Account

KIND = "richmenu"

NOTHING: Mapping[str, str] = {}


def changed(conn: Connection, case_id: str, event_id: str, now: int) -> None:
    """Note that *event_id* changed what the person of the case may do."""
    _queue(conn, richmenus.of_case(conn, case_id), event_id, NOTHING, now)


def met(conn: Connection, person_id: str, event_id: str, now: int, *, anew: bool = False) -> None:
    """Note that the person reads another language, or is a friend again (*anew*: LINE may have forgotten)."""
    body = {"anew": event_id} if anew else NOTHING
    _queue(conn, richmenus.of_person(conn, person_id), event_id, body, now)


def all_told(conn: Connection, accounts: Sequence[Account], edition: str, now: int) -> None:
    """Note that *accounts* are to get their menus of *edition*, whatever they have."""
    _queue(conn, accounts, f"edition/{edition}", {"anew": edition}, now)


def _queue(
    conn: Connection, accounts: Sequence[Account], event_id: str, body: Mapping[str, str], now: int
) -> None:
    for each in accounts:
        cause = f"{KIND}/{_digest(event_id, each)}"
        # A thread of its own: nobody waits for an answer until a menu is there.
        thread = f"{KIND}/{each.person_id}"
        errand = Queued(CHANNEL, thread, each.external_id, body, cause, kind=KIND, lane="errand")
        outbox.queue(conn, [errand], now)


def _digest(event_id: str, account: Account) -> str:
    named = f"{event_id}\0{account.external_id}".encode("utf-8", "surrogatepass")
    return blake2b(named, digest_size=16).hexdigest()
