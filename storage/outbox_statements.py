"""The statements of the outbox that every message needs, made and compiled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    union_all,
    update,
)

from storage.ready import Ready, given
from storage.tables import outbox

WAITING = "waiting"

# Spelt out: SQLite would prepare a statement anew at each run to see whether a parameter fits a partial index.
_WAITING: ColumnElement[str] = literal_column(f"'{WAITING}'")

NAMES = tuple(each.name for each in outbox.c if each.name not in {"id", "error", "request_id", "done_at"})
LEFT = outbox.c.id, outbox.c.attempts


def values() -> dict[str, ColumnElement[object]]:
    """Return the values of a new message: leased to its sender at once where it may be sent at once.

    With a ``lease`` of 0, or behind a waiting message of its thread, it waits to be claimed.
    """
    row = given(outbox, NAMES)
    lease = bindparam("lease", type_=outbox.c.due.type)
    before = outbox.alias("before")
    waits = exists().where(before.c.state == _WAITING, before.c.thread == row["thread"])
    free = and_(lease > 0, ~waits)
    return row | {
        "due": case((free, lease), else_=row["due"]),
        "attempts": case((free, literal(1)), else_=literal(0)),
    }


QUEUE = Ready(insert(outbox).from_select(list(NAMES), select(*values().values())).returning(*LEFT))

_earlier = outbox.alias("earlier")
_heads = (
    select(outbox.c.id)
    .where(
        outbox.c.state == _WAITING,
        outbox.c.lane == bindparam("lane_wanted"),
        outbox.c.due <= bindparam("now"),
        ~exists().where(
            _earlier.c.state == _WAITING, _earlier.c.thread == outbox.c.thread, _earlier.c.id < outbox.c.id
        ),
    )
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_heads.scalar_subquery()))
    .values(due=bindparam("lease"), attempts=outbox.c.attempts + 1)
    .returning(*[column for column in outbox.c if column.name not in {"state", "request_id", "done_at"}])
)
FINISH = Ready(
    update(outbox)
    # A sender whose lease was over may come back late: what another has brought to an end stays so.
    .where(outbox.c.id == bindparam("row"), outbox.c.state == _WAITING)
    .values(
        state=bindparam("new_state"),
        due=bindparam("new_due"),
        error=bindparam("new_error"),
        request_id=bindparam("new_request"),
        done_at=bindparam("new_done"),
    )
)

REPEATED = Ready(
    select(outbox.c.id)
    .where(
        outbox.c.state == _WAITING,
        outbox.c.thread == bindparam("thread"),
        outbox.c.id > bindparam("after"),
        outbox.c.kind == bindparam("kind"),
        outbox.c.recipient == bindparam("recipient"),
        outbox.c.body == bindparam("body"),
    )
    .limit(1)
)

_ENDED = ("row", "new_state", "new_due", "new_error", "new_request", "new_done")
# The same for many rows in one statement: on PostgreSQL each would be a way there and back.
FINISH_ALL = Ready(
    text(
        "UPDATE outbox SET state = ended.state, due = ended.due, error = ended.error,"
        " request_id = ended.request, done_at = ended.done"
        " FROM unnest(CAST(:row AS bigint[]), CAST(:new_state AS text[]), CAST(:new_due AS bigint[]),"
        " CAST(:new_error AS text[]), CAST(:new_request AS text[]), CAST(:new_done AS bigint[]))"
        " AS ended(id, state, due, error, request, done)"
        " WHERE outbox.id = ended.id AND outbox.state = 'waiting'"
    )
)


def finish(conn: Connection, ended: Sequence[Mapping[str, object]]) -> None:
    """Store what became of rows: *ended* holds the parameters of ``FINISH`` for each."""
    if conn.dialect.name == "postgresql":
        FINISH_ALL.count(conn, {name: [each[name] for each in ended] for name in _ENDED})
    else:
        FINISH.many(conn, ended)


def next_due(lanes: tuple[str, ...]) -> Ready:
    """Return the statement for the earliest time at which a waiting message may be tried, in any of *lanes*.

    A lane at a time: the index begins with the lane, so that a long queue costs no more than a short one.
    """
    firsts = [
        select(func.min(outbox.c.due).label("due")).where(
            outbox.c.state == _WAITING, outbox.c.lane == literal_column(f"'{lane}'")
        )
        for lane in lanes
    ]
    return Ready(select(func.min(union_all(*firsts).subquery().c.due)))
