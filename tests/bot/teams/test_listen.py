"""What people do in Teams, and what a conversation hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.postback import PostbackCodec
from bot.teams.activity import Heard, event_id, read_activity
from bot.teams.listen import SHEET, STALE, opener, said
from bot.teams.mention import spoken
from dialogs.events import Action, Decided, Do, Event, Filled, SentOther, SentPhoto, Tapped, Typed
from tests.nasty import NASTY
from tests.support.teams import BOT, BOT_NAME, SERVICE_URL, TENANT, Activities, encoded, oid

CODEC = PostbackCodec(b"k" * 32)
ME = Activities()
OTHER = "29:1sample-other"
START = Action(Do.START, key="inspection")


def heard(activity: object) -> Heard:
    found = read_activity(encoded(activity))
    assert found
    return found


def events(activity: object, who: Activities = ME) -> list[Event]:
    return [each.event for each in said(heard(activity), opener(CODEC, who.account))]


def the_event(activity: object) -> Event:
    [found] = events(activity)
    return found


def sealed(action: Action, who: str = ME.account) -> str:
    return CODEC.seal(who, action)


# --- words


def test_words_are_heard_as_they_were_typed() -> None:
    activity = ME.message("点検")

    assert the_event(activity) == Typed("点検", event_id(ME.thread, activity["id"]))


TAG = f"<at>{BOT_NAME}</at>"
MENTIONS: list[tuple[str, list[tuple[str, str, str]], str]] = [
    (f"{TAG} 一覧", [(BOT, BOT_NAME, TAG)], "一覧"),
    (f"{TAG}&nbsp;一覧\n", [(BOT, BOT_NAME, TAG)], "一覧"),
    (f"一覧 {TAG}", [(BOT, BOT_NAME, TAG)], "一覧"),
    (f"{TAG}\u00a0\u00a0検索  R9-0001", [(BOT, BOT_NAME, TAG)], "検索 R9-0001"),
    (f"{TAG} 窓口の予約をしたい", [(BOT, BOT_NAME, TAG)], "窓口の予約をしたい"),
    (f"{TAG} {TAG} 一覧", [(BOT, BOT_NAME, TAG), (BOT, BOT_NAME, TAG)], "一覧"),
    ('<at id="0">窓口</at> 一覧', [(BOT, BOT_NAME, '<at id="0">窓口</at>')], "一覧"),
    (
        f"{TAG} <at>見本 花子</at>さんに一覧",
        [(BOT, BOT_NAME, TAG), (OTHER, "見本 花子", "<at>見本 花子</at>")],
        "見本 花子さんに一覧",
    ),
    ("<at>見本 花子</at> 一覧", [(OTHER, "見本 花子", "<at>見本 花子</at>")], "見本 花子 一覧"),
    (f"<at>{BOT_NAME}</at> 一覧", [(OTHER, BOT_NAME, f"<at>{BOT_NAME}</at>")], "窓口 一覧"),
    (f"{TAG} 一行目\n二行目", [(BOT, BOT_NAME, TAG)], "一行目\n二行目"),
]


@pytest.mark.parametrize(("text", "mentions", "expected"), MENTIONS)
def test_the_mention_of_the_desk_is_no_part_of_what_is_said(
    text: str, mentions: list[tuple[str, str, str]], expected: str
) -> None:
    entities = [ME.mentioned(*each) for each in mentions]

    event = the_event(ME.mention("", text=text, entities=entities))

    assert isinstance(event, Typed)
    assert event.text == expected


@pytest.mark.parametrize("entities", [None, {}, "x", [None], [{}], [{"type": "mention"}], [{"mentioned": 1}]])
def test_odd_mentions_are_none(entities: Any) -> None:
    assert spoken(f"{TAG} 一覧", entities, BOT) == f"{BOT_NAME} 一覧"


@pytest.mark.parametrize("text", [None, "", "   ", "&nbsp;", "\n", [], 5])
def test_a_message_that_says_nothing_is_no_answer(text: Any) -> None:
    event = the_event(ME.message("", text=text))

    assert isinstance(event, SentOther)
    assert event.kind == "empty"


def test_whatever_is_typed_is_heard() -> None:
    for text in NASTY:
        event = the_event(ME.message(text))
        assert isinstance(event, Typed | SentOther)


def test_endless_words_are_cut() -> None:
    event = the_event(ME.message("あ" * 80_000))

    assert isinstance(event, Typed)
    assert len(event.text) == 5_000


# --- pictures


def test_pictures_are_heard_one_by_one_and_words_beside_them_are_a_caption() -> None:
    activity = ME.pasted("https://smba.example/1", "https://smba.example/2", text="玄関です")

    found = said(heard(activity), opener(CODEC, ME.account))

    first = event_id(ME.thread, activity["id"])
    assert [each.event for each in found] == [
        SentPhoto(first, first),
        SentPhoto(f"{first}.1", f"{first}.1"),
    ]
    assert [each.event_id for each in found] == [first, f"{first}.1"]
    assert [each.file.url for each in found if each.file] == [
        "https://smba.example/1",
        "https://smba.example/2",
    ]


def test_a_picture_that_was_uploaded_is_fetched_from_where_teams_says() -> None:
    [found] = said(heard(ME.uploaded("https://sample.sharepoint.com/d?x=1")), opener(CODEC, ME.account))

    assert found.file
    assert (found.file.url, found.file.name) == ("https://sample.sharepoint.com/d?x=1", "見本.jpg")
    assert isinstance(found.event, SentPhoto)


@pytest.mark.parametrize("name", ["見本.pdf", "見本.exe", "見本", "", ".jpg.zip"])
def test_a_file_that_is_no_picture_is_something_else(name: str) -> None:
    event = the_event(ME.uploaded("https://sample.sharepoint.com/d", name))

    assert isinstance(event, SentOther)
    assert event.kind == "file"


@pytest.mark.parametrize(
    "attachment",
    [
        None,
        {},
        {"contentType": "image/png"},
        {"contentType": "image/png", "contentUrl": "file:///etc/passwd"},
        {"contentType": "image/png", "contentUrl": ["https://smba.example/1"]},
        {"contentType": "image/png", "contentUrl": "https://smba.example/ 1"},
        {"contentType": "image/png\n", "contentUrl": "https://smba.example/1"},
        {"contentType": ["image/png"], "contentUrl": "https://smba.example/1"},
        {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "a.jpg", "content": []},
    ],
)
def test_an_attachment_without_an_address_is_no_picture(attachment: Any) -> None:
    assert not any(
        isinstance(each, SentPhoto) for each in events(ME.message("点検", attachments=[attachment]))
    )


def test_the_copy_in_html_of_what_was_typed_is_not_heard() -> None:
    assert len(events(ME.message("点検"))) == 1


# --- buttons


@pytest.mark.parametrize("way", [ME.execute, ME.submit])
def test_a_button_does_what_it_was_sealed_to_do(way: Any) -> None:
    assert the_event(way({"m": sealed(START)})) == Tapped(START)


@pytest.mark.parametrize("way", [ME.execute, ME.submit])
@pytest.mark.parametrize(
    "data",
    [{}, {"m": ""}, {"m": "x"}, {"m": None}, {"m": ["x"]}, {"m": "\0"}, [], "x", None, 7, {"action": "buy"}],
)
def test_a_button_that_is_not_ours_is_an_old_one(way: Any, data: Any) -> None:
    activity = way(data)

    if activity["type"] == "invoke" or (isinstance(data, dict) and data):
        assert the_event(activity) == STALE
    else:
        assert the_event(activity) == SentOther("empty", heard(activity).event_id)


def test_a_button_of_somebody_elses_card_is_an_old_one() -> None:
    assert the_event(ME.execute({"m": sealed(START, Activities(2).account)})) == STALE


def test_a_card_comes_back_with_its_fields() -> None:
    data = {
        "m": sealed(Action(Do.FILL, "c" * 32)),
        "several": "areas extras/more",
        "free": "205.5",
        "period/from": "2027-06-08",
        "period/to": "2027-06-09",
        "areas": "north, south,,",
        "extras/more": "",
        "plain": "a,b",
        "number": 7,
        "tick": True,
        "weird": {"a": 1},
        "bad name": "x",
        "too/many/parts": "x",
    }

    assert the_event(ME.execute(data)) == Filled(
        {
            "free": {"": "205.5"},
            "period": {"from": "2027-06-08", "to": "2027-06-09"},
            "areas": {"": ["north", "south"]},
            "extras": {"more": []},
            "plain": {"": "a,b"},
            "number": {"": "7"},
            "tick": {"": "true"},
        },
        "c" * 32,
    )


DECIDE = Action(Do.DECIDE, key="R9-0001", part="chief/approve", value="3")


def test_a_button_of_a_sheet_may_be_pressed_by_anybody_who_sees_it() -> None:
    data = {"m": sealed(DECIDE, f"{SHEET}R9-0001"), "reason": "書類が足りません"}

    found = [events(who.execute(data), who)[0] for who in (Activities(1), Activities(2))]

    decided = Decided("R9-0001", "chief", "approve", 3, {"reason": {"": "書類が足りません"}})
    assert found == [decided, decided]


@pytest.mark.parametrize(
    ("owner", "action"),
    [
        (f"{SHEET}R9-0002", DECIDE),
        ("R9-0001", DECIDE),
        (f"{SHEET}inspection", START),
        (f"{SHEET}", Action(Do.FILL, "c" * 32)),
        (f"{SHEET}R9-0001", Action(Do.DECIDE, key="R9-0001", part="chief/approve", value="x")),
        (f"{SHEET}R9-0001", Action(Do.DECIDE, key="R9-0001", part="chief/approve", value="-1")),
    ],
)
def test_a_button_of_a_sheet_does_nothing_but_sign_that_case(owner: str, action: Action) -> None:
    assert the_event(ME.execute({"m": sealed(action, owner)})) == STALE


# --- who and where


def test_who_speaks_is_their_tenant_and_their_account() -> None:
    found = heard(ME.message("点検") | {"from": {"id": "29:x", "aadObjectId": oid(1).upper()}})

    assert found.account == f"{TENANT}/{oid(1)}"


def test_a_conversation_is_remembered_as_it_must_be_addressed() -> None:
    here = heard(ME.message("点検")).reference

    assert (here.conversation_id, here.scope, here.tenant, here.object_id) == (
        ME.thread,
        "personal",
        TENANT,
        oid(1),
    )
    assert (here.service_url, here.bot_id, here.user_id, here.locale) == (
        SERVICE_URL,
        BOT,
        ME.user_id,
        "ja-JP",
    )


def test_a_channel_is_nobodys_personal_chat() -> None:
    here = heard(ME.mention("一覧")).reference

    assert (here.scope, here.object_id, here.user_id) == ("channel", "", "")
    assert here.conversation_id.endswith(";messageid=1812000000000")


@pytest.mark.parametrize(
    ("changes", "locale"),
    [
        ({}, "ja-JP"),
        ({"locale": "en-US"}, "en-US"),
        ({"locale": None}, "ja-JP"),
        ({"locale": "en-US\n", "entities": []}, ""),
        ({"locale": 5, "entities": [{"type": "clientInfo", "locale": "en-GB"}]}, "en-GB"),
        ({"locale": "x" * 40, "entities": None}, ""),
    ],
)
def test_the_language_is_the_clients(changes: dict[str, Any], locale: str) -> None:
    assert heard(ME.message("点検", **changes)).locale == locale


@pytest.mark.parametrize(
    "sender",
    [
        {"userRole": "guest"},
        {"userRole": "Anonymous"},
        {"userPrincipalName": "mihon_example.com#EXT#@city.example"},
        {"tenantId": "7e5a0c1f-9999-4a6e-8f0f-2f3f4f9b8a11"},
    ],
)
def test_a_guest_is_one(sender: dict[str, Any]) -> None:
    activity = ME.message("点検")

    assert not heard(activity).is_guest
    assert heard(activity | {"from": activity["from"] | sender}).is_guest


def test_an_activity_without_an_id_is_known_by_what_it_says() -> None:
    activity = ME.message("点検")
    del activity["id"]

    assert heard(activity).event_id == heard(dict(reversed(activity.items()))).event_id
    assert heard(activity).event_id != heard(activity | {"text": "一覧"}).event_id


def test_the_same_id_in_another_conversation_is_another_event() -> None:
    activity = ME.message("点検")
    elsewhere = activity | {"conversation": activity["conversation"] | {"id": "a:elsewhere"}}

    assert heard(activity).event_id != heard(elsewhere).event_id
