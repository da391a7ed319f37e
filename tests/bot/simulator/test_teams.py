"""Teams as the simulator plays it, with a toy bot that looks at tokens as Microsoft's documentation asks."""

from pathlib import Path
from typing import Any

import pytest
import requests

from bot.simulator import NotOnLoopback, Surroundings
from bot.simulator.guard import require_loopback
from bot.simulator.phones import CannotDo
from bot.simulator.store import InUse
from bot.simulator.teams.activities import DOWNLOAD
from bot.simulator.teams.config import CLERK, MANAGER, MEMBERS, VISITOR
from bot.simulator.teams.faults import TeamsFaults
from bot.simulator.teams.platform import TeamsPlatform
from bot.simulator.teams.rooms import Entry, State
from tests.bot.simulator.conftest import Both
from tests.bot.simulator.toy_teams import APP, SHEET, TENANT, card, text

WHO = CLERK.object_id


def _chat(both: Both, member: str = WHO) -> str:
    person = both.teams.rooms.person(member)
    assert person is not None
    return person.chat


def _channel(both: Both) -> str:
    return both.teams.rooms.channels()[0].id


def _entries(both: Both, chat: str) -> list[Entry]:
    return [each for each in both.teams.rooms.since(-1) if each.chat == chat]


def _said(both: Both, chat: str) -> list[Any]:
    """Return the words of *chat*, oldest first."""
    return [each.content.get("text") for each in _entries(both, chat)]


def _say(both: Both, words: str, member: str = WHO, chat: str = "") -> None:
    both.teams.hands.say(member, words, chat)
    both.settle()


def _shown(both: Both, chat: str = "") -> Entry:
    """Return the toy's card in *chat*, which is the clerk's unless it is named."""
    _say(both, "カード" if not chat else "@窓口 カード", chat=chat)
    return _entries(both, chat or _chat(both))[-1]


# --- what goes to the product


def test_everybody_and_the_channel_have_the_app_from_the_beginning(both: Both) -> None:
    added = [each for each in both.bot.activities if each.get("action") == "add"]

    assert {each["from"]["aadObjectId"] for each in added} == {each.object_id for each in MEMBERS}
    assert len(added) == len(MEMBERS) + 1
    assert sum(each["conversation"]["conversationType"] == "channel" for each in added) == 1
    assert all(both.teams.rooms.hears(each["conversation"]["id"]) for each in added)


def test_a_message_has_what_teams_puts_into_one(both: Both) -> None:
    _say(both, "一覧")

    heard = both.bot.activities[-1]

    assert (heard["type"], heard["channelId"], heard["text"]) == ("message", "msteams", "一覧")
    assert heard["serviceUrl"] == f"{both.url}/simulator/teams/"
    assert heard["from"]["aadObjectId"] == WHO
    assert heard["from"]["id"].startswith("29:1")
    assert heard["recipient"]["id"] == f"28:{APP}"
    assert heard["conversation"] == {
        "conversationType": "personal",
        "tenantId": TENANT,
        "id": _chat(both),
    }
    assert heard["channelData"] == {"tenant": {"id": TENANT}}
    assert heard["timestamp"] == "2027-06-07T01:00:00.000Z"
    assert heard["localTimestamp"] == "2027-06-07T10:00:00.000+09:00"
    assert {"type": "clientInfo", "locale": "ja-JP"}.items() <= heard["entities"][-1].items()


def test_the_answer_of_the_bot_stands_in_the_chat(both: Both) -> None:
    _say(both, "もしもし")

    assert _said(both, _chat(both)) == ["もしもし", "「もしもし」"]


def test_in_a_channel_the_bot_hears_only_what_mentions_it(both: Both) -> None:
    channel = _channel(both)
    heard = len(both.bot.activities)
    _say(both, "お疲れさまです", chat=channel)

    assert len(both.bot.activities) == heard

    _say(both, "@窓口 一覧", chat=channel)

    (mention,) = [each for each in both.bot.activities[-1]["entities"] if each["type"] == "mention"]
    assert both.bot.activities[-1]["text"] == "<at>窓口</at> 一覧"
    assert mention == {
        "type": "mention",
        "text": "<at>窓口</at>",
        "mentioned": {"id": f"28:{APP}", "name": "窓口"},
    }


def test_an_answer_in_a_channel_stands_below_the_post_that_asked(both: Both) -> None:
    _say(both, "@窓口 一覧", chat=_channel(both))

    asked, answered = _entries(both, _channel(both))

    assert both.bot.activities[-1]["conversation"]["id"] == f"{_channel(both)};messageid={asked.message_id}"
    assert answered.thread == asked.thread == asked.message_id


def test_a_guest_is_known_as_one_among_the_members(both: Both) -> None:
    chat = _chat(both, VISITOR.object_id)

    (found,) = both.bot.call("GET", f"/v3/conversations/{chat}/members").json()

    assert (found["userRole"], found["tenantId"]) == ("guest", TENANT)
    assert "#EXT#" in found["userPrincipalName"]


def test_a_pasted_picture_is_fetched_with_the_bots_token_only(both: Both) -> None:
    both.teams.hands.send_picture(WHO, "image/png", b"a picture")
    both.settle()

    (attached,) = both.bot.activities[-1]["attachments"]
    path = attached["contentUrl"].removeprefix(f"{both.url}/simulator/teams")

    assert attached["contentType"] == "image/png"
    assert both.bot.call("GET", path).content == b"a picture"
    assert requests.get(attached["contentUrl"], timeout=5).status_code == 401


def test_a_file_is_fetched_without_a_token(both: Both) -> None:
    both.teams.hands.send_file(WHO, "見本.jpg", "image/jpeg", b"a file")
    both.settle()

    (attached,) = both.bot.activities[-1]["attachments"]

    assert (attached["contentType"], attached["name"]) == (DOWNLOAD, "見本.jpg")
    assert attached["content"]["fileType"] == "jpg"
    assert requests.get(attached["content"]["downloadUrl"], timeout=5).content == b"a file"


def test_a_token_signed_by_somebody_else_is_not_believed(both: Both) -> None:
    both.teams.faults = TeamsFaults(forged=True)
    _say(both, "だれか")

    assert both.bot.refused == 1
    assert _entries(both, _chat(both))[-1].state is State.FAILED


def test_what_met_a_broken_product_is_brought_again_and_what_was_refused_is_not(both: Both) -> None:
    both.bot.statuses = [503, 500]
    _say(both, "もう一度")
    both.bot.statuses = [403, 200]
    _say(both, "一度だけ")

    assert _said(both, _chat(both)) == ["もう一度", "「もう一度」", "一度だけ"]
    assert both.bot.statuses == [200]


def test_a_doubled_activity_has_the_same_id(both: Both) -> None:
    both.teams.faults = TeamsFaults(twice=True)
    _say(both, "二回")

    first, second = both.bot.activities[-2:]

    assert first == second


def test_the_key_stays_the_same_when_the_program_starts_again(both: Both, tmp_path: Path) -> None:
    from dataclasses import replace

    from bot.simulator.record import Record

    other = replace(both.teams.config, state_path=tmp_path / "again.db")
    first = TeamsPlatform(other, Record(lambda: 1))
    known, people = first.signer.keys(), first.rooms.people()
    with pytest.raises(InUse):
        TeamsPlatform(other, Record(lambda: 1))
    first.stop()

    again = TeamsPlatform(other, Record(lambda: 1))

    assert (again.signer.keys(), again.rooms.people()) == (known, people)
    again.stop()


# --- buttons


def test_execute_brings_data_and_inputs_and_its_card_takes_the_place_of_the_old_one(both: Both) -> None:
    shown = _shown(both)

    said = both.teams.hands.execute(
        WHO, shown.message_id, {"id": None, "verb": "sign", "data": {"m": "x", "memo": "よい"}}
    )

    asked = both.bot.activities[-1]
    assert (asked["type"], asked["name"], asked["replyToId"]) == (
        "invoke",
        "adaptiveCard/action",
        shown.message_id,
    )
    assert asked["value"] == {
        "action": {"type": "Action.Execute", "verb": "sign", "data": {"m": "x", "memo": "よい"}},
        "trigger": "manual",
    }
    assert said == ""
    assert both.teams.rooms.views(shown.message_id)[WHO]["body"][0]["text"] == "確認済み"


@pytest.mark.parametrize(
    ("verb", "answer"), [("words", "先に見本 係長が承認しました。"), ("fail", "その操作はもうできません。")]
)
def test_what_a_button_is_answered_in_words_is_said(both: Both, verb: str, answer: str) -> None:
    shown = _shown(both)

    assert both.teams.hands.execute(WHO, shown.message_id, {"verb": verb}) == answer
    assert both.teams.rooms.views(shown.message_id) == {}


def test_a_button_that_meets_a_broken_product_says_so(both: Both) -> None:
    shown = _shown(both)
    both.bot.statuses = [500]

    assert "問題が発生しました" in both.teams.hands.execute(WHO, shown.message_id, {"verb": "sign"})


def test_submit_is_a_message_of_values_without_words(both: Both) -> None:
    shown = _shown(both)

    both.teams.hands.submit(WHO, shown.message_id, {"m": "sealed", "memo": "x"})
    both.settle()

    heard = both.bot.activities[-1]
    assert (heard["type"], heard["value"], heard["replyToId"]) == (
        "message",
        {"m": "sealed", "memo": "x"},
        shown.message_id,
    )
    assert "text" not in heard


def test_an_update_changes_the_card_for_everybody(both: Both) -> None:
    shown = _shown(both, _channel(both))
    both.teams.hands.execute(WHO, shown.message_id, {"verb": "sign"})
    both.teams.hands.execute(MANAGER.object_id, shown.message_id, {"verb": "sign"})
    assert len(both.teams.rooms.views(shown.message_id)) == 2

    conversation, message = both.bot.posted[-1]
    both.bot.change(conversation, message, card(text("決定済み")))

    (entry,) = [each for each in _entries(both, _channel(both)) if each.message_id == message]
    assert both.teams.rooms.views(message) == {}
    assert entry.edited
    assert entry.content["attachments"][0]["content"]["body"][0]["text"] == "決定済み"


# --- the Connector


def test_the_bot_begins_a_conversation_with_a_member_and_a_post_in_a_channel(both: Both) -> None:
    person = both.teams.rooms.person(WHO)
    assert person is not None
    with_member = {"isGroup": False, "members": [{"id": person.user_id}], "tenantId": TENANT}
    post = {
        "isGroup": True,
        "channelData": {"channel": {"id": _channel(both)}},
        "activity": {"type": "message", "text": "お知らせ"},
    }

    begun = both.bot.call("POST", "/v3/conversations", with_member)
    posted = both.bot.call("POST", "/v3/conversations", post)

    assert (begun.status_code, begun.json()["id"]) == (201, person.chat)
    assert posted.json()["id"] == f"{_channel(both)};messageid={posted.json()['activityId']}"
    assert _said(both, _channel(both)) == ["お知らせ"]


def test_a_message_is_taken_away_once(both: Both) -> None:
    _say(both, "もしもし")
    path = "/v3/conversations/{}/activities/{}".format(*both.bot.posted[-1])

    assert both.bot.call("DELETE", path).status_code == 200
    assert both.bot.call("DELETE", path).status_code == 404
    assert _entries(both, _chat(both))[-1].state is State.DELETED


def test_where_the_app_was_removed_nothing_arrives(both: Both) -> None:
    both.teams.hands.uninstall(WHO)
    both.settle()

    answer = both.bot.call("POST", f"/v3/conversations/{_chat(both)}/activities", {"text": "もしもし"})

    assert both.bot.activities[-1]["action"] == "remove"
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "BotNotInConversationRoster")
    assert _said(both, _chat(both)) == []


@pytest.mark.parametrize(
    ("activity", "status", "code"),
    [
        ({"text": ""}, 400, "BadSyntax"),
        ({"text": "あ" * 60_000}, 413, "MessageSizeTooBig"),
        ({"attachments": [{"contentType": "application/vnd.microsoft.card.adaptive"}]}, 400, "BadArgument"),
        (
            {
                "attachments": [
                    {
                        "contentType": "application/vnd.microsoft.card.adaptive",
                        "content": card(text("x")) | {"version": "1.6"},
                    }
                ]
            },
            400,
            "BadArgument",
        ),
    ],
)
def test_what_teams_would_not_show_is_refused(
    both: Both, activity: dict[str, Any], status: int, code: str
) -> None:
    answer = both.bot.call("POST", f"/v3/conversations/{_chat(both)}/activities", activity)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert _entries(both, _chat(both)) == []


def test_unknown_conversations_messages_and_paths_are_not_found(both: Both) -> None:
    assert both.bot.call("POST", "/v3/conversations/a:1/activities", {"text": "x"}).status_code == 404
    path = f"/v3/conversations/{_chat(both)}/activities/1"
    assert both.bot.call("PUT", path, {"text": "x"}).status_code == 404
    assert both.bot.call("GET", "/v3/elsewhere").status_code == 404


@pytest.mark.parametrize("bearer", ["", "Bearer x", "Bearer a.b.c", "Basic x"])
def test_without_the_bots_token_there_is_no_answer(both: Both, bearer: str) -> None:
    path = f"{both.url}/simulator/teams/v3/conversations/{_chat(both)}/members"

    assert requests.get(path, headers={"Authorization": bearer}, timeout=5).status_code == 401


def test_a_wrong_password_gets_no_token(both: Both) -> None:
    form = {"grant_type": "client_credentials", "client_id": APP, "client_secret": "another"}

    answer = requests.post(f"{both.url}/simulator/teams/{TENANT}/oauth2/v2.0/token", data=form, timeout=5)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("faults", "status", "arrives"),
    [
        (TeamsFaults(rate_limited=True), 429, False),
        (TeamsFaults(server_error=True), 502, False),
        (TeamsFaults(unauthorised=True), 401, False),
        (TeamsFaults(accepted_then_500=True), 500, True),
        (TeamsFaults(rate_limited=True, on=("update",)), 201, True),
    ],
)
def test_a_fault_strikes_what_it_is_meant_for(
    both: Both, faults: TeamsFaults, status: int, arrives: bool
) -> None:
    both.teams.faults = faults

    answer = both.bot.call("POST", f"/v3/conversations/{_chat(both)}/activities", {"text": "x"})

    assert answer.status_code == status
    assert _said(both, _chat(both)) == (["x"] if arrives else [])
    assert ("Retry-After" in answer.headers) == (status == 429)


@pytest.mark.parametrize("faults", [TeamsFaults(reset=True), TeamsFaults(accepted_then_reset=True)])
def test_a_broken_connection_does_not_say_what_arrived(both: Both, faults: TeamsFaults) -> None:
    both.teams.faults = faults

    with pytest.raises(requests.RequestException):
        both.bot.call("POST", f"/v3/conversations/{_chat(both)}/activities", {"text": "x"})

    assert len(_entries(both, _chat(both))) == int(faults.accepted_then_reset)


def test_a_fault_ends_after_as_many_times_as_were_asked_for(both: Both) -> None:
    both.teams.faults = TeamsFaults(server_error=True, times=1)
    path = f"/v3/conversations/{_chat(both)}/activities"

    assert [both.bot.call("POST", path, {"text": "x"}).status_code for _ in range(2)] == [502, 201]


# --- the screen


def test_the_wire_shows_both_and_no_token(both: Both) -> None:
    _say(both, "もしもし")

    told = requests.get(f"{both.url}/simulator/state?since=-1&teams=-1", timeout=5)
    lines = [line for line in told.json()["traffic"] if line["wire"] == "teams"]

    assert {line["kind"] for line in lines} == {"webhook", "api"}
    assert both.bot.token() not in told.text
    assert "eyJ" not in told.text


def test_where_nothing_changed_nothing_is_told(both: Both) -> None:
    address = f"{both.url}/simulator/state"
    first = requests.get(address, {"teams": -1}, timeout=5).json()["teams"]

    again = requests.get(address, {"teams": first["revision"]}, timeout=5).json()["teams"]

    assert len(first["people"]) == len(MEMBERS)
    assert again == {"revision": first["revision"]}


def test_the_screen_is_for_its_own_page_and_the_platform_for_none(both: Both) -> None:
    body = {"member": WHO, "text": "x"}
    elsewhere = {"Origin": "https://elsewhere.example"}
    screen, platform = f"{both.url}/simulator/do/teams/say", f"{both.url}/simulator/teams/v3/conversations"

    assert requests.post(screen, json=body, headers=elsewhere, timeout=5).status_code == 403
    assert requests.post(screen, json=body, timeout=5).status_code == 403
    assert requests.post(platform, json={}, headers={"Origin": both.url}, timeout=5).status_code == 403


@pytest.mark.parametrize(
    "impossible", [("nobody", "x", ""), (WHO, " ", ""), (WHO, "x", "19:elsewhere"), (WHO, "x" * 30_000, "")]
)
def test_nobody_does_what_they_cannot(both: Both, impossible: tuple[str, str, str]) -> None:
    with pytest.raises(CannotDo):
        both.teams.hands.say(*impossible)
    with pytest.raises(CannotDo):
        both.teams.hands.execute(WHO, "1", {"verb": "sign"})


def test_the_cards_of_teams_are_kept_in_a_database_of_their_own(both: Both) -> None:
    shown = _shown(both)

    assert shown.content["attachments"][0]["content"] == SHEET
    assert both.simulator.platform.store.rows("SELECT * FROM entries") == []


def test_teams_runs_on_this_machine_alone() -> None:
    here = "http://127.0.0.1:8000"
    around = Surroundings("127.0.0.1", here, here, here)

    with pytest.raises(NotOnLoopback):
        require_loopback(around, f"{here}/line/webhook", "https://desk.example/api/messages")
    named = {"MADOGUCHI_TEAMS_TOKEN_URL": "https://login.example/x"}
    leading_elsewhere = Surroundings("127.0.0.1", here, here, here, teams=named)
    with pytest.raises(NotOnLoopback):
        require_loopback(leading_elsewhere)
