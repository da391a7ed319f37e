"""What LINE does with messages: tokens, retry keys, blocked people, limits."""

import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest

from bot.simulator import Faults, Platform
from bot.simulator.chats import Side
from tests.bot.simulator.conftest import Api, Clock, Desk

REPLY, PUSH, MULTICAST = "/v2/bot/message/reply", "/v2/bot/message/push", "/v2/bot/message/multicast"
HELLO = [{"type": "text", "text": "こんにちは"}]


def _heard(platform: Platform, user: str) -> list[str]:
    return [entry.content["text"] for entry in platform.chats.chat(user) if entry.side is Side.DESK]


def _token(desk: Desk) -> str:
    token: str = desk.events[-1]["replyToken"]
    return token


def _key() -> dict[str, str]:
    return {"X_Line_Retry_Key": str(uuid.uuid4())}


def test_a_reply_arrives_where_its_token_came_from(
    platform: Platform, resident: str, desk: Desk, api: Api
) -> None:
    status, body, headers = api(REPLY, {"replyToken": _token(desk), "messages": HELLO})

    assert status == 200
    assert set(body["sentMessages"][0]) == {"id", "quoteToken"}
    assert headers["x-line-request-id"]
    assert _heard(platform, resident) == ["こんにちは"]


def test_a_reply_token_works_once(platform: Platform, resident: str, desk: Desk, api: Api) -> None:
    sent = {"replyToken": _token(desk), "messages": HELLO}
    api(REPLY, sent)

    assert api(REPLY, sent)[:2] == (400, {"message": "Invalid reply token"})
    assert _heard(platform, resident) == ["こんにちは"]


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
def test_a_reply_token_lives_for_a_minute_of_the_products_clock(
    resident: str, desk: Desk, api: Api, clock: Clock, seconds: int, status: int
) -> None:
    clock.advance(timedelta(seconds=seconds))

    assert api(REPLY, {"replyToken": _token(desk), "messages": HELLO})[0] == status


def test_a_refused_reply_leaves_its_token_unused(resident: str, desk: Desk, api: Api) -> None:
    assert api(REPLY, {"replyToken": _token(desk), "messages": [{"type": "text", "text": ""}]})[0] == 400
    assert api(REPLY, {"replyToken": _token(desk), "messages": HELLO})[0] == 200


def test_a_reply_with_a_retry_key_is_refused(resident: str, desk: Desk, api: Api) -> None:
    assert api(REPLY, {"replyToken": _token(desk), "messages": HELLO}, **_key())[0] == 400


def test_a_push_with_the_same_retry_key_is_not_sent_again(
    platform: Platform, resident: str, api: Api
) -> None:
    key, sent = _key(), {"to": resident, "messages": HELLO}
    _, first, accepted = api(PUSH, sent, **key)

    status, again, headers = api(PUSH, sent, **key)

    assert status == 409
    assert again["sentMessages"] == first["sentMessages"]
    assert headers["x-line-accepted-request-id"] == accepted["x-line-request-id"]
    assert headers["x-line-request-id"] != accepted["x-line-request-id"]
    assert _heard(platform, resident) == ["こんにちは"]


def test_a_retry_key_is_forgotten_after_a_day(
    platform: Platform, resident: str, api: Api, clock: Clock
) -> None:
    key, sent = _key(), {"to": resident, "messages": HELLO}
    api(PUSH, sent, **key)
    clock.advance(timedelta(hours=24))

    assert api(PUSH, sent, **key)[0] == 200
    assert len(_heard(platform, resident)) == 2


def test_pushes_with_one_retry_key_at_the_same_moment_arrive_once(
    platform: Platform, resident: str, api: Api
) -> None:
    key, found = _key(), []
    threads = [
        threading.Thread(
            target=lambda: found.append(api(PUSH, {"to": resident, "messages": HELLO}, **key)[0])
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [200] + [409] * 7
    assert _heard(platform, resident) == ["こんにちは"]


def test_a_retry_key_must_be_a_uuid(resident: str, api: Api) -> None:
    assert api(PUSH, {"to": resident, "messages": HELLO}, X_Line_Retry_Key="again")[0] == 400


def test_what_is_pushed_to_somebody_who_blocks_is_accepted_and_not_heard(
    platform: Platform, resident: str, api: Api
) -> None:
    platform.phones.block(resident)

    status, body, _ = api(PUSH, {"to": resident, "messages": HELLO})

    assert (status, len(body["sentMessages"])) == (200, 1)
    assert _heard(platform, resident) == []


def test_a_deleted_account_is_known_and_hears_nothing(platform: Platform, resident: str, api: Api) -> None:
    platform.phones.remove(resident)

    assert api(PUSH, {"to": resident, "messages": HELLO})[0] == 200
    assert resident not in [each.user_id for each in platform.chats.residents()]


def test_a_push_to_an_id_that_line_never_gave_out_is_refused(api: Api) -> None:
    assert api(PUSH, {"to": "U" + "f" * 32, "messages": HELLO})[0] == 400


def test_a_multicast_reaches_everybody_once(platform: Platform, api: Api) -> None:
    people = [each.user_id for each in platform.chats.residents()]
    for user in people:
        platform.phones.befriend(user)
    key, sent = _key(), {"to": people, "messages": HELLO}

    assert api(MULTICAST, sent, **key)[:2] == (200, {})
    assert api(MULTICAST, sent, **key)[0] == 409
    assert [_heard(platform, user) for user in people] == [["こんにちは"]] * 3


def test_a_multicast_with_one_unknown_person_reaches_nobody(
    platform: Platform, resident: str, api: Api
) -> None:
    status, body, _ = api(MULTICAST, {"to": [resident, "U" + "f" * 32], "messages": HELLO})

    assert status == 400
    assert body["details"][0]["property"] == "to[1]"
    assert _heard(platform, resident) == []


@pytest.mark.parametrize(
    ("messages", "property_"),
    [
        ([], "messages"),
        ([{"type": "text", "text": ""}], "messages[0].text"),
        ([*HELLO, {"type": "text", "text": "x" * 5001}], "messages[1].text"),
        ([{"type": "nonsense"}], "messages[0].type"),
    ],
)
def test_a_message_beyond_lines_limits_is_refused_in_lines_shape(
    resident: str, api: Api, messages: list[dict[str, Any]], property_: str
) -> None:
    for path in (PUSH, "/v2/bot/message/validate/push"):
        status, body, _ = api(path, {"to": resident, "messages": messages})

        assert status == 400
        assert body["message"]
        assert body["details"][0]["property"] == property_
        assert body["details"][0]["message"]


def test_more_than_five_messages_are_refused(resident: str, api: Api) -> None:
    assert api(PUSH, {"to": resident, "messages": HELLO * 5})[0] == 200
    assert api(PUSH, {"to": resident, "messages": HELLO * 6})[0] == 400


def test_validating_sends_nothing(platform: Platform, resident: str, api: Api) -> None:
    assert api("/v2/bot/message/validate/reply", {"messages": HELLO})[0] == 200
    assert api("/v2/bot/message/validate/everything", {"messages": HELLO})[0] == 404
    assert _heard(platform, resident) == []


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "a-token-of-this-test", "Bearer é"])
def test_a_call_without_the_token_is_refused(platform: Platform, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    answer = platform.call("POST", PUSH, headers, b"{}")

    assert answer.status == 401
    assert json.loads(answer.body)["message"].startswith("Authentication failed")
    assert answer.headers["x-line-request-id"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(platform: Platform, body: bytes) -> None:
    headers = {"Authorization": "Bearer a-token-of-this-test"}

    assert platform.call("POST", PUSH, headers, body).status == 400


def test_a_body_over_two_megabytes_is_refused(resident: str, api: Api) -> None:
    assert api(PUSH, {"to": resident, "messages": HELLO, "padding": "x" * 2_000_000})[0] == 413


@pytest.mark.parametrize("path", ["/v2/bot/message/nothing", "/", "/v2/bot/message/push/"])
def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    assert api(path, {})[0] == 404


# --- the switches


def test_the_rate_limit_says_so_and_sends_nothing(platform: Platform, resident: str, api: Api) -> None:
    platform.faults = Faults(rate_limited=True)

    status, body, _ = api(PUSH, {"to": resident, "messages": HELLO})

    assert (status, body["message"]) == (429, "The API rate limit has been exceeded. Try again later.")
    assert _heard(platform, resident) == []


def test_the_monthly_limit_refuses_pushes_and_lets_replies_pass(
    platform: Platform, resident: str, desk: Desk, api: Api
) -> None:
    platform.faults = Faults(quota=True)

    status, body, _ = api(PUSH, {"to": resident, "messages": HELLO})

    assert (status, body["message"]) == (429, "You have reached your monthly limit.")
    assert api("/v2/bot/message/quota/consumption")[1]["totalUsage"] == 200
    assert api(REPLY, {"replyToken": _token(desk), "messages": HELLO})[0] == 200


def test_pushes_are_counted_and_replies_are_not(resident: str, desk: Desk, api: Api) -> None:
    api(REPLY, {"replyToken": _token(desk), "messages": HELLO})
    api(PUSH, {"to": resident, "messages": HELLO * 5})

    assert api("/v2/bot/message/quota/consumption")[1] == {"totalUsage": 1}
    assert api("/v2/bot/message/quota")[1] == {"type": "limited", "value": 200}


def test_the_count_begins_anew_with_the_month_in_japan(resident: str, api: Api, clock: Clock) -> None:
    api(PUSH, {"to": resident, "messages": HELLO})
    clock.set_now(clock.at.replace(month=6, day=30, hour=15))  # 1 July, 0:00 in Tokyo

    assert api("/v2/bot/message/quota/consumption")[1] == {"totalUsage": 0}


@pytest.mark.parametrize(
    ("faults", "status", "arrived"),
    [
        (Faults(server_error=True), 500, 0),
        (Faults(accepted_then_500=True), 500, 1),
    ],
)
def test_a_500_may_hide_that_a_push_was_accepted(
    platform: Platform, resident: str, api: Api, faults: Faults, status: int, arrived: int
) -> None:
    key, sent = _key(), {"to": resident, "messages": HELLO}
    platform.faults = faults
    assert api(PUSH, sent, **key)[0] == status
    assert len(_heard(platform, resident)) == arrived

    platform.faults = Faults()

    assert api(PUSH, sent, **key)[0] == (409 if arrived else 200)
    assert _heard(platform, resident) == ["こんにちは"]


def test_a_500_may_hide_that_a_reply_was_accepted(
    platform: Platform, resident: str, desk: Desk, api: Api
) -> None:
    platform.faults = Faults(accepted_then_500=True)
    sent = {"replyToken": _token(desk), "messages": HELLO}
    assert api(REPLY, sent)[0] == 500

    platform.faults = Faults()

    assert api(REPLY, sent)[0] == 400
    assert _heard(platform, resident) == ["こんにちは"]


@pytest.mark.parametrize(("fault", "arrived"), [("reset", 0), ("accepted_then_reset", 1)])
def test_a_connection_breaks_before_or_after_accepting(
    platform: Platform, resident: str, fault: str, arrived: int
) -> None:
    platform.faults = Faults(**{fault: True})  # type: ignore[arg-type]
    body = json.dumps({"to": resident, "messages": HELLO}).encode()

    answer = platform.call("POST", PUSH, {"Authorization": "Bearer a-token-of-this-test"}, body)

    assert answer.broken
    assert len(_heard(platform, resident)) == arrived


def test_a_fault_may_strike_only_the_first_calls(platform: Platform, resident: str, api: Api) -> None:
    platform.faults = Faults(server_error=True, times=2)

    found = [api(PUSH, {"to": resident, "messages": HELLO})[0] for _ in range(4)]

    assert found == [500, 500, 200, 200]


def test_a_fault_strikes_the_endpoints_that_it_names(
    platform: Platform, resident: str, desk: Desk, api: Api
) -> None:
    platform.faults = Faults(server_error=True, on=("reply", "profile"))

    assert api(PUSH, {"to": resident, "messages": HELLO})[0] == 200
    assert api(REPLY, {"replyToken": _token(desk), "messages": HELLO})[0] == 500
    assert api(f"/v2/bot/profile/{resident}")[0] == 500
