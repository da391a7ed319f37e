"""What must be sent: the only truth of it.  Rows are queued in the transaction of the turn that caused them.

A thread's messages go out one after the other: only the oldest waiting row of a thread can be claimed.  A
claim is a lease: ``due`` is pushed ahead, so that a row whose sender died is claimed again by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from storage.asjson import dump, load
from storage.tables import outbox

WAITING = "waiting"
DELIVERED = "delivered"
MAYBE = "maybe"
UNDELIVERABLE = "undeliverable"

LANES = ("chat", "bulk", "errand")
"""In which order lanes are served: a person who waits for an answer comes first."""

# Retry keys are made from the cause, so that a crash between sending and marking cannot send twice.
_KEYS = uuid.UUID("6f1b7a52-3a0e-4c55-9d42-9a2f6c1c7e11")


@dataclass(frozen=True)
class Queued:
    """One thing to be sent, before it is stored.  *body* is what the gateway of *channel* takes for *kind*."""

    channel: str
    thread: str
    recipient: str
    body: Mapping[str, Any]
    cause: str
    kind: str = "messages"
    lane: str = "chat"
    reply_token: str | None = None
    reply_until: int | None = None
    legal: bool = False
    due: int = 0


@dataclass(frozen=True)
class Parcel:
    """One claimed row: the sender's until *due* passes."""

    id: int
    channel: str
    thread: str
    kind: str
    recipient: str
    body: Mapping[str, Any]
    reply_token: str | None
    reply_until: int | None
    retry_key: str
    legal: bool
    attempts: int
    created_at: int
    cause: str
    error: str | None = None


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


_INSERT = insert(outbox)


def queue(conn: Connection, rows: Sequence[Queued], now: int) -> None:
    """Queue *rows*, which one cause brought about, in their order."""
    if rows:
        conn.execute(_INSERT, [as_row(each, position, now) for position, each in enumerate(rows)])


def as_row(each: Queued, position: int, now: int) -> Mapping[str, Any]:
    """Return the columns of *each*, the message number *position* (from 0) of its cause."""
    return {
        "channel": each.channel,
        "lane": each.lane,
        "thread": each.thread,
        "kind": each.kind,
        "recipient": each.recipient,
        "body": dump(each.body),
        "reply_token": each.reply_token,
        "reply_until": each.reply_until,
        "retry_key": retry_key(each.cause, position),
        "legal": each.legal,
        "cause": each.cause,
        "state": WAITING,
        "due": each.due or now,
        "attempts": 0,
        "created_at": now,
    }


_earlier = outbox.alias("earlier")
_heads = (
    select(outbox.c.id)
    .where(
        outbox.c.state == WAITING,
        outbox.c.lane == bindparam("lane_wanted"),
        outbox.c.due <= bindparam("now"),
        ~exists().where(
            _earlier.c.state == WAITING, _earlier.c.thread == outbox.c.thread, _earlier.c.id < outbox.c.id
        ),
    )
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_heads.scalar_subquery()))
    .values(due=bindparam("lease"), attempts=outbox.c.attempts + 1)
    .returning(*[column for column in outbox.c if column.name not in {"state", "request_id", "done_at"}])
)
_FINISH = (
    update(outbox)
    # A sender whose lease was over may come back late: what another has brought to an end stays so.
    .where(outbox.c.id == bindparam("row"), outbox.c.state == WAITING)
    .values(
        state=bindparam("new_state"),
        due=bindparam("new_due"),
        error=bindparam("new_error"),
        request_id=bindparam("new_request"),
        done_at=bindparam("new_done"),
    )
)


def claim(conn: Connection, now: int, lease: int, most: int) -> list[Parcel]:
    """Return up to *most* parcels that may be sent now, leased until *lease*, chat before all else."""
    found: list[Parcel] = []
    for lane in LANES:
        if len(found) < most:
            wanted = {"lane_wanted": lane, "now": now, "most": most - len(found), "lease": lease}
            found += sorted((_parcel(row) for row in conn.execute(_CLAIM, wanted)), key=lambda each: each.id)
    return found


def _parcel(row: Any) -> Parcel:
    return Parcel(
        row.id,
        row.channel,
        row.thread,
        row.kind,
        row.recipient,
        load(row.body),
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
    rows = [
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
    if rows:
        conn.execute(_FINISH, rows)


def release(conn: Connection, now: int) -> int:
    """Return how many leases were ended.  Only for a start at which no other process can be sending."""
    held = outbox.c.state == WAITING, outbox.c.attempts > 0, outbox.c.due > now
    return conn.execute(update(outbox).where(*held).values(due=now)).rowcount


def give_up_on(conn: Connection, recipient: str, channel: str, reason: str, now: int) -> int:
    """Return how many waiting messages to *recipient*, who can no longer be reached, were ended."""
    waiting = outbox.c.state == WAITING, outbox.c.recipient == recipient, outbox.c.channel == channel
    ended = {"state": UNDELIVERABLE, "error": reason, "done_at": now}
    return conn.execute(update(outbox).where(*waiting, outbox.c.kind == "messages").values(ended)).rowcount


def next_due(conn: Connection) -> int | None:
    """Return when the next waiting row may be tried (ms), None where nothing waits."""
    return conn.execute(select(func.min(outbox.c.due)).where(outbox.c.state == WAITING)).scalar()


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
