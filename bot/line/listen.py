"""What LINE says, read so that nothing it may ever send can do harm.

The sender is known (the signature was right) but not trusted: LINE adds properties and words without
notice, people type what they like, and one event that cannot be read must not cost its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import regex

from bot.harmless_json import read_json
from bot.line.richmenus.menus import tapped
from dialogs.events import (
    Action,
    Event,
    Joined,
    Left,
    SentOther,
    SentPhoto,
    SentPlace,
    Tapped,
    Typed,
    Unsent,
)

UNREADABLE = "unreadable"
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORD = re.compile(r"[A-Za-z]{1,32}")
_TOKEN = re.compile(r"[!-~]{1,128}")
_LAST_MILLISECOND = 253_402_300_799_999  # the end of 9999, the last that a datetime can hold
_SOURCES = {"user": "userId", "group": "groupId", "room": "roomId"}


@dataclass(frozen=True)
class LineEvent:
    """One event of a webhook, whatever its type.

    *id* is LINE's, the same when it is delivered again.  *timestamp_ms* is when it happened (Unix epoch,
    milliseconds, 0 if unknown).  *source_type* is user, group, room or ""; *source_id* the id of that
    source, *user_id* the person's, both "" where LINE does not say.  *mode* is "active" or "standby":
    in standby nothing may be sent.  *raw* is the event itself, free of NUL and half characters, and
    never more than 64 deep.  An entry that is no event has the type ``unreadable``.
    """

    id: str
    type: str
    timestamp_ms: int = 0
    user_id: str = ""
    source_type: str = ""
    source_id: str = ""
    reply_token: str = ""
    mode: str = "active"
    redelivered: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True)
class Delivery:
    """One webhook: the bot user id it is meant for, and its events in the order given."""

    destination: str
    events: tuple[LineEvent, ...] = ()


def read_body(body: bytes) -> Delivery | None:
    """Return what a webhook says; None when *body* is no JSON object.  Raises nothing."""
    said = read_json(body)
    if not isinstance(said, dict):
        return None
    entries = said.get("events")
    events = tuple(_events(entries)) if isinstance(entries, list) else ()
    return Delivery(_like(_ID, said.get("destination")), events)


def _events(entries: list[Any]) -> Iterator[LineEvent]:
    for entry in entries:
        yield _event(entry) if isinstance(entry, dict) else _unreadable(entry)


def _unreadable(entry: object) -> LineEvent:
    return LineEvent(id=_made_id(entry), type=UNREADABLE, raw={"entry": entry})


def _event(raw: dict[str, Any]) -> LineEvent:
    source, context = _part(raw, "source"), _part(raw, "deliveryContext")
    kind = source.get("type")
    source_type = kind if isinstance(kind, str) and kind in _SOURCES else ""
    return LineEvent(
        id=_like(_ID, raw.get("webhookEventId")) or _made_id(raw),
        type=_like(_WORD, raw.get("type")) or UNREADABLE,
        timestamp_ms=_milliseconds(raw.get("timestamp")),
        user_id=_like(_ID, source.get("userId")),
        source_type=source_type,
        source_id=_like(_ID, source.get(_SOURCES.get(source_type, ""))),
        reply_token=_like(_TOKEN, raw.get("replyToken")),
        mode=_like(_WORD, raw.get("mode")) or "active",
        redelivered=context.get("isRedelivery") is True,
        raw=raw,
    )


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object *name* of *whole*; an empty one when there is none."""
    value = whole.get(name)
    return value if isinstance(value, dict) else {}


def _like(expression: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and expression.fullmatch(value) else ""


def _milliseconds(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value <= _LAST_MILLISECOND else 0


def _made_id(entry: object) -> str:
    """Return an id for an event without one: the same for the same event, delivered again or not."""
    if isinstance(entry, dict):
        # The one thing that differs when LINE delivers an event again.
        entry = {name: value for name, value in entry.items() if name != "deliveryContext"}
    return str(uuid5(NAMESPACE_URL, "line-event:" + json.dumps(entry, sort_keys=True)))


# --- as an event of the dialogs

OpenAction: TypeAlias = Callable[[str], "Action | None"]

_MOST_TYPED = 5_000  # graphemes
_MOST_PLACE = 100
# A grapheme may be endless (a letter under a thousand marks), so that code points are capped as well.
_POINTS_EACH = 4
_KIND = re.compile(r"[A-Za-z]{1,20}")
_PICKED = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "time": re.compile(r"\d\d:\d\d", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d", re.ASCII),
}
STALE = SentOther("stale")


def to_event(event: LineEvent, open_action: OpenAction) -> Event | None:
    """Return what *event* means to a conversation; None where it means nothing.

    *open_action* returns the action of a button's data, None when it is not ours or not this person's.
    """
    read = _READ.get(event.type)
    return read(event.raw, open_action) if read else None


def _message(raw: Mapping[str, Any], _open_action: OpenAction) -> Event:
    message = _part(raw, "message")
    read = _MESSAGES.get(_kind(message), _other)
    return read(message, _like(_ID, message.get("id")))


def _postback(raw: Mapping[str, Any], open_action: OpenAction) -> Event | None:
    postback = _part(raw, "postback")
    params, data = _part(postback, "params"), postback.get("data")
    if "newRichMenuAliasId" in params:
        return None  # a tab of the rich menu was turned; the phone has done all there is to do
    action = (tapped(data) or open_action(data)) if isinstance(data, str) else None
    return Tapped(_picked(action, params)) if action else STALE


def _picked(action: Action, params: Mapping[str, Any]) -> Action:
    """Return *action* with the day or time that was picked for it as its value."""
    for name, expression in _PICKED.items():
        value = params.get(name)
        if isinstance(value, str) and expression.fullmatch(value):
            return replace(action, value=value)
    return action


def _follow(raw: Mapping[str, Any], _open_action: OpenAction) -> Event:
    return Joined(again=_part(raw, "follow").get("isUnblocked") is True)


def _unfollow(_raw: Mapping[str, Any], _open_action: OpenAction) -> Event:
    return Left()


def _unsend(raw: Mapping[str, Any], _open_action: OpenAction) -> Event | None:
    message = _like(_ID, _part(raw, "unsend").get("messageId"))
    return Unsent(message) if message else None


_READ: Mapping[str, Callable[[Mapping[str, Any], OpenAction], Event | None]] = {
    "message": _message,
    "postback": _postback,
    "follow": _follow,
    "unfollow": _unfollow,
    "unsend": _unsend,
}


def _text(message: Mapping[str, Any], identity: str) -> Event:
    text = message.get("text")
    return Typed(_capped(text, _MOST_TYPED), identity) if isinstance(text, str) else _other(message, identity)


def _image(message: Mapping[str, Any], identity: str) -> Event:
    """Read a photo, if LINE itself keeps it: any other address could be anybody's, and is never fetched."""
    if _part(message, "contentProvider").get("type") != "line" or not identity:
        return _other(message, identity)
    return SentPhoto(identity, identity)


def _location(message: Mapping[str, Any], identity: str) -> Event:
    latitude = _degrees(message.get("latitude"), 90)
    longitude = _degrees(message.get("longitude"), 180)
    if latitude is None or longitude is None:
        return _other(message, identity)
    title = message.get("title")
    name = _capped(title, _MOST_PLACE) if isinstance(title, str) else ""
    return SentPlace(latitude, longitude, name, identity)


def _other(message: Mapping[str, Any], identity: str) -> Event:
    return SentOther(_kind(message), identity)


_MESSAGES: Mapping[str, Callable[[Mapping[str, Any], str], Event]] = {
    "text": _text,
    "image": _image,
    "location": _location,
}


def _kind(message: Mapping[str, Any]) -> str:
    """Return the type of *message*, one LINE may invent tomorrow included; "unknown" when it is no word."""
    kind = message.get("type")
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "unknown"


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isfinite(value) and abs(value) <= most else None


def _capped(text: str, most: int) -> str:
    """Return *text* without what follows its first *most* graphemes."""
    if len(text) <= most:
        return text
    return "".join(regex.findall(r"\X", text[: most * _POINTS_EACH])[:most])
