"""Every call to LINE ends in an outcome that says what is to be done next."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from bot.line.gateway import LineGateway, Outcome
from tests.bot.line.loopback import Act, Loopback, answer

USER, KEY = "U" + "1" * 32, UUID(int=7)
HELLO = [{"type": "text", "text": "見本です"}]
TIMEOUT = (0.5, 0.3)


@pytest.fixture
def line() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def gateway(line: Loopback) -> Iterator[LineGateway]:
    made = LineGateway("token-1", line.url, line.url, timeout=TIMEOUT)
    yield made
    made.close()


CALLS: dict[str, tuple[Callable[[LineGateway], Outcome], str, str, Any]] = {
    "reply": (
        lambda g: g.reply("r1", HELLO),
        "POST",
        "/v2/bot/message/reply",
        {"replyToken": "r1", "messages": HELLO},
    ),
    "push": (
        lambda g: g.push(USER, HELLO, KEY),
        "POST",
        "/v2/bot/message/push",
        {"to": USER, "messages": HELLO, "notificationDisabled": False},
    ),
    "push without a sound": (
        lambda g: g.push(USER, HELLO, str(KEY), notification_disabled=True),
        "POST",
        "/v2/bot/message/push",
        {"to": USER, "messages": HELLO, "notificationDisabled": True},
    ),
    "profile": (lambda g: g.profile(USER), "GET", f"/v2/bot/profile/{USER}", None),
    "leave a group": (lambda g: g.leave("group", "C1"), "POST", "/v2/bot/group/C1/leave", {}),
    "leave a room": (lambda g: g.leave("room", "R1"), "POST", "/v2/bot/room/R1/leave", {}),
    "loading": (
        lambda g: g.loading(USER, 20),
        "POST",
        "/v2/bot/chat/loading/start",
        {"chatId": USER, "loadingSeconds": 20},
    ),
    "bot info": (lambda g: g.bot_info(), "GET", "/v2/bot/info", None),
    "webhook test": (lambda g: g.webhook_test(), "POST", "/v2/bot/channel/webhook/test", {}),
}


@pytest.mark.parametrize(("call", "method", "path", "body"), CALLS.values(), ids=CALLS)
def test_a_call_says_what_it_means(
    line: Loopback,
    gateway: LineGateway,
    call: Callable[[LineGateway], Outcome],
    method: str,
    path: str,
    body: Any,
) -> None:
    assert call(gateway).kind == "delivered"

    (received,) = line.received
    assert (received.method, received.path) == (method, path)
    assert received.headers["authorization"] == "Bearer token-1"
    assert (json.loads(received.body) if received.body else None) == body


def test_only_a_push_has_a_retry_key(line: Loopback, gateway: LineGateway) -> None:
    gateway.reply("r1", HELLO)
    gateway.push(USER, HELLO, KEY)

    assert [each.headers.get("x-line-retry-key") for each in line.received] == [None, str(KEY)]


def test_a_retry_key_is_a_uuid(gateway: LineGateway) -> None:
    with pytest.raises(ValueError, match="hexadecimal UUID"):
        gateway.push(USER, HELLO, "7")


@pytest.mark.parametrize(("wanted", "shown"), [(-1, 5), (0, 5), (1, 5), (5, 5), (6, 10), (59, 60), (600, 60)])
def test_loading_takes_steps_that_line_knows(
    line: Loopback, gateway: LineGateway, wanted: int, shown: int
) -> None:
    gateway.loading(USER, wanted)

    assert line.received[0].json["loadingSeconds"] == shown


def test_nothing_of_a_nested_message_is_lost(line: Loopback, gateway: LineGateway) -> None:
    text = {"type": "text", "text": "見本", "wrap": True, "action": {"type": "postback", "data": "x"}}
    body = {"type": "box", "layout": "vertical", "contents": [text]}
    flex = {"type": "flex", "altText": "見本", "contents": {"type": "bubble", "body": body}}

    gateway.reply("r1", [flex])

    assert line.received[0].json["messages"] == [flex]


def test_what_line_answers_is_handed_on(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, {"sentMessages": [{"id": "1", "quoteToken": "q"}]}))

    outcome = gateway.push(USER, HELLO, KEY)

    assert outcome.status == 200
    assert outcome.request_id == "request-1"
    assert outcome.data == {"sentMessages": [{"id": "1", "quoteToken": "q"}]}


LIMIT = answer(200, {"type": "limited", "value": 200})
MONTHLY = {"message": "You have reached your monthly limit."}
RATE = {"message": "The API rate limit has been exceeded."}
NO_ALPHABET = "text/plain; charset=x-none"
ANSWERS: dict[str, tuple[Act, str, str]] = {
    "an empty success": (answer(200, b""), "delivered", ""),
    "a success without what was sent": (answer(200, {"sentMessages": []}), "delivered", ""),
    "a success in no JSON": (answer(200, b"<html>"), "delivered", ""),
    "a success in no letters": (answer(200, b"\xff\xfe"), "delivered", ""),
    "a success in an unknown alphabet": (answer(200, b"{}", Content_Type=NO_ALPHABET), "delivered", ""),
    "a success that is a list": (answer(200, []), "delivered", ""),
    "accepted": (answer(202), "delivered", ""),
    "taken before": (answer(409, {"message": "already accepted"}), "delivered", "taken before"),
    "a bad token": (answer(400, {"message": "Invalid reply token"}), "permanent", "invalid reply token"),
    "a bad message": (answer(400, {"message": "札幌花子"}), "permanent", "http 400"),
    "a bad message in no letters": (answer(400, b"\xff\xfe"), "permanent", "http 400"),
    "a bad message that is a list": (answer(400, ["x"]), "permanent", "http 400"),
    "an old token": (answer(401, {"message": "Authentication failed"}), "permanent", "authentication failed"),
    "not allowed": (answer(403), "permanent", "http 403"),
    "nobody": (answer(404, {"message": "Not found"}), "permanent", "not found"),
    "gone": (answer(410), "permanent", "http 410"),
    "too long": (answer(413), "permanent", "http 413"),
    "too fast": (answer(429, RATE), "rate", "rate limit"),
    "too fast, come again": (answer(429, RATE, Retry_After="5"), "rate", "rate limit"),
    "too many": (answer(429, MONTHLY), "quota", "monthly limit"),
    "broken": (answer(500), "ambiguous", "http 500"),
    "broken in no letters": (answer(503, b"\xff\xfe"), "ambiguous", "http 503"),
    "moved": (answer(302, b"", Location="http://127.0.0.1:9/"), "not_sent", "http 302"),
    "moved with the body": (answer(308, b"", Location="http://127.0.0.1:9/"), "not_sent", "http 308"),
}


@pytest.mark.parametrize(("act", "kind", "detail"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_means(line: Loopback, gateway: LineGateway, act: Act, kind: str, detail: str) -> None:
    line.will(act)

    outcome = gateway.push(USER, HELLO, KEY)

    assert (outcome.kind, outcome.detail) == (kind, detail)
    assert len(line.received) == 1


@pytest.mark.parametrize(("act", "kind", "_detail"), ANSWERS.values(), ids=ANSWERS)
def test_a_question_is_asked_once_too(
    line: Loopback, gateway: LineGateway, act: Act, kind: str, _detail: str
) -> None:
    line.will(act)

    assert gateway.profile(USER).kind == kind
    assert len(line.received) == 1


NOT_TOLD = "too many requests, for a reason not told"


@pytest.mark.parametrize(
    ("answers", "kind", "detail"),
    [
        ([LIMIT, answer(200, {"totalUsage": 200})], "quota", "monthly limit, by the count"),
        ([LIMIT, answer(200, {"totalUsage": 199})], "rate", NOT_TOLD),
        ([LIMIT, answer(200, {"totalUsage": "200"})], "rate", NOT_TOLD),
        ([LIMIT, answer(500)], "rate", NOT_TOLD),
        ([answer(200, {"type": "none"}), answer(200, {"totalUsage": 9})], "rate", NOT_TOLD),
        ([answer(429)], "rate", NOT_TOLD),
    ],
    ids=["used up", "not yet", "no number", "not told", "no limit", "not told either"],
)
def test_an_unclear_refusal_is_cleared_up_by_counting(
    line: Loopback, gateway: LineGateway, answers: list[Act], kind: str, detail: str
) -> None:
    line.will(answer(429, {"message": "いまは送れません"}), *answers)

    outcome = gateway.push(USER, HELLO, KEY)

    assert (outcome.kind, outcome.detail, outcome.status) == (kind, detail, 429)


def test_a_reply_is_never_counted_so_no_count_is_asked(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(429, {"message": "?"}))

    assert gateway.reply("r1", HELLO).kind == "rate"
    assert len(line.received) == 1


def test_the_quota_tells_limit_and_use(line: Loopback, gateway: LineGateway) -> None:
    line.will(LIMIT, answer(200, {"totalUsage": 12}))

    assert gateway.quota().data == {"limit": 200, "used": 12}
    assert [each.path for each in line.received] == [
        "/v2/bot/message/quota",
        "/v2/bot/message/quota/consumption",
    ]


def test_a_plan_without_a_limit_has_none(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, {"type": "none"}), answer(200, {"totalUsage": 12}))

    assert gateway.quota().data == {"limit": None, "used": 12}


def test_a_quota_that_cannot_be_asked_is_no_quota(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(500))

    assert gateway.quota().kind == "ambiguous"
    assert len(line.received) == 1


ODD_IDS = ["", "../x", "a/b", "a?b", "a b", "a\n", "é", "あ", "a" * 65, "\ud800"]


@pytest.mark.parametrize("odd", ODD_IDS, ids=range(len(ODD_IDS)))
def test_what_is_no_id_is_never_put_into_an_address(line: Loopback, gateway: LineGateway, odd: str) -> None:
    outcomes = [gateway.profile(odd), gateway.content(odd), gateway.leave("group", odd)]

    assert {outcome.kind for outcome in outcomes} == {"permanent"}
    assert line.received == []


def test_a_person_cannot_be_left(line: Loopback, gateway: LineGateway) -> None:
    assert gateway.leave("user", USER).kind == "permanent"
    assert line.received == []


def test_a_new_token_is_used_from_the_next_call_on(line: Loopback, gateway: LineGateway) -> None:
    gateway.reply("r1", HELLO)
    gateway.use_token("token-2")
    gateway.reply("r2", HELLO)
    gateway.content("1")

    tokens = [each.headers["authorization"] for each in line.received]
    assert tokens == ["Bearer token-1", "Bearer token-2", "Bearer token-2"]


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nX-Evil: 1", "窓口"])
def test_what_cannot_be_a_token_is_refused(gateway: LineGateway, token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        gateway.use_token(token)
    with pytest.raises(ValueError, match="token"):
        LineGateway(token)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.line.me",
        "http://api.line.me",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "ftp://127.0.0.1",
        "https://",
        "https://user:word@api.line.me",
        "https://api.line.me?x=1",
        "https://api.line.me#x",
        "http://[::1",
        "file:///etc/passwd",
    ],
)
def test_an_address_in_the_open_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|URL"):
        LineGateway("token", address)
    with pytest.raises(ValueError, match=r"address|URL"):
        LineGateway("token", data_api=address)


@pytest.mark.parametrize(
    "address", ["https://api.line.me", "https://proxy.example/line/", "http://localhost:1", "http://[::1]:1"]
)
def test_https_and_loopback_are_taken(address: str) -> None:
    LineGateway("token", address, address).close()


def test_a_last_slash_does_not_matter(line: Loopback) -> None:
    gateway = LineGateway("token", line.url + "/", timeout=TIMEOUT)

    gateway.bot_info()

    assert line.received[0].path == "/v2/bot/info"
    gateway.close()


def test_nothing_of_a_call_is_logged(line: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for talkative in ("linebot.v3.messaging.rest", "urllib3.connectionpool"):
        caplog.set_level(logging.DEBUG, talkative)
    gateway = LineGateway("token-1", line.url, timeout=TIMEOUT)
    line.will(answer(200, {"displayName": "札幌花子見本"}), answer(400, {"message": "札幌花子見本"}))

    gateway.profile(USER)
    gateway.push(USER, HELLO, KEY)

    said = caplog.text
    assert USER not in said
    assert "見本" not in said
    assert "token-1" not in said
    gateway.close()


def test_an_outcome_shows_nothing_personal(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, {"displayName": "札幌花子見本"}))
    outcome = gateway.profile(USER)

    assert outcome.data["displayName"] == "札幌花子見本"
    assert "見本" not in repr(outcome)
    assert "content" not in repr(Outcome("delivered", content=b"\xff\xd8\xff"))


def test_a_request_id_that_is_none_is_left_out(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, {}, **{"x-line-request-id": "a b<script>"}))

    assert gateway.bot_info().request_id == ""


def test_many_threads_share_one_gateway_and_nothing_is_mixed_up(line: Loopback) -> None:
    gateway = LineGateway("token", line.url, threads=8, timeout=(3, 5))
    pairs = [(f"U{n}", uuid4()) for n in range(160)]

    with ThreadPoolExecutor(8) as threads:
        kinds = set(threads.map(lambda pair: gateway.push(pair[0], HELLO, pair[1]).kind, pairs))

    sent = {(each.json["to"], each.headers["x-line-retry-key"]) for each in line.received}
    assert kinds == {"delivered"}
    assert sent == {(to, str(key)) for to, key in pairs}
    assert len(line.received) == 160
    assert line.connections <= 8
    gateway.close()


def test_one_connection_serves_many_calls(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200), answer(400), answer(429, RATE), answer(500), answer(409))

    for _ in range(10):
        gateway.reply("r", HELLO)

    assert (len(line.received), line.connections) == (10, 1)
