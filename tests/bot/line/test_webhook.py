"""The door of LINE, on both databases: who may come in, once, whatever they bring and whatever fails behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.jobs import MOST_TRIES
from bot.line.webhook import MOST_BYTES, NOT_IN_GROUPS
from bot.service import Service
from dialogs.fields import Text
from dialogs.fields.base import Given, Raw, Value
from dialogs.form import Form, Page
from dialogs.procedure import Procedure, Role, Step
from dialogs.procedures import REGISTER
from dialogs.standing import Register
from storage import engine as database
from storage import inbox as inbox_rows
from storage.tables import inbox, metadata, outbox, people
from tests.nasty import NASTY
from tests.storage.make import together
from tests.support.applying import START, TYPED, person_of, type_all
from tests.support.service import (
    PREVIOUS,
    StandingClock,
    Webhooks,
    count,
    door_of,
    doors_only,
    envelope,
    make,
    outage,
    post,
    redelivered,
    rows,
    said,
    sign,
    user,
)

THREADS = 8
FORGOTTEN_AFTER = timedelta(days=80)  # event ids are kept for ninety days


def call(service: Service, body: bytes, signature: str | None) -> int:
    """Return the status with which the route answers."""
    headers = {"X-Line-Signature": signature} if signature is not None else {}
    answer = doors_only(service).test_client().post("/line/webhook", data=body, headers=headers)
    assert answer.data == b""
    return answer.status_code


def is_empty(service: Service) -> bool:
    """Return whether nothing at all is stored."""
    return not [table.name for table in metadata.sorted_tables if count(service, table)]


# --- who may come in


def test_a_webhook_of_line_is_taken(service: Service) -> None:
    body = envelope([Webhooks().text("メニュー")])

    assert call(service, body, sign(body)) == 200

    assert len(said(service)) == 1


FORGED: Mapping[str, Callable[[bytes], str | None]] = {
    "missing": lambda _body: None,
    "empty": lambda _body: "",
    "no signature at all": lambda _body: "AAAA",
    "of another channel": lambda body: sign(body, "f" * 32),
    "of an empty secret": lambda body: sign(body, ""),
    "of another body": lambda body: sign(body + b" "),
    "with something behind it": lambda body: sign(body) + "=",
    "in small letters": lambda body: sign(body).lower(),
    "in Japanese": lambda _body: "署名",
}


def test_a_webhook_that_line_did_not_sign_is_refused_and_leaves_nothing(service: Service) -> None:
    body = envelope([Webhooks().text("メニュー")])

    statuses = {name: door_of(service).hear(body, forged(body)) for name, forged in FORGED.items()}

    assert statuses == dict.fromkeys(FORGED, 401)
    assert call(service, body, None) == call(service, body, sign(body, "f" * 32)) == 401
    assert is_empty(service)


def test_the_secret_before_the_present_one_is_still_accepted(service: Service) -> None:
    assert post(service, Webhooks().text("メニュー"), secret=PREVIOUS) == 200

    assert count(service, inbox) == 1


def test_a_webhook_for_another_account_is_refused_though_it_is_signed(service: Service) -> None:
    body = envelope([Webhooks().text("メニュー")], destination="U" + "c" * 32)

    assert call(service, body, sign(body)) == 401

    assert is_empty(service)


def test_a_body_of_more_than_a_million_bytes_is_not_read(service: Service) -> None:
    small = envelope([Webhooks().text("メニュー")])
    body = small + b" " * (MOST_BYTES + 1 - len(small))

    assert call(service, body, sign(body)) == 401
    assert is_empty(service)
    assert call(service, body[:-1], sign(body[:-1])) == 200


def test_the_console_of_line_may_try_the_address_without_any_event(service: Service) -> None:
    body = envelope([])

    assert call(service, body, sign(body)) == 200

    assert is_empty(service)


# --- the same event again


def test_the_same_event_again_is_answered_once(service: Service) -> None:
    event = Webhooks().text("メニュー")

    assert [post(service, each) for each in (event, event, redelivered(event))] == [200] * 3

    assert len(said(service)) == 1
    assert count(service, inbox) == 1


def test_the_same_event_twice_in_one_webhook_is_answered_once(service: Service) -> None:
    event = Webhooks().text("メニュー")

    assert post(service, event, event) == 200

    assert len(said(service)) == 1


@pytest.mark.parametrize("trial", range(3))
def test_the_same_event_at_the_same_moment_is_answered_once(service: Service, trial: int) -> None:
    event = Webhooks().text("メニュー")

    statuses = together(THREADS, lambda: post(service, event))

    assert statuses == [200] * THREADS
    assert len(said(service)) == 1
    assert len(rows(service, "SELECT id FROM people")) == 1
    assert count(service, inbox, state="failed") == 0


def test_the_same_event_days_later_is_answered_once(service: Service, clock: StandingClock) -> None:
    event = Webhooks().text("メニュー")
    post(service, event)

    for _ in range(3):
        clock.advance(FORGOTTEN_AFTER / 3)
        service.jobs.tick()
        assert post(service, redelivered(event)) == 200

    assert len(said(service)) == 1


def test_an_answer_given_twice_is_one_answer(service: Service) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START, "個人")
    forty = phone.text("40")

    post(service, forty, redelivered(forty))

    answers = person_of(service, phone.user_id).conversations[0].answers
    assert answers == {"applicant_type": "person", "perimeter": 40}, (
        "the second was no answer to the next question"
    )


def test_an_event_without_an_id_is_known_by_what_it_says(service: Service) -> None:
    event = Webhooks().text("メニュー")
    event.pop("webhookEventId")

    post(service, event)
    post(service, redelivered(event))

    assert len(said(service)) == 1


# --- what they bring


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda event: {key: value for key, value in event.items() if key != name}


def _with(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda event: event | changes


def _deep(levels: int) -> object:
    found: object = "見本"
    for _ in range(levels):
        found = [found]
    return found


STRANGE: tuple[Any, ...] = (None, 1, [], {}, True, "x" * 500, -1.5)
HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    **{f"without {name}": _without(name) for name in Webhooks().text("")},
    **{
        f"{name} is {type(value).__name__}": _with(**{name: value})
        for name in Webhooks().text("")
        for value in STRANGE
    },
    "an unknown type": _with(type="teleported"),
    "an unknown message": _with(message={"type": "hologram", "id": "1"}),
    "a message without text": _with(message={"type": "text", "id": "1"}),
    "a text that is a list": _with(message={"type": "text", "id": "1", "text": ["a"]}),
    "NUL": _with(message={"type": "text", "id": "1", "text": "a\0b"}),
    "a lone surrogate": _with(message={"type": "text", "id": "1", "text": "\ud800"}),
    "a lone surrogate as a name": _with(**{"\udfff": "\ud800"}),
    "a hundred thousand letters": _with(message={"type": "text", "id": "1", "text": "あ" * 100_000}),
    "a bottomless list": _with(message={"type": "text", "id": "1", "text": "a", "more": _deep(900)}),
    "a number without end": _with(timestamp=10**400),
    "a place beyond the poles": _with(
        message={"type": "location", "id": "1", "latitude": 91, "longitude": 0}
    ),
    "a photo from elsewhere": _with(
        message={
            "type": "image",
            "id": "1",
            "contentProvider": {"type": "external", "originalContentUrl": "http://a/"},
        }
    ),
    "a very long event id": _with(webhookEventId="E" * 64),
    "an event id that is too long": _with(webhookEventId="E" * 65),
    "a foreign button": _with(type="postback", postback={"data": "action=buy&item=1"}),
    "a button of bytes": _with(type="postback", postback={"data": "\0\ud800"}),
    "not an object": lambda _event: "見本",
    "nothing": lambda _event: None,
    "a list": lambda _event: [],
}


def test_one_bad_event_costs_neither_an_error_nor_its_neighbours(service: Service) -> None:
    met: dict[str, tuple[int, ...]] = {}

    for number, (name, spoil) in enumerate(HOSTILE.items()):
        before, strange, after = (Webhooks(user(10 * number + place)) for place in range(3))
        bad = spoil(strange.text("メニュー"))
        status = post(service, before.text("メニュー"), bad, after.text("メニュー"))
        answered = (
            count(service, outbox, recipient=phone.user_id, kind="messages") for phone in (before, after)
        )
        met[name] = (status, *answered)

    assert met == dict.fromkeys(HOSTILE, (200, 1, 1))
    assert count(service, inbox, state="failed") == 0


def test_whatever_is_typed_is_answered(service: Service) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START, *TYPED[:6], "その他")
    begun = count(service, outbox, kind="messages")

    statuses = {post(service, phone.text(each)) for each in NASTY if each}

    assert statuses == {200}
    assert count(service, inbox, state="failed") == 0
    assert count(service, outbox, kind="messages") == begun + len([each for each in NASTY if each])


EMPTY = (b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"events":1}', b"[" * 100_000)


def test_a_signed_body_that_says_nothing_is_answered(service: Service) -> None:
    assert [call(service, body, sign(body)) for body in EMPTY] == [200] * len(EMPTY)

    assert is_empty(service)


# --- when to be silent


def test_in_standby_nothing_is_said_and_nothing_changes(service: Service) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START)
    before, begun = person_of(service, phone.user_id), len(said(service))

    for made in (phone.text("個人"), phone.unfollow(), phone.follow(), phone.image()):
        assert post(service, made | {"mode": "standby"}) == 200

    assert person_of(service, phone.user_id) == before
    assert len(said(service)) == begun


@pytest.mark.parametrize(("kind", "name"), [("group", "groupId"), ("room", "roomId")])
def test_a_group_is_left_with_one_sentence(service: Service, kind: str, name: str) -> None:
    phone = Webhooks()
    source = {"type": kind, name: "C" + "1" * 32, "userId": phone.user_id}
    joined = phone.event("join", source=source)

    assert post(service, joined, redelivered(joined)) == 200

    queued = rows(service, "SELECT kind, recipient, reply_token, body FROM outbox ORDER BY id")
    assert [(row.kind, row.recipient) for row in queued] == [
        ("messages", source[name]),
        ("leave", source[name]),
    ]
    assert queued[0].reply_token == joined["replyToken"]
    assert NOT_IN_GROUPS in json.loads(queued[0].body)["messages"][0]["text"]
    assert count(service, people) == 0


def test_what_is_said_in_a_group_is_no_answer_of_the_person_who_said_it(service: Service) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START)
    before = person_of(service, phone.user_id)
    source = {"type": "group", "groupId": "C" + "1" * 32, "userId": phone.user_id}

    post(service, phone.text("個人") | {"source": source})

    assert person_of(service, phone.user_id) == before


# --- when a turn fails


@dataclass
class Fuse:
    """Blows every turn that reads an answer, until it is mended."""

    blown: bool = True


@dataclass(frozen=True, kw_only=True)
class Fragile(Text):
    """A question whose reading fails the way a fault in our own code does."""

    fuse: Fuse = field(default_factory=Fuse, compare=False)

    def read(self, raw: Raw, given: Given) -> Value:
        if self.fuse.blown:
            raise RuntimeError("見本の故障")
        return super().read(raw, given)


@dataclass
class Workshop:
    """A service that offers a procedure with a fragile question."""

    service: Service
    fuse: Fuse
    phone: Webhooks = field(default_factory=Webhooks)

    def begin(self) -> None:
        type_all(self.service, self.phone, "メニュー", "こわれもの")

    def state(self, event_id: str) -> tuple[str, int, bytes | None]:
        found = rows(
            self.service, "SELECT state, attempts, raw FROM inbox WHERE event_id = :event", event=event_id
        )[0]
        return found.state, found.attempts, found.raw

    @property
    def answers(self) -> Any:
        return person_of(self.service, self.phone.user_id).conversations[0].answers


@pytest.fixture
def workshop(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Workshop]:
    fuse = Fuse()
    question = Fragile("answer", "こわれもの", fuse=fuse)
    form = Form(
        "fragile", "こわれもの", "R9", (Page("only", "こわれもの", (question, Text("more", "つぎ"))),)
    )
    step = Step("application", "申請", Role.RESIDENT, state="受け付けました。")
    procedure = Procedure("fragile", "こわれもの", "こわれもの", (form,), (step,), series="loan")
    service = make(database_url, tmp_path, clock, register=Register((*REGISTER.procedures, procedure)))
    yield Workshop(service, fuse)
    service.stop()


def test_an_event_whose_turn_fails_is_kept_sealed_and_its_neighbours_go_on(workshop: Workshop) -> None:
    workshop.begin()
    failing, other = workshop.phone.text("見本の答え"), Webhooks(user(9)).text("メニュー")

    with capture_logs() as lines:
        assert post(workshop.service, failing, other) == 200

    state, attempts, raw = workshop.state(failing["webhookEventId"])
    assert (state, attempts) == ("failed", 1)
    assert raw
    assert "見本の答え".encode() not in raw
    assert "見本の答え" not in repr([{**line, "exc_info": None} for line in lines])
    assert workshop.answers == {}
    assert count(workshop.service, outbox, recipient=user(9), kind="messages") == 1


def test_somebody_whose_turn_has_to_be_tried_again_is_shown_that_it_takes_a_while(workshop: Workshop) -> None:
    workshop.begin()
    assert count(workshop.service, outbox, kind="loading") == 0, "a turn that goes well needs no patience"

    post(workshop.service, workshop.phone.text("見本の答え"))

    assert count(workshop.service, outbox, kind="loading", recipient=workshop.phone.user_id) == 1


def test_a_failed_event_is_tried_again_and_then_taken_as_if_nothing_had_been(
    workshop: Workshop, clock: StandingClock
) -> None:
    workshop.begin()
    failing = workshop.phone.text("見本の答え")
    post(workshop.service, failing)
    workshop.fuse.blown = False

    workshop.service.jobs.tick()
    assert workshop.answers == {}, "it was not due yet"
    clock.advance(timedelta(seconds=5))
    workshop.service.jobs.tick()

    assert workshop.answers == {"answer": "見本の答え"}
    assert workshop.state(failing["webhookEventId"]) == ("done", 1, None)


def test_the_redelivery_of_a_failed_event_is_taken_at_once(workshop: Workshop) -> None:
    workshop.begin()
    failing = workshop.phone.text("見本の答え")
    post(workshop.service, failing)
    workshop.fuse.blown = False

    assert post(workshop.service, redelivered(failing)) == 200

    assert workshop.answers == {"answer": "見本の答え"}
    assert workshop.state(failing["webhookEventId"])[0] == "done"


def test_an_event_tried_again_after_its_token_has_gone_stale_is_answered_without_it(
    workshop: Workshop, clock: StandingClock
) -> None:
    workshop.begin()
    failing = workshop.phone.text("見本の答え")
    post(workshop.service, failing)
    workshop.fuse.blown = False

    clock.advance(timedelta(minutes=2))
    workshop.service.jobs.tick()

    answer = {"cause": f"{failing['webhookEventId']}/talk", "kind": "messages"}
    assert count(workshop.service, outbox, **answer) == 1
    assert count(workshop.service, outbox, **answer, reply_token=None) == 1


@pytest.mark.parametrize(("minutes", "tokens"), [(19, 1), (21, 0)])
def test_an_event_delivered_again_is_answered_by_its_token_for_twenty_minutes(
    service: Service, clock: StandingClock, minutes: int, tokens: int
) -> None:
    event = {**Webhooks().text("メニュー"), "timestamp": clock.now()}

    clock.advance(timedelta(minutes=minutes))
    post(service, redelivered(event))

    assert count(service, outbox, kind="messages") == 1
    assert count(service, outbox, kind="messages", reply_token=event["replyToken"]) == tokens


def test_an_event_that_fails_five_times_is_set_aside_for_staff_and_the_others_go_on(
    workshop: Workshop, clock: StandingClock
) -> None:
    workshop.begin()
    failing = workshop.phone.text("見本の答え")
    post(workshop.service, failing)

    for _ in range(MOST_TRIES - 1):
        assert workshop.state(failing["webhookEventId"])[0] == "failed"
        clock.advance(timedelta(minutes=2))
        workshop.service.jobs.tick()

    assert workshop.state(failing["webhookEventId"])[:2] == ("dead", MOST_TRIES)
    with database.read(workshop.service.engine) as conn:
        assert [each.error for each in inbox_rows.dead(conn)] == ["RuntimeError"]
    clock.advance(timedelta(days=1))
    workshop.service.jobs.tick()
    assert post(workshop.service, redelivered(failing)) == 200
    assert workshop.state(failing["webhookEventId"])[:2] == ("dead", MOST_TRIES)
    workshop.fuse.blown = False
    type_all(workshop.service, workshop.phone, "別の答え")
    assert workshop.answers == {"answer": "別の答え"}


def test_a_kept_event_that_can_no_longer_be_opened_ends_as_dead_and_stops_nobody(
    workshop: Workshop, clock: StandingClock
) -> None:
    workshop.begin()
    failing, other = workshop.phone.text("見本の答え"), workshop.phone.text("もう一つ")
    post(workshop.service, failing, other)
    with database.write(workshop.service.engine) as conn:
        broken = inbox.update().where(inbox.c.event_id == failing["webhookEventId"])
        conn.execute(broken.values(raw=b"not what was sealed"))
    workshop.fuse.blown = False

    for _ in range(MOST_TRIES):
        clock.advance(timedelta(minutes=2))
        workshop.service.jobs.tick()

    assert workshop.state(failing["webhookEventId"])[0] == "dead"
    assert workshop.state(other["webhookEventId"])[0] == "done"


# --- when the database is away


def test_line_is_told_to_come_again_while_the_database_is_away_and_then_all_is_well(service: Service) -> None:
    one, two = Webhooks(user(1)).text("メニュー"), Webhooks(user(2)).text("メニュー")

    with outage(service.engine):
        assert post(service, one, two) == 503
    assert is_empty(service)
    assert post(service, redelivered(one), redelivered(two)) == 200

    assert len(said(service)) == 2


def test_an_event_that_meets_a_passing_fault_of_the_database_is_kept(service: Service) -> None:
    made, faults = Webhooks().text("メニュー"), iter([True])

    def fail_once(_connection: object) -> None:
        if next(faults, False):
            raise OperationalError("BEGIN", None, ConnectionError("見本の停止"))

    event.listen(service.engine, "begin", fail_once)
    assert post(service, made) == 200

    assert count(service, inbox, state="failed") == 1
    service.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]
    service.jobs.tick()
    assert len(said(service)) == 1
