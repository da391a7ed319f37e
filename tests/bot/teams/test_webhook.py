"""The door of Teams, on both databases: each activity once, answered in time, whatever fails behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from werkzeug.test import Client

from bot.desk import Desk
from bot.desk_ports import Arrival
from bot.jobs import MOST_TRIES
from bot.lane import Lane
from bot.teams.answers import CARD, TEXT, Answer
from bot.teams.webhook import KNOWN_FOR, MOST_BYTES
from dialogs.events import Action, Do, SentPhoto, Unsent
from storage import engine as database
from storage.tables import inbox, outbox, people
from storage.tables_staff import teams_files, teams_references
from storage.teams import references
from storage.teams.references import Reference
from tests.bot.teams.doors import MEMBERS, SHEET_CARD, TeamsDesk
from tests.storage.make import together
from tests.support.service import StandingClock, count, outage, rows
from tests.support.teams import BOT, Activities, encoded, oid

ME = 1
STRANGER = MEMBERS + 1
THREADS = 8
NOT_FOR_YOU = "登録された職員と委託事業者の方だけ"
DECIDE = Action(Do.DECIDE, key="R9-0001", part="chief/approve", value="3")


def value(answer: Answer) -> Any:
    """Return what an invoke is answered with: (type, value)."""
    assert answer.status == 200
    said = json.loads(answer.body)
    assert said["statusCode"] == 200
    return said["type"], said["value"]


def kept(desk: TeamsDesk, who: Activities) -> Reference | None:
    with database.read(desk.service.engine) as conn:
        return references.personal(conn, who.tenant, who.object_id)


def heard(desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch) -> list[Arrival]:
    """Return a list of what the desk hears from now on."""
    found: list[Arrival] = []
    hear = Desk.hear

    def listen(self: Desk, arrival: Arrival, now: int) -> bool:
        found.append(arrival)
        return hear(self, arrival, now)

    monkeypatch.setattr(Desk, "hear", listen)
    return found


# --- what a request must be


def test_a_message_is_answered_where_it_was_said(desk: TeamsDesk) -> None:
    me = Activities(ME)

    assert desk.post(me.message("メニュー")) == Answer(200)

    [row] = desk.queued()
    here = kept(desk, me)
    assert here
    assert (row.recipient, row.thread) == (here.id, here.id)


def test_the_route_answers_as_teams_wants_it(desk: TeamsDesk) -> None:
    me = Activities(ME)

    plain = desk.call(encoded(me.message("メニュー")), desk.issuer.header())
    invoked = desk.call(
        encoded(me.execute({"m": "x"})), desk.issuer.header(), "application/json; charset=utf-8"
    )

    assert (plain.status_code, plain.data) == (200, b"")
    assert (invoked.status_code, invoked.mimetype) == (200, "application/json")
    assert invoked.json
    assert invoked.json["type"] == CARD


def test_the_short_way_past_the_framework_answers_as_the_framework_does(desk: TeamsDesk) -> None:
    me = Activities(ME)
    app = Flask("door")
    app.register_blueprint(desk.door.blueprint())
    short = Client(Lane(app, desk.door.lanes()))

    for activity, header, kind in (
        (me.message("メニュー"), desk.issuer.header(), "application/json"),
        (me.execute({"m": "x"}), desk.issuer.header(), "Application/JSON; charset=utf-8"),
        (me.message("メニュー"), "Bearer x", "application/json"),
        (me.message("メニュー"), None, "application/json"),
        (me.message("メニュー"), desk.issuer.header(), "text/plain"),
    ):
        sent: dict[str, Any] = {
            "data": encoded(activity),
            "content_type": kind,
            "headers": {"Authorization": header} if header else {},
        }
        slow, quick = (each.post("/api/messages", **sent) for each in (app.test_client(), short))
        assert (quick.status_code, quick.data, quick.mimetype) == (slow.status_code, slow.data, slow.mimetype)
        assert {key for key, _ in quick.headers} == {key for key, _ in slow.headers}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"null", 400),
        (b"[]", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"{" + b" " * MOST_BYTES + b"}", 413),
    ],
)
def test_a_body_that_is_no_activity_is_answered_and_leaves_nothing(
    desk: TeamsDesk, body: bytes, status: int
) -> None:
    assert desk.door.hear(body, desk.issuer.header()).status == status
    assert count(desk.service, inbox) == 0


def test_a_body_that_does_not_say_that_it_is_json_is_not_read(desk: TeamsDesk) -> None:
    body = encoded(Activities(ME).message("メニュー"))

    assert desk.call(body, desk.issuer.header(), "text/plain").status_code == 400
    assert desk.call(body, None, "text/plain").status_code == 401
    assert count(desk.service, inbox) == 0


# --- the same activity again


def test_the_same_activity_again_is_answered_once(desk: TeamsDesk) -> None:
    activity = Activities(ME).message("メニュー")

    assert [desk.post(activity).status for _ in range(3)] == [200] * 3

    assert len(desk.queued()) == 1
    assert count(desk.service, inbox) == 1


def test_the_same_activity_at_the_same_moment_is_answered_once(desk: TeamsDesk) -> None:
    activity = Activities(ME).message("メニュー")

    statuses = together(THREADS, lambda: desk.post(activity).status)

    assert statuses == [200] * THREADS
    assert len(desk.queued()) == 1
    assert count(desk.service, people) == 1
    assert count(desk.service, inbox, state="failed") == 0


def test_a_button_that_was_pressed_twice_is_answered_twice_and_done_once(desk: TeamsDesk) -> None:
    me = Activities(ME)
    pressed = me.execute(desk.button(me, Action(Do.MENU)))

    first, again = desk.post(pressed), desk.post(pressed)

    assert first == again
    assert len(desk.queued()) == 1


# --- where it is said


def test_a_mention_in_a_channel_is_answered_in_its_thread(desk: TeamsDesk) -> None:
    me = Activities(ME)
    mention = me.mention("ヘルプ")

    desk.post(mention)

    [row] = desk.queued()
    with database.read(desk.service.engine) as conn:
        here = references.find(conn, row.recipient)
    assert here
    assert here.conversation_id == mention["conversation"]["id"]
    assert (here.scope, here.object_id) == ("channel", "")


def test_the_newest_address_of_a_conversation_counts(desk: TeamsDesk) -> None:
    me = Activities(ME)
    desk.post(me.message("メニュー"))
    me.service_url = "https://smba.trafficmanager.net/eu/"

    desk.post(me.message("メニュー"))

    here = kept(desk, me)
    assert here
    assert here.service_url == "https://smba.trafficmanager.net/eu/"


def test_a_conversation_that_did_not_change_is_not_looked_up_at_every_word(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, keep = Activities(ME), references.keep
    looked: list[Reference] = []

    def look(conn: Connection, found: Reference, now: int) -> str:
        looked.append(found)
        return keep(conn, found, now)

    monkeypatch.setattr(references, "keep", look)

    for _ in range(3):
        desk.post(me.message("メニュー"))
    assert len(looked) == 1

    clock.advance(timedelta(milliseconds=KNOWN_FOR))
    desk.post(me.message("メニュー"))
    assert len(looked) == 2


def test_whoever_speaks_again_can_be_reached_again(desk: TeamsDesk, clock: StandingClock) -> None:
    me = Activities(ME)
    desk.post(me.message("メニュー"))
    here = kept(desk, me)
    assert here
    with database.write(desk.service.engine) as conn:
        references.die(conn, here.id, clock.now())
    clock.advance(timedelta(milliseconds=KNOWN_FOR))

    desk.post(me.message("メニュー"))

    assert kept(desk, me) == here


# --- the app comes and goes


def test_an_installation_is_remembered_and_nothing_is_said(desk: TeamsDesk) -> None:
    me = Activities(ME)

    assert desk.post(me.installed()) == Answer(200)

    assert kept(desk, me)
    assert desk.queued() == []
    assert count(desk.service, people) == 0


Story = Callable[[Activities], list[dict[str, Any]]]
STORIES: Mapping[str, tuple[Story, bool]] = {
    "installed": (lambda me: [me.installed(), me.members()], True),
    "installed, told the other way round": (lambda me: [me.members(), me.installed()], True),
    "installed twice": (lambda me: [*[me.installed("add")] * 2], True),
    "upgraded": (
        lambda me: [me.installed(), me.installed("remove-upgrade"), me.installed("add-upgrade")],
        True,
    ),
    "upgraded, told the other way round": (
        lambda me: [me.installed(), me.installed("add-upgrade"), me.installed("remove-upgrade")],
        True,
    ),
    "removed": (lambda me: [me.installed(), me.members("membersRemoved"), me.installed("remove")], False),
    "removed, told the other way round": (
        lambda me: [me.installed(), me.installed("remove"), me.members("membersRemoved")],
        False,
    ),
    "removed and told of others": (
        lambda me: [me.installed(), me.installed("remove"), me.members(who="29:else"), me.reaction()],
        False,
    ),
    "removed and installed again": (
        lambda me: [me.installed(), me.installed("remove"), me.installed()],
        True,
    ),
    "others join": (lambda me: [me.members(who="29:else")], False),
    "others leave": (lambda me: [me.installed(), me.members("membersRemoved", who="29:else")], True),
    "never there": (lambda me: [me.installed("remove")], False),
    "something unheard of": (lambda me: [me.installed("moved"), me.bare("teleported")], False),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_conversation_is_known_while_the_app_is_there(desk: TeamsDesk, name: str) -> None:
    story, there = STORIES[name]
    me = Activities(ME)

    assert [desk.post(each).status for each in story(me)] == [200] * len(story(me))

    assert (kept(desk, me) is not None) == there
    assert desk.queued() == []


def test_an_old_installation_that_is_delivered_again_brings_nothing_back(desk: TeamsDesk) -> None:
    me = Activities(ME)
    installed = me.installed()

    for each in (installed, me.installed("remove"), installed):
        desk.post(each)

    assert kept(desk, me) is None


def test_a_team_is_known_by_its_channel(desk: TeamsDesk) -> None:
    desk.post(Activities(ME).installed(channel="sample"))

    with database.read(desk.service.engine) as conn:
        assert [each.conversation_id for each in references.channels(conn)] == ["19:sample@thread.tacv2"]


# --- who is not served


@pytest.mark.parametrize(
    "sender",
    [
        {"userRole": "guest"},
        {"userPrincipalName": "mihon_example.com#EXT#@city.example"},
        {"aadObjectId": None},
        {"aadObjectId": "not an id"},
    ],
)
def test_somebody_from_outside_is_told_whom_the_desk_is_for_and_nothing_else(
    desk: TeamsDesk, sender: dict[str, Any]
) -> None:
    me = Activities(ME)
    activity = me.message("一覧")
    activity["from"] |= sender

    with capture_logs() as lines:
        assert [desk.post(activity).status for _ in range(2)] == [200, 200]

    [said] = desk.said()
    assert NOT_FOR_YOU in said
    assert count(desk.service, people) == 0
    assert "staff_refused" in [line["event"] for line in lines]
    assert me.name not in repr(lines)


def test_somebody_who_is_not_on_the_roster_is_told_so_and_nothing_else(desk: TeamsDesk) -> None:
    with capture_logs() as lines:
        assert desk.post(Activities(STRANGER).message("一覧")).status == 200

    assert len(desk.said()) == 1
    assert count(desk.service, people) == 0
    assert "staff_refused" in [line["event"] for line in lines]


def test_a_guest_who_presses_a_button_is_told_so_below_the_card(desk: TeamsDesk) -> None:
    me = Activities(ME)
    pressed = me.execute(desk.on_sheet(DECIDE))
    pressed["from"] |= {"userRole": "guest"}

    kind, said = value(desk.post(pressed))

    assert kind == TEXT
    assert NOT_FOR_YOU in said
    assert desk.queued() == []


def test_a_stranger_who_presses_a_button_sees_no_sheet(desk: TeamsDesk) -> None:
    kind, said = value(desk.post(Activities(STRANGER).execute(desk.on_sheet(DECIDE))))

    assert kind == TEXT
    assert isinstance(said, str)


def test_the_desk_does_not_answer_a_bot_and_not_itself(desk: TeamsDesk) -> None:
    me = Activities(ME)
    itself, bot, nobody = (me.message("一覧") for _ in range(3))
    itself["from"] = {"id": BOT}
    bot["from"] |= {"role": "bot"}
    nobody["from"] = None

    assert [desk.post(each).status for each in (itself, bot, nobody)] == [200] * 3

    assert desk.queued() == []


# --- what a button is answered with


def test_a_button_of_a_sheet_is_answered_with_the_sheet_drawn_anew(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = heard(desk, monkeypatch)

    assert value(desk.post(Activities(ME).execute(desk.on_sheet(DECIDE)))) == (CARD, SHEET_CARD)

    assert [each.external_id for each in arrivals] == [Activities(ME).account]


def test_a_card_that_came_back_is_answered_with_a_small_one(desk: TeamsDesk) -> None:
    me = Activities(ME)

    kind, card = value(desk.post(me.execute(desk.button(me, Action(Do.FILL, "c" * 32), field="1"))))

    assert kind == CARD
    assert "受け取りました" in json.dumps(card, ensure_ascii=False)


def test_an_old_button_is_answered_with_a_card_that_says_so(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = heard(desk, monkeypatch)

    kind, card = value(desk.post(Activities(ME).execute({"m": "x"})))

    assert kind == CARD
    assert "古くなりました" in json.dumps(card, ensure_ascii=False)
    assert arrivals == []


def test_an_old_button_of_an_old_client_is_answered_in_the_chat(desk: TeamsDesk) -> None:
    assert desk.post(Activities(ME).submit({"m": "x"})) == Answer(200)

    assert len(desk.queued()) == 1


def test_a_button_of_the_menu_leaves_its_card_and_is_answered_in_the_chat(desk: TeamsDesk) -> None:
    me = Activities(ME)

    kind, said = value(desk.post(me.execute(desk.button(me, Action(Do.MENU)))))

    assert (kind, said) == (TEXT, "受け取りました。")
    assert len(desk.queued()) == 1


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "fileConsent/invoke", "", "x"])
def test_what_the_desk_never_offers_is_not_answered(desk: TeamsDesk, name: str) -> None:
    assert desk.post(Activities(ME).execute({}, name=name)).status == 400


# --- pictures


def test_pictures_are_heard_and_their_addresses_kept(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = heard(desk, monkeypatch)

    desk.post(Activities(ME).pasted("https://smba.example/1", "https://smba.example/2"))

    assert [type(each.event) for each in arrivals] == [SentPhoto] * 2
    found = rows(desk.service, "SELECT message_id, url FROM teams_files ORDER BY url")
    assert [row.url for row in found] == ["https://smba.example/1", "https://smba.example/2"]
    assert [row.message_id for row in found] == [
        each.event.message for each in arrivals if isinstance(each.event, SentPhoto)
    ]


def test_a_message_that_is_taken_back_is_forgotten(desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    me = Activities(ME)
    message = me.message("メニュー")
    desk.post(message)
    arrivals = heard(desk, monkeypatch)

    desk.post(me.deleted(message))

    [arrival] = arrivals
    [known] = rows(desk.service, "SELECT event_id FROM inbox ORDER BY received_at LIMIT 1")
    assert arrival.event == Unsent(known.event_id)


# --- when something fails


def blown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every turn fail the way a fault in our own code does; return what mends it."""

    def fail(_self: Desk, _arrival: Arrival, _now: int) -> bool:
        raise RuntimeError("見本の故障")

    hear = Desk.hear
    monkeypatch.setattr(Desk, "hear", fail)
    return lambda: monkeypatch.setattr(Desk, "hear", hear)


def test_a_turn_that_fails_is_kept_sealed_and_taken_later(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = blown(monkeypatch)

    with capture_logs() as lines:
        assert desk.post(Activities(ME).message("見本の秘密")) == Answer(200)
    assert "見本の秘密" not in repr([{**line, "exc_info": None} for line in lines])
    [row] = rows(desk.service, "SELECT state, attempts, raw FROM inbox")
    assert (row.state, row.attempts) == ("failed", 1)
    assert "見本の秘密".encode() not in bytes(row.raw)
    mend()
    desk.service.jobs.tick()
    assert desk.queued() == [], "it was not due yet"
    clock.advance(timedelta(seconds=5))
    desk.service.jobs.tick()

    assert len(desk.queued()) == 1
    assert count(desk.service, inbox, state="done") == 1


def test_a_turn_that_fails_every_time_is_set_aside(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    blown(monkeypatch)
    desk.post(Activities(ME).message("メニュー"))

    for _ in range(MOST_TRIES + 1):
        clock.advance(timedelta(minutes=5))
        desk.service.jobs.tick()

    assert count(desk.service, inbox, state="dead") == 1


def test_a_button_whose_turn_fails_is_answered_all_the_same(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    blown(monkeypatch)

    kind, said = value(desk.post(Activities(ME).execute(desk.on_sheet(DECIDE))))

    assert kind == TEXT
    assert "少し時間がかかります" in said
    assert count(desk.service, inbox, state="failed") == 1


def test_of_two_pictures_the_one_that_failed_is_taken_later(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear, failing = Desk.hear, [True]

    def fail(self: Desk, arrival: Arrival, now: int) -> bool:
        if failing[0] and arrival.event_id.endswith(".1"):
            raise RuntimeError("見本の故障")
        return hear(self, arrival, now)

    monkeypatch.setattr(Desk, "hear", fail)
    desk.post(Activities(ME).pasted("https://smba.example/1", "https://smba.example/2"))
    assert count(desk.service, inbox, state="done") == count(desk.service, inbox, state="failed") == 1
    answered = len(desk.queued())

    failing[0] = False
    clock.advance(timedelta(seconds=5))
    desk.service.jobs.tick()

    assert count(desk.service, inbox, state="done") == 2
    assert len(desk.queued()) > answered
    assert count(desk.service, teams_files) == 2


def test_a_database_that_is_gone_makes_teams_come_again(desk: TeamsDesk) -> None:
    activity = Activities(ME).message("メニュー")

    with outage(desk.service.engine):
        assert desk.post(activity).status == 503
    assert desk.post(activity).status == 200

    assert len(desk.queued()) == 1


def test_an_installation_that_could_not_be_stored_is_tried_again(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, keep = Activities(ME), references.keep

    def fail(*_given: object) -> str:
        raise OperationalError("INSERT", None, ConnectionError("見本の停止"))

    monkeypatch.setattr(references, "keep", fail)
    assert desk.post(me.installed()).status == 200
    assert count(desk.service, teams_references) == 0

    monkeypatch.setattr(references, "keep", keep)
    clock.advance(timedelta(seconds=5))
    desk.service.jobs.tick()

    assert kept(desk, me)
    assert count(desk.service, inbox, state="done") == 1


def test_an_event_that_can_no_longer_be_read_is_set_aside(
    desk: TeamsDesk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = blown(monkeypatch)
    desk.post(Activities(ME).message("メニュー"))
    mend()
    with database.write(desk.service.engine) as conn:
        conn.execute(inbox.update().values(raw=b"broken:seal"))

    for _ in range(MOST_TRIES + 1):
        clock.advance(timedelta(minutes=5))
        desk.service.jobs.tick()

    assert count(desk.service, inbox, state="dead") == 1
    assert count(desk.service, outbox) == 0


def test_two_people_have_two_conversations(desk: TeamsDesk) -> None:
    for number in (1, 2):
        desk.post(Activities(number).message("メニュー"))

    assert len({row.recipient for row in desk.queued()}) == 2
    found = rows(desk.service, "SELECT object_id FROM teams_references ORDER BY object_id")
    assert [row.object_id for row in found] == [oid(1), oid(2)]
