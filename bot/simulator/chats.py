"""Residents and their chats, as LINE keeps them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Row
from typing import Any

from bot.simulator import ids
from bot.simulator.store import Store

_KEPT_ON_SCREEN = 400


class Side(StrEnum):
    """Who said it: the phone's owner, the desk, or LINE itself with a note."""

    ME = "me"
    DESK = "desk"
    NOTE = "note"


class State(StrEnum):
    """What became of it on the way."""

    SENT = "sent"
    READ = "read"
    FAILED = "failed"
    UNSENT = "unsent"


@dataclass(frozen=True)
class Resident:
    """One person with a phone.  *friend* has added the desk; *pc* shows the chat as on a computer."""

    user_id: str
    name: str
    language: str
    friend: bool
    blocked: bool
    pc: bool
    menu: str

    @property
    def hears(self) -> bool:
        """Return whether what the desk sends arrives."""
        return self.friend and not self.blocked


@dataclass(frozen=True)
class Group:
    """A group chat that *owner* has made; the desk is in it while *joined*."""

    group_id: str
    owner: str
    name: str
    joined: bool


@dataclass(frozen=True)
class Entry:
    """One line of a chat.  *at* is in milliseconds; *content* is a LINE message object."""

    id: int
    revision: int
    chat: str
    side: Side
    at: int
    message_id: str
    content: Mapping[str, Any]
    state: State


def _entry(row: Row) -> Entry:
    return Entry(
        row["id"],
        row["revision"],
        row["chat"],
        Side(row["side"]),
        row["at"],
        row["message_id"],
        json.loads(row["content"]),
        State(row["state"]),
    )


def _resident(row: Row) -> Resident:
    return Resident(
        row["user_id"],
        row["name"],
        row["language"],
        bool(row["friend"]),
        bool(row["blocked"]),
        bool(row["pc"]),
        row["menu"],
    )


class Chats:
    """Everything said, and who may say it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- people

    def residents(self) -> list[Resident]:
        """Return who has a phone here, the longest-standing first."""
        rows = self._store.rows("SELECT * FROM residents WHERE NOT gone ORDER BY rowid")
        return [_resident(row) for row in rows]

    def resident(self, user_id: str) -> Resident | None:
        row = self._store.row("SELECT * FROM residents WHERE user_id = ? AND NOT gone", user_id)
        return _resident(row) if row else None

    def exists(self, chat: str) -> bool:
        """Return whether LINE ever gave out *chat*: a deleted account is still no unknown one."""
        people = self._store.row("SELECT 1 FROM residents WHERE user_id = ?", chat)
        return bool(people or self.group(chat))

    def hears(self, chat: str) -> bool:
        """Return whether what the desk sends to *chat* arrives."""
        if group := self.group(chat):
            return group.joined
        resident = self.resident(chat)
        return resident is not None and resident.hears

    def add(self, name: str, language: str) -> Resident:
        user = ids.user_id()
        self._store.write(
            "INSERT INTO residents (user_id, name, language) VALUES (?, ?, ?)", user, name, language
        )
        self._store.tick()
        return Resident(user, name, language, friend=False, blocked=False, pc=False, menu="")

    def change(self, user_id: str, **columns: object) -> None:
        """Write *columns* of a resident: name, language, friend, blocked, pc, gone or menu."""
        for column, value in columns.items():
            self._store.write(f"UPDATE residents SET {column} = ? WHERE user_id = ?", value, user_id)  # noqa: S608 - our own names
        self._store.tick()

    # --- groups

    def groups(self) -> list[Group]:
        rows = self._store.rows("SELECT * FROM groups ORDER BY rowid")
        return [Group(row["group_id"], row["owner"], row["name"], bool(row["joined"])) for row in rows]

    def group(self, group_id: str) -> Group | None:
        return next((group for group in self.groups() if group.group_id == group_id), None)

    def found(self, owner: str, name: str) -> Group:
        """Return a new group of *owner* that the desk is in."""
        group = Group(ids.group_id(), owner, name, joined=True)
        self._store.write("INSERT INTO groups VALUES (?, ?, ?, 1)", group.group_id, owner, name)
        self._store.tick()
        return group

    def leave(self, group_id: str) -> bool:
        """Take the desk out of the group; return whether it was in."""
        left = self._store.write("UPDATE groups SET joined = 0 WHERE group_id = ? AND joined", group_id)
        self._store.tick()
        return bool(left)

    # --- what was said

    def put(self, chat: str, side: Side, content: Mapping[str, object], at: int, message_id: str = "") -> str:
        """Add a line to *chat* and return its message id; a note and a shown tap have none."""
        self._store.insert(
            "INSERT INTO entries (revision, chat, side, at, message_id, content, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(self._store.tick(), chat, side, at, message_id, json.dumps(content), State.SENT),
        )
        return message_id

    def mark(self, message_id: str, state: State) -> None:
        """Say what became of a message; one taken back stays so."""
        self._store.write(
            "UPDATE entries SET state = ?, revision = ? WHERE message_id = ?"
            " AND message_id <> '' AND state <> ?",
            *(state, self._store.tick(), message_id, State.UNSENT),
        )

    def forget(self, message_id: str) -> None:
        """Take a message back, words and picture."""
        blank = json.dumps({"type": "unsent"})
        self._store.write("UPDATE entries SET content = ? WHERE message_id = ?", blank, message_id)
        self._store.write("DELETE FROM contents WHERE message_id = ?", message_id)
        self.mark(message_id, State.UNSENT)

    def entry(self, message_id: str) -> Entry | None:
        row = self._store.row("SELECT * FROM entries WHERE message_id = ?", message_id)
        return _entry(row) if row else None

    def chat(self, chat: str) -> list[Entry]:
        """Return all of *chat*, oldest first."""
        rows = self._store.rows("SELECT * FROM entries WHERE chat = ? ORDER BY id", chat)
        return [_entry(row) for row in rows]

    def since(self, revision: int) -> list[Entry]:
        """Return what changed after *revision*, oldest first, of each chat the part that a screen keeps."""
        rows = self._store.rows(
            "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY chat ORDER BY id DESC) AS place"
            " FROM entries WHERE revision > ?) WHERE place <= ? ORDER BY id",
            *(revision, _KEPT_ON_SCREEN),
        )
        return [_entry(row) for row in rows]

    # --- pictures and files

    def keep(self, message_id: str, mime: str, body: bytes) -> None:
        self._store.write("INSERT INTO contents VALUES (?, ?, ?)", message_id, mime, body)

    def content(self, message_id: str) -> tuple[str, bytes] | None:
        """Return (media type, bytes) of what a resident sent."""
        row = self._store.row("SELECT mime, body FROM contents WHERE message_id = ?", message_id)
        return (row["mime"], row["body"]) if row else None
