"""What must be sent: the only truth of it.  Rows are queued in the transaction of the turn that caused them.

A thread's messages go out one after the other: only the oldest waiting row of a thread can be claimed.  A
claim is a lease: ``due`` is pushed ahead, so that a row whose sender died is claimed again by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import outbox_statements as statements
from storage.asjson import dump, load
from storage.tables import outbox

WAITING = statements.WAITING
DELIVERED = "delivered"
MAYBE = "maybe"
UNDELIVERABLE = "undeliverable"

LANES = ("chat", "bulk", "errand")
"""In which order lanes are served: a person who waits for an answer comes first."""

# Retry keys are made from the cause, so that a crash between sending and marking cannot send twice.
_KEYS = uuid.UUID("6f1b7a52-3a0e-4c55-9d42-9a2f6c1c7e11")


@dataclass(frozen=True)
class Queued:
    """One thing to be sent, before it is stored.

    *body* is what the gateway of *channel* takes for *kind*, as an object or as JSON text.
    """

    channel: str
    thread: str
    recipient: str
    body: Mapping[str, Any] | str
    cause: str
    kind: str = "messages"
    lane: str = "chat"
    reply_token: str | None = None
    reply_until: int | None = None
    legal: bool = False
    due: int = 0


@dataclass(frozen=True)
class Parcel:
    """One leased row: the sender's until the lease is over.  *text* is its body as JSON."""

    id: int
    channel: str
    thread: str
    kind: str
    recipient: str
    text: str
    reply_token: str | None
    reply_until: int | None
    retry_key: str
    legal: bool
    attempts: int
    created_at: int
    cause: str
    error: str | None = None

    @property
    def body(self) -> Mapping[str, Any]:
        """Return what the gateway of the channel takes."""
        return load(self.text)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Delivered:
    """What became of a parcel.  A *state* of ``waiting`` tries again at *due*."""

    id: int
    state: str
    due: int = 0
    error: str | None = None
    request_id: str | None = None


def retry_key(cause: str, position: int) -> str:
    """Return the key under which the platform knows this message, whoever sends it and how often."""
    return str(uuid.uuid5(_KEYS, f"{cause}:{position}"))


def queue(conn: Connection, rows: Sequence[Queued], now: int, *, lease: int = 0) -> list[Parcel]:
    """Queue *rows*, which one cause brought about, in their order.

    With a *lease* (ms), return those that the caller is to send itself until then: they are claimed already.
    """
    taken = []
    for position, each in enumerate(rows):
        row = as_row(each, position, now)
        ((identity, attempts),) = statements.QUEUE.rows(conn, {**row, "lease": lease})
        if attempts:
            taken.append(leased(each, row, identity))
    return taken


def leased(each: Queued, row: Mapping[str, Any], identity: int) -> Parcel:
    """Return *each*, stored as *row* under *identity* and claimed in the same breath."""
    return Parcel(
        identity,
        each.channel,
        each.thread,
        each.kind,
        each.recipient,
        row["outbox_body"],
        each.reply_token,
        each.reply_until,
        row["outbox_retry_key"],
        each.legal,
        1,
        row["outbox_created_at"],
        each.cause,
    )


def as_row(each: Queued, position: int, now: int) -> Mapping[str, Any]:
    """Return the columns of *each*, the message number *position* (from 0) of its cause, by their parameters."""
    return {
        "outbox_channel": each.channel,
        "outbox_lane": each.lane,
        "outbox_thread": each.thread,
        "outbox_kind": each.kind,
        "outbox_recipient": each.recipient,
        "outbox_body": each.body if isinstance(each.body, str) else dump(each.body),
        "outbox_reply_token": each.reply_token,
        "outbox_reply_until": each.reply_until,
        "outbox_retry_key": retry_key(each.cause, position),
        "outbox_legal": each.legal,
        "outbox_cause": each.cause,
        "outbox_state": WAITING,
        "outbox_due": each.due or now,
        "outbox_attempts": 0,
        "outbox_created_at": now,
    }


def claim(conn: Connection, now: int, lease: int, most: int) -> list[Parcel]:
    """Return up to *most* parcels that may be sent now, leased until *lease*, chat before all else."""
    found: list[Parcel] = []
    for lane in LANES:
        if len(found) < most:
            wanted = {"lane_wanted": lane, "now": now, "most": most - len(found), "lease": lease}
            found += sorted(
                (_parcel(row) for row in conn.execute(statements.CLAIM, wanted)), key=lambda each: each.id
            )
    return found


def _parcel(row: Any) -> Parcel:
    return Parcel(
        row.id,
        row.channel,
        row.thread,
        row.kind,
        row.recipient,
        row.body,
        row.reply_token,
        row.reply_until,
        row.retry_key,
        row.legal,
        row.attempts,
        row.created_at,
        row.cause,
        row.error,
    )


def finish(conn: Connection, results: Iterable[Delivered], now: int) -> None:
    """Store what became of parcels; those that wait again keep their place in their thread."""
    ended = [
        {
            "row": each.id,
            "new_state": each.state,
            "new_due": each.due or now,
            "new_error": each.error,
            "new_request": each.request_id,
            "new_done": None if each.state == WAITING else now,
        }
        for each in results
    ]
    if ended:
        statements.finish(conn, ended)


def waiting(conn: Connection, channel: str, *, but: str = "") -> Sequence[int]:
    """Return the ids of all rows of *channel* that wait to be sent, except those of the kind *but*."""
    wanted = outbox.c.channel == channel, outbox.c.state == WAITING, outbox.c.kind != but
    return conn.execute(select(outbox.c.id).where(*wanted)).scalars().all()


def release(conn: Connection, now: int) -> int:
    """Return how many leases were ended.  Only for a start at which no other process can be sending."""
    held = outbox.c.state == WAITING, outbox.c.attempts > 0, outbox.c.due > now
    return conn.execute(update(outbox).where(*held).values(due=now)).rowcount


def give_up_on(conn: Connection, recipient: str, channel: str, reason: str, now: int) -> int:
    """Return how many waiting messages to *recipient*, who can no longer be reached, were ended."""
    waiting = outbox.c.state == WAITING, outbox.c.recipient == recipient, outbox.c.channel == channel
    ended = {"state": UNDELIVERABLE, "error": reason, "done_at": now}
    return conn.execute(update(outbox).where(*waiting, outbox.c.kind == "messages").values(ended)).rowcount


def is_repeated(conn: Connection, parcel: Parcel) -> bool:
    """Return whether the very same thing waits in the thread of *parcel* behind it."""
    wanted = {
        "thread": parcel.thread,
        "after": parcel.id,
        "kind": parcel.kind,
        "recipient": parcel.recipient,
        "body": parcel.text,
    }
    return bool(statements.REPEATED.rows(conn, wanted))


_NEXT = statements.next_due(LANES)


def next_due(conn: Connection) -> int | None:
    """Return when the next waiting row may be tried (ms), None where nothing waits."""
    ((due,),) = _NEXT.rows(conn, {})
    return due  # type: ignore[no-any-return]


def oldest_unsent(conn: Connection) -> int | None:
    """Return when the oldest waiting row was queued (ms)."""
    return conn.execute(select(func.min(outbox.c.created_at)).where(outbox.c.state == WAITING)).scalar()


def counts(conn: Connection) -> Mapping[str, int]:
    """Return how many rows are in which state."""
    rows = conn.execute(select(outbox.c.state, func.count().label("rows")).group_by(outbox.c.state))
    return {row.state: row.rows for row in rows}


def undeliverable(conn: Connection, limit: int = 200) -> Sequence[Any]:
    """Return the newest messages that staff must pass on by telephone or letter."""
    wanted = select(outbox.c.id, outbox.c.thread, outbox.c.cause, outbox.c.error, outbox.c.done_at)
    return conn.execute(
        wanted.where(outbox.c.state == UNDELIVERABLE, outbox.c.kind == "messages")
        .order_by(outbox.c.id.desc())
        .limit(limit)
    ).all()
