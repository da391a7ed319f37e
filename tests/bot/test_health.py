"""Whether the desk says truly that it can work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot import health, probe
from bot.health import PROXIES
from bot.service import Service
from bot.serving import make_app
from storage import engine as database
from storage import inbox
from tests.support.service import StandingClock, until


@pytest.fixture
def working(service: Service) -> Iterator[Service]:
    service.start()
    yield service
    service.stop()


@pytest.fixture
def browser(working: Service) -> FlaskClient:
    return make_app(working).test_client()


def failing(browser: FlaskClient) -> Any:
    answer = browser.get("/readyz")
    assert answer.json
    assert answer.status_code == (503 if answer.json["failing"] else 200)
    assert answer.json["ready"] == (not answer.json["failing"])
    return answer.json["failing"]


def test_a_desk_whose_parts_all_work_is_ready(browser: FlaskClient) -> None:
    assert failing(browser) == []
    assert browser.get("/healthz").text == "ok\n"


def test_a_desk_that_sends_nothing_is_not_ready(browser: FlaskClient, working: Service) -> None:
    working.delivery.stop()

    assert failing(browser) == ["delivery"]
    assert browser.get("/healthz").status_code == 200


def test_a_desk_whose_jobs_stopped_is_not_ready(browser: FlaskClient, working: Service) -> None:
    working.jobs.stop()

    assert failing(browser) == ["jobs"]


def test_a_desk_that_leaves_an_event_lying_is_not_ready(
    browser: FlaskClient, working: Service, clock: StandingClock
) -> None:
    now = clock.now()
    with database.write(working.engine) as conn:
        inbox.fail(conn, "e1", "line", b"sealed", "ValueError", due=now + 3_600_000, now=now)

    clock.advance(timedelta(seconds=30))
    assert failing(browser) == []
    clock.advance(timedelta(milliseconds=1))
    assert failing(browser) == ["events"]


def test_an_event_set_aside_for_staff_holds_nobody_up(
    browser: FlaskClient, working: Service, clock: StandingClock
) -> None:
    now = clock.now()
    with database.write(working.engine) as conn:
        inbox.fail(conn, "e1", "line", b"sealed", "ValueError", due=now, now=now)
        inbox.bury(conn, "e1", "ValueError")

    clock.advance(timedelta(hours=1))

    assert failing(browser) == []


def test_a_desk_without_its_database_is_not_ready(service: Service) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("connect", None, ConnectionRefusedError())

    browser = make_app(service).test_client()
    assert failing(browser) == ["delivery", "jobs"]  # nothing runs in the background here
    service.engine.dispose()
    event.listen(service.engine, "do_connect", gone)

    assert failing(browser) == ["delivery", "jobs", "database"]


def test_a_database_that_never_answers_does_not_hold_a_probe_up(
    browser: FlaskClient, working: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()

    def hang(_service: Service) -> None:
        answered.wait(20)
        raise OperationalError("SELECT", None, TimeoutError())

    monkeypatch.setattr(health, "_look", hang)
    monkeypatch.setattr(probe, "PATIENCE", 0.05)
    hanging = make_app(working).test_client()

    assert failing(hanging) == ["database"]
    assert failing(hanging) == ["database"]
    assert [each.name for each in threading.enumerate()].count("probe") == 1
    answered.set()


def test_a_desk_whose_tables_are_of_an_older_version_is_not_ready(
    browser: FlaskClient, working: Service
) -> None:
    _put_at(working, "0000")
    assert failing(browser) == []  # newer than this program, or strange: an update is under way
    with database.write(working.engine) as conn:
        conn.execute(text("DELETE FROM alembic_version"))

    assert failing(browser) == ["schema"]


def _put_at(service: Service, revision: str) -> None:
    with database.write(service.engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})


@pytest.mark.parametrize("thread", ["delivery", "jobs"])
def test_a_thread_that_died_is_seen(service: Service, thread: str) -> None:
    died = threading.Event()
    part: Any = getattr(service, thread)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(part, "_die" if thread == "delivery" else "die", died.set)
    monkey.setattr(part, "_round" if thread == "delivery" else "tick", _dies)
    service.start()

    assert died.wait(20)

    until(lambda: failing(make_app(service).test_client()) == [thread])
    monkey.undo()


def _dies() -> None:
    raise RuntimeError("見本の故障")


def test_jobs_that_hang_are_as_good_as_dead(
    browser: FlaskClient, working: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.LONGEST_ROUND", -1.0)

    assert failing(browser) == ["jobs"]


def test_counts_are_shown_on_this_machine(browser: FlaskClient) -> None:
    shown = browser.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})

    assert shown.status_code == 200
    assert "madoguchi_webhooks" in shown.text


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "::2", "127.0.0.1.evil.example", ""])
def test_counts_are_nobody_elses_business(browser: FlaskClient, address: str) -> None:
    assert browser.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize("header", PROXIES)
def test_counts_do_not_leave_through_a_proxy(browser: FlaskClient, header: str) -> None:
    assert browser.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_no_count_names_a_person(browser: FlaskClient) -> None:
    shown = browser.get("/metrics").text

    assert "U0000" not in shown
    assert 'person="' not in shown
