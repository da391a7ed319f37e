"""What else the desk may ask LINE."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from bot.simulator import Faults, Platform
from bot.simulator.samples import photos
from tests.bot.simulator.conftest import BEARER, DESK, Api, Desk

MENU = {
    "size": {"width": 2500, "height": 843},
    "selected": True,
    "name": "ja",
    "chatBarText": "メニュー",
    "areas": [
        {
            "bounds": {"x": 0, "y": 0, "width": 2500, "height": 843},
            "action": {"type": "message", "label": "メニュー", "text": "メニュー"},
        }
    ],
}


def test_a_profile_tells_name_and_language(platform: Platform, resident: str, api: Api) -> None:
    platform.phones.speak(resident, "zh-Hant")

    assert api(f"/v2/bot/profile/{resident}")[1] == {
        "userId": resident,
        "displayName": "見本さん（日本語）",
        "language": "zh-Hant",
    }


@pytest.mark.parametrize("act", ["block", "remove"])
def test_nothing_is_told_of_somebody_who_left(platform: Platform, resident: str, api: Api, act: str) -> None:
    leave: Callable[[str], None] = getattr(platform.phones, act)
    leave(resident)

    assert api(f"/v2/bot/profile/{resident}")[0] == 404


def test_nothing_is_told_of_somebody_who_never_came(api: Api) -> None:
    assert api(f"/v2/bot/profile/U{'f' * 32}")[0] == 404


def test_a_photo_is_given_as_it_was_sent_with_its_type(platform: Platform, resident: str) -> None:
    sent = platform.phones.send_photo(resident, "image/jpeg", photos()["field"])

    answer = platform.call("GET", f"/v2/bot/message/{sent}/content", BEARER)

    assert (answer.status, answer.mime, answer.body) == (200, "image/jpeg", photos()["field"])


def test_a_photo_is_prepared_while_the_switch_is_on(platform: Platform, resident: str, api: Api) -> None:
    sent = platform.phones.send_photo(resident, "image/jpeg", photos()["track"])
    content, transcoding = f"/v2/bot/message/{sent}/content", f"/v2/bot/message/{sent}/content/transcoding"
    platform.faults = Faults(preparing=True)

    assert api(content)[0] == 202
    assert api(transcoding)[1] == {"status": "processing"}

    platform.faults = Faults()

    assert platform.call("GET", content, BEARER).status == 200
    assert api(transcoding)[1] == {"status": "succeeded"}


def test_a_photo_taken_back_is_gone_and_one_never_sent_is_not_found(
    platform: Platform, resident: str, api: Api
) -> None:
    sent = platform.phones.send_photo(resident, "image/jpeg", photos()["field"])
    platform.phones.unsend(resident, sent)

    assert api(f"/v2/bot/message/{sent}/content")[0] == 410
    assert api("/v2/bot/message/1/content")[0] == 404


@pytest.mark.parametrize("name", ["field", "track"])
def test_a_sample_photo_says_where_and_when_it_was_taken(name: str) -> None:
    picture = Image.open(io.BytesIO(photos()[name]))
    exif = picture.getexif()

    assert exif.get_ifd(0x8825)[2] == (42.0, 57.0, 52.0)
    assert exif.get_ifd(0x8769)[0x9003] == "2027:06:06 05:12:40"
    assert len(photos()[name]) < 150_000


@pytest.mark.parametrize(
    ("seconds", "status"), [(5, 202), (60, 202), (0, 400), (7, 400), (65, 400), ("5", 400)]
)
def test_the_dots_are_shown_for_some_seconds(
    platform: Platform, resident: str, api: Api, seconds: object, status: int
) -> None:
    body = {"chatId": resident, "loadingSeconds": seconds}

    assert api("/v2/bot/chat/loading/start", body)[0] == status
    assert (resident in platform.loading.chats()) == (status == 202)


def test_the_dots_end_when_the_desk_speaks(platform: Platform, resident: str, api: Api) -> None:
    platform.phones.say(resident, "こんにちは")
    api("/v2/bot/chat/loading/start", {"chatId": resident})
    assert platform.loading.chats() == [resident]

    api("/v2/bot/message/push", {"to": resident, "messages": [{"type": "text", "text": "はい"}]})

    assert platform.loading.chats() == []


def test_the_dots_are_for_people_and_not_for_groups(platform: Platform, resident: str, api: Api) -> None:
    group = platform.phones.invite(resident)

    assert api("/v2/bot/chat/loading/start", {"chatId": group})[0] == 400


def test_the_desk_leaves_a_group_once_and_is_silent_there(
    platform: Platform, resident: str, api: Api
) -> None:
    group = platform.phones.invite(resident)
    hello = {"to": group, "messages": [{"type": "text", "text": "失礼します"}]}
    assert api("/v2/bot/message/push", hello)[0] == 200

    assert api(f"/v2/bot/group/{group}/leave", {})[0] == 200
    assert api(f"/v2/bot/group/{group}/leave", {})[0] == 404
    api("/v2/bot/message/push", hello)

    assert [entry.side for entry in platform.chats.chat(group)] == ["note", "desk"]


def test_the_desk_learns_who_it_is_and_where_its_webhook_is(platform: Platform, api: Api) -> None:
    assert api("/v2/bot/info")[1]["userId"] == DESK
    assert api("/v2/bot/channel/webhook/endpoint")[1]["endpoint"] == platform.config.webhook_url


@pytest.mark.parametrize(("status", "reason"), [(200, "OK"), (500, "ERROR_STATUS_CODE")])
def test_the_webhook_can_be_tried(desk: Desk, api: Api, status: int, reason: str) -> None:
    desk.statuses.append(status)

    answer = api("/v2/bot/channel/webhook/test", {})[1]

    assert (answer["success"], answer["reason"], answer["statusCode"]) == (status == 200, reason, status)
    assert desk.events == []


def test_a_rich_menu_is_shown_once_it_has_its_picture(platform: Platform, resident: str, api: Api) -> None:
    menu = api("/v2/bot/richmenu", MENU)[1]["richMenuId"]
    show = f"/v2/bot/user/all/richmenu/{menu}"
    assert api(show, {})[0] == 400

    picture = BEARER | {"Content-Type": "image/png"}
    drawn = platform.call("POST", f"/v2/bot/richmenu/{menu}/content", picture, b"\x89PNG")

    assert drawn.status == 200
    assert platform.call("POST", f"/v2/bot/richmenu/{menu}/content", picture, b"\x89PNG").status == 400
    assert api(show, {})[0] == 200
    assert api("/v2/bot/user/all/richmenu")[1] == {"richMenuId": menu}
    assert api("/v2/bot/richmenu/list")[1]["richmenus"] == [{"richMenuId": menu, **MENU}]
    assert platform.menus.shown_to(platform.chats.residents()[0]) == {"richMenuId": menu, **MENU}


def test_ones_own_rich_menu_goes_before_everybodys(platform: Platform, resident: str, api: Api) -> None:
    menus = [api("/v2/bot/richmenu", MENU)[1]["richMenuId"] for _ in range(2)]
    for menu in menus:
        path = f"/v2/bot/richmenu/{menu}/content"
        platform.call("POST", path, BEARER | {"Content-Type": "image/png"}, b"\x89PNG")
    api(f"/v2/bot/user/all/richmenu/{menus[0]}", {})
    api(f"/v2/bot/user/{resident}/richmenu/{menus[1]}", {})

    shown = [platform.menus.shown_to(each) for each in platform.chats.residents()[:2]]

    assert [menu and menu["richMenuId"] for menu in shown] == [menus[1], menus[0]]


def test_a_rich_menu_beyond_lines_limits_is_refused(api: Api) -> None:
    assert api("/v2/bot/richmenu", MENU | {"chatBarText": "長" * 15})[0] == 400


def test_an_alias_stands_for_a_menu_and_then_for_its_successor(platform: Platform, api: Api) -> None:
    menus = [api("/v2/bot/richmenu", MENU)[1]["richMenuId"] for _ in range(2)]
    alias = {"richMenuAliasId": "sample-1"}
    path = "/v2/bot/richmenu/alias/sample-1"
    assert api("/v2/bot/richmenu/alias", {**alias, "richMenuId": menus[0]})[0] == 400, "it has no picture"
    for menu in menus:
        content = f"/v2/bot/richmenu/{menu}/content"
        assert platform.call("GET", content, BEARER, b"").status == 404
        platform.call("POST", content, BEARER | {"Content-Type": "image/png"}, b"\x89PNG")
        assert platform.call("GET", content, BEARER, b"").body == b"\x89PNG"

    assert api(path)[0] == 404
    assert api("/v2/bot/richmenu/alias", {**alias, "richMenuId": menus[0]})[0] == 200
    assert api("/v2/bot/richmenu/alias", {**alias, "richMenuId": menus[1]})[0] == 400, "it is taken"
    assert api(path, {"richMenuId": menus[1]})[0] == 200

    assert api(path)[1] == {**alias, "richMenuId": menus[1]}
    assert api("/v2/bot/richmenu/alias/list")[1] == {"aliases": [{**alias, "richMenuId": menus[1]}]}
    assert platform.call("DELETE", path, BEARER, b"").status == 200
    assert platform.call("DELETE", path, BEARER, b"").status == 404
    assert api(path, {"richMenuId": menus[0]})[0] == 404
