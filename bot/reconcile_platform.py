"""What the platform says it accepted, held against what was queued.

The platform's ledger is a file of JSON lines, one for each call that it accepted:

``{"at": ms, "kind": "reply" or "push", "key": retry key or null, "token": reply token or null, "to": user id,
"request_id": text or null}``

and, where it is known which events the desk answered with 200, one for each of these:

``{"at": ms, "kind": "event", "event": event id, "type": "message"}``

A type besides ``unfollow`` and ``unsend`` says that the event must have been answered.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection

from bot.findings import Report
from bot.reconcile_checks import Frame
from storage import inbox, ledger
from storage.ledger import Rows
from storage.outbox import DELIVERED, UNDELIVERABLE

PLATFORM = "line"
"""The channel whose platform writes such a file."""

SILENT = frozenset({"unfollow", "unsend", "leave", "memberLeft"})
"""Types of events that are not answered."""

_SCHEMA = """
CREATE TABLE accepted (line INTEGER PRIMARY KEY, at INTEGER, key TEXT, token TEXT, account TEXT, message INTEGER);
CREATE TABLE heard (line INTEGER PRIMARY KEY, at INTEGER, event TEXT, type TEXT);
"""
_INDEXES = """
CREATE INDEX accepted_key ON accepted (key) WHERE key IS NOT NULL;
CREATE INDEX accepted_token ON accepted (token) WHERE token IS NOT NULL;
"""
_BATCH = 500


class PlatformLedger:
    """The platform's file, in a database of its own beside memory: it may have a million lines."""

    def __init__(self, path: Path) -> None:
        """Make room; the file is read by :meth:`read`."""
        self.path = path
        self._folder = TemporaryDirectory(prefix="reconcile-")
        self._db = sqlite3.connect(Path(self._folder.name) / "platform.db", isolation_level=None)

    def __enter__(self) -> Self:
        """Return the ledger; its room is given back at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the room back."""
        self._db.close()
        self._folder.cleanup()

    def read(self, report: Report) -> int:
        """Return how many lines were read."""
        self._db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        number = 0
        with self.path.open(encoding="utf-8") as lines:
            self._db.execute("BEGIN")
            for number, text in enumerate(lines, 1):
                if text.strip():
                    self._take(number, text, report)
            self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        return number

    def _take(self, number: int, text: str, report: Report) -> None:
        try:
            line = json.loads(text)
            kind, at = line["kind"], int(line["at"])
            if kind == "event":
                row = (number, at, str(line["event"]), str(line.get("type") or ""))
                self._db.execute("INSERT INTO heard VALUES (?, ?, ?, ?)", row)
            elif kind in {"reply", "push"}:
                named = "token" if kind == "reply" else "key"
                given = {"key": None, "token": None, named: str(line[named])}
                account = line.get("to")
                accepted = (number, at, given["key"], given["token"], account)
                self._db.execute("INSERT INTO accepted VALUES (?, ?, ?, ?, ?, NULL)", accepted)
            else:
                raise ValueError(kind)
        except (ValueError, KeyError, TypeError, AttributeError):
            report.add("line_unreadable", number)

    # --- against the outbox

    def check_messages(self, rows: Rows, report: Report) -> None:
        """Hold the messages *rows* against what the platform accepted."""
        wanted = [row for row in rows if row.kind == "messages" and row.channel == PLATFORM]
        found = self._of_messages(wanted)
        for row in wanted:
            accepted = found.get(row.id, [])
            # Blanked with its body, a token can no longer be looked for.
            comparable = row.has_body or row.reply_token is not None
            if not accepted and row.state == DELIVERED and comparable:
                report.add("delivered_unknown", row.id)
            if accepted and row.state == UNDELIVERABLE:
                report.add("delivered_after_all", row.id)
            for line, account in accepted:
                if row.recipient and account not in {None, row.recipient}:
                    report.add("accepted_crossed", line)
            for line, _account in accepted[1:]:
                report.add("accepted_twice", line)

    def _of_messages(self, rows: Iterable[Any]) -> Mapping[int, list[tuple[int, str | None]]]:
        found: dict[int, list[tuple[int, str | None]]] = {}
        with closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN")
            for row in rows:
                # Two statements: each uses its index, which one with OR would not.
                lines = [*self._lines("key", row.retry_key), *self._lines("token", row.reply_token)]
                if lines:
                    found[row.id] = sorted(lines)
                    marked = [(row.id, line) for line, _account in lines]
                    cursor.executemany("UPDATE accepted SET message = ? WHERE line = ?", marked)
            cursor.execute("COMMIT")
        return found

    def _lines(self, column: str, value: str | None) -> Iterator[tuple[int, str | None]]:
        if value is not None:
            wanted = f"SELECT line, account FROM accepted WHERE {column} = ?"  # noqa: S608 -- key or token
            yield from self._db.execute(wanted, (value,))

    def end(self, kept_since: int, frame: Frame, report: Report) -> None:
        """Say what was accepted and nobody queued.  Tokens of messages up to *kept_since* (ms) may be gone."""
        left = self._db.execute("SELECT line, at, token FROM accepted WHERE message IS NULL ORDER BY line")
        for line, at, token in left:
            if at < frame.since:
                continue
            gone = token is not None and at <= kept_since
            report.add("accepted_too_old" if gone else "accepted_unexplained", line)

    # --- against the inbox

    def heard(self) -> Iterator[list[tuple[int, int, str, str]]]:
        """Yield the events that the desk answered with 200, page by page."""
        cursor = self._db.execute("SELECT line, at, event, type FROM heard ORDER BY line")
        while page := cursor.fetchmany(_BATCH):
            yield page


def check_heard(
    conn: Connection, page: Iterable[tuple[int, int, str, str]], frame: Frame, report: Report
) -> None:
    """Hold the platform's events *page* against what the desk kept of them."""
    lines = [each for each in page if each[1] >= max(frame.since, frame.events_since)]
    states = ledger.event_states(conn, {event for _, _, event, _ in lines})
    spoken = {event for _, _, event, kind in lines if kind and kind not in SILENT}
    causes = {f"{event}/{name}" for event in spoken for name in ("talk", "profile", "farewell")}
    answered = {cause.rpartition("/")[0] for cause in ledger.caused(conn, causes)}
    for line, _at, event, _kind in lines:
        if event not in states:
            report.add("acknowledged_unknown", line)
        elif event in spoken - answered and states[event] == inbox.DONE:
            report.add("answer_missing", event)
