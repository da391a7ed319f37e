"""The picture of a notice number: what it says, who is shown it, and for how long."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.qr import LONGEST, QUIET, Codes, drawn
from bot.serving import make_app
from tests.support import qr
from tests.support.applying import apply, type_all
from tests.support.members import Members
from tests.support.service import StandingClock, Webhooks, make, rows, said

KEY, FORMER = b"k" * 32, b"f" * 32


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def codes(clock: StandingClock) -> Codes:
    return Codes([KEY], "https://desk.example.lg.jp", clock)


@pytest.fixture
def browser(sqlite_url: str, tmp_path: Path, clock: StandingClock) -> FlaskClient:
    return make_app(make(sqlite_url, tmp_path, clock)).test_client()


def token(address: str) -> str:
    return address.rpartition("/")[2].removesuffix(".png")


def test_the_picture_says_the_number_and_nothing_else() -> None:
    assert qr.read(drawn("9-0001")) == ("9-0001", "M", QUIET)
    assert qr.read(drawn("令9-12"))[0] == "令9-12"


def test_the_address_opens_to_its_number(codes: Codes) -> None:
    address = codes.address("9-0001")

    assert address.startswith("https://desk.example.lg.jp/qr/")
    assert codes.number(token(address)) == "9-0001"


def test_an_address_of_a_desk_without_https_is_https_all_the_same(codes: Codes) -> None:
    plain = replace(codes, public_url="http://127.0.0.1:8000")

    assert plain.address("9-0001").startswith("https://127.0.0.1:8000/qr/")


def test_an_address_lives_a_week(codes: Codes, clock: StandingClock) -> None:
    made = token(codes.address("9-0001"))

    clock.advance(timedelta(days=7))
    assert codes.number(made) == "9-0001"
    clock.advance(timedelta(minutes=1))
    assert codes.number(made) is None
    assert codes.number(token(codes.address("9-0001"))) == "9-0001"


def test_an_address_still_opens_after_the_key_was_changed(codes: Codes) -> None:
    made = token(replace(codes, keys=[FORMER]).address("9-0001"))

    assert replace(codes, keys=[KEY, FORMER]).number(made) == "9-0001"
    assert codes.number(made) is None


@pytest.mark.parametrize("place", [0, 5, 11, 13, 20])
def test_no_letter_of_an_address_can_be_changed(codes: Codes, place: int) -> None:
    made = token(codes.address("9-0001"))
    changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]

    assert codes.number(changed) is None


@pytest.mark.parametrize("nonsense", ["", "A", "abc", "ü", "a" * 5000])
def test_an_invented_address_shows_nothing(codes: Codes, nonsense: str) -> None:
    assert codes.number(nonsense) is None


def test_what_is_too_long_for_a_code_is_refused(codes: Codes) -> None:
    assert codes.number(token(codes.address("9" * LONGEST)))
    with pytest.raises(ValueError, match="9"):
        codes.address("9" * (LONGEST + 1))


def test_whoever_has_the_address_sees_the_picture_and_others_see_nothing(
    browser: FlaskClient, clock: StandingClock
) -> None:
    address = Codes([KEY], "http://127.0.0.1:8000", clock).address("9-0001")
    path = address.removeprefix("https://127.0.0.1:8000")

    shown = browser.get(path)
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert qr.read(shown.data)[0] == "9-0001"
    assert shown.headers["Cache-Control"] == "no-store"

    clock.advance(timedelta(days=8))
    assert browser.get(path).status_code == 404
    assert browser.get("/qr/9-0001.png").status_code == 404


def test_from_the_decision_on_the_talk_shows_the_number_as_a_code_that_is_made_anew_on_request(
    sqlite_url: str, tmp_path: Path, clock: StandingClock
) -> None:
    service = make(sqlite_url, tmp_path, clock)
    phone, members = Webhooks(), Members(service).office()
    reference = apply(service, phone)
    members.approve(reference)
    browser = make_app(service).test_client()

    def pictures() -> list[str]:
        bodies = rows(service, "SELECT body FROM outbox WHERE kind = 'messages' ORDER BY id")
        return re.findall(
            r"https://127\.0\.0\.1:8000(/qr/[\w-]+\.png)", "".join(each.body for each in bodies)
        )

    [first] = pictures()
    number = qr.read(browser.get(first).data)[0]
    assert f"通知番号 {number}" in "\n".join(said(service))

    clock.advance(timedelta(days=8))
    assert browser.get(first).status_code == 404
    type_all(service, phone, "申請状況", "1", "通知番号を見せる")
    *_, newest = pictures()
    assert qr.read(browser.get(newest).data)[0] == number
    service.stop()
