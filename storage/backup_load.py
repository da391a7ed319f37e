"""Bringing a backup back: all of it in one transaction, compared row for row, then made fit to go on.

Whoever is killed in the middle leaves the database as it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, Engine, inspect, select, text, update

from storage import backup_rows
from storage import engine as database
from storage.backup import Archive, BackupUnusable, Told
from storage.backup_rows import Shape, Tally
from storage.outbox import MAYBE, UNDELIVERABLE, WAITING
from storage.reminders import LAPSE
from storage.tables import outbox, reminders, series

RESTORED = "restored"
"""The error of a message that may have been sent after the backup was made."""

HARMLESS = ("content", "leave", "sheet")
"""Errands that nobody sees twice: fetching a photo, leaving a group, a case's card, drawn as the case then stands."""

KEY_LIFE = 24 * 3600 * 1000
"""How long (ms) the platform knows a retry key and refuses a second sending."""


def is_empty(engine: Engine) -> bool:
    """Return whether nothing would be lost by a restore into the database."""
    with database.read(engine) as conn:
        there = set(inspect(conn).get_table_names())
        return not any(
            conn.execute(select(text("1")).select_from(shape.clause).limit(1)).first()
            for shape in backup_rows.shapes()
            if shape.name in there
        )


def check(archive: Archive, key: bytes, told: Told) -> None:
    """Read the whole backup and keep nothing.

    Raises:
        BackupUnusable: It is damaged, or *key* is another one.
    """
    for shape, found in archive.tables(key):
        for rows in _batches(found, shape.batch):
            told(len(rows))


def load(conn: Connection, archive: Archive, key: bytes, told: Told) -> None:
    """Insert all that the backup holds, and compare what the database then has with what was backed up.

    Raises:
        BackupUnusable: It is damaged, *key* is another one, or the database keeps something else than it was given.
    """
    shapes = []
    for shape, found in archive.tables(key):
        shapes.append(shape)
        for rows in _batches(found, shape.batch):
            backup_rows.insert_lines(conn, shape, rows)
            told(len(rows))
    if conn.dialect.name == "postgresql":
        _count_on(conn, shapes)
    for shape in shapes:
        tally = Tally()
        for line in backup_rows.lines(conn, shape):
            tally.add(line)
            if tally.rows % shape.batch == 0:
                told(shape.batch)
        told(tally.rows % shape.batch)
        if tally.result() != archive.manifest["tables"][shape.name]:
            raise BackupUnusable(f"the table {shape.name} did not come back as it was")


def _batches(found: Iterator[bytes], most: int) -> Iterator[Sequence[bytes]]:
    while rows := list(islice(found, most)):
        yield rows


def _count_on(conn: Connection, shapes: Sequence[Shape]) -> None:
    """Let PostgreSQL's counters go on behind the rows that came with their numbers."""
    for shape in shapes:
        if shape.key == ("id",) and dict(shape.columns)["id"] == "int":
            conn.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{shape.name}', 'id'),"  # noqa: S608 -- our own table
                    f" greatest((SELECT max(id) FROM {shape.name}), 1))"
                )
            )


def settle_outbox(conn: Connection, now: int) -> int:
    """Return how many messages were given up that may have been sent after the backup: nothing is sent twice.

    What was never tried by reply token and is younger than its retry key goes on waiting: the platform itself
    refuses it if it had taken it.  A receipt is sent again even so, with the same number on it, while it is young.
    """
    messages = outbox.c.state == WAITING, outbox.c.kind.not_in(HARMLESS)
    old = outbox.c.created_at <= now - KEY_LIFE
    by_reply = outbox.c.reply_token.is_not(None)
    ends = (
        (outbox.c.legal & old, UNDELIVERABLE),
        (~outbox.c.legal & (old | by_reply), MAYBE),
    )
    ended = 0
    for unsure, state in ends:
        given_up = {"state": state, "error": RESTORED, "done_at": now}
        ended += conn.execute(update(outbox).where(*messages, unsure).values(given_up)).rowcount
    going_on = {"reply_token": None, "reply_until": None}
    conn.execute(update(outbox).where(outbox.c.state == WAITING).values(going_on))
    return ended


def settle_reminders(conn: Connection, made_at: int, now: int) -> int:
    """Return how many words that fell due since the backup was made, too long ago to be sent again safely.

    What the office files by itself is filed anew: it is not there any more.
    """
    passed = reminders.c.sent_at.is_(None), reminders.c.due <= now - KEY_LIFE, reminders.c.due > made_at
    words = ~reminders.c.about.startswith(LAPSE)
    return conn.execute(update(reminders).where(*passed, words).values(sent_at=now)).rowcount


def numbers(conn: Connection) -> dict[str, int]:
    """Return the number given last in each series."""
    return {row.key: row.last for row in conn.execute(select(series.c.key, series.c.last))}


def go_on_from(conn: Connection, key: str, last: int) -> None:
    """Let the series *key* go on behind *last*; it never goes back.

    Raises:
        LookupError: There is no such series.
    """
    here = series.c.key == key
    conn.execute(update(series).where(here, series.c.last < last).values(last=last))
    if conn.execute(select(series.c.key).where(here)).first() is None:
        raise LookupError(key)
