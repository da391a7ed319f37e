"""Whatever LINE sends is read, and what cannot be read harms nothing."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.line.listen import Delivery, LineEvent, read_body, to_event
from bot.line.signature import verify
from dialogs.events import (
    Action,
    Do,
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

USER, GROUP, BOT = "U" + "1" * 32, "C" + "2" * 32, "U" + "0" * 32
Json = dict[str, Any]


def event(**changes: Any) -> Json:
    """Return a text event as LINE sends it, with *changes*; a change to None leaves the property out."""
    whole = {
        "type": "message",
        "webhookEventId": "01HZZZZZZZZZZZZZZZZZZZZZZZ",
        "timestamp": 1_812_333_600_000,
        "source": {"type": "user", "userId": USER},
        "replyToken": "a" * 32,
        "mode": "active",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": "500000000000000001", "quoteToken": "q", "text": "４０ｍ"},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


GOOD = event(webhookEventId="GOODSIBLING", message={"type": "text", "id": "7", "text": "無事"})


def body(*events: Any, **changes: Any) -> bytes:
    return json.dumps({"destination": BOT, "events": list(events), **changes}).encode()


def read(*events: Any) -> tuple[LineEvent, ...]:
    delivery = read_body(body(*events))
    assert delivery
    return delivery.events


def heard(whole: Json, open_action: Callable[[str], Action | None] = lambda _data: None) -> Event | None:
    (only,) = read(whole)
    return to_event(only, open_action)


def message(**properties: Any) -> Json:
    return event(message={"id": "9", **properties})


# --- the envelope


def test_an_event_is_read_whole() -> None:
    (only,) = read(event())

    assert only == LineEvent(
        id="01HZZZZZZZZZZZZZZZZZZZZZZZ",
        type="message",
        timestamp_ms=1_812_333_600_000,
        user_id=USER,
        source_type="user",
        source_id=USER,
        reply_token="a" * 32,
        mode="active",
        redelivered=False,
        raw=event(),
    )


def test_the_events_keep_their_order() -> None:
    assert [each.id for each in read(*(event(webhookEventId=f"E{n}") for n in range(5)))] == [
        "E0",
        "E1",
        "E2",
        "E3",
        "E4",
    ]


def test_the_button_that_tests_the_webhook_sends_no_events() -> None:
    assert read_body(body()) == Delivery(BOT, ())


def test_a_second_delivery_has_the_same_id_and_says_so() -> None:
    first, again = read(event(), event(deliveryContext={"isRedelivery": True}))

    assert (first.id, first.redelivered) == (again.id, False)
    assert again.redelivered


def test_an_event_without_an_id_keeps_one_id_through_all_deliveries() -> None:
    nameless = event(webhookEventId=None)
    first, again, other = read(
        nameless,
        {**dict(reversed(nameless.items())), "deliveryContext": {"isRedelivery": True}},
        {**nameless, "timestamp": 1},
    )

    assert first.id == again.id
    assert first.id != other.id
    assert len(first.id) == 36


def test_a_group_is_told_from_a_person() -> None:
    (said,) = read(event(source={"type": "group", "groupId": GROUP, "userId": USER}))

    assert (said.source_type, said.source_id, said.user_id) == ("group", GROUP, USER)


@pytest.mark.parametrize(
    ("property_", "value", "attribute", "expected"),
    [
        ("mode", "standby", "mode", "standby"),
        ("mode", None, "mode", "active"),
        ("mode", "tomorrow", "mode", "tomorrow"),
        ("mode", 1, "mode", "active"),
        ("source", None, "user_id", ""),
        ("source", [], "source_type", ""),
        ("source", {"type": "user"}, "source_id", ""),
        ("source", {"type": "planet", "userId": USER}, "source_type", ""),
        ("source", {"type": "planet", "userId": USER}, "user_id", USER),
        ("source", {"type": [], "userId": {}}, "user_id", ""),
        ("source", {"type": "user", "userId": "../admin"}, "user_id", ""),
        ("source", {"type": "user", "userId": "U" * 65}, "user_id", ""),
        ("replyToken", None, "reply_token", ""),
        ("replyToken", 7, "reply_token", ""),
        ("replyToken", "a b", "reply_token", ""),
        ("replyToken", "a" * 129, "reply_token", ""),
        ("timestamp", None, "timestamp_ms", 0),
        ("timestamp", "1", "timestamp_ms", 0),
        ("timestamp", True, "timestamp_ms", 0),
        ("timestamp", -1, "timestamp_ms", 0),
        ("timestamp", 1.5, "timestamp_ms", 0),
        ("timestamp", 10**15, "timestamp_ms", 0),
        ("timestamp", 10**400, "timestamp_ms", 0),
        ("deliveryContext", "yes", "redelivered", False),
        ("deliveryContext", {"isRedelivery": "true"}, "redelivered", False),
        ("type", None, "type", "unreadable"),
        ("type", {}, "type", "unreadable"),
        ("type", "a" * 33, "type", "unreadable"),
        ("type", "tomorrow", "type", "tomorrow"),
    ],
)
def test_what_is_odd_or_missing_is_read_as_nothing(
    property_: str, value: Any, attribute: str, expected: object
) -> None:
    (said,) = read(event(**{property_: value}))

    assert getattr(said, attribute) == expected


@pytest.mark.parametrize("bad", [None, 1, "x", [], [[]], True, 1.5, {}, {"type": None}, {"source": 3}])
def test_an_entry_that_is_no_event_costs_its_neighbours_nothing(bad: Any) -> None:
    before, unreadable, after = read(GOOD, bad, {**GOOD, "webhookEventId": "LAST"})

    assert unreadable.type == "unreadable"
    assert to_event(unreadable, lambda _data: None) is None
    assert [to_event(each, lambda _data: None) for each in (before, after)] == [Typed("無事", "7")] * 2


@pytest.mark.parametrize(
    "nothing",
    [b"", b" ", b"{", b"null", b"[]", b"1", b'"x"', b"\xff", b"\0", b"{" * 100_000, b"[" * 100_000],
)
def test_what_is_no_object_is_nothing(nothing: bytes) -> None:
    assert read_body(nothing) is None


@pytest.mark.parametrize("events", [None, {}, "x", 1])
def test_events_that_are_no_list_are_no_events(events: Any) -> None:
    assert read_body(body(events=events)) == Delivery(BOT, ())


@pytest.mark.parametrize("destination", [None, 1, {}, "a b", "U" * 65])
def test_an_odd_destination_is_nobody(destination: Any) -> None:
    assert read_body(body(destination=destination)) == Delivery("", ())


def deep(opening: bytes, closing: bytes, levels: int) -> bytes:
    bad = opening * levels + b"1" + closing * levels
    return b'{"destination":"B","events":[' + bad + b"," + json.dumps(GOOD).encode() + b"]}"


@pytest.mark.parametrize("levels", [70, 1_000, 50_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'{"a":[', b"]}")])
def test_bottomless_nesting_is_cut_and_the_neighbour_is_heard(
    opening: bytes, closing: bytes, levels: int
) -> None:
    delivery = read_body(deep(opening, closing, levels))

    assert delivery
    assert [each.id for each in delivery.events][1:] == ["GOODSIBLING"]
    assert json.dumps(delivery.events[0].raw)


def test_brackets_inside_a_text_are_no_nesting() -> None:
    typed = "[{" * 500 + '"\\' + "]"

    (said,) = read(message(type="text", text=typed))

    assert to_event(said, lambda _data: None) == Typed(typed, "9")


RAW_TEXTS = {
    "an escaped NUL": (b'"a\\u0000b"', "a\ufffdb"),
    "a NUL": (b'"a\x00b"', "a\ufffdb"),
    "a line break that JSON forbids": (b'"a\nb"', "a\nb"),
    "half a character": (b'"a\\ud83db"', "a\ufffdb"),
    "the other half": (b'"a\\ude00b"', "a\ufffdb"),
    "both halves": (b'"a\\ud83d\\ude00b"', "a😀b"),
    "bytes that are no UTF-8": (b'"a\xff\xfeb"', "a\ufffd\ufffdb"),
    "a byte order mark": ('"\ufeffa"'.encode(), "\ufeffa"),
    "two keys of one name": (b'"first","text":"second"', "second"),
}


@pytest.mark.parametrize(("written", "typed"), RAW_TEXTS.values(), ids=RAW_TEXTS)
def test_unfit_characters_are_replaced_and_the_rest_is_heard(written: bytes, typed: str) -> None:
    raw = b'{"events":[{"type":"message","message":{"type":"text","id":"9","text":' + written + b"}}]}"
    delivery = read_body(raw)

    assert delivery
    assert to_event(delivery.events[0], lambda _data: None) == Typed(typed, "9")


ENDLESS = [b"9" * 6_000, b"-" + b"9" * 6_000, b"1e999", b"-1e999", b"NaN", b"-Infinity"]


@pytest.mark.parametrize("number", ENDLESS, ids=range(len(ENDLESS)))
def test_a_number_that_no_column_holds_is_none(number: bytes) -> None:
    delivery = read_body(b'{"events":[{"type":"follow","timestamp":' + number + b',"x":[' + number + b"]}]}")

    assert delivery
    assert delivery.events[0].raw == {"type": "follow", "timestamp": None, "x": [None]}


# --- as an event of the dialogs


MEANINGS: dict[str, tuple[Json, Event | None]] = {
    "text": (event(), Typed("４０ｍ", "500000000000000001")),
    "empty text": (message(type="text", text=""), Typed("", "9")),
    "text that is none": (message(type="text", text=5), SentOther("text", "9")),
    "text without an id": (event(message={"type": "text", "text": "あ"}), Typed("あ")),
    "text with an odd id": (event(message={"type": "text", "text": "あ", "id": 5}), Typed("あ")),
    "photo": (message(type="image", contentProvider={"type": "line"}), SentPhoto("9", "9")),
    "photo elsewhere": (
        message(
            type="image", contentProvider={"type": "external", "originalContentUrl": "https://x.example/"}
        ),
        SentOther("image", "9"),
    ),
    "photo nobody knows where": (message(type="image"), SentOther("image", "9")),
    "photo with an odd provider": (message(type="image", contentProvider=[1]), SentOther("image", "9")),
    "photo without an id": (
        event(message={"type": "image", "contentProvider": {"type": "line"}}),
        SentOther("image"),
    ),
    "photo whose id is a path": (
        event(message={"type": "image", "id": "../9", "contentProvider": {"type": "line"}}),
        SentOther("image"),
    ),
    "place": (
        message(type="location", latitude=43.06, longitude=141.35, title="見本公園", address="見本市"),
        SentPlace(43.06, 141.35, "見本公園", "9"),
    ),
    "place without a name": (
        message(type="location", latitude=43, longitude=-141),
        SentPlace(43.0, -141.0, "", "9"),
    ),
    "place with an odd name": (
        message(type="location", latitude=1, longitude=2, title=3),
        SentPlace(1.0, 2.0, "", "9"),
    ),
    "place off the globe": (message(type="location", latitude=91, longitude=0), SentOther("location", "9")),
    "place past the line": (message(type="location", latitude=0, longitude=181), SentOther("location", "9")),
    "place in words": (message(type="location", latitude="43", longitude="141"), SentOther("location", "9")),
    "place that is true": (message(type="location", latitude=True, longitude=1), SentOther("location", "9")),
    "place half given": (message(type="location", latitude=43), SentOther("location", "9")),
    "sticker": (message(type="sticker", packageId="1", stickerId="2"), SentOther("sticker", "9")),
    "film": (message(type="video"), SentOther("video", "9")),
    "voice": (message(type="audio"), SentOther("audio", "9")),
    "file": (message(type="file", fileName="見本.pdf"), SentOther("file", "9")),
    "a kind of tomorrow": (message(type="hologram"), SentOther("hologram", "9")),
    "a kind that is no word": (message(type="<b>"), SentOther("unknown", "9")),
    "no kind": (message(), SentOther("unknown", "9")),
    "no message": (event(message=None), SentOther("unknown")),
    "a message that is none": (event(message="text"), SentOther("unknown")),
    "friend": (event(type="follow", follow={"isUnblocked": False}), Joined()),
    "friend again": (event(type="follow", follow={"isUnblocked": True}), Joined(again=True)),
    "friend, no more said": (event(type="follow"), Joined()),
    "blocked": (event(type="unfollow"), Left()),
    "taken back": (event(type="unsend", unsend={"messageId": "9"}), Unsent("9")),
    "taken back, not said what": (event(type="unsend", unsend={}), None),
    "stale button": (event(type="postback", postback={"data": "?"}), SentOther("stale")),
    "button without data": (event(type="postback", postback={}), SentOther("stale")),
    "button with odd data": (event(type="postback", postback={"data": 5}), SentOther("stale")),
    "button that is none": (event(type="postback", postback=None), SentOther("stale")),
    "tab of the menu": (
        event(type="postback", postback={"data": "?", "params": {"newRichMenuAliasId": "a"}}),
        None,
    ),
    "invited": (event(type="join"), None),
    "somebody else invited": (event(type="memberJoined"), None),
    "edited": (event(type="messageEdited"), None),
    "beacon": (event(type="beacon"), None),
    "membership": (event(type="membership"), None),
    "an event of tomorrow": (event(type="tomorrow"), None),
}


@pytest.mark.parametrize(("whole", "meaning"), MEANINGS.values(), ids=MEANINGS)
def test_an_event_means(whole: Json, meaning: Event | None) -> None:
    assert heard(whole) == meaning


ANSWER = Action(Do.ANSWER, "c1", "start", "", "sealed")
PICKS: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "sealed"),
    "a day": ({"date": "2027-06-15"}, "2027-06-15"),
    "a time": ({"time": "09:30"}, "09:30"),
    "a day and a time": ({"datetime": "2027-06-15T09:30"}, "2027-06-15T09:30"),
    "no text": ({"date": 20270615}, "sealed"),
    "full-width digits": ({"date": "２０２７-06-15"}, "sealed"),
    "words": ({"date": "明日"}, "sealed"),
    "a long text": ({"date": "2027-06-15" + "0" * 1_000}, "sealed"),
    "params that are none": ([], "sealed"),
}


@pytest.mark.parametrize(("params", "value"), PICKS.values(), ids=PICKS)
def test_a_tap_carries_what_was_picked(params: Any, value: str) -> None:
    tapped = heard(
        event(type="postback", postback={"data": "ours", "params": params}),
        {"ours": ANSWER}.get,
    )

    assert tapped == Tapped(Action(Do.ANSWER, "c1", "start", "", value))


def test_a_button_is_opened_with_exactly_its_data() -> None:
    asked: list[str] = []

    heard(event(type="postback", postback={"data": "ours\u0000"}), asked.append)

    assert asked == ["ours\ufffd"]


LETTERS = [("あ", 5_000), ("葛\U000e0100", 5_000), ("e" + "\u0301" * 40, 488)]


@pytest.mark.parametrize(("letter", "most"), LETTERS)
def test_endless_text_is_cut_between_letters(letter: str, most: int) -> None:
    typed = heard(message(type="text", text=letter * (100_000 // len(letter))))

    assert isinstance(typed, Typed)
    assert typed.text[: len(letter) * (most - 1)] == letter * (most - 1)
    assert len(typed.text) <= 20_000


def test_five_thousand_letters_are_heard_whole() -> None:
    assert heard(message(type="text", text="あ" * 5_000)) == Typed("あ" * 5_000, "9")
    assert heard(message(type="text", text="あ" * 5_001)) == Typed("あ" * 5_000, "9")


# --- mutants

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    float("inf"),
    float("nan"),
    "",
    "\0",
    "\ud800",
    "あ" * 100_000,
    [],
    {},
    [[[]]],
    {"type": {"type": []}},
    "__proto__",
    "../../etc",
    "\u202e\u200b",
]
SEEDS = [whole for whole, _ in MEANINGS.values()]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside *value*."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, item in inside for found in places(item, (*path, name)))]


def replaced(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = deepcopy(whole)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    whole: Any = deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 3))):
        value = draw(st.sampled_from(ODD) | st.text(st.characters(), max_size=5) | st.integers())
        whole = replaced(whole, draw(st.sampled_from(places(whole))), value)
    return whole


def signed(content: bytes) -> str:
    return base64.b64encode(hmac.digest(b"secret", content, "sha256")).decode()


def nothing_breaks(content: bytes) -> Delivery | None:
    """Read *content* as the webhook does, to the end; return what was read."""
    assert verify(content, signed(content), ["secret"])
    delivery = read_body(content)
    for each in delivery.events if delivery else ():
        to_event(each, lambda _data: ANSWER)
        json.dumps(each.raw, ensure_ascii=False, allow_nan=False).encode()
        assert 0 < len(each.id) <= 64
    return delivery


@settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutant=mutants(), ascii_=st.booleans())
def test_a_mutant_breaks_nothing_and_its_neighbour_is_heard(mutant: Any, ascii_: bool) -> None:
    text = json.dumps({"destination": BOT, "events": [mutant, GOOD]}, ensure_ascii=ascii_)

    delivery = nothing_breaks(text.encode("utf-8", "surrogatepass"))

    assert delivery
    assert to_event(delivery.events[1], lambda _data: None) == Typed("無事", "7")


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.sampled_from(SEEDS), data=st.data())
def test_a_torn_or_garbled_body_breaks_nothing(seed: Json, data: st.DataObject) -> None:
    whole = body(seed, GOOD)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))

    nothing_breaks(whole[:start])
    nothing_breaks(whole[:start] + data.draw(st.binary(max_size=10)) + whole[end:])
