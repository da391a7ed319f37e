"""The simulator's own small databases: what LINE and Teams would remember.  They know nothing of the product's."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LINE = """
CREATE TABLE IF NOT EXISTS residents (
  user_id TEXT PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, friend INTEGER NOT NULL DEFAULT 0,
  blocked INTEGER NOT NULL DEFAULT 0, pc INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0,
  menu TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS groups (
  group_id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, joined INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, chat TEXT NOT NULL, side TEXT NOT NULL,
  at INTEGER NOT NULL, message_id TEXT NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entries_by_revision ON entries (revision);
CREATE INDEX IF NOT EXISTS entries_by_message ON entries (message_id);
CREATE TABLE IF NOT EXISTS contents (message_id TEXT PRIMARY KEY, mime TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS retry_keys (
  key TEXT PRIMARY KEY, at INTEGER NOT NULL, request_id TEXT NOT NULL, sent TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reply_tokens (
  token TEXT PRIMARY KEY, chat TEXT NOT NULL, event_at INTEGER NOT NULL, given_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS parcels (
  id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, events TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS menus (
  id TEXT PRIMARY KEY, content TEXT NOT NULL, mime TEXT NOT NULL DEFAULT '', image BLOB);
CREATE TABLE IF NOT EXISTS menu_aliases (alias TEXT PRIMARY KEY, menu TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


_PATIENCE = 2.0
"""Seconds that a program just being stopped may still have it open."""


class InUse(RuntimeError):
    """Raised when another program plays with the same state: two would deliver everything twice."""


class Store:
    """One connection that the threads take turns with.  A method of a room above is one transaction.

    *tables* has at least ``entries``, whose newest ``revision`` the count of changes goes on from, and ``settings``.
    """

    def __init__(self, path: Path, tables: str = LINE) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._open(path, tables)
        row = self._connection.execute("SELECT coalesce(max(revision), 0) FROM entries").fetchone()
        self._revision = int(row[0])
        self._depth = 0

    def _open(self, path: Path, tables: str) -> None:
        try:
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(tables)
        except sqlite3.OperationalError as locked:
            self._connection.close()
            raise InUse(
                f"Another simulator has {path} open: stop it, or give this one another folder."
            ) from locked

    @property
    def revision(self) -> int:
        """Return the number of the latest change; it starts where the entries stand."""
        with self._lock:
            return self._revision

    def tick(self) -> int:
        """Return the number of a new change."""
        with self._lock:
            self._revision += 1
            return self._revision

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing; a block within a block belongs to the outer one."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    def write(self, statement: str, *values: object) -> int:
        """Return how many rows *statement* changed."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def insert(self, statement: str, *values: object) -> int:
        """Return the number of the row that *statement* made."""
        with self._lock:
            return int(self._connection.execute(statement, values).lastrowid or 0)

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self.rows(query, *values)), None)

    def setting(self, key: str, default: Any = None) -> Any:
        row = self.row("SELECT value FROM settings WHERE key = ?", key)
        return json.loads(row["value"]) if row else default

    def set(self, key: str, value: object) -> None:
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", key, json.dumps(value))

    def close(self) -> None:
        with self._lock:
            self._connection.close()
