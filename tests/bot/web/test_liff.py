"""The private page inside LINE: LINE says who opens it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from werkzeug.test import TestResponse

from storage.tables import sessions
from tests.bot.web.talks import ANSWERS, Desk, Resident
from tests.support.service import NOWHERE, count, user

LIFF = "1234567890-abcdefgh"
CHANNEL = "1234567890"
VERIFY = f"{NOWHERE}/oauth2/v2.1/verify"
THEIRS = {"iss": "https://access.line.me", "sub": user(0), "aud": CHANNEL, "exp": 1_900_000_000}


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.opened(database_url, tmp_path, liff_id=LIFF, line_login_channel_id=CHANNEL)
    yield opened
    opened.service.engine.dispose()


@pytest.fixture
def line() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as faked:
        yield faked


def token_of(resident: Resident) -> str:
    """Talk up to the page; return the token that LIFF is opened with."""
    resident.says("こんにちは")
    resident.says(*ANSWERS)
    (link,) = {
        part.split("?t=")[1].split('"')[0]
        for part in resident.messages()
        if f"liff.line.me/{LIFF}?t=" in part
    }
    return link


def enter(resident: Resident, token: str) -> TestResponse:
    return resident.browser.post("/f/liff", data={"token": token, "id_token": "from-line"})


def test_the_link_in_the_talk_leads_through_line(resident: Resident) -> None:
    assert len(token_of(resident)) > 40


def test_the_door_loads_lines_own_sdk_and_nothing_else_from_outside(resident: Resident) -> None:
    door = resident.browser.get("/f/liff", headers={"Accept-Language": "en"})

    policy = door.headers["Content-Security-Policy"]
    assert (door.status_code, door.headers["Cache-Control"]) == (200, "no-store")
    assert "script-src 'self' https://static.line-scdn.net;" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' https://api.line.me" in policy
    assert f'data-liff="{LIFF}"' in door.text
    assert "Opening the page." in door.text


def test_the_person_the_link_was_made_for_comes_in(resident: Resident, line: responses.RequestsMock) -> None:
    line.post(VERIFY, json=THEIRS)

    entered = enter(resident, token_of(resident))

    assert (entered.status_code, entered.json) == (200, {"ok": True, "next": "/page"})
    assert "申請者氏名" in resident.page()
    assert _asked(line) == "id_token=from-line&client_id=1234567890"


@pytest.mark.parametrize(
    "said",
    [
        THEIRS | {"sub": user(0xABCDEF)},
        THEIRS | {"sub": None},
        THEIRS | {"aud": "9999999999"},
        THEIRS | {"iss": "https://evil.example"},
        {},
        [],
        "text",
    ],
)
def test_whoever_line_does_not_name_stays_outside_and_the_link_is_not_used_up(
    desk: Desk, resident: Resident, line: responses.RequestsMock, said: Any
) -> None:
    token = token_of(resident)
    line.post(VERIFY, json=said)

    refused = enter(resident, token)

    assert (refused.status_code, refused.json) == (403, {"ok": False})
    assert count(desk.service, sessions) == 0
    line.reset()
    line.post(VERIFY, json=THEIRS)
    assert enter(resident, token).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400, "json": {"error": "invalid_request", "error_description": "IdToken expired."}},
        {"status": 400, "json": THEIRS},
        {"status": 500, "body": "oops"},
        {"status": 200, "body": "no json"},
        {"status": 302, "headers": {"Location": "https://evil.example/"}},
        {"body": requests.ConnectionError("見本")},
        {"body": requests.Timeout()},
    ],
)
def test_an_expired_id_token_or_a_fault_of_line_leaves_the_link_usable(
    resident: Resident, line: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    token = token_of(resident)
    line.post(VERIFY, **fault)
    line.get("https://evil.example/", json=THEIRS)  # nobody is followed there

    assert enter(resident, token).status_code == 403

    line.reset()
    line.post(VERIFY, json=THEIRS)
    assert enter(resident, token).status_code == 200


def test_a_link_is_taken_once_inside_line_too(resident: Resident, line: responses.RequestsMock) -> None:
    line.post(VERIFY, json=THEIRS)
    token = token_of(resident)

    assert [enter(resident, token).status_code for _ in range(2)] == [200, 403]


def test_an_old_link_asks_line_nothing(desk: Desk, resident: Resident, line: responses.RequestsMock) -> None:
    token = token_of(resident)
    desk.later(minutes=30)

    assert enter(resident, token).status_code == 403
    assert len(line.calls) == 0


def test_there_is_no_second_door_beside_lines(desk: Desk, resident: Resident) -> None:
    token = token_of(resident)

    plain = resident.browser.get(f"/f/{token}")

    assert (plain.status_code, plain.headers["Location"]) == (303, f"https://liff.line.me/{LIFF}?t={token}")
    assert resident.browser.post(f"/f/{token}").status_code == 403
    assert count(desk.service, sessions) == 0


def test_without_liff_there_is_no_door_of_it(database_url: str, tmp_path: Path) -> None:
    plain = Desk.opened(database_url, tmp_path)

    assert plain.client().get("/f/liff").status_code == 410
    assert plain.client().post("/f/liff").status_code == 410
    plain.service.engine.dispose()


def _asked(line: responses.RequestsMock) -> str:
    return str(line.calls[0].request.body)
