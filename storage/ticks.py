"""Regular work: of all processes, one does it."""

from __future__ import annotations

from sqlalchemy import Connection, or_

from storage.tables_time import ticks
from storage.upsert import into


def claim(conn: Connection, name: str, every: int, now: int) -> bool:
    """Return whether the caller is to do the work *name* now; it is done once in *every* ms.

    Work that lies further ahead than that was done before the clock was set back, and is done anew.
    """
    done = into(conn, ticks).values(name=name, ran_at=now)
    again = done.on_conflict_do_update(
        index_elements=[ticks.c.name],
        set_={"ran_at": now},
        where=or_(ticks.c.ran_at <= now - every, ticks.c.ran_at > now + every),
    )
    return conn.execute(again.returning(ticks.c.name)).first() is not None
