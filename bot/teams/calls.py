"""The calls to Teams' connector, as addresses and bytes.  They go where the conversation was last heard from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from storage.asjson import dump, load, sound
from storage.teams.references import PERSONAL, Reference


@dataclass(frozen=True)
class Activity:
    """A message as the connector takes it, without whom it comes from and whom it goes to: as JSON, and read."""

    text: str
    said: Mapping[str, Any]


_LIST = '{"activities":['
_READER = json.JSONDecoder()
_PATH = re.compile("[/?#]")


@dataclass(frozen=True)
class Call:
    """One call; without a *body* it only asks."""

    method: str
    url: str
    body: bytes | None = None


def activity(text: str) -> Activity:
    """Return the message that *text* is."""
    return Activity(sound(text), load(text))


def activities(text: str) -> Sequence[Activity]:
    """Return the messages of what was queued: the JSON text of an object with ``activities``.

    Each keeps its text: writing a whole card anew would cost as much as everything else about it.
    """
    if not text.startswith(_LIST):
        return [Activity(dump(each), each) for each in load(text)["activities"]]
    found = []
    at = len(_LIST)
    while text[at] != "]":
        said, end = _READER.raw_decode(text, at)
        found.append(Activity(text[at:end], said))
        at = end + (text[end] == ",")
    return found


def say(here: Reference, message: Activity) -> Call:
    """Return the call that sends *message*; one that answers a message of a channel stays in its thread."""
    answered = message.said.get("replyToId")
    last = f"/{_quoted(answered)}" if isinstance(answered, str) and answered else ""
    return Call("POST", f"{_conversation(here)}/activities{last}", _addressed(here, message))


def change(here: Reference, activity_id: str, message: Activity) -> Call:
    """Return the call that puts *message* in the place of the message *activity_id*."""
    body = _addressed(here, message, id=activity_id)
    return Call("PUT", f"{_conversation(here)}/activities/{_quoted(activity_id)}", body)


def begin(near: Reference, tenant: str, object_id: str) -> Call:
    """Return the call that opens a personal chat with an account, at the connector of the conversation *near*."""
    body = {
        "isGroup": False,
        "bot": {"id": near.bot_id},
        "members": [{"id": object_id}],
        "tenantId": tenant,
        "channelData": {"tenant": {"id": tenant}},
    }
    return Call("POST", f"{_base(near)}/v3/conversations", dump(body).encode())


def member(here: Reference, user_id: str) -> Call:
    """Return the call that asks who *user_id* is."""
    return Call("GET", f"{_conversation(here)}/members/{_quoted(user_id)}")


def origin(url: str) -> str:
    """Return scheme, host and port of *url*."""
    scheme, colon, rest = url.partition("://")
    return f"{scheme}{colon}{_PATH.split(rest, maxsplit=1)[0]}"


def _addressed(here: Reference, message: Activity, **more: str) -> bytes:
    head: dict[str, Any] = {
        **more,
        "from": {"id": here.bot_id},
        "conversation": {"id": here.conversation_id, "tenantId": here.tenant},
    }
    if here.scope == PERSONAL and here.user_id:
        head["recipient"] = {"id": here.user_id}
    if "type" not in message.said:
        head["type"] = "message"
    if not message.said or head.keys() & message.said.keys():
        return dump({**message.said, **head}).encode()
    return f"{dump(head)[:-1]},{message.text.lstrip()[1:]}".encode()


def _conversation(here: Reference) -> str:
    return f"{_base(here)}/v3/conversations/{_quoted(here.conversation_id)}"


def _base(here: Reference) -> str:
    return here.service_url.rstrip("/")


def _quoted(identity: str) -> str:
    """Return *identity* as one part of a path: two dots would lead to another."""
    return (
        quote(identity, safe="").replace(".", "%2E") if not identity.strip(".") else quote(identity, safe="")
    )
