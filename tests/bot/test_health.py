"""Whether the desk says truly that it can work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.health import PROXIES
from bot.service import Service
from bot.serving import make_app
from storage import engine as database
from storage import inbox
from tests.support.service import StandingClock


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

    assert failing(browser) == ["delivery", "jobs", "events"]


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
