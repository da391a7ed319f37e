"""What is scarce: how much there is, who has claimed it, where each set is, and every move it made.

No table here holds an answer of a resident: claims and moves name a case by its id, and staff by name.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.tables import Id, Millis, Serial, metadata

__all__ = [
    "claims",
    "fence_sets",
    "metadata",
    "parts",
    "pool_slots",
    "pool_waiting",
    "pools",
    "stock_moves",
    "stock_places",
]

pools = Table(
    "pools",
    metadata,
    # fence_sets, visit, counter/<pick-up point>; the same capacity for each of its slots.
    Column("key", String(64), primary_key=True),
    Column("capacity", Integer, nullable=False),
)

pool_slots = Table(
    "pool_slots",
    metadata,
    Column("pool", String(64), ForeignKey("pools.key"), primary_key=True),
    # A day (YYYY-MM-DD) or a time (YYYY-MM-DDThh:mm, Asia/Tokyo).
    Column("slot", String(32), primary_key=True),
    # The sum of the claims that hold it, kept beside them so that one conditional UPDATE can take the last.
    Column("taken", Integer, nullable=False),
    CheckConstraint("taken >= 0", name="taken"),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pool", String(64), ForeignKey("pools.key"), nullable=False),
    Column("slot", String(32), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    # What it is for: loan, overdue, pickup, return, visit, offer (to somebody who waited).
    Column("purpose", String(32), nullable=False),
    Column("taken_at", Millis, nullable=False),
    Column("released_at", Millis),
    CheckConstraint("amount > 0", name="amount"),
)
_held = claims.c.released_at.is_(None)
# A second press of the same button finds its own claim here.
Index(
    "uq_claims_held",
    claims.c.case_id,
    claims.c.purpose,
    claims.c.pool,
    claims.c.slot,
    unique=True,
    sqlite_where=_held,
    postgresql_where=_held,
)
Index("ix_claims_slot", claims.c.pool, claims.c.slot, sqlite_where=_held, postgresql_where=_held)

pool_waiting = Table(
    "pool_waiting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("pool", String(64), ForeignKey("pools.key"), nullable=False),
    Column("slot", String(32), nullable=False),
    # A group comes together or not at all.
    Column("amount", Integer, nullable=False),
    Column("since", Millis, nullable=False),
    # Set while a place is held for them; what is not taken by then goes to the next.
    Column("offered_until", Millis),
    UniqueConstraint("case_id", "pool", "slot"),
    Index("ix_pool_waiting_slot", "pool", "slot", "since"),
    Index("ix_pool_waiting_offered_until", "offered_until"),
)

stock_places = Table(
    "stock_places",
    metadata,
    # city, store (the contractor's), lent, repair or lost.
    Column("place", String(8), primary_key=True),
    # How many sets are there, counted beside their rows so that one conditional UPDATE keeps to the cap.
    Column("sets", Integer, nullable=False),
    # How many it can hold; null for any number.
    Column("cap", Integer),
    CheckConstraint("sets >= 0", name="sets"),
)

fence_sets = Table(
    "fence_sets",
    metadata,
    # The number painted on the set.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", String(8), ForeignKey("stock_places.place"), nullable=False),
    # Who has it, while it is lent.
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("since", Millis, nullable=False),
    CheckConstraint("(place = 'lent') = (case_id IS NOT NULL)", name="case_id"),
    Index("ix_fence_sets_place", "place", "number"),
    Index("ix_fence_sets_case_id", "case_id"),
)

parts = Table(
    "parts",
    metadata,
    # A key of the bill of parts, and where so many of them are.
    Column("part", String(32), primary_key=True),
    Column("place", String(8), primary_key=True),
    Column("amount", Integer, nullable=False),
    CheckConstraint("amount >= 0", name="amount"),
)

stock_moves = Table(
    "stock_moves",
    metadata,
    # Counts up: its order is the order of the moves.
    Column("id", Serial, primary_key=True, autoincrement=True),
    # What caused it, and which of its moves it is: a second press of the same button collides here.
    Column("cause", String(96), nullable=False, unique=True),
    # "set/12", or "part/clip".
    Column("what", String(64), nullable=False),
    # "" where it came into the stock, or left it for good.
    Column("from_place", String(8), nullable=False),
    Column("to_place", String(8), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("at", Millis, nullable=False),
    # A member of the staff by name, or the program itself.
    Column("by", String(128), nullable=False),
    Index("ix_stock_moves_what", "what", "at"),
    Index("ix_stock_moves_case_id", "case_id"),
)
