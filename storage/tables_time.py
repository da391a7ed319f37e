"""What time brings about: who must be told by telephone or letter, and which process does regular work.

No row of ``unreached`` holds what was to be said, or how to reach the person: that is read in the console, where
it is logged.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from storage.tables import Id, Millis, metadata

__all__ = ["metadata", "ticks", "unreached"]

unreached = Table(
    "unreached",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    # The case it is about; "" where it is about none.
    Column("case_id", Id, nullable=False),
    # What caused the message: one row for it, however many messages it had and however often it is looked at.
    Column("cause", String(80), nullable=False, unique=True),
    # Why it did not arrive, as the gateway gave it.
    Column("why", String(128), nullable=False),
    # Whether it had legal effect: a receipt, a decision, a booking.
    Column("legal", Boolean, nullable=False),
    # When it was clear that it would not arrive.
    Column("since", Millis, nullable=False),
    # When somebody passed it on, who that was, and how: a key, never a word about the person.
    Column("done_at", Millis),
    Column("done_by", String(128), nullable=False, server_default=""),
    Column("done_how", String(16), nullable=False, server_default=""),
)
_open = unreached.c.done_at.is_(None)
Index("ix_unreached_open", unreached.c.since, sqlite_where=_open, postgresql_where=_open)

ticks = Table(
    "ticks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("ran_at", Millis, nullable=False),
)
