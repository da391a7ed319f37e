"""Who bought a fence with the city's subsidy: keyed fingerprints alone (003-04, 003-21).

Nothing here can be read back: without the key of the vault's file a row says nothing of anybody.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables import Id, Millis, metadata

__all__ = ["case_holders", "holder_drafts", "holder_lists", "holders", "metadata"]

# HMAC-SHA-256 under the key *key_id* of the key file, in hexadecimal.
_Print = String(64)

holders = Table(
    "holders",
    metadata,
    # Of the number of the grant: one row each.
    Column("number_print", _Print, primary_key=True),
    # Of the address: whoever lives there is of the holder's household.
    Column("household_print", _Print, nullable=False),
    Column("key_id", String(32), nullable=False),
)

holder_lists = Table(
    "holder_lists",
    metadata,
    # Each follows the one that was seen before it: of two that would take the same place one comes too late.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_at", Millis, nullable=False),
    # Who let it count: a name of the roster or the console, never a holder's.
    Column("taken_by", String(128), nullable=False),
    # How many are on it, and how many of them were new, had moved, or were on the list before and are no more.
    Column("total", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)

holder_drafts = Table(
    "holder_drafts",
    metadata,
    # A list that was read without a fault and does not count yet.
    Column("id", Id, primary_key=True),
    Column("made_at", Millis, nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("key_id", String(32), nullable=False),
    # JSON: household_print by number_print.
    Column("entries", Text, nullable=False),
    # The number of the list that it was compared with, 0 for none.
    Column("after", Integer, nullable=False),
    Index("ix_holder_drafts_made_at", "made_at"),
)

case_holders = Table(
    "case_holders",
    metadata,
    # What the one who asked for a visit gave, to be looked for in the list as it stands today.
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("number_print", _Print, nullable=False),
    # "" where no address was given.
    Column("household_print", _Print, nullable=False),
    Column("key_id", String(32), nullable=False),
)
