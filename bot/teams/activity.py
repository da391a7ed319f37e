"""What Teams says, read so that nothing it may ever send can do harm.

botbuilder's own reading fails at one in four activities of which something is not as expected, and loses the
tenant and what a mention refers to (measured with 4.17.1); so what decides is read here, from the JSON itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from bot.harmless_json import read_json
from storage.teams.references import CHANNEL, GROUP, PERSONAL, Reference

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ID = re.compile(r"[!-~]{1,255}")
_PERSON = re.compile(r"[!-~]{1,128}")
_URL = re.compile(r"[!-~]{1,255}")
_WORD = re.compile(r"[A-Za-z]{1,32}")
_NAME = re.compile(r"[A-Za-z0-9/_.-]{1,64}")
_LOCALE = re.compile(r"(?=.{2,16}\Z)[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
UNREADABLE = "unreadable"
FOREIGN = "#ext#"
"""What stands in the name of a guest's account."""


@dataclass(frozen=True)
class Heard:
    """One activity, whatever its type; what is missing or odd is "".

    *tenants* are all tenants that it names, in lower case.  *object_id* is the speaker's in Entra, *user_id*
    what Teams calls them here, *bot_id* what it calls the desk.  *raw* is the activity itself, free of NUL and
    half characters, never more than 64 deep.
    """

    type: str
    id: str = ""
    name: str = ""
    action: str = ""
    channel: str = ""
    service_url: str = ""
    conversation_id: str = ""
    scope: str = ""
    tenants: tuple[str, ...] = ()
    object_id: str = ""
    user_id: str = ""
    bot_id: str = ""
    locale: str = ""
    is_guest: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)

    @property
    def tenant(self) -> str:
        """Return the tenant of the conversation."""
        return self.tenants[0] if self.tenants else ""

    @property
    def account(self) -> str:
        """Return the speaker's account as identities keep it, "" where Teams does not say who it is."""
        return f"{self.tenant}/{self.object_id}" if self.tenant and self.object_id else ""

    @property
    def event_id(self) -> str:
        """Return our id of the event, the same when it is delivered again."""
        return event_id(self.conversation_id, self.id or _made_id(self.raw))

    @property
    def reference(self) -> Reference:
        """Return the conversation, as what is sent there must be addressed."""
        personal = self.scope == PERSONAL
        return Reference(
            self.conversation_id,
            self.scope,
            self.tenant,
            self.object_id if personal else "",
            self.service_url,
            self.bot_id,
            self.user_id if personal else "",
            self.locale if personal else "",
        )

    @property
    def is_ours(self) -> bool:
        """Return whether a bot says it, or nobody: the desk does not answer itself."""
        sender = part(self.raw, "from")
        return not self.user_id or self.user_id == self.bot_id or sender.get("role") in {"bot", "skill"}


def event_id(conversation: str, activity: str) -> str:
    """Return the id under which the inbox keeps an activity: 33 characters."""
    said = f"{conversation}\0{activity}".encode("utf-8", "surrogatepass")
    return "t" + blake2b(said, digest_size=16).hexdigest()


def read_activity(body: bytes) -> Heard | None:
    """Return what a request says; None when *body* is no JSON object.  Raises nothing."""
    said = read_json(body)
    return _heard(said) if isinstance(said, dict) else None


def _heard(raw: Mapping[str, Any]) -> Heard:
    conversation, sender = part(raw, "conversation"), part(raw, "from")
    return Heard(
        type=like(_WORD, raw.get("type")) or UNREADABLE,
        id=like(ID, raw.get("id")),
        name=like(_NAME, raw.get("name")),
        action=like(_NAME, raw.get("action")),
        channel=like(_WORD, raw.get("channelId")),
        service_url=like(_URL, raw.get("serviceUrl")),
        conversation_id=like(ID, conversation.get("id")),
        scope=_scope(conversation),
        tenants=tuple(_tenants(raw)),
        object_id=like(_GUID, sender.get("aadObjectId")).lower(),
        user_id=like(_PERSON, sender.get("id")),
        bot_id=like(_PERSON, part(raw, "recipient").get("id")),
        locale=_locale(raw),
        is_guest=_is_guest(raw, sender),
        raw=raw,
    )


def part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object *name* of *whole*; an empty one when there is none."""
    value = whole.get(name)
    return value if isinstance(value, dict) else {}


def objects(whole: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    """Return the objects in the list *name* of *whole*, those among its first *most* entries."""
    value = whole.get(name)
    found = value[:most] if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]


def like(expression: re.Pattern[str], value: object) -> str:
    """Return *value* where it is a text of that kind, else ""."""
    return value if isinstance(value, str) and expression.fullmatch(value) else ""


def _scope(conversation: Mapping[str, Any]) -> str:
    kind = conversation.get("conversationType")
    if isinstance(kind, str) and kind in {PERSONAL, CHANNEL, GROUP}:
        return kind
    return CHANNEL if conversation.get("isGroup") is True else PERSONAL


def _tenants(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the activity says of its tenant; "" for what is no tenant, so that it is refused."""
    tenant = part(part(raw, "channelData"), "tenant")
    for whole, name in ((part(raw, "conversation"), "tenantId"), (tenant, "id")):
        if whole.get(name) is not None:
            yield like(_GUID, whole[name]).lower()


def _locale(raw: Mapping[str, Any]) -> str:
    told = like(_LOCALE, raw.get("locale"))
    if told:
        return told
    clients = [each for each in objects(raw, "entities", 20) if each.get("type") == "clientInfo"]
    return next((found for each in clients if (found := like(_LOCALE, each.get("locale")))), "")


def _is_guest(raw: Mapping[str, Any], sender: Mapping[str, Any]) -> bool:
    """Return whether Teams says that the speaker belongs to another organisation."""
    role, account, home = (sender.get(name) for name in ("userRole", "userPrincipalName", "tenantId"))
    if isinstance(role, str) and role.lower() in {"guest", "anonymous"}:
        return True
    if isinstance(account, str) and FOREIGN in account.lower():
        return True
    return isinstance(home, str) and home.lower() not in {*_tenants(raw)}


def _made_id(raw: Mapping[str, Any]) -> str:
    """Return an id for an activity without one: the same for the same activity."""
    return blake2b(json.dumps(raw, sort_keys=True).encode(), digest_size=16).hexdigest()
