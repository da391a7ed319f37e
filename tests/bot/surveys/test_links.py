"""A survey by a personal link: page by page, one answer counts with the talk's, and nothing is said in the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.service import Service
from bot.serving import make_app
from storage import ballots, links
from storage import engine as database
from tests.bot.surveys.test_casting import _answered, _said
from tests.support import polls
from tests.support.service import StandingClock, Webhooks, make, rows, user

DAY = 24 * 3_600_000


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[Service]:
    made = make(sqlite_url, tmp_path, StandingClock())
    yield made
    made.stop()


@pytest.fixture
def browser_(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def _link(service: Service, phone: Webhooks) -> str:
    person = rows(service, "SELECT person_id FROM identities WHERE external_id = :u", u=phone.user_id)
    with database.write(service.engine) as conn:
        token = links.make(conn, "survey", person[0].person_id, "meeting", DAY, service.clock.now())
    return f"/s/{token}"


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def _sent(client: FlaskClient, address: str, **answers: str) -> str:
    page = client.get(address).text
    given: dict[str, object] = {name: _hidden(page, name) for name in ("seal", "once")}
    asked = re.findall(r'name="asked" value="([^"]*)"', page)
    return client.post(address, data={**given, "asked": asked, **answers}, follow_redirects=True).text


def _box(service: Service) -> list[tuple[str, object]]:
    with database.read(service.engine) as conn:
        return [(each.channel, each.answers) for each in ballots.read(conn, "meeting")]


def _walk(client: FlaskClient, link: str) -> str:
    assert "回答をはじめる" in client.get(link).text
    first = client.post(link).headers["Location"]
    _sent(client, first, good="no", why="遠かった")
    return _sent(client, "/survey/review")


def test_whoever_answers_by_the_link_is_thanked_and_the_talk_is_silent(
    service: Service, browser_: FlaskClient
) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _said(service, phone, "メニュー")
    before = rows(service, "SELECT count(*) AS many FROM outbox")[0].many

    thanks = _walk(browser_, _link(service, phone))

    assert "ありがとうございました" in thanks
    assert _box(service) == [("web", {"good": "no", "why": "遠かった"})]
    assert rows(service, "SELECT count(*) AS many FROM outbox")[0].many == before


def test_a_link_is_over_once_its_person_has_answered_in_the_talk_and_so_the_other_way_round(
    service: Service, browser_: FlaskClient
) -> None:
    polls.opened(service)
    talking, clicking = Webhooks(user(1)), Webhooks(user(2))
    _answered(service, talking)
    _said(service, clicking, "メニュー")
    link = _link(service, clicking)
    _walk(browser_, link)

    assert "もう回答をいただいています" in browser_.get(_link(service, talking)).text
    assert browser_.post(link, follow_redirects=True).status_code == 410
    assert "アンケートに答える" not in _said(service, clicking, "メニュー")
    assert len(_box(service)) == 2


def test_what_was_begun_in_the_talk_is_confirmed_on_the_page_and_counts_once(
    service: Service, browser_: FlaskClient
) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    for words in ("メニュー", "アンケートに答える", "はい", "よい"):
        _said(service, phone, words)
    browser_.post(_link(service, phone))

    _sent(browser_, "/survey/review")
    _said(service, phone, "送る")

    assert _box(service) == [("web", {"good": "yes", "why": "よい"})]


def test_nobody_comes_in_without_a_link_or_from_another_site(service: Service, browser_: FlaskClient) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _said(service, phone, "メニュー")

    assert browser_.get("/s/nothing").status_code == 410
    assert browser_.get("/survey/review").status_code == 410
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser_.post(_link(service, phone), headers=foreign).status_code == 403
    browser_.post(_link(service, phone))
    assert browser_.post("/survey/discard", data={"seal": "another"}).status_code == 403
    assert "すべて消しました" in _discarded(browser_)


def _discarded(client: FlaskClient) -> str:
    page = client.get("/survey/page/all").text
    return client.post("/survey/discard", data={"seal": _hidden(page, "seal")}).text
