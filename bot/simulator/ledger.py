"""What LINE counts: reply tokens, retry keys, and the messages of the month."""

import json
from datetime import timedelta
from typing import Any

from bot.simulator.store import Store

_MS = timedelta(milliseconds=1)
TOKEN_LIVES = timedelta(minutes=1) // _MS
TOKEN_RENEWED_WITHIN = timedelta(minutes=20) // _MS
KEY_LIVES = timedelta(hours=24) // _MS
MONTHLY_LIMIT = 200
"""Messages of a month in the free plan; the simulator counts but refuses only on the switch."""


class Ledger:
    """All times are milliseconds of the product's clock."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- reply tokens

    def issue(self, token: str, chat: str, event_at: int) -> None:
        self._store.write(
            "INSERT INTO reply_tokens (token, chat, event_at, given_at) VALUES (?, ?, ?, ?)",
            *(token, chat, event_at, event_at),
        )

    def hand_out(self, token: str, at: int) -> None:
        """Begin the token's minute: a webhook with it goes out, for the first time or again."""
        self._store.write(
            "UPDATE reply_tokens SET given_at = ? WHERE token = ? AND NOT used AND event_at >= ?",
            *(at, token, at - TOKEN_RENEWED_WITHIN),
        )

    def chat_of(self, token: str, at: int) -> str | None:
        """Return where *token* may be used now, or None."""
        row = self._store.row(
            "SELECT chat FROM reply_tokens WHERE token = ? AND NOT used AND given_at > ?",
            *(token, at - TOKEN_LIVES),
        )
        return str(row["chat"]) if row else None

    def use(self, token: str) -> None:
        self._store.write("UPDATE reply_tokens SET used = 1 WHERE token = ?", token)

    # --- retry keys

    def accepted(self, key: str, at: int) -> tuple[str, list[Any]] | None:
        """Return (request id, sent messages) of the request accepted under *key* within a day, or None."""
        row = self._store.row("SELECT * FROM retry_keys WHERE key = ? AND at > ?", key, at - KEY_LIVES)
        return (row["request_id"], json.loads(row["sent"])) if row else None

    def accept(self, key: str, at: int, request_id: str, sent: list[Any]) -> None:
        self._store.write(
            "INSERT OR REPLACE INTO retry_keys VALUES (?, ?, ?, ?)", key, at, request_id, json.dumps(sent)
        )

    # --- the month

    def used(self, month: str) -> int:
        """Return how many messages were counted in *month* (YYYY-MM)."""
        return int(self._store.setting(f"used {month}", 0))

    def count(self, month: str, messages: int) -> None:
        self._store.set(f"used {month}", self.used(month) + messages)
