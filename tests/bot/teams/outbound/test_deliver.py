"""How a message reaches Teams: whatever the connector answers, nothing is lost, order stays, the end can be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
import structlog

from bot.clock import moment
from bot.teams.deliver import DAY, Progress, progress
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING
from tests.bot.teams.outbound.sending import IMPATIENT, SOMEBODY, TENANT, TIMEOUT, Sending, tokens_of
from tests.support.connector import (
    Act,
    Connector,
    Exchange,
    Received,
    answer,
    as_usual,
    hang_up,
    reset,
    silence,
    taken_then,
)


@dataclass(frozen=True)
class Case:
    """What the connector does to the first try, whether it took the message, and what must follow."""

    act: Act
    state: str
    arrives: int
    timeout: tuple[float, float] = TIMEOUT


LATER = {
    "408": Case(answer(408), WAITING, 1),
    "412": Case(answer(412), WAITING, 1),
    "429": Case(answer(429), WAITING, 1),
    "429, come again in a while": Case(answer(429, Retry_After="20"), WAITING, 1),
    "500": Case(answer(500), WAITING, 1),
    "502": Case(answer(502), WAITING, 1),
    "503": Case(answer(503), WAITING, 1),
    "504": Case(answer(504), WAITING, 1),
    "a redirect": Case(answer(302, Location="http://127.0.0.1:9/"), WAITING, 1),
    "reset": Case(reset, WAITING, 1),
    "no word": Case(hang_up, WAITING, 1),
    "silence": Case(silence, WAITING, 1, timeout=IMPATIENT),
    "taken, then 500": Case(taken_then(answer(500)), WAITING, 2),
    "taken, then reset": Case(taken_then(reset), WAITING, 2),
    "taken, then silence": Case(taken_then(silence), WAITING, 2, timeout=IMPATIENT),
}
NEVER = {400: "refused", 403: "gone", 404: "gone", 410: "gone", 413: "too_big"}


@pytest.mark.parametrize("case", LATER.values(), ids=LATER)
def test_what_may_go_later_goes_later_and_those_behind_it_wait(
    sending: Sending, teams: Connector, case: Case
) -> None:
    here, other = sending.chat(), sending.chat("other")
    sending.gateway.timeout = case.timeout
    teams.will(case.act)
    sending.put(here, "一")
    sending.put(here, "二")
    sending.settle()
    sending.put(other, "別")
    sending.settle()

    assert sending.states() == [WAITING, WAITING, DELIVERED]
    assert teams.texts(other.conversation_id) == ["別"], "nobody else waits"
    sending.pass_time(seconds=30, times=2)

    assert sending.states() == [DELIVERED] * 3
    assert teams.texts(here.conversation_id) == ["一"] * case.arrives + ["二"]


@pytest.mark.parametrize("status", NEVER)
def test_what_will_never_be_taken_ends_where_staff_see_it(
    sending: Sending, teams: Connector, status: int
) -> None:
    here = sending.chat()
    teams.will(answer(status))
    sending.put(here, "一")

    sending.settle()

    (row,) = sending.rows()
    assert (row.state, row.error, row.attempts) == (UNDELIVERABLE, f"{NEVER[status]}: http {status}", 1)
    assert (sending.known(here).dead_at is not None) is (NEVER[status] == "gone")
    sending.pass_time(seconds=3600, times=3)
    assert len(teams.calls()) == 1


@pytest.mark.parametrize("date", [False, True], ids=["in seconds", "as a date"])
def test_who_is_told_to_come_again_later_comes_no_earlier(
    sending: Sending, teams: Connector, date: bool
) -> None:
    until = moment(sending.clock.now()) + timedelta(seconds=120)
    told = format_datetime(until.astimezone(tz=None)) if date else "120"
    teams.will(answer(429, Retry_After=told))
    sending.put(sending.chat(), "一")

    sending.settle()
    sending.pass_time(seconds=10, times=11)
    assert len(teams.calls()) == 1
    sending.pass_time(seconds=60)

    assert sending.states() == [DELIVERED]


def test_pauses_grow_and_differ_from_row_to_row(sending: Sending, teams: Connector) -> None:
    teams.will(*[answer(503)] * 40)
    for name in "abcd":
        sending.put(sending.chat(name), "一")
    pauses = []

    for _ in range(10):
        sending.settle()
        now = sending.clock.now()
        pauses.append([row.due - now for row in sending.rows()])
        sending.clock.advance(timedelta(minutes=5))

    assert len(set(pauses[3])) > 1
    shortest = [min(each) for each in pauses]
    assert shortest[:9] == sorted(shortest[:9])
    assert max(max(each) for each in pauses) <= 300_000


def test_what_may_have_arrived_is_said_again_ever_more_rarely(sending: Sending, teams: Connector) -> None:
    here = sending.chat()
    teams.will(*[taken_then(answer(500))] * 100)
    sending.put(here, "一")

    sending.settle()
    sending.pass_time(seconds=1, times=600)

    assert len(teams.texts(here.conversation_id)) <= 6, "in ten minutes"


def test_of_several_messages_those_that_arrived_are_not_said_again(
    sending: Sending, teams: Connector
) -> None:
    here = sending.chat()
    sending.put(here, "一", "二", "三")
    teams.will(taken_then(lambda handler, _: handler.say(201, {"id": "1"})), answer(429), answer(503))

    sending.settle()
    sending.pass_time(times=10)

    assert teams.texts(here.conversation_id) == ["一", "二", "三"]
    assert sending.states() == [DELIVERED]


def test_a_row_of_many_messages_goes_in_pieces_where_the_connector_is_slow(
    sending: Sending, teams: Connector
) -> None:
    def slow(handler: Exchange, received: Received) -> None:
        sending.clock.advance(timedelta(seconds=5))
        as_usual(handler, received)

    here = sending.chat()
    teams.will(*[slow] * 6)
    sending.put(here, *"一二三四五六")

    done = sending.sent(sending.claim())

    assert [each.state for each in done] == [WAITING]
    assert teams.texts(here.conversation_id) == ["一", "二"]
    sending.finish(*done)
    sending.settle()
    assert teams.texts(here.conversation_id) == [*"一二三四五六"]
    assert sending.states() == [DELIVERED]


def test_after_a_day_a_message_is_given_up(sending: Sending, teams: Connector) -> None:
    teams.will(*[answer(503)] * 1000)
    sending.put(sending.chat(), "一")

    sending.settle()
    sending.pass_time(seconds=3600, times=DAY // 3_600_000 + 1)

    (row,) = sending.rows()
    assert (row.state, row.error) == (UNDELIVERABLE, "not accepted within a day")


# --- whom it goes to


def test_a_message_says_from_whom_to_whom_and_where_it_is(sending: Sending, teams: Connector) -> None:
    here = sending.chat("見 本/1")
    sending.put(here, "一")

    sending.settle()

    (call,) = teams.calls()
    assert call.path == "/teams/v3/conversations/a%3A%E8%A6%8B%20%E6%9C%AC%2F1/activities"
    assert call.headers["content-type"].startswith("application/json")
    assert call.json == {
        "type": "message",
        "text": "一",
        "from": {"id": "28:bot"},
        "recipient": {"id": "29:見 本/1"},
        "conversation": {"id": "a:見 本/1", "tenantId": TENANT},
    }


def test_in_a_channel_an_answer_stays_in_its_thread(sending: Sending, teams: Connector) -> None:
    here = sending.channel()
    sending.put_body(here, {"activities": [{"text": "一", "replyToId": "17/5"}]})

    sending.settle()

    assert teams.calls()[0].path.endswith("%3Bmessageid%3D1/activities/17%2F5")
    assert "recipient" not in teams.calls()[0].json


def test_an_account_is_reached_in_its_newest_personal_chat(sending: Sending, teams: Connector) -> None:
    here = sending.chat()
    sending.put(f"{TENANT}/{SOMEBODY}", "一")

    sending.settle()

    assert teams.texts(here.conversation_id) == ["一"]


def test_an_account_that_never_wrote_gets_a_chat_of_its_own_once(sending: Sending, teams: Connector) -> None:
    sending.channel()
    sending.put(f"{TENANT}/{SOMEBODY}", "一")
    sending.settle()
    sending.put(f"{TENANT}/{SOMEBODY}", "二")
    sending.delivery = sending.begin()
    sending.settle()

    begun = [each for each in teams.calls() if each.path.endswith("/v3/conversations")]
    assert [each.json["members"] for each in begun] == [[{"id": SOMEBODY}]]
    assert begun[0].json["channelData"] == {"tenant": {"id": TENANT}}
    assert teams.texts(f"a:{SOMEBODY}") == ["一", "二"]


def test_a_chat_that_cannot_be_opened_now_is_opened_later(sending: Sending, teams: Connector) -> None:
    sending.channel()
    teams.will(answer(503), answer(201, b"what?"))
    sending.put(f"{TENANT}/{SOMEBODY}", "一")

    sending.settle()
    sending.pass_time(seconds=60, times=2)

    assert teams.texts(f"a:{SOMEBODY}") == ["一"]


@pytest.mark.parametrize("whom", ["0" * 32, f"{TENANT}/{SOMEBODY}", "nonsense"])
def test_a_message_to_nobody_ends_at_once(sending: Sending, teams: Connector, whom: str) -> None:
    sending.put(whom, "一")

    sending.settle()

    assert sending.states() == [UNDELIVERABLE]
    assert teams.received == []


def test_where_nobody_is_reached_nothing_more_is_tried_until_they_speak_again(
    sending: Sending, teams: Connector
) -> None:
    here = sending.chat()
    teams.gone.add(here.conversation_id)
    for words in "一二三":
        sending.put(here, words)
    sending.settle()
    assert sending.states() == [UNDELIVERABLE] * 3
    assert len(teams.calls()) == 1

    teams.gone.clear()
    sending.keep(here)
    sending.put(here, "四")
    sending.settle()

    assert teams.texts(here.conversation_id) == ["四"]


def test_a_conversation_that_moved_is_found_where_it_is(sending: Sending, teams: Connector) -> None:
    with Connector(valid=teams.valid) as before:
        here = sending.chat(service_url=before.service_url)
        sending.put(here, "一")
        sending.settle()
    sending.keep(replace(here, service_url=teams.service_url))
    sending.put(here, "二")

    sending.settle()
    sending.pass_time(seconds=5)

    assert teams.texts(here.conversation_id) == ["二"]


# --- our token


def test_a_thousand_messages_need_one_token(sending: Sending, teams: Connector) -> None:
    chats = [sending.chat(f"c{number}") for number in range(50)]
    sending.put_all([(each, str(number)) for number in range(20) for each in chats])

    sending.settle()

    assert sending.states() == [DELIVERED] * 1000
    assert all(teams.texts(each.conversation_id) == [str(n) for n in range(20)] for each in chats)
    assert len(teams.logins) == 1


def test_a_token_that_is_refused_is_renewed_and_the_message_goes_at_once(
    sending: Sending, teams: Connector
) -> None:
    here = sending.chat()
    sending.put(here, "一")
    sending.settle()
    sending.clock.advance(timedelta(minutes=2))
    teams.revoke()
    sending.put(here, "二")

    sending.settle()

    assert teams.texts(here.conversation_id) == ["一", "二"]
    assert [each.token for each in teams.calls()] == ["token-1", "token-1", "token-2"]


def test_a_token_that_is_refused_late_is_renewed_by_the_next_try(sending: Sending, teams: Connector) -> None:
    def late(handler: Exchange, _received: Received) -> None:
        sending.clock.advance(timedelta(seconds=6))
        handler.say(401)

    teams.will(late)
    sending.put(sending.chat(), "一")

    sending.settle()
    assert (len(teams.calls()), sending.states()) == (1, [WAITING])
    sending.pass_time(seconds=60)

    assert sending.states() == [DELIVERED]


def test_a_connector_that_knows_no_token_of_ours_is_asked_once_a_minute(
    sending: Sending, teams: Connector
) -> None:
    teams.will(*[answer(401)] * 200)
    sending.put(sending.chat(), "一")

    sending.settle()
    sending.pass_time(seconds=10, times=60)

    assert sending.states() == [WAITING]
    assert len(teams.logins) <= 11
    assert len(teams.calls()) <= 22
    teams.acts.clear()
    sending.pass_time(seconds=60)
    assert sending.states() == [DELIVERED]


LOGINS = {
    "500": answer(500, b"?"),
    "refused": answer(400, {"error": "invalid_client"}),
    "reset": reset,
    "no word": hang_up,
}


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS)
def test_a_login_that_gives_no_token_loses_nothing(sending: Sending, teams: Connector, login: Act) -> None:
    here = sending.chat()
    others = [sending.chat(f"c{number}") for number in range(5)]
    teams.login.append(login)
    for each in (here, *others):
        sending.put(each, "一")

    sending.settle()
    assert sending.states() == [WAITING] * 6
    assert len(teams.logins) + len(teams.login) == 0, "asked once for all of them"
    sending.pass_time(seconds=70)

    assert sending.states() == [DELIVERED] * 6


def test_a_wrong_secret_is_waited_for(sending: Sending, teams: Connector) -> None:
    sending.gateway.tokens = tokens_of(teams, sending.clock, secret="wrong")
    sending.put(sending.chat(), "一")

    sending.settle()

    (row,) = sending.rows()
    assert (row.state, teams.calls()) == (WAITING, [])
    assert row.error.startswith("login: invalid_client")


# --- what a row remembers


@pytest.mark.parametrize("so_far", [Progress(), Progress(2, 7), Progress(1, 0, "17:abc")])
def test_a_row_remembers_how_far_it_came(so_far: Progress) -> None:
    mark = so_far.mark("http 503")

    assert progress(mark) == so_far
    assert len(mark) <= 128


def test_an_id_too_long_to_be_remembered_is_left_out() -> None:
    assert progress(Progress(1, 2, "x" * 120).mark("not noted")) == Progress(1, 2)


@pytest.mark.parametrize("error", [None, "", "anything else", "rate [x sent, 2 failed]"])
def test_a_row_without_a_mark_begins_at_the_beginning(error: str | None) -> None:
    assert progress(error) == Progress()


# --- what is logged


def test_the_log_says_what_became_of_a_message_and_nothing_of_what_it_said(
    sending: Sending, teams: Connector
) -> None:
    planted = "見本の秘密"
    for number, status in enumerate((400, 401, 403, 413, 429, 500)):
        teams.will(*[answer(status, {"error": {"message": planted}})] * (2 if status == 401 else 1))
        sending.put(sending.chat(f"c{number}", user_id=f"29:{planted}"), planted)
        with structlog.testing.capture_logs() as written:
            sending.settle()

        shown = repr(written)
        assert planted not in shown
        assert "token-1" not in shown
        assert SOMEBODY not in shown
        if status == 413:
            assert {"teams_too_big", "teams_not_sent"} <= {each["event"] for each in written}
        if status == 401:
            assert {"teams_token_refused"} == {each["event"] for each in written}
