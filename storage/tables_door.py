"""The day of a meeting: who has come, who sits where, and what somebody needs to take part (004-06, 004-14).

No table here says a name or a need: a walk-in's name and what is arranged for somebody are sealed in the vault.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables import Id, Millis, metadata

__all__ = ["accommodations", "checkins", "metadata", "seatings"]

checkins = Table(
    "checkins",
    metadata,
    # The phone's own id of what it noted: sent twice, it is stored once.
    Column("id", Id, primary_key=True),
    Column("meeting", String(40), nullable=False),
    # Whose registration it is; null for somebody who came without one.
    Column("case_id", Id, ForeignKey("cases.id")),
    # What kind of participant a walk-in is, a key of the meeting; "" for a registration, which says it itself.
    Column("kind", String(40), nullable=False, server_default=""),
    # How many came together.
    Column("people", Integer, nullable=False),
    # A walk-in's name, where one was given.
    Column("vault_id", Id),
    # When it was noted, by the phone's clock, and when we heard of it.
    Column("at", Millis, nullable=False),
    Column("received_at", Millis, nullable=False),
    Column("by", String(128), nullable=False),
    # It was a mistake.
    Column("undone_at", Millis),
    Column("undone_by", String(128), nullable=False, server_default=""),
    # Another phone had noted the same registration before: this one counts for nothing.
    Column("same_as", Id),
    CheckConstraint("people > 0", name="people"),
    Index("ix_checkins_meeting", "meeting", "received_at"),
    Index("ix_checkins_case_id", "case_id"),
)
_counts = checkins.c.undone_at.is_(None) & checkins.c.same_as.is_(None) & checkins.c.case_id.is_not(None)
# A registration comes once, whichever phone notes it.
Index(
    "uq_checkins_came",
    checkins.c.meeting,
    checkins.c.case_id,
    unique=True,
    sqlite_where=_counts,
    postgresql_where=_counts,
)

seatings = Table(
    "seatings",
    metadata,
    Column("meeting", String(40), primary_key=True),
    # Counts up: of two who change the tables at the same moment, one has to look again.
    Column("version", Integer, nullable=False),
    # JSON: tables, wishes and seats; guests are ids of cases with a number behind, never names.
    Column("plan", Text, nullable=False),
    Column("changed_at", Millis, nullable=False),
    Column("changed_by", String(128), nullable=False),
)

accommodations = Table(
    "accommodations",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("meeting", String(40), nullable=False),
    # What is arranged, by when, whether it is done and was told: it says what somebody cannot do by themselves.
    Column("vault_id", Id, nullable=False),
    Column("changed_at", Millis, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Index("ix_accommodations_meeting", "meeting"),
)
