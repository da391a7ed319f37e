"""One webhook event of every type that LINE names, of a sample resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.nasty import LONG, NASTY
from tests.support.service import Webhooks

GROUP, ROOM = "C" + "7" * 32, "R" + "7" * 32
SHORT = tuple(text for text in NASTY if len(text) < 1000)
WORDS = """
    1 2 3 はい いいえ 40 1と2 全部 なし 個人 法人 6月20日から7月20日 6/20 2週間 あした その他 足あと 急いでいない
    申請する 戻る このまま 中止 続ける メニュー ヘルプ 言語 English 日本語 やさしい日本語 申請状況 電気柵 直す
    取り下げる
""".split()

PARAMS: tuple[Mapping[str, str] | None, ...] = (
    None,
    {"date": "2027-06-20"},
    {"time": "10:00"},
    {"datetime": "2027-06-20T10:00"},
    {"newRichMenuAliasId": "menu-b", "status": "SUCCESS"},
)

# Told of nobody by name, or not to a desk: only that they come matters.
OTHER: Mapping[str, Mapping[str, Any]] = {
    "leave": {},
    "memberJoined": {"joined": {"members": [{"type": "user", "userId": "U" + "5" * 32}]}},
    "memberLeft": {"left": {"members": [{"type": "user", "userId": "U" + "5" * 32}]}},
    "videoPlayComplete": {"videoPlayComplete": {"trackingId": "sample"}},
    "beacon": {"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "00"}},
    "accountLink": {"link": {"result": "ok", "nonce": "sample"}},
    "membership": {"membership": {"type": "joined", "membershipId": 3189}},
    "module": {"module": {"type": "attached", "botId": "U" + "b" * 32, "scopes": ["message:send"]}},
    "activated": {"chatControl": {"expireAt": 1_812_000_000_000}},
    "deactivated": {},
    "botSuspended": {},
    "botResumed": {},
    "delivery": {"delivery": {"data": "15034552939884E28681A7D668CEA94C147C716C0EC9DFE8B80B44EF3B57F6BD"}},
    "messageEdited": {"message": {"type": "text", "id": "9001", "text": "見本"}},
}


def text_of(chance: Random) -> str:
    """Return words that answer a question, or that answer nothing."""
    if chance.random() < 0.01:
        return chance.choice(LONG)[:6_000]
    return chance.choice(WORDS if chance.random() < 0.6 else SHORT)


def _messages(phone: Webhooks, chance: Random) -> Sequence[Mapping[str, Any]]:
    spot = {"title": "見本公園", "address": "見本", "latitude": 43.06, "longitude": 141.35}
    mention = {"mentionees": [{"index": 0, "length": 2, "type": "user", "userId": phone.user_id}]}
    return (
        *(phone.text(text_of(chance)) for _ in range(6)),
        phone.message("text", text="見本(hello)", mention=mention, emojis=[{"index": 2, "length": 7}]),
        phone.image(),
        phone.message(
            "image", contentProvider={"type": "line"}, imageSet={"id": "A", "index": 1, "total": 2}
        ),
        phone.message(
            "image", contentProvider={"type": "external", "originalContentUrl": "https://a.example/"}
        ),
        phone.message("video", duration=60_000, contentProvider={"type": "line"}),
        phone.message("audio", duration=60_000, contentProvider={"type": "line"}),
        phone.message("file", fileName="見本.pdf", fileSize=2138),
        phone.message("location", **spot),
        phone.message(
            "sticker", packageId="446", stickerId="1988", stickerResourceType="STATIC", keywords=["a"]
        ),
    )


def every(phone: Webhooks, chance: Random, data: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """Return an event of each type; *data* is what buttons hold that were offered to this person."""
    button = chance.choice([*data, "", "action=buy"]) if data else "action=buy"
    group = {"type": "group", "groupId": GROUP, "userId": phone.user_id}
    room = {"type": "room", "roomId": ROOM}
    return (
        *_messages(phone, chance),
        *(phone.postback(button, params) for params in PARAMS),
        phone.follow(),
        phone.event("follow"),
        phone.unfollow(),
        phone.unsend("9001"),
        phone.event("join", source=group),
        phone.text("見本") | {"source": room},
        *(phone.event(kind, **more) for kind, more in OTHER.items()),
    )
