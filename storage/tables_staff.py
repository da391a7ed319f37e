"""Who works for the city and may do what, how they are reached in Teams, and what tells that a case is not the first.

No table here holds an answer of a resident.  ``case_prints`` holds keyed fingerprints alone: they say that two
cases have a telephone number or a home in common, and without the key of the vault's file they say nothing.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from storage.tables import Id, Millis, metadata

__all__ = [
    "case_prints",
    "metadata",
    "staff",
    "staff_roles",
    "teams_cards",
    "teams_files",
    "teams_references",
]

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    # The account in Microsoft Entra ID: tenant and object id, lower case.
    Column("tenant", String(36), nullable=False),
    Column("object_id", String(36), nullable=False),
    Column("name", String(128), nullable=False),
    # city or contractor.
    Column("organisation", String(16), nullable=False),
    # First and last day (Asia/Tokyo, YYYY-MM-DD), both included; no last day: until it is taken away.
    Column("since", String(10), nullable=False),
    Column("until", String(10)),
    Column("added_at", Millis, nullable=False),
    # Taken away at once at this moment; the row stays, since signatures name it.
    Column("removed_at", Millis),
)
# One spell at a time may begin on a day; one that was taken away is no hindrance to the next.
_still_there = staff.c.removed_at.is_(None)
Index(
    "uq_staff_account_since",
    staff.c.tenant,
    staff.c.object_id,
    staff.c.since,
    unique=True,
    sqlite_where=_still_there,
    postgresql_where=_still_there,
)

staff_roles = Table(
    "staff_roles",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    # A procedure's key, or "*" for all of them.
    Column("procedure", String(64), primary_key=True),
    Column("role", String(16), primary_key=True),
    # May sign in the place of whoever has the role (代決).
    Column("deputy", Boolean, nullable=False, default=False),
)

teams_references = Table(
    "teams_references",
    metadata,
    # Made from the conversation's id, so that it needs no look at the table.
    Column("id", Id, primary_key=True),
    Column("conversation_id", String(255), nullable=False, unique=True),
    # personal, channel or groupChat.
    Column("scope", String(16), nullable=False),
    Column("tenant", String(36), nullable=False),
    # Whose personal chat it is; "" in a channel.
    Column("object_id", String(36), nullable=False, default=""),
    Column("service_url", String(255), nullable=False),
    Column("bot_id", String(128), nullable=False),
    Column("user_id", String(128), nullable=False, default=""),
    Column("locale", String(16), nullable=False, default=""),
    Column("updated_at", Millis, nullable=False),
    # Set when the conversation is gone: nothing more is sent there until somebody speaks in it again.
    Column("dead_at", Millis),
    # Of a channel: the procedures whose cases a member has asked for there, with commas around each.
    Column("subscribed", String(255), nullable=False, server_default=""),
    Index("ix_teams_references_account", "tenant", "object_id"),
)

teams_cards = Table(
    "teams_cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("reference_id", Id, ForeignKey("teams_references.id", ondelete="CASCADE"), nullable=False),
    # The message that shows the case there, to be changed in its place; null before the first was sent.
    Column("activity_id", String(255)),
    UniqueConstraint("case_id", "reference_id"),
)

teams_files = Table(
    "teams_files",
    metadata,
    # Under which the photo is known until it has been fetched.
    Column("message_id", String(128), primary_key=True),
    Column("url", Text, nullable=False),
    Column("name", String(255), nullable=False, default=""),
    Column("received_at", Millis, nullable=False),
    Index("ix_teams_files_received_at", "received_at"),
)

case_prints = Table(
    "case_prints",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    # phone or home.
    Column("kind", String(8), primary_key=True),
    # HMAC-SHA-256 under the key *key_id* of the key file, in hexadecimal.
    Column("print", String(64), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Index("ix_case_prints_print", "print"),
)
