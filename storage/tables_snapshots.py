"""Snapshots of surveys: the numbers of one moment, from which a report was made.

A snapshot holds no text that anybody wrote, no id of a ballot and no time, only the day on which it was made.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from storage.tables_surveys import metadata

__all__ = ["metadata", "survey_snapshots"]

survey_snapshots = Table(
    "survey_snapshots",
    metadata,
    Column("survey", String(40), ForeignKey("surveys.key", ondelete="CASCADE"), primary_key=True),
    # A digest of the content.
    Column("id", String(16), primary_key=True),
    # The day (Asia/Tokyo, YYYY-MM-DD), and who made it.
    Column("made_on", String(10), nullable=False),
    Column("made_by", String(128), nullable=False),
    # How many ballots are in it.
    Column("ballots", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
