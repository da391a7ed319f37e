"""A survey answered in the talk: once each, and nothing that is left of the talk leads to the answers."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.service import Service
from storage import ballots
from storage import engine as database
from storage.tables import cases, conversations, outbox, submissions
from storage.tables_surveys import survey_marks, survey_words
from tests.support import polls
from tests.support.service import (
    BEGIN,
    StandingClock,
    Webhooks,
    count,
    make,
    post,
    redelivered,
    rows,
    said,
    user,
)

PHONE = "090-1234-5678"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Any:
    made = make(database_url, tmp_path, clock)
    yield made
    made.stop()


def _delivered(service: Service) -> None:
    with database.write(service.engine) as conn:
        conn.execute(outbox.update().values(state="delivered", done_at=1))


def _said(service: Service, phone: Webhooks, words: str) -> str:
    since = rows(service, "SELECT coalesce(max(id), 0) AS last FROM outbox")[0].last
    assert post(service, phone.text(words)) == 200
    return "\n".join(said(service, since))


def _begun(service: Service, phone: Webhooks) -> str:
    """Open the menu and begin the survey by its number there; return what is said."""
    _said(service, phone, "メニュー")
    [body] = rows(service, "SELECT body FROM outbox WHERE kind = 'messages' ORDER BY id DESC LIMIT 1")
    text = json.dumps(json.loads(body.body), ensure_ascii=False)
    assert "アンケートに答える" in text
    return _said(service, phone, "アンケートに答える")


def _answered(service: Service, phone: Webhooks, why: str = "お茶がよかった") -> str:
    _begun(service, phone)
    _said(service, phone, "はい")
    review = _said(service, phone, why)
    assert why.replace(PHONE, "") in review or PHONE in why
    return _said(service, phone, "送る")


def _box(service: Service) -> list[ballots.Ballot]:
    with database.read(service.engine) as conn:
        return list(ballots.read(conn, "meeting"))


def test_whoever_answers_is_thanked_and_leaves_a_ballot_and_a_mark_and_nothing_else(service: Service) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))

    thanks = _answered(service, phone)

    assert "ありがとうございました" in thanks
    [ballot] = _box(service)
    assert (ballot.answers, ballot.channel) == ({"good": "yes", "why": "お茶がよかった"}, "line")
    assert (ballot.kind, ballot.paper) == ("", False)
    assert count(service, survey_marks) == 1
    assert [count(service, each) for each in (cases, submissions, conversations)] == [0, 0, 0]


def test_no_row_outside_the_box_holds_an_answer_once_it_is_cast_and_delivered(service: Service) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _begun(service, phone)
    _said(service, phone, "はい")
    _said(service, phone, "お茶がよかった")
    assert "お茶がよかった" in _everything(service)
    _delivered(service)

    _said(service, phone, "送る")

    assert "お茶がよかった" not in _everything(service)
    assert "よかったですか" not in _everything(service)  # which questions were asked may tell the answers
    assert count(service, survey_words) == 0


def test_what_was_on_its_way_at_that_moment_is_blanked_by_the_next_round(service: Service) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _answered(service, phone)
    assert "お茶がよかった" in _everything(service)  # the last look was not delivered yet

    _delivered(service)
    service.jobs.tick()

    assert "お茶がよかった" not in _everything(service)
    assert count(service, survey_words) == 0


def _everything(service: Service) -> str:
    """Return all text of the database but the ballots and the survey itself."""
    tables = [
        row.name
        for row in rows(service, _TABLES[service.engine.dialect.name])
        if row.name not in {"ballots", "surveys"}
    ]
    return "\n".join(str(tuple(row)) for name in tables for row in rows(service, f"SELECT * FROM {name}"))


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


def test_telephone_numbers_in_free_words_are_hidden_in_the_box_too(service: Service) -> None:
    polls.opened(service)

    _answered(service, Webhooks(user(1)), f"電話してください {PHONE}")

    assert PHONE not in json.dumps([each.answers for each in _box(service)], ensure_ascii=False)


def test_nobody_answers_twice_and_the_menu_does_not_ask_again(service: Service) -> None:
    polls.opened(service)
    phone, other = Webhooks(user(1)), Webhooks(user(2))
    _answered(service, phone)

    assert "アンケートに答える" not in _menu(service, phone)
    assert "アンケートに答える" in _menu(service, other)


def _menu(service: Service, phone: Webhooks) -> str:
    _said(service, phone, "メニュー")
    [row] = rows(service, "SELECT body FROM outbox WHERE kind = 'messages' ORDER BY id DESC LIMIT 1")
    return str(json.dumps(json.loads(row.body), ensure_ascii=False))


def test_an_event_that_comes_again_counts_nothing_twice(service: Service) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _begun(service, phone)
    _said(service, phone, "はい")
    _said(service, phone, "よい")
    last = phone.text("送る")

    assert {post(service, last), post(service, redelivered(last)), post(service, phone.text("送る"))} == {200}

    assert len(_box(service)) == 1


def test_a_survey_closed_in_the_middle_takes_no_answer_and_says_so(
    service: Service, clock: StandingClock
) -> None:
    polls.opened(service, closes="2027-06-07")
    phone = Webhooks(user(1))
    _begun(service, phone)
    _said(service, phone, "はい")
    _said(service, phone, "よい")
    clock.set(BEGIN.replace(day=8))

    assert "終わりました" in _said(service, phone, "送る")
    assert _box(service) == []


def test_giving_up_is_counted_at_its_question_and_nothing_is_kept_of_who(service: Service) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _begun(service, phone)
    _said(service, phone, "はい")
    _said(service, phone, "中止")
    _said(service, phone, "中止する")

    with database.read(service.engine) as conn:
        assert ballots.counts(conn, "meeting") == ballots.Counts(0, 0, 1, {"why": 1})
    assert count(service, conversations) == 0


def test_a_turn_that_has_nothing_to_do_with_a_survey_asks_nothing_about_one(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _said(service, phone, "メニュー")
    _said(service, phone, "1")
    asked: list[object] = []

    def heard(conn: Connection, marks: object) -> frozenset[str]:
        asked.append(marks)
        return frozenset()

    monkeypatch.setattr(ballots, "has_answered", heard)
    _said(service, phone, "個人")
    assert asked == []
    _said(service, phone, "メニュー")
    assert len(asked) == 1


def test_what_is_half_filled_too_long_goes_and_is_counted(service: Service, clock: StandingClock) -> None:
    polls.opened(service)
    phone = Webhooks(user(1))
    _begun(service, phone)
    _said(service, phone, "はい")
    clock.advance(timedelta(days=40))
    service.jobs.tick()

    with database.read(service.engine) as conn:
        assert ballots.counts(conn, "meeting").stopped_at == {"why": 1}
    assert count(service, conversations) == 0
