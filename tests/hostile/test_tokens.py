"""One-time links and sessions: nobody comes in with one that is nearly right, and nobody learns why not.

``MADOGUCHI_TOKENS`` tries more of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count as counting
from random import Random

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from bot.admin.signin import MINUTE
from bot.service import PAGE_LIFE
from storage import engine as database
from storage import links
from storage.tables import links as links_table
from storage.tables import sessions
from tests.bot.web.talks import PERSONAL, Desk, Resident
from tests.hostile.tokens import mutants
from tests.storage.make import together
from tests.support.service import count

TOKENS = int(os.environ.get("MADOGUCHI_TOKENS", "500"))
SEED = int(os.environ.get("MADOGUCHI_SEED", "1"))
OTHER = 0xABCDEF
_people = counting(0xAB0000)
GONE = 410


@dataclass(frozen=True)
class Way:
    """One kind of link: its path, its kind, and how long it lives (ms)."""

    path: str
    kind: str
    life: int
    cookie: str
    inside: str


WAYS = {
    "private page": Way("/f/", "page", PAGE_LIFE, "madoguchi-page", "/page"),
    "console": Way("/admin/enter/", "console", 10 * MINUTE, "madoguchi-console", "/admin/"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


def made(desk: Desk, way: Way) -> str:
    """Return the token of a fresh link."""
    if way.kind == "page":
        return Resident(desk, number=next(_people)).comes_to_the_page().removeprefix(way.path)
    with database.write(desk.service.engine) as conn:
        return links.make(conn, way.kind, "mihon", "", way.life, desk.clock.now())


def is_inside(browser: FlaskClient, way: Way) -> bool:
    return browser.get(way.inside).status_code == 200


def likeness(answer: TestResponse) -> Mapping[str, object]:
    """Return all that a stranger learns from *answer*; what differs at each answer is left out."""
    text = re.sub(r"[0-9a-f]{8,}", "", answer.text)
    headers = {name: value for name, value in answer.headers if name != "Date"}
    return {"status": answer.status_code, "text": text, **headers}


def many(desk: Desk) -> int:
    return TOKENS if desk.service.engine.dialect.name == "sqlite" else TOKENS // 5


def test_no_token_that_is_nearly_right_opens_anything(desk: Desk, way: Way) -> None:
    token = made(desk, way)
    browser = desk.client()
    before = count(desk.service, sessions)

    with capture_logs() as lines:
        seen = {
            (browser.get(way.path + each).status_code, browser.post(way.path + each).status_code)
            for each in mutants(Random(SEED), token, many(desk))
        }

    assert {status for pair in seen for status in pair} <= {303, 308, 400, 404, 405, GONE}
    assert count(desk.service, sessions) == before
    assert not is_inside(browser, way)
    assert token not in repr(lines)
    assert browser.post(way.path + token).status_code == 303, "the right one still opens"
    assert is_inside(browser, way)


def test_no_session_that_is_nearly_right_is_one(desk: Desk, way: Way) -> None:
    owner, stranger = desk.client(), desk.app.test_client(use_cookies=False)
    owner.post(way.path + made(desk, way))
    cookie = owner.get_cookie(way.cookie)
    assert cookie

    for each in mutants(Random(SEED), cookie.value, many(desk) // 5):
        if each.isascii() and ";" not in each:  # what a header can say of one cookie
            answer = stranger.get(way.inside, headers={"Cookie": f"{way.cookie}={each}"})
            assert answer.status_code in {303, GONE}, each[:80]

    assert is_inside(owner, way)


def test_a_stranger_cannot_tell_why_a_link_opens_nothing(desk: Desk, way: Way) -> None:
    used, old, wrong = (
        made(desk, way),
        made(desk, way),
        WAYS["console"] if way.kind == "page" else WAYS["private page"],
    )
    desk.client().post(way.path + used)
    desk.later(milliseconds=way.life)
    tokens = {
        "never made": "A" * 43,
        "used": used,
        "too old": old,
        "of another kind": made(desk, wrong),
        "no token": "x",
    }

    looked = {name: likeness(desk.client().get(way.path + token)) for name, token in tokens.items()}
    taken = {name: likeness(desk.client().post(way.path + token)) for name, token in tokens.items()}

    for answers in (looked, taken):
        assert all(answer == answers["never made"] for answer in answers.values())
    assert looked["used"]["status"] == taken["used"]["status"] == GONE


def test_looking_uses_nothing_up(desk: Desk, way: Way) -> None:
    token = made(desk, way)
    stranger = desk.client()

    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "GET"):
        answer = stranger.open(way.path + token, method=method)
        assert answer.status_code in {200, 405}, method
        assert "Set-Cookie" not in answer.headers

    assert count(desk.service, links_table, used_at=None) >= 1
    assert desk.client().post(way.path + token).status_code == 303


def test_of_two_who_take_a_link_at_once_one_comes_in(desk: Desk, way: Way) -> None:
    for _ in range(5):
        token = made(desk, way)
        before = count(desk.service, sessions)

        statuses = together(2, lambda: desk.client().post(way.path + token).status_code)  # noqa: B023 -- ends here

        assert sorted(statuses) == [303, GONE]
        assert count(desk.service, sessions) == before + 1


def test_a_link_taken_once_is_taken(desk: Desk, way: Way) -> None:
    token = made(desk, way)
    owner, stranger = desk.client(), desk.client()
    owner.post(way.path + token)

    for browser in (stranger, desk.client()):
        assert browser.post(way.path + token).status_code == GONE
        assert not is_inside(browser, way)
    assert is_inside(owner, way)


def test_a_page_is_its_owners_whatever_a_stranger_sends_along(desk: Desk) -> None:
    owner, stranger = Resident(desk), Resident(desk, number=OTHER)
    page = owner.opens(owner.comes_to_the_page())
    stranger.opens(stranger.comes_to_the_page())

    answer = stranger.sends(page, PERSONAL)

    assert answer.status_code == 403
    assert stranger.browser.post("/page?seal=x", data={"seal": ["x", "y"]}).status_code == 403
    assert stranger.browser.post("/page", json={"seal": None}).status_code == 403
    assert stranger.browser.post(
        "/page", data=b"\xff" * 1000, content_type="multipart/form-data"
    ).status_code in {400, 403}
