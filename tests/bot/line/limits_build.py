"""Messages of every kind, right as they are and easy to spoil."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

URL = "https://desk.example/photo.jpg"
LONG_URL = "https://desk.example/" + "a" * 1_979
# Each is one letter to a reader; LINE counts the first as one or eight, the second as one or three.
FAMILY, GLYPH = "👨‍👩‍👧", "葛\U000e0100"


@dataclass(frozen=True)
class Case:
    """*row* of the limits: *good* passes, *bad* is refused at *path*."""

    row: str
    good: Json
    bad: Json
    path: str


def text(words: str = "見本", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def tap(label: str | None = "はい", **more: Any) -> Json:
    named = {} if label is None else {"label": label}
    return {"type": "postback", "data": "sealed", **named, **more}


def link(address: str = "https://desk.example/f/1", **more: Any) -> Json:
    return {"type": "uri", "label": "開く", "uri": address, **more}


def picker(mode: str = "date", **more: Any) -> Json:
    return {"type": "datetimepicker", "label": "日を選ぶ", "data": "sealed", "mode": mode, **more}


def quick(*actions: Json, **item: Any) -> Json:
    return text(quickReply={"items": [{"type": "action", "action": each, **item} for each in actions]})


def template(kind: str, **more: Any) -> Json:
    return {"type": "template", "altText": "見本", "template": {"type": kind, **more}}


def buttons(words: str = "本文", actions: list[Json] | None = None, **more: Any) -> Json:
    return template("buttons", text=words, actions=actions or [tap()], **more)


def confirm(words: str = "よいですか。", count: int = 2) -> Json:
    return template("confirm", text=words, actions=[tap()] * count)


def column(words: str = "本文", count: int = 1, **more: Any) -> Json:
    return {"text": words, "actions": [tap()] * count, **more}


def carousel(*columns: Json, **more: Any) -> Json:
    return template("carousel", columns=list(columns), **more)


def pictures(count: int = 1, **action: Any) -> Json:
    one = {"imageUrl": URL, "action": {**tap(None), **action}}
    return template("image_carousel", columns=[one] * count)


def flex(contents: Json, alt: str = "見本") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def box(*contents: Json, layout: str = "vertical", **more: Any) -> Json:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: Json, **more: Any) -> Json:
    return {"type": "bubble", "body": box(*contents), **more}


def piece(kind: str, **more: Any) -> Json:
    """Return a Flex Message of one component."""
    return flex(bubble({"type": kind, **more}))


def boxed(**more: Any) -> Json:
    return flex(bubble(box(**more)))


def worded(words: str = "見本", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def film(**more: Any) -> Json:
    alt = {"type": "image", "url": URL}
    return {"type": "video", "url": URL, "previewUrl": URL, "altContent": alt, **more}


def bubbles(*each: Json) -> Json:
    return flex({"type": "carousel", "contents": list(each)})


def emoji(index: int) -> Json:
    return {"index": index, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


def version2(words: str, **substitution: Json) -> Json:
    return {"type": "textV2", "text": words, "substitution": substitution}


V2_EMOJI = {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
MENTION = {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "1" * 32}}


def place(**more: Any) -> Json:
    whole = {"title": "見本公園", "address": "見本市", "latitude": 43.06, "longitude": 141.35}
    return {"type": "location", **whole, **more}


def media(kind: str, **more: Any) -> Json:
    preview = {} if kind == "audio" else {"previewImageUrl": URL}
    length = {"duration": 60_000} if kind == "audio" else {}
    return {"type": kind, "originalContentUrl": URL, **preview, **length, **more}


def filling(size: int) -> Json:
    """Return a bubble of exactly *size* bytes of JSON."""
    empty = len(json.dumps(bubble(worded("")), separators=(",", ":")))
    return bubble(worded("a" * (size - empty)))


def menu(**more: Any) -> Json:
    whole: Json = {
        "size": {"width": 2_500, "height": 843},
        "selected": True,
        "name": "resident-ja",
        "chatBarText": "メニュー",
        "areas": [area()],
    }
    return {**whole, **more}


def area(action: Json | None = None, **bounds: int) -> Json:
    return {"bounds": {"x": 0, "y": 0, "width": 1_250, "height": 843, **bounds}, "action": action or tap()}
