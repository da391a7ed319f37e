"""Webhook events in LINE's shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.simulator import ids

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """Where an event happens: *user* alone with the desk, or in *group*; *at* is the product's time."""

    user: str
    at: datetime
    group: str = ""
    standby: bool = False

    @property
    def chat(self) -> str:
        return self.group or self.user

    @property
    def source(self) -> Json:
        if self.group:
            return {"type": "group", "groupId": self.group, "userId": self.user}
        return {"type": "user", "userId": self.user}


def event(kind: str, origin: Origin, **parts: Json) -> Json:
    """Return an event that cannot be replied to."""
    return {
        "type": kind,
        "mode": "standby" if origin.standby else "active",
        "timestamp": ids.milliseconds(origin.at),
        "source": origin.source,
        "webhookEventId": ids.ulid(origin.at),
        "deliveryContext": {"isRedelivery": False},
        **parts,
    }


def answerable(kind: str, origin: Origin, **parts: Json) -> Json:
    """Return an event with a reply token; one in standby has none, for another module is talking."""
    made = event(kind, origin, **parts)
    return made if origin.standby else {**made, "replyToken": ids.token()}


def redelivered(made: Json) -> Json:
    """Return *made* as it comes again: the same but for this mark."""
    return {**made, "deliveryContext": {"isRedelivery": True}}


def message(origin: Origin, content: Json) -> Json:
    """Return the event of *content*, a message with its id."""
    token = {} if origin.group else {"markAsReadToken": ids.token()}
    return answerable("message", origin, message={**content, **token})


def postback(origin: Origin, data: str, params: Mapping[str, str] | None = None) -> Json:
    return answerable(
        "postback", origin, postback={"data": data, **({"params": dict(params)} if params else {})}
    )


def follow(origin: Origin, *, is_unblocked: bool) -> Json:
    return answerable("follow", origin, follow={"isUnblocked": is_unblocked})


def unfollow(origin: Origin) -> Json:
    return event("unfollow", origin)


def unsend(origin: Origin, message_id: str) -> Json:
    return event("unsend", origin, unsend={"messageId": message_id})


def join(origin: Origin) -> Json:
    made = answerable("join", origin)
    return {**made, "source": {"type": "group", "groupId": origin.group}}


def leave(origin: Origin) -> Json:
    return {**event("leave", origin), "source": {"type": "group", "groupId": origin.group}}


# --- the messages themselves


def _quotable(kind: str, **parts: object) -> Json:
    return {"type": kind, "id": ids.message_id(), "quoteToken": ids.token(), **parts}


def text(words: str) -> Json:
    return _quotable("text", text=words)


def sticker(package: str, number: str) -> Json:
    return _quotable(
        "sticker", packageId=package, stickerId=number, stickerResourceType="STATIC", keywords=["OK"]
    )


_BY_LINE = {"contentProvider": {"type": "line"}}


def image() -> Json:
    return _quotable("image", **_BY_LINE)


def video(duration_ms: int) -> Json:
    return _quotable("video", duration=duration_ms, **_BY_LINE)


def audio(duration_ms: int) -> Json:
    return {"type": "audio", "id": ids.message_id(), "duration": duration_ms, **_BY_LINE}


def file(name: str, size: int) -> Json:
    return {"type": "file", "id": ids.message_id(), "fileName": name, "fileSize": size}


def location(place: Mapping[str, Any]) -> Json:
    """Return a place; *place* has latitude and longitude in degrees, perhaps title and address."""
    known = {
        key: place[key] for key in ("title", "address", "latitude", "longitude") if place.get(key) is not None
    }
    return {"type": "location", "id": ids.message_id(), **known}
