"""People, their chats with the bot, the team's channel, and what was said there, as Teams keeps them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Row
from typing import Any

from bot.simulator.store import Store
from bot.simulator.teams import ids
from bot.simulator.teams.config import SampleMember

_KEPT_ON_SCREEN = 200
BOT = ""
"""The author of what the bot says."""


class State(StrEnum):
    """What became of a message on its way to the product."""

    SENT = "sent"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Person:
    """Somebody with a Teams; *installed*: the app is there.  *seen* is the newest entry they have looked at."""

    object_id: str
    user_id: str
    chat: str
    name: str
    duty: str
    kind: str
    installed: bool
    seen: int


@dataclass(frozen=True)
class Channel:
    """A channel of a team; *installed*: the app was added to the team."""

    id: str
    team: str
    team_name: str
    name: str
    installed: bool
    seen: int


@dataclass(frozen=True)
class Entry:
    """One message.  *thread* is the id of the post that it answers, its own where it is a post; *at* is in ms.

    *author* is an object id, "" for the bot.  *content* is the activity's text and attachments.
    """

    id: int
    revision: int
    chat: str
    thread: str
    author: str
    at: int
    message_id: str
    content: Mapping[str, Any]
    state: State
    edited: bool


def _person(row: Row) -> Person:
    return Person(
        row["object_id"],
        row["user_id"],
        row["chat"],
        row["name"],
        row["duty"],
        row["kind"],
        bool(row["installed"]),
        row["seen"],
    )


def _entry(row: Row) -> Entry:
    return Entry(
        row["id"],
        row["revision"],
        row["chat"],
        row["thread"],
        row["author"],
        row["at"],
        row["message_id"],
        json.loads(row["content"]),
        State(row["state"]),
        bool(row["edited"]),
    )


class Rooms:
    """Everything said, and who may say it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- people and channels

    def people(self) -> list[Person]:
        return [_person(row) for row in self._store.rows("SELECT * FROM people ORDER BY rowid")]

    def person(self, object_id: str) -> Person | None:
        return next((each for each in self.people() if each.object_id == object_id), None)

    def by_user(self, user_id: str) -> Person | None:
        return next((each for each in self.people() if each.user_id == user_id), None)

    def owner(self, chat: str) -> Person | None:
        """Return whose personal chat *chat* is."""
        return next((each for each in self.people() if each.chat == chat), None)

    def channels(self) -> list[Channel]:
        rows = self._store.rows("SELECT * FROM channels ORDER BY rowid")
        return [
            Channel(
                row["id"], row["team"], row["team_name"], row["name"], bool(row["installed"]), row["seen"]
            )
            for row in rows
        ]

    def channel(self, channel_id: str) -> Channel | None:
        return next((each for each in self.channels() if each.id == channel_id), None)

    def add(self, sample: SampleMember) -> None:
        """Give *sample* a Teams in which the app is not installed yet."""
        self._store.write(
            "INSERT INTO people (object_id, user_id, chat, name, duty, kind) VALUES (?, ?, ?, ?, ?, ?)",
            *(sample.object_id, ids.user_id(), ids.personal_chat(), sample.name, sample.duty, sample.kind),
        )
        self._store.tick()

    def found(self, team_name: str, name: str) -> None:
        """Make a team with one channel."""
        channel = ids.channel()
        self._store.write(
            "INSERT INTO channels (id, team, team_name, name) VALUES (?, ?, ?, ?)",
            *(channel, channel, team_name, name),
        )
        self._store.tick()

    def install(self, chat: str, *, installed: bool) -> None:
        """Write down whether the app is in *chat*, a personal one or a channel."""
        for statement in (
            "UPDATE people SET installed = ? WHERE chat = ?",
            "UPDATE channels SET installed = ? WHERE id = ?",
        ):
            self._store.write(statement, installed, chat)
        self._store.tick()

    def hears(self, chat: str) -> bool:
        """Return whether the bot may write to *chat*."""
        owner, channel = self.owner(chat), self.channel(chat)
        return bool((owner and owner.installed) or (channel and channel.installed))

    def see(self, chat: str, entry: int) -> None:
        """Write down that the entries of *chat* up to *entry* have been looked at."""
        for statement in (
            "UPDATE people SET seen = max(seen, ?) WHERE chat = ?",
            "UPDATE channels SET seen = max(seen, ?) WHERE id = ?",
        ):
            self._store.write(statement, entry, chat)
        self._store.tick()

    # --- what was said

    def put(self, chat: str, author: str, content: Mapping[str, Any], at: int, thread: str = "") -> str:
        """Add a message and return its id; one without *thread* begins its own."""
        message = ids.message_id()
        self._store.insert(
            "INSERT INTO entries (revision, chat, thread, author, at, message_id, content, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(
                self._store.tick(),
                chat,
                thread or message,
                author,
                at,
                message,
                json.dumps(content),
                State.SENT,
            ),
        )
        return message

    def entry(self, message_id: str) -> Entry | None:
        row = self._store.row("SELECT * FROM entries WHERE message_id = ?", message_id)
        return _entry(row) if row else None

    def edit(self, message_id: str, content: Mapping[str, Any]) -> None:
        """Put *content* in the place of what was said, for everybody at once."""
        with self._store.transaction():
            self._store.write("DELETE FROM views WHERE message_id = ?", message_id)
            self._store.write(
                "UPDATE entries SET content = ?, edited = 1, revision = ? WHERE message_id = ?",
                *(json.dumps(content), self._store.tick(), message_id),
            )

    def mark(self, message_id: str, state: State) -> None:
        self._store.write(
            "UPDATE entries SET state = ?, revision = ? WHERE message_id = ? AND state <> ?",
            *(state, self._store.tick(), message_id, state),
        )

    def delete(self, message_id: str) -> None:
        """Take a message away; its place stays."""
        self.edit(message_id, {})
        self.mark(message_id, State.DELETED)

    def show(self, message_id: str, object_id: str, card: Mapping[str, Any]) -> None:
        """Put *card* in the place of a message's card for one person, until the message is edited."""
        self._store.write(
            "INSERT OR REPLACE INTO views VALUES (?, ?, ?)", message_id, object_id, json.dumps(card)
        )
        self._store.write(
            "UPDATE entries SET revision = ? WHERE message_id = ?", self._store.tick(), message_id
        )

    def views(self, message_id: str) -> dict[str, Any]:
        """Return the cards that replace a message's own, by object id."""
        rows = self._store.rows("SELECT object_id, content FROM views WHERE message_id = ?", message_id)
        return {row["object_id"]: json.loads(row["content"]) for row in rows}

    def since(self, revision: int) -> list[Entry]:
        """Return what changed after *revision*, oldest first, of each chat the part that a screen keeps."""
        rows = self._store.rows(
            "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY chat ORDER BY id DESC) AS place"
            " FROM entries WHERE revision > ?) WHERE place <= ? ORDER BY id",
            *(revision, _KEPT_ON_SCREEN),
        )
        return [_entry(row) for row in rows]

    # --- pictures and files

    def keep(self, name: str, mime: str, body: bytes) -> str:
        """Keep a file and return its id, which nobody guesses."""
        made = ids.attachment_id()
        self._store.write("INSERT INTO contents VALUES (?, ?, ?, ?)", made, name, mime, body)
        return made

    def content(self, attachment: str) -> tuple[str, bytes] | None:
        """Return (media type, bytes)."""
        row = self._store.row("SELECT mime, body FROM contents WHERE id = ?", attachment)
        return (row["mime"], row["body"]) if row else None
