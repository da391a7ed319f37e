"""Values that the program keeps for itself."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.tables import settings
from storage.upsert import into


def get(conn: Connection, key: str) -> str | None:
    """Return the value *key*, None where none was put."""
    return conn.execute(select(settings.c.value).where(settings.c.key == key)).scalar()


def put(conn: Connection, key: str, value: str) -> None:
    """Keep *value* as *key* in the place of any before."""
    kept = into(conn, settings).values(key=key, value=value)
    conn.execute(kept.on_conflict_do_update(index_elements=[settings.c.key], set_={"value": value}))
