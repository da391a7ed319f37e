"""What residents asked that the handling guide did not answer, and words that the staff gave to its entries.

A question is stored without telephone numbers, addresses and the like; who asked stands beside it only until the
answer has been with them for a while.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.tables import Id, Millis, metadata

__all__ = ["howto_aliases", "metadata", "questions"]

questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    # Who waits for the answer; null once it has been given long enough.
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("locale", String(16), nullable=False),
    Column("text", Text, nullable=False),
    # The platform's message that the question came in, so that it can be taken back.
    Column("message", String(128), nullable=False, server_default=""),
    Column("asked_at", Millis, nullable=False),
    Column("answered_at", Millis),
    Column("answered_by", String(128), nullable=False, server_default=""),
    # What was answered, or the key of the entry that answers it.
    Column("answer", Text, nullable=False, server_default=""),
    Column("entry", String(32), nullable=False, server_default=""),
    Index("ix_questions_asked_at", "asked_at"),
)
_open = questions.c.answered_at.is_(None)
Index("ix_questions_open", questions.c.asked_at, sqlite_where=_open, postgresql_where=_open)

howto_aliases = Table(
    "howto_aliases",
    metadata,
    Column("entry", String(32), primary_key=True),
    Column("word", String(300), primary_key=True),
    Column("added_by", String(128), nullable=False),
    Column("added_at", Millis, nullable=False),
)
