"""The webhooks that residents cause: their shape, their signature, their order, and what goes wrong."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from linebot.v3.webhook import UnknownEvent, WebhookParser

from bot.simulator import Faults, Platform, SimulatorConfig
from bot.simulator.chats import Side, State
from bot.simulator.phones import CannotDo
from bot.simulator.store import InUse
from tests.bot.simulator.conftest import DESK, SECRET, Api, Clock, Desk

SAPPORO = {"title": "盤渓", "address": "北海道札幌市中央区盤渓", "latitude": 43.0336, "longitude": 141.28}
PICKER = {"type": "datetimepicker", "label": "日付", "data": "day", "mode": "date"}
BUTTON = {"type": "postback", "label": "はい", "data": "yes", "displayText": "はい"}


def _come_back(platform: Platform, user: str) -> None:
    platform.phones.block(user)
    platform.phones.befriend(user)


ACTS: dict[str, Callable[[Platform, str], object]] = {
    "message:text": lambda platform, user: platform.phones.say(user, "こんにちは"),
    "message:image": lambda platform, user: platform.phones.send_photo(user, "image/jpeg", b"x"),
    "message:video": lambda platform, user: platform.phones.send_video(user, "video/mp4", b"x"),
    "message:audio": lambda platform, user: platform.phones.send_audio(user, "audio/x-m4a", b"x"),
    "message:file": lambda platform, user: platform.phones.send_file(user, "a.pdf", "application/pdf", b"x"),
    "message:location": lambda platform, user: platform.phones.send_place(user, SAPPORO),
    "message:sticker": lambda platform, user: platform.phones.send_sticker(user),
    "postback": lambda platform, user: platform.phones.tap(user, BUTTON),
    "postback:date": lambda platform, user: platform.phones.tap(user, PICKER, {"date": "2027-06-15"}),
    "unfollow": lambda platform, user: platform.phones.block(user),
    "follow": _come_back,
    "unsend": lambda platform, user: platform.phones.unsend(user, platform.phones.say(user, "まちがい")),
    "join": lambda platform, user: platform.phones.invite(user),
}
SILENT = {"unfollow", "unsend"}


@pytest.mark.parametrize("act", ACTS)
def test_every_event_is_signed_and_known_to_lines_own_reader(
    platform: Platform, resident: str, desk: Desk, act: str
) -> None:
    ACTS[act](platform, resident)
    assert platform.settle()

    parsed = WebhookParser(SECRET).parse(desk.bodies[-1].decode(), desk.signatures[-1])
    raw = desk.events[-1]

    assert not isinstance(parsed[0], UnknownEvent)
    assert raw["type"] == act.partition(":")[0]
    assert ("replyToken" in raw) == (act not in SILENT)


@pytest.mark.parametrize("act", [act for act in ACTS if act.startswith("message:")])
def test_a_message_is_of_the_kind_that_was_sent(
    platform: Platform, resident: str, desk: Desk, act: str
) -> None:
    ACTS[act](platform, resident)
    platform.settle()

    assert desk.events[-1]["message"]["type"] == act.partition(":")[2]


def test_an_event_has_lines_shape(platform: Platform, resident: str, desk: Desk, clock: Clock) -> None:
    sent = platform.phones.say(resident, "こんにちは")
    platform.settle()

    body = json.loads(desk.bodies[-1])
    event = body["events"][0]

    assert body["destination"] == DESK
    assert re.fullmatch("U[0-9a-f]{32}", event["source"]["userId"])
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", event["webhookEventId"])
    assert event["timestamp"] == clock.at.timestamp() * 1000
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["mode"] == "active"
    assert event["message"] | {"quoteToken": "", "markAsReadToken": ""} == {
        "type": "text",
        "id": sent,
        "text": "こんにちは",
        "quoteToken": "",
        "markAsReadToken": "",
    }


def test_a_day_that_was_picked_comes_as_a_parameter(platform: Platform, resident: str, desk: Desk) -> None:
    platform.phones.tap(resident, PICKER, {"date": "2027-06-15"})
    platform.settle()

    assert desk.events[-1]["postback"] == {"data": "day", "params": {"date": "2027-06-15"}}


def test_a_tap_shows_its_words_in_the_chat_and_sends_no_message(
    platform: Platform, resident: str, desk: Desk
) -> None:
    platform.phones.tap(resident, BUTTON)
    platform.settle()

    assert platform.chats.chat(resident)[-1].content == {"type": "text", "text": "はい"}
    assert desk.events[-1]["postback"] == {"data": "yes"}


def test_a_second_friendship_says_that_it_was_blocked(platform: Platform, resident: str, desk: Desk) -> None:
    platform.phones.block(resident)
    platform.phones.befriend(resident)
    platform.settle()

    follows = [event["follow"] for event in desk.events if event["type"] == "follow"]
    assert follows == [{"isUnblocked": False}, {"isUnblocked": True}]


def test_a_message_taken_back_is_gone_from_the_chat(platform: Platform, resident: str, desk: Desk) -> None:
    sent = platform.phones.say(resident, "まちがい")
    platform.phones.unsend(resident, sent)
    platform.settle()

    entry = platform.chats.chat(resident)[-1]
    assert (entry.state, entry.content) == (State.UNSENT, {"type": "unsent"})
    assert desk.events[-1]["unsend"] == {"messageId": sent}


def test_nobody_takes_back_what_another_has_said(platform: Platform, resident: str) -> None:
    other = platform.chats.residents()[1].user_id
    sent = platform.phones.say(resident, "わたしの文")

    with pytest.raises(CannotDo):
        platform.phones.unsend(other, sent)


def test_who_blocks_the_desk_cannot_write_to_it(platform: Platform, resident: str) -> None:
    platform.phones.block(resident)

    with pytest.raises(CannotDo):
        platform.phones.say(resident, "もしもし")


@pytest.mark.parametrize("latitude", [91, -91, "43", None, True])
def test_a_place_off_the_globe_is_not_sent(platform: Platform, resident: str, latitude: object) -> None:
    with pytest.raises(CannotDo):
        platform.phones.send_place(resident, {"latitude": latitude, "longitude": 141.3})


def test_a_group_names_itself_as_the_source(platform: Platform, resident: str, desk: Desk) -> None:
    group = platform.phones.invite(resident)
    platform.phones.say(resident, "みなさん", group)
    platform.settle()

    joined, said = desk.events[-2:]
    assert joined["source"] == {"type": "group", "groupId": group}
    assert said["source"] == {"type": "group", "groupId": group, "userId": resident}


def test_the_events_of_one_person_come_in_order(platform: Platform, resident: str, desk: Desk) -> None:
    for number in range(20):
        platform.phones.say(resident, str(number))
    assert platform.settle()

    said = [event["message"]["text"] for event in desk.events if event["type"] == "message"]
    assert said == [str(number) for number in range(20)]


def test_a_message_is_read_once_its_webhook_was_answered(platform: Platform, resident: str) -> None:
    platform.phones.say(resident, "こんにちは")
    platform.settle()

    assert platform.chats.chat(resident)[-1].state is State.READ


# --- what goes wrong


def test_a_webhook_without_an_answer_comes_again_the_same_but_marked(
    platform: Platform, resident: str, desk: Desk
) -> None:
    desk.statuses[:] = [500]
    platform.phones.say(resident, "こんにちは")
    assert platform.settle()

    first, again = desk.events[-2:]
    assert again == first | {"deliveryContext": {"isRedelivery": True}}


def test_a_webhook_is_given_up_at_last(platform: Platform, resident: str, desk: Desk) -> None:
    desk.statuses[:] = [500] * 9
    platform.phones.say(resident, "こんにちは")
    assert platform.settle()

    assert len(desk.statuses) == 9 - 3
    assert platform.chats.chat(resident)[-1].state is State.FAILED


def test_without_redelivery_a_webhook_comes_once(platform: Platform, resident: str, desk: Desk) -> None:
    platform.faults = Faults(redelivery=False)
    desk.statuses[:] = [500, 500]
    platform.phones.say(resident, "こんにちは")
    assert platform.settle()

    assert len(desk.statuses) == 1


def test_a_redelivered_token_has_its_minute_again(
    platform: Platform, resident: str, desk: Desk, api: Api, clock: Clock
) -> None:
    token = desk.events[-1]["replyToken"]
    clock.set_now(clock.at.replace(minute=19))

    platform.ledger.hand_out(token, int(clock.at.timestamp() * 1000))

    said = {"replyToken": token, "messages": [{"type": "text", "text": "おそくなりました"}]}
    assert api("/v2/bot/message/reply", said)[0] == 200


def test_a_token_is_not_renewed_after_twenty_minutes(
    platform: Platform, resident: str, desk: Desk, api: Api, clock: Clock
) -> None:
    token = desk.events[-1]["replyToken"]
    clock.set_now(clock.at.replace(minute=21))

    platform.ledger.hand_out(token, int(clock.at.timestamp() * 1000))

    said = {"replyToken": token, "messages": [{"type": "text", "text": "おそすぎました"}]}
    assert api("/v2/bot/message/reply", said)[0] == 400


def test_the_switch_sends_every_event_twice(platform: Platform, resident: str, desk: Desk) -> None:
    platform.faults = Faults(twice=True)
    platform.phones.say(resident, "こんにちは")
    assert platform.settle()

    assert desk.bodies[-1] == desk.bodies[-2]


def test_a_late_event_is_overtaken(platform: Platform, resident: str, desk: Desk) -> None:
    platform.faults = Faults(late_ms=300)
    platform.phones.say(resident, "先")
    platform.faults = Faults()
    platform.phones.say(resident, "後")
    assert platform.settle()

    assert [event["message"]["text"] for event in desk.events[-2:]] == ["後", "先"]
    assert desk.events[-2]["timestamp"] >= desk.events[-1]["timestamp"]


def test_a_forged_webhook_has_another_signature(platform: Platform, resident: str, desk: Desk) -> None:
    platform.faults = Faults(forged=True)
    platform.phones.say(resident, "こんにちは")
    platform.settle()

    parser = WebhookParser(SECRET)
    assert not parser.signature_validator.validate(desk.bodies[-1].decode(), desk.signatures[-1])


def test_an_event_in_standby_has_no_reply_token(platform: Platform, resident: str, desk: Desk) -> None:
    platform.faults = Faults(standby=True)
    platform.phones.say(resident, "こんにちは")
    platform.settle()

    assert desk.events[-1]["mode"] == "standby"
    assert "replyToken" not in desk.events[-1]


def test_strange_events_can_travel_together(platform: Platform, resident: str, desk: Desk) -> None:
    strange: list[Any] = [{"type": "nonsense"}, {}, {"message": "no object", "deliveryContext": None}]
    platform.post(resident, strange)
    assert platform.settle()

    assert json.loads(desk.bodies[-1])["events"] == strange


# --- over a stop


def test_the_chats_are_there_after_a_restart(config: SimulatorConfig) -> None:
    first = Platform(config)
    first.start()
    user = first.chats.residents()[1].user_id
    first.phones.befriend(user)
    first.phones.speak(user, "ko")
    first.phones.send_photo(user, "image/jpeg", b"picture")
    first.settle()
    first.faults = Faults(twice=True)
    before = first.chats.chat(user)
    first.stop()

    second = Platform(config)

    assert second.chats.chat(user) == before
    assert second.chats.resident(user) == replace(second.chats.residents()[1], language="ko", friend=True)
    assert second.chats.content(before[-1].message_id) == ("image/jpeg", b"picture")
    assert second.faults == Faults(twice=True)
    assert len(second.chats.residents()) == 3
    second.stop()


def test_a_retry_key_and_a_used_token_are_remembered_after_a_restart(
    config: SimulatorConfig, desk: Desk
) -> None:
    headers = {"Authorization": f"Bearer {config.access_token}", "X-Line-Retry-Key": "0" * 32}
    hello = [{"type": "text", "text": "こんにちは"}]
    first = Platform(config)
    first.start()
    user = first.chats.residents()[0].user_id
    first.phones.befriend(user)
    first.settle()
    push = json.dumps({"to": user, "messages": hello}).encode()
    reply = json.dumps({"replyToken": desk.events[-1]["replyToken"], "messages": hello}).encode()
    bearer = {"Authorization": headers["Authorization"]}
    assert first.call("POST", "/v2/bot/message/push", headers, push).status == 200
    assert first.call("POST", "/v2/bot/message/reply", bearer, reply).status == 200
    first.stop()

    second = Platform(config)

    assert second.call("POST", "/v2/bot/message/push", headers, push).status == 409
    assert second.call("POST", "/v2/bot/message/reply", bearer, reply).status == 400
    assert len([entry for entry in second.chats.chat(user) if entry.side is Side.DESK]) == 2
    second.stop()


def test_what_was_sent_before_a_start_is_brought_then(config: SimulatorConfig, desk: Desk) -> None:
    first = Platform(config)
    first.phones.befriend(first.chats.residents()[0].user_id)
    first.stop()
    assert desk.events == []

    second = Platform(config)
    second.start()

    assert second.settle()
    assert [event["type"] for event in desk.events] == ["follow"]
    second.stop()


def test_two_simulators_do_not_share_a_state(platform: Platform) -> None:
    with pytest.raises(InUse):
        Platform(platform.config)
