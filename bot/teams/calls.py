"""The calls to Teams' connector, as addresses and bytes.  They go where the conversation was last heard from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from storage.asjson import dump, load
from storage.teams.references import PERSONAL, Reference

Activity: TypeAlias = Mapping[str, Any]
"""A message as the connector takes it, without whom it comes from and whom it goes to."""


_PATH = re.compile("[/?#]")


@dataclass(frozen=True)
class Call:
    """One call; without a *body* it only asks."""

    method: str
    url: str
    body: bytes | None = None


def activities(text: str) -> Sequence[Activity]:
    """Return the messages of what was queued: the JSON text of an object with ``activities``."""
    return load(text)["activities"]  # type: ignore[no-any-return]


def say(here: Reference, activity: Activity) -> Call:
    """Return the call that sends *activity*; one that answers a message of a channel stays in its thread."""
    answered = activity.get("replyToId")
    last = f"/{_quoted(answered)}" if isinstance(answered, str) and answered else ""
    return Call("POST", f"{_conversation(here)}/activities{last}", _addressed(here, activity))


def change(here: Reference, activity_id: str, activity: Activity) -> Call:
    """Return the call that puts *activity* in the place of the message *activity_id*."""
    body = _addressed(here, {**activity, "id": activity_id})
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


def _addressed(here: Reference, activity: Activity) -> bytes:
    whole: dict[str, Any] = {
        "type": "message",
        **activity,
        "from": {"id": here.bot_id},
        "conversation": {"id": here.conversation_id, "tenantId": here.tenant},
    }
    if here.scope == PERSONAL and here.user_id:
        whole["recipient"] = {"id": here.user_id}
    return dump(whole).encode()


def _conversation(here: Reference) -> str:
    return f"{_base(here)}/v3/conversations/{_quoted(here.conversation_id)}"


def _base(here: Reference) -> str:
    return here.service_url.rstrip("/")


def _quoted(identity: str) -> str:
    """Return *identity* as one part of a path: two dots would lead to another."""
    return (
        quote(identity, safe="").replace(".", "%2E") if not identity.strip(".") else quote(identity, safe="")
    )
