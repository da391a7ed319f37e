"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert: TypeAlias = "sqlite.Insert | postgresql.Insert"


def into(conn: Connection, table: Table) -> Upsert:
    """Return an INSERT into *table* that can say what happens when the row is there already."""
    return sqlite.insert(table) if conn.dialect.name == "sqlite" else postgresql.insert(table)
