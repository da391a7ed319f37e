"""Exchange meetings and how their seats stand.  Who has a seat is a claim (storage.pools), who waits is on the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select, update

from dialogs.meetings import Meeting, Meetings, Seats, State, pools_of
from dialogs.meetings_reading import raw_of, read
from storage import pools
from storage.asjson import dump, load
from storage.tables_meetings import meetings
from storage.tables_pools import claims, pool_slots, pool_waiting
from storage.upsert import into

_COLUMNS = select(meetings.c.definition, meetings.c.state)


def save(conn: Connection, meeting: Meeting, by: str, now: int) -> None:
    """Keep *meeting* as it is now; its seats can be taken from then on, and claims go with it to another day.

    Those who registered may have to be told: see :func:`to_tell`.
    """
    before = one(conn, meeting.key, lock=True)
    row = {
        "key": meeting.key,
        "definition": dump(raw_of(meeting)),
        "state": meeting.state.value,
        "day": meeting.slot,
        "changed_at": now,
        "changed_by": by[:128],
        "tells": before is not None,
    }
    kept = into(conn, meetings).values(row)
    conn.execute(kept.on_conflict_do_update(index_elements=[meetings.c.key], set_=row))
    for key, seats in meeting.pools.items():
        pools.capacity(conn, key, seats)
    if before and before.day != meeting.day:
        _move(conn, meeting.key, before.slot, meeting.slot)


def _move(conn: Connection, key: str, old: str, new: str) -> None:
    for table in (claims, pool_slots, pool_waiting):
        here = table.c.pool.in_(pools_of(key)), table.c.slot == old
        conn.execute(update(table).where(*here).values(slot=new))


def put(conn: Connection, key: str, state: State, by: str, now: int) -> bool:
    """Return whether there is a meeting *key*; it is in *state* from now on."""
    changed = {"state": state.value, "changed_at": now, "changed_by": by[:128], "tells": True}
    return conn.execute(update(meetings).where(meetings.c.key == key).values(changed)).rowcount == 1


def one(conn: Connection, key: str, *, lock: bool = False) -> Meeting | None:
    """Return the meeting *key*, None where there is none; with *lock* nobody else can change it meanwhile."""
    wanted = _COLUMNS.where(meetings.c.key == key)
    row = conn.execute(wanted.with_for_update() if lock else wanted).first()
    return _meeting(row) if row else None


def every(conn: Connection) -> Sequence[Meeting]:
    """Return all meetings, the latest first."""
    return _all(conn, _COLUMNS.order_by(meetings.c.day.desc(), meetings.c.key))


def known(conn: Connection) -> Meetings:
    """Return the meetings that residents may know of, without their seats.

    Nobody can change one of them until the end of the transaction: what is filed in it is about what was read.
    """
    wanted = _COLUMNS.where(meetings.c.state != State.DRAFT.value).order_by(meetings.c.key)
    return Meetings({each.key: each for each in _all(conn, wanted.with_for_update(read=True))})


def with_seats(conn: Connection, found: Meetings, case_id: str = "") -> Meetings:
    """Return *found* with how the seats stand for the case *case_id* ("" for a new one).

    Looked at without a lock: only taking says whether a seat is to be had.
    """
    return replace(
        found, seats=_all_seats(conn, [each for each in found.by_key.values() if each.is_held()], case_id)
    )


def seats_of(conn: Connection, meeting: Meeting) -> Meetings:
    """Return *meeting* alone, whatever its state, with how its seats stand."""
    return Meetings({meeting.key: meeting}, _all_seats(conn, [meeting], ""))


def _all_seats(conn: Connection, wanted: Sequence[Meeting], case_id: str) -> Mapping[str, Seats]:
    keys = {key: each.slot for each in wanted for key in pools_of(each.key)}
    taken, mine, lists = _taken(conn, keys), _mine(conn, case_id), _waiting(conn, keys)
    return {
        key: _seats(seats, taken.get(key, 0), lists.get(key, ()), mine.get(key, 0), case_id)
        for each in wanted
        for key, seats in each.pools.items()
    }


def _seats(capacity: int, taken: int, listed: Sequence[tuple[str, int]], mine: int, case: str) -> Seats:
    others = tuple(amount for case_id, amount in listed if case_id != case)
    return Seats(capacity, taken, others, mine, waits=len(others) < len(listed))


def _taken(conn: Connection, keys: Mapping[str, str]) -> Mapping[str, int]:
    columns = select(pool_slots.c.pool, pool_slots.c.slot, pool_slots.c.taken)
    rows = conn.execute(columns.where(pool_slots.c.pool.in_(keys)))
    return {pool: taken for pool, slot, taken in rows if keys[pool] == slot}


def _mine(conn: Connection, case_id: str) -> Mapping[str, int]:
    return {pool: amount for (pool, _slot), amount in pools.held(conn, case_id).items()} if case_id else {}


def _waiting(conn: Connection, keys: Iterable[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
    columns = select(pool_waiting.c.pool, pool_waiting.c.case_id, pool_waiting.c.amount)
    here = pool_waiting.c.pool.in_(list(keys)), pool_waiting.c.offered_until.is_(None)
    found: dict[str, list[tuple[str, int]]] = {}
    for row in conn.execute(columns.where(*here).order_by(pool_waiting.c.since, pool_waiting.c.id)):
        found.setdefault(row.pool, []).append((row.case_id, row.amount))
    return found


def to_tell(conn: Connection) -> Sequence[Meeting]:
    """Return the meetings of which those who registered may have to be told something yet."""
    return _all(conn, _COLUMNS.where(meetings.c.tells).order_by(meetings.c.key))


def told(conn: Connection, meeting: Meeting) -> bool:
    """Return whether everybody has been told of *meeting* as it is: false where it was changed meanwhile."""
    same = meetings.c.key == meeting.key, meetings.c.definition == dump(raw_of(meeting))
    done = update(meetings).where(*same, meetings.c.state == meeting.state.value).values(tells=False)
    return conn.execute(done).rowcount == 1


def _all(conn: Connection, wanted: Select[Any]) -> Sequence[Meeting]:
    return [_meeting(row) for row in conn.execute(wanted)]


def _meeting(row: Any) -> Meeting:
    found = read(load(row.definition))
    if isinstance(found, Meeting):
        return replace(found, state=State(row.state))
    # Only what was read is ever kept.
    raise ValueError(f"the meeting cannot be read: {found[0].field}")
