"""Every named point of the program at which a night may end it, and where it lies.

A point is a moment of a function (before or after a call) or of a statement on its way to the database (before
or after it, of one kind of work).  Nothing of this is in the program: ``seams`` puts it in from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Call:
    """A function.  While it runs, the thread is at *work*; *before* and *after* name its points."""

    target: str
    work: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Statement:
    """The point *name*: *moment* of a statement that matches *sql*, while the thread is at *work* ("" for any)."""

    name: str
    moment: str
    work: str
    sql: str


COMMIT = r"^COMMIT"

SENDS = ("bot.line.gateway:LineGateway.do", "bot.line.gateway:LineGateway.asked")
"""What calls the platform to say something: with a reply token or as a push, in a thread or, in steps, in a loop."""

SEND_POINTS = ("send.before_reply", "send.after_reply", "send.before_push", "send.after_push")

CALLS = (
    Call("bot.line.webhook:verify", "", "webhook.before_signature", "webhook.after_signature"),
    Call("bot.line.webhook:LineDoor.hear", "webhook", "", "webhook.before_200"),
    Call("bot.line.webhook:LineDoor._kept", "keep"),
    Call("bot.line.webhook:LineDoor.retry", "retry"),
    Call("bot.desk:Desk.hear", "turn"),
    Call("bot.desk:hear", "", "turn.before_pure", "turn.after_pure"),
    Call("bot.desk:Desk.fill", "page"),
    Call("dialogs.filling:filled", "", "page.before_pure", "page.after_pure"),
    Call("bot.desk:Desk._hear", "turn"),  # in whose transaction so ever
    Call("bot.paged:_fill", "page"),
    Call("bot.delivery.embedded:EmbeddedEngine._exchange", "exchange"),
    Call("bot.web.visits:Visits.begin", "door"),
    Call("bot.jobs:Jobs.tick", "", "jobs.tick"),
    Call("bot.jobs:Jobs._remind", "remind"),
    Call("bot.jobs:Jobs._each_hour", "purge"),
    Call("bot.exports.rows:Rows.row", "", "", "export.row"),
    Call("bot.exports.export:Export._note", "", "export.before_log"),
    Call("storage.migrate:upgrade", "migrate"),
)

STATEMENTS = (
    # A turn, and the event's claim with it.
    Statement("turn.before_claim", BEFORE, "turn", r"INSERT INTO inbox"),
    Statement("turn.after_claim", AFTER, "turn", r"INSERT INTO inbox"),
    Statement("turn.after_load", AFTER, "turn", r"SELECT .*\bidentities\b"),
    Statement("turn.before_store", BEFORE, "turn", r"UPDATE people SET"),
    Statement("turn.after_store", AFTER, "turn", r"UPDATE people SET"),
    Statement("turn.after_queue", AFTER, "turn", r"INSERT INTO outbox"),
    Statement("turn.before_commit", BEFORE, "turn", COMMIT),
    Statement("turn.after_commit", AFTER, "turn", COMMIT),
    # A filing.
    Statement("file.after_number", AFTER, "turn", r"(INSERT INTO|UPDATE) series"),
    Statement("file.after_case", AFTER, "turn", r"INSERT INTO cases"),
    Statement("file.after_submission", AFTER, "turn", r"INSERT INTO submissions"),
    # The outbox.
    Statement("outbox.before_lease", BEFORE, "", r"^UPDATE outbox SET due"),
    Statement("outbox.after_lease", AFTER, "", r"^UPDATE outbox SET due"),
    Statement("outbox.before_finish", BEFORE, "", r"^UPDATE outbox SET state"),
    Statement("outbox.after_finish", AFTER, "", r"^UPDATE outbox SET state"),
    Statement("outbox.before_commit", BEFORE, "exchange", COMMIT),
    Statement("outbox.after_commit", AFTER, "exchange", COMMIT),
    # The private page.
    Statement("door.after_link", AFTER, "door", r"UPDATE links"),
    Statement("door.before_commit", BEFORE, "door", COMMIT),
    Statement("door.after_commit", AFTER, "door", COMMIT),
    Statement("page.before_seal", BEFORE, "page", r"(INSERT INTO|UPDATE) vault"),
    Statement("page.after_seal", AFTER, "page", r"(INSERT INTO|UPDATE) vault"),
    Statement("page.before_commit", BEFORE, "page", COMMIT),
    Statement("page.after_commit", AFTER, "page", COMMIT),
    # An event whose turn failed: kept, and tried again.
    Statement("keep.before_commit", BEFORE, "keep", COMMIT),
    Statement("keep.after_commit", AFTER, "keep", COMMIT),
    Statement("retry.before_commit", BEFORE, "retry", COMMIT),
    Statement("retry.after_commit", AFTER, "retry", COMMIT),
    # What time brings about.
    Statement("remind.before_commit", BEFORE, "remind", COMMIT),
    Statement("remind.after_commit", AFTER, "remind", COMMIT),
    Statement("purge.before_commit", BEFORE, "purge", COMMIT),
    Statement("purge.after_commit", AFTER, "purge", COMMIT),
    # A migration.
    Statement("migrate.step", BEFORE, "migrate", r"CREATE (TABLE|INDEX|UNIQUE)"),
    Statement("migrate.before_commit", BEFORE, "migrate", COMMIT),
)


APART = ("jobs.", "remind.", "purge.", "export.", "migrate.")
"""Beginnings of points that usual traffic does not pass."""

FAILING = ("keep.", "retry.")
"""Beginnings of points that only an event passes whose turn fails."""

RARE = ("file.", "page.", "door.")
"""Beginnings of points that a person passes once."""


def _names() -> tuple[str, ...]:
    of_calls = [name for call in CALLS for name in (call.before, call.after) if name]
    return tuple(dict.fromkeys([*of_calls, *SEND_POINTS, *[each.name for each in STATEMENTS]]))


POINTS = _names()
