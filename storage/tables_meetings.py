"""Exchange meetings: what staff define as data.  Who comes is a case; who has a seat, a claim of a pool (004)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from storage.tables import Millis, metadata

__all__ = ["meetings", "metadata"]

meetings = Table(
    "meetings",
    metadata,
    Column("key", String(40), primary_key=True),
    # As dialogs.meetings_reading reads it; JSON.
    Column("definition", Text, nullable=False),
    # draft, open, closed or cancelled.
    Column("state", String(16), nullable=False),
    # YYYY-MM-DD, Asia/Tokyo; as in the definition, for looking up.
    Column("day", String(10), nullable=False),
    Column("changed_at", Millis, nullable=False),
    Column("changed_by", String(128), nullable=False),
    # Whether those who registered may have to be told of a change yet.
    Column("tells", Boolean, nullable=False),
    Index("ix_meetings_day", "day"),
)
