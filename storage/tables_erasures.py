"""What was erased: a table of its own, since it outlives everything that it tells about."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from storage.tables import Id, Millis, metadata

__all__ = ["erasures", "metadata"]

erasures = Table(
    "erasures",
    metadata,
    Column("id", Id, primary_key=True),
    # person or case, and its random id: nothing else is left that says who or what it was.
    Column("kind", String(8), nullable=False),
    Column("subject", Id, nullable=False, index=True),
    Column("planned_by", String(128), nullable=False),
    Column("approved_by", String(128), nullable=False),
    Column("witness", String(128), nullable=False, default=""),
    # The SHA-256 of the plan that was approved, and how many rows of which kind were erased (JSON).
    Column("plan", String(64), nullable=False),
    Column("counts", Text, nullable=False),
    Column("erased_at", Millis, nullable=False),
)
