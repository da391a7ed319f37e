"""The Bot Connector: what the product may ask of Teams."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator import ids as line_ids
from bot.simulator.api import Route
from bot.simulator.calls import Answer, Call, ok
from bot.simulator.events import Json
from bot.simulator.store import Store
from bot.simulator.teams.config import GUEST, TeamsConfig
from bot.simulator.teams.rooms import BOT, Entry, Person, Rooms, State

LARGEST_MESSAGE = 100 * 1024
"""Bytes of an activity, two for each character."""

CARD = "application/vnd.microsoft.card.adaptive"
_THREAD = ";messageid="


class Denied(Exception):
    """The Connector says no, in its shape."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers or {}

    def answer(self) -> Answer:
        said = ok({"error": {"code": self.code, "message": str(self)}}, self.status)
        return Answer(said.status, said.body, said.mime, dict(self.headers))


NOT_FOUND = Denied(404, "NotFound", "There is nothing at this address.")
NO_CONVERSATION = Denied(404, "ConversationNotFound", "Conversation not found.")
NO_ACTIVITY = Denied(404, "ActivityNotFoundInConversation", "Activity not found in the conversation.")
NOT_THERE = Denied(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")


@dataclass(frozen=True)
class _Place:
    """Where a message goes; *thread* is "" where it begins a post."""

    chat: str
    thread: str = field(default="")


class Connector:
    """Conversations, activities, members and attachments."""

    def __init__(self, config: TeamsConfig, store: Store, rooms: Rooms) -> None:
        self._config, self._store, self._rooms = config, store, rooms

    # --- conversations and activities

    def create(self, call: Call) -> Answer:
        """Begin a conversation: the one with a member, or a post in a channel."""
        asked = read(call)
        with self._store.transaction():
            chat = self._channel_of(asked) if asked.get("isGroup") else self._chat_of(asked)
            made: Json = {"id": chat, "serviceUrl": self._config.service_url}
            if isinstance(activity := asked.get("activity"), dict):
                made["activityId"] = self._put(_Place(chat), activity)
                if asked.get("isGroup"):
                    made["id"] = f"{chat}{_THREAD}{made['activityId']}"
        return ok(made, 201)

    def send(self, call: Call, conversation: str, _reply_to: str = "") -> Answer:
        """Show a message; typing is taken and not shown."""
        activity, place = read(call), self._place(conversation)
        if activity.get("type") == "typing":
            return ok({"id": line_ids.message_id()}, 201)
        with self._store.transaction():
            return ok({"id": self._put(place, activity)}, 201)

    def update(self, call: Call, conversation: str, message: str) -> Answer:
        """Put another content in a message's place, for everybody."""
        content = checked(read(call))
        with self._store.transaction():
            self._own(conversation, message)
            self._rooms.edit(message, content)
        return ok({"id": message})

    def delete(self, _call: Call, conversation: str, message: str) -> Answer:
        with self._store.transaction():
            self._own(conversation, message)
            self._rooms.delete(message)
        return ok()

    def _put(self, place: _Place, activity: Mapping[str, Any]) -> str:
        content = checked(activity)
        return self._rooms.put(place.chat, BOT, content, self._at(), place.thread)

    def _own(self, conversation: str, message: str) -> Entry:
        place, entry = self._place(conversation), self._rooms.entry(message)
        if entry is None or entry.chat != place.chat or entry.author != BOT or entry.state is State.DELETED:
            raise NO_ACTIVITY
        return entry

    def _place(self, conversation: str) -> _Place:
        chat, _, thread = conversation.partition(_THREAD)
        if not (self._rooms.owner(chat) or self._rooms.channel(chat)):
            raise NO_CONVERSATION
        if not self._rooms.hears(chat):
            raise NOT_THERE
        return _Place(chat, thread)

    def _chat_of(self, asked: Mapping[str, Any]) -> str:
        members = asked.get("members")
        first = members[0] if isinstance(members, list) and members else {}
        person = self._member(str(first.get("id", "")) if isinstance(first, dict) else "")
        if person is None:
            raise Denied(400, "BadArgument", "Unknown member.")
        return self._place(person.chat).chat

    def _channel_of(self, asked: Mapping[str, Any]) -> str:
        data = asked.get("channelData")
        channel = data.get("channel", {}) if isinstance(data, dict) else {}
        return self._place(str(channel.get("id", "")) if isinstance(channel, dict) else "").chat

    # --- members

    def members(self, _call: Call, conversation: str) -> Answer:
        found = [self._account(each) for each in self._in(conversation)]
        return Answer(200, json.dumps(found, ensure_ascii=False).encode())

    def paged_members(self, _call: Call, conversation: str) -> Answer:
        return ok({"members": [self._account(each) for each in self._in(conversation)]})

    def member(self, _call: Call, conversation: str, user: str) -> Answer:
        found = self._member(user)
        if found is None or found not in self._in(conversation):
            raise Denied(404, "MemberNotFoundInConversation", "Member not found.")
        return ok(self._account(found))

    def _in(self, conversation: str) -> list[Person]:
        place = self._place(conversation)
        owner = self._rooms.owner(place.chat)
        return [owner] if owner else self._rooms.people()

    def _member(self, user: str) -> Person | None:
        return self._rooms.by_user(user) or self._rooms.person(user)

    def _account(self, person: Person) -> Json:
        name = f"mihon{person.object_id[-2:]}"
        mail = f"{name}@city.example.jp"
        guest = f"{name}_guest.example#EXT#@city.example.jp"
        return {
            "id": person.user_id,
            "name": person.name,
            "objectId": person.object_id,
            "aadObjectId": person.object_id,
            "email": mail,
            "userPrincipalName": guest if person.kind == GUEST else mail,
            "tenantId": self._config.tenant_id,
            "userRole": person.kind,
        }

    def team(self, _call: Call, team: str) -> Answer:
        found = next((each for each in self._rooms.channels() if each.team == team), None)
        if found is None:
            raise NO_CONVERSATION
        return ok({"id": team, "name": found.team_name, "channelCount": 1})

    def channels(self, _call: Call, team: str) -> Answer:
        found = [{"id": each.id, "name": each.name} for each in self._rooms.channels() if each.team == team]
        return ok({"conversations": found})

    # --- attachments

    def attachment(self, _call: Call, attachment: str) -> Answer:
        """Give the bytes of a picture or a file."""
        found = self._rooms.content(attachment)
        if found is None:
            raise NOT_FOUND
        return Answer(200, found[1], found[0])

    def _at(self) -> int:
        return line_ids.milliseconds(self._now())

    def _now(self) -> datetime:
        return self._config.now()


def read(call: Call) -> dict[str, Any]:
    """Return the body.

    Raises:
        Denied: It is no JSON object, or larger than Teams takes.
    """
    try:
        found = json.loads(call.body)
    except ValueError as broken:
        raise Denied(400, "BadSyntax", "The body is no JSON.") from broken
    if not isinstance(found, dict):
        raise Denied(400, "BadSyntax", "The body is no JSON object.")
    if 2 * len(json.dumps(found, ensure_ascii=False)) > LARGEST_MESSAGE:
        raise Denied(413, "MessageSizeTooBig", "Message size too large.")
    return found


def checked(activity: Mapping[str, Any]) -> Json:
    """Return what a message shows: its text and its attachments.

    Raises:
        Denied: Teams would not show it.
    """
    if activity.get("type", "message") != "message":
        raise Denied(400, "BadArgument", "Unknown activity type.")
    attachments = activity.get("attachments") or []
    for each in attachments:
        content = each.get("content") if isinstance(each, dict) else None
        if each.get("contentType") == CARD and not _is_card(content):
            raise Denied(
                400, "BadArgument", "An adaptive card has the type AdaptiveCard and a version to 1.5."
            )
    if not attachments and not str(activity.get("text") or "").strip():
        raise Denied(400, "BadSyntax", "Activity has neither text nor attachments.")
    shown = {
        name: activity[name] for name in ("text", "textFormat", "summary", "entities") if name in activity
    }
    return {**shown, "attachments": attachments}


def _is_card(content: object) -> bool:
    if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
        return False
    return str(content.get("version")) in {"1.0", "1.1", "1.2", "1.3", "1.4", "1.5"}


def routes(connector: Connector) -> tuple[Route, ...]:
    """Return the Connector's paths."""
    one, message = "/v3/conversations/([^/]+)", "/v3/conversations/([^/]+)/activities/([^/]+)"
    endpoints: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
        ("POST", "/v3/conversations", "create", connector.create),
        ("POST", f"{one}/activities", "send", connector.send),
        ("POST", message, "send", connector.send),
        ("PUT", message, "update", connector.update),
        ("DELETE", message, "delete", connector.delete),
        ("GET", f"{one}/members", "members", connector.members),
        ("GET", f"{one}/pagedmembers", "members", connector.paged_members),
        ("GET", f"{one}/members/([^/]+)", "members", connector.member),
        ("GET", "/v3/teams/([^/]+)", "teams", connector.team),
        ("GET", "/v3/teams/([^/]+)/conversations", "teams", connector.channels),
        ("GET", "/v3/attachments/([^/]+)/views/original", "content", connector.attachment),
        ("GET", "/files/([^/]+)", "files", connector.attachment),
    )
    return tuple(Route(*each) for each in endpoints)
