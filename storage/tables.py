"""Every table of the database.

Times are UTC, stored as whole milliseconds since 1970 (BIGINT): both databases order and compare them alike, and
the hot path needs no conversion.  Ids of things that leave the database are random (uuid4 hex); the outbox
alone counts up, since its order is its meaning.  Answers are JSON text: they are loaded and stored, never
queried.  No table but ``vault`` and ``photos`` holds a personal answer, and those hold it sealed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

# SQLite counts rows up by itself only for a column declared INTEGER PRIMARY KEY.
Serial = BigInteger().with_variant(Integer, "sqlite")
Id = String(32)
Millis = BigInteger


def _only(rows: ColumnElement[bool]) -> dict[str, Any]:
    """Return what makes an index of some rows alone."""
    return {"sqlite_where": rows, "postgresql_where": rows}


people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    # The catalog the person reads; chosen by hand once locale_chosen is true.
    Column("locale", String(16), nullable=False),
    Column("locale_chosen", Boolean, nullable=False, default=False),
    # Which conversation is current ("" for none) and which list a typed number refers to.
    Column("current", Id, nullable=False, default=""),
    Column("at", String(96), nullable=False, default=""),
    # Counts turns: two turns of one person at once collide here, and the later is run again.
    Column("version", Integer, nullable=False, default=0),
    Column("created_at", Millis, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("external_id", String(128), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    # Set while the account is blocked: nothing is sent, staff use the telephone or a letter.
    Column("blocked_at", Millis),
    Column("seen_at", Millis, nullable=False),
    Column("menu", String(64)),  # the key of the one linked on LINE last; null: that which everybody sees
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("form", String(64), nullable=False),
    # The case that a correction belongs to; "" for a new matter (an empty text keeps the pair unique).
    Column("case_id", Id, nullable=False, default=""),
    Column("answers", Text, nullable=False),
    # Answers set aside by going back, and the platform's message that gave each answer (for unsend).
    Column("aside", Text, nullable=False, default="{}"),
    Column("sources", Text, nullable=False, default="{}"),
    # Which question was put last ("key" or "key.part"): typed words answer it, even if a deploy inserted another.
    Column("asked", String(80), nullable=False, default=""),
    Column("vault_id", Id),
    Column("started_at", Millis, nullable=False),
    Column("updated_at", Millis, nullable=False),
    UniqueConstraint("person_id", "form", "case_id"),
    Index("ix_conversations_updated_at", "updated_at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("procedure", String(64), nullable=False),
    Column("reference", String(64), nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("opened_at", Millis, nullable=False),
    Index("ix_cases_procedure_opened_at", "procedure", "opened_at"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    # The order of filing within the case, from 1: two filings at once collide and the later is run again.
    Column("number", Integer, nullable=False),
    Column("step", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("edition", String(32), nullable=False),
    Column("answers", Text, nullable=False),
    Column("sources", Text, nullable=False, default="{}"),
    Column("vault_id", Id, index=True),
    # Who filed it: a person of ours, or the name of a member of staff; and in which language they read it.
    Column("filed_by", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("filed_at", Millis, nullable=False),
    # Set when the sender took back a message that gave one of these answers after filing: staff are told.
    Column("unsent_at", Millis),
    UniqueConstraint("case_id", "number"),
    Index("ix_submissions_form_filed_at", "form", "filed_at", "id"),
)

series = Table(
    "series",
    metadata,
    # One counter per number series and period, for example "loan:2027".
    Column("key", String(64), primary_key=True),
    Column("last", Integer, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("id", Id, primary_key=True),
    Column("procedure", String(64), nullable=False),
    # Counts up with each sealing and is bound into the seal, so that an old blob cannot be put back.
    Column("version", Integer, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sealed_at", Millis, nullable=False),
)

photos = Table(
    "photos",
    metadata,
    Column("id", Id, primary_key=True),
    Column("procedure", String(64), nullable=False),
    Column("person_id", Id, nullable=False, index=True),
    # The platform's message id until the photo has been fetched; then null.
    Column("source", String(128)),
    Column("state", String(16), nullable=False),
    Column("media_type", String(32), nullable=False, default=""),
    Column("key_id", String(32)),
    Column("blob", LargeBinary),
    Column("created_at", Millis, nullable=False),
    Index("ix_photos_created_at", "created_at"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Millis, nullable=False),
    # Who opened what and why; no personal answer, so that it may outlive the data.
    Column("by", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("why", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("record", String(64), nullable=False),
    Column("detail", String(256), nullable=False, default=""),
    Index("ix_access_log_record", "record"),
)

inbox = Table(
    "inbox",
    metadata,
    # The platform's event id: a second arrival collides here and nothing more happens.
    Column("event_id", String(64), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("received_at", Millis, nullable=False),
    # done, failed (to be retried from raw) or dead (set aside for staff).
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Millis),
    # The event as received, sealed, only while it has not gone well.
    Column("raw", LargeBinary),
    Column("error", String(128)),
    Index("ix_inbox_received_at", "received_at"),
)

# Only events in trouble: the others, nearly all, need not be found by their state.
Index("ix_inbox_state_due", inbox.c.state, inbox.c.due, **_only(inbox.c.error.is_not(None)))

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    # chat before bulk before errands.
    Column("lane", String(8), nullable=False),
    # Whose order counts: messages of one thread go out one after the other.
    Column("thread", String(64), nullable=False),
    # What the gateway is to do: messages, content, profile, leave.
    Column("kind", String(16), nullable=False),
    Column("recipient", String(128), nullable=False),
    Column("body", Text, nullable=False),
    Column("reply_token", String(128)),
    Column("reply_until", Millis),
    Column("retry_key", String(36), nullable=False, unique=True),
    # Receipts, decisions, bookings, cancellations: never left at "maybe".
    Column("legal", Boolean, nullable=False, default=False),
    # What caused it: an inbox event, a page, a reminder; several messages of one cause count from 0.
    Column("cause", String(80), nullable=False),
    # waiting, delivered, maybe (may have been delivered), undeliverable (staff must be told).
    Column("state", String(16), nullable=False),
    # When it may next be tried; pushed ahead as a lease while a sender has it.
    Column("due", Millis, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", String(128)),
    Column("request_id", String(128)),
    Column("created_at", Millis, nullable=False),
    Column("done_at", Millis),
)
_WAITING = _only(outbox.c.state == "waiting")
Index("ix_outbox_waiting_thread", outbox.c.thread, outbox.c.id, **_WAITING)
Index("ix_outbox_waiting_due", outbox.c.lane, outbox.c.due, outbox.c.id, **_WAITING)
Index("ix_outbox_cause", outbox.c.cause)
Index("ix_outbox_done_at", outbox.c.done_at)
# Looked for every minute, and few.
Index("ix_outbox_undeliverable", outbox.c.id, **_only(outbox.c.state == "undeliverable"))

reminders = Table(
    "reminders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    # What it is about: "opening:fence_loan"; one of each per person and case.
    Column("about", String(128), nullable=False),
    Column("due", Millis, nullable=False),
    # When it was sent, or passed over since there was nothing to say any more.
    Column("sent_at", Millis),
    # The case that brings it about; "" for what somebody asked for (an empty text keeps the three unique).
    Column("case_id", Id, nullable=False, server_default=""),
    # The day (Asia/Tokyo, YYYY-MM-DD) that the case names; "" for what somebody asked for.
    Column("day", String(10), nullable=False, server_default=""),
    UniqueConstraint("person_id", "case_id", "about"),
)
Index("ix_reminders_waiting", reminders.c.due, **_only(reminders.c.sent_at.is_(None)))
Index("ix_reminders_case_id", reminders.c.case_id, **_only(reminders.c.case_id != ""))

links = Table(
    "links",
    metadata,
    # Only the SHA-256 of a link's token is kept: whoever reads the database cannot use it.
    Column("token_hash", String(64), primary_key=True),
    # page (a private page of a conversation) or console (a sign-in).
    Column("kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", String(128), nullable=False, default=""),
    Column("created_at", Millis, nullable=False),
    Column("expires_at", Millis, nullable=False),
    Column("used_at", Millis),
    Index("ix_links_expires_at", "expires_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", String(128), nullable=False, default=""),
    Column("role", String(16), nullable=False, default=""),
    Column("created_at", Millis, nullable=False),
    Column("seen_at", Millis, nullable=False),
    Column("expires_at", Millis, nullable=False),
    Index("ix_sessions_expires_at", "expires_at"),
)

settings = Table(
    "settings",
    metadata,
    # Values that the program keeps for itself: the demo's clock, the last sign-in of the quota alarm.
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
