"""What monitors are told: how things stand now, and nothing where that is not known."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families as families
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot import measuring, metrics, quota
from bot.line.outcome import Outcome
from bot.service import Service
from bot.serving import make_app
from storage import engine as database
from storage import inbox, outbox, values
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, Delivered, Queued
from tests.support.service import StandingClock, Webhooks, outage, post, until


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "FRESH", 0.0)
    monkeypatch.setattr(measuring, "FRESH_COUNTS", 0.0)


@pytest.fixture
def browser(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def shown(browser: FlaskClient) -> Mapping[str, float]:
    """Return every figure: by name, labelled ones with their label's value behind a slash."""
    answer = browser.get("/metrics")
    assert answer.status_code == 200
    samples = [sample for family in families(answer.text) for sample in family.samples]
    return {"/".join([each.name, *each.labels.values()]): each.value for each in samples}


def queue(service: Service, count: int = 1, cause: str = "e") -> None:
    rows = [Queued("line", f"t{n}", "U1", {"messages": []}, f"{cause}{n}/talk") for n in range(count)]
    with database.write(service.engine) as conn:
        for each in rows:
            outbox.queue(conn, [each], service.clock.now())


def end(service: Service, *states: str) -> None:
    with database.write(service.engine) as conn:
        found = outbox.claim(conn, service.clock.now(), service.clock.now() + 1, len(states))
        ends = [Delivered(each.id, state) for each, state in zip(found, states, strict=True)]
        outbox.finish(conn, ends, service.clock.now())


def test_an_idle_desk_shows_zeros_and_says_nothing_that_it_does_not_know(browser: FlaskClient) -> None:
    found = shown(browser)

    assert found["madoguchi_database_up"] == 1
    assert found["madoguchi_oldest_unprocessed_event_seconds"] == 0
    assert found["madoguchi_oldest_unsent_message_seconds"] == 0
    assert found["madoguchi_dead_letters"] == 0
    assert 0 < found["madoguchi_disk_free_ratio"] <= 1
    unknown = ("quota", "reconcile", "backup")
    assert not [name for name in found if any(each in name for each in unknown)]


def test_the_oldest_event_and_message_grow_old_without_any_job(
    service: Service, browser: FlaskClient, clock: StandingClock
) -> None:
    with database.write(service.engine) as conn:
        inbox.fail(conn, "e1", "line", b"sealed", "ValueError", due=clock.now(), now=clock.now())
    queue(service)

    clock.advance(timedelta(seconds=90))

    found = shown(browser)
    assert found["madoguchi_oldest_unprocessed_event_seconds"] == 90
    assert found["madoguchi_oldest_unsent_message_seconds"] == 90


def test_dead_letters_are_counted(service: Service, browser: FlaskClient, clock: StandingClock) -> None:
    with database.write(service.engine) as conn:
        for name in ("e1", "e2"):
            inbox.fail(conn, name, "line", b"sealed", "ValueError", due=clock.now(), now=clock.now())
            inbox.bury(conn, name, "ValueError")

    assert shown(browser)["madoguchi_dead_letters"] == 2


def test_messages_are_counted_by_state(service: Service, browser: FlaskClient, clock: StandingClock) -> None:
    queue(service, 5)
    end(service, DELIVERED, MAYBE, UNDELIVERABLE)

    found = shown(browser)

    states = {name.partition("/")[2]: n for name, n in found.items() if name.startswith("madoguchi_outbox/")}
    assert states == {"waiting": 2, "delivered": 1, "maybe": 1, "undeliverable": 1}
    assert found["madoguchi_undeliverable_last_day"] == 1
    clock.advance(timedelta(hours=25))
    found = shown(browser)
    assert found["madoguchi_undeliverable_last_day"] == 0
    assert found["madoguchi_outbox/waiting"] == 2
    assert found["madoguchi_outbox/delivered"] == 0


def test_the_workers_are_shown(service: Service, browser: FlaskClient) -> None:
    assert shown(browser)["madoguchi_worker_up/jobs"] == 0
    service.start()

    found = shown(browser)

    assert (found["madoguchi_worker_up/jobs"], found["madoguchi_worker_up/delivery"]) == (1, 1)


def test_without_its_database_the_desk_says_so_and_shows_no_old_figure(
    service: Service, browser: FlaskClient
) -> None:
    queue(service)
    assert "madoguchi_outbox/waiting" in shown(browser)

    with outage(service.engine):
        found = shown(browser)

    assert found["madoguchi_database_up"] == 0
    assert "madoguchi_outbox/waiting" not in found
    assert "madoguchi_oldest_unsent_message_seconds" not in found
    assert shown(browser)["madoguchi_database_up"] == 1


def test_faults_of_the_database_are_counted_and_collisions_are_not(
    service: Service, browser: FlaskClient
) -> None:
    before = _faults(shown(browser))
    queue(service)
    with pytest.raises(DBAPIError):
        queue(service)  # the same retry key again
    assert _faults(shown(browser)) == before

    stops = "DELETE FROM outbox" if service.engine.dialect.name == "sqlite" else "SELECT pg_sleep(1)"
    with database.read(service.engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL statement_timeout = '1ms'"))
        with pytest.raises(DBAPIError):  # SQLite: the connection only reads
            conn.execute(text(stops))

    assert _faults(shown(browser)) == before + 1


def _faults(found: Mapping[str, float]) -> float:
    return sum(n for name, n in found.items() if name.startswith("madoguchi_database_faults_total"))


def test_a_turn_s_time_is_measured(service: Service, browser: FlaskClient) -> None:
    before = shown(browser)["madoguchi_turn_seconds_count"]

    post(service, Webhooks().text("こんにちは"))

    assert shown(browser)["madoguchi_turn_seconds_count"] == before + 1


def test_what_became_of_a_message_is_counted(service: Service, browser: FlaskClient) -> None:
    name = "madoguchi_sent_total/line/messages/waiting"  # nobody answers where LINE should be
    before = shown(browser).get(name, 0)
    service.start()

    post(service, Webhooks().text("こんにちは"))

    until(lambda: shown(browser).get(name, 0) > before)


def test_the_last_backup_is_shown(service: Service, browser: FlaskClient) -> None:
    with database.write(service.engine) as conn:
        values.put(conn, measuring.BACKUP, "1812000000000")

    assert shown(browser)["madoguchi_backup_timestamp_seconds"] == 1_812_000_000


def test_many_monitors_cost_no_more_than_one(
    service: Service, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "FRESH", 60.0)
    browser = make_app(service).test_client()
    shown(browser)
    queue(service)
    clock.advance(timedelta(seconds=90))

    found = shown(browser)

    assert found["madoguchi_oldest_unsent_message_seconds"] == 0
    assert found["madoguchi_outbox/waiting"] == 1


def test_every_figure_is_announced_with_what_it_tells(service: Service, browser: FlaskClient) -> None:
    told = {each.name.removesuffix("_created") for each in families(browser.get("/metrics").text)}

    kinds = Counter | Gauge | Histogram
    made = [each for each in vars(metrics).values() if isinstance(each, kinds)]
    counted = {one.name for each in made for one in each.describe()}
    assert {name for name in told if name.startswith("madoguchi_")} <= {*metrics.STANDING, *counted}


# --- the quota of pushes


def _said(limit: Any, used: Any, kind: Any = "delivered") -> Outcome:
    return Outcome(kind, data={"limit": limit, "used": used})


@pytest.fixture
def logged() -> Iterator[Sequence[Mapping[str, Any]]]:
    from structlog.testing import capture_logs

    with capture_logs() as lines:
        yield lines


def ask(service: Service, said: Outcome) -> None:
    quota.ask(service.engine, lambda: said, service.clock.now())


def test_what_line_says_is_left_is_shown_until_it_is_too_old(
    service: Service, browser: FlaskClient, clock: StandingClock
) -> None:
    ask(service, _said(1000, 400))

    found = shown(browser)
    assert (found["madoguchi_line_quota_limit"], found["madoguchi_line_quota_left"]) == (1000, 600)
    clock.advance(timedelta(hours=4))
    assert "madoguchi_line_quota_left" not in shown(browser)


def test_a_plan_without_a_limit_shows_no_quota(service: Service, browser: FlaskClient) -> None:
    ask(service, _said(None, 400))

    assert "madoguchi_line_quota_left" not in shown(browser)


@pytest.mark.parametrize(("used", "alarms"), [(900, 0), (901, 1), (2000, 1)])
def test_less_than_a_tenth_is_an_alarm(
    service: Service, logged: Sequence[Mapping[str, Any]], used: int, alarms: int
) -> None:
    ask(service, _said(1000, used))

    assert [each["event"] for each in logged].count("line_quota_low") == alarms


@pytest.mark.parametrize("said", [_said(1000, 1, "ambiguous"), _said("many", 1), _said(1000, None)])
def test_an_answer_that_says_nothing_leaves_the_quota_unknown(
    service: Service, browser: FlaskClient, said: Outcome
) -> None:
    ask(service, said)

    assert "madoguchi_line_quota_left" not in shown(browser)


def test_line_is_asked_once_an_hour(service: Service, clock: StandingClock) -> None:
    asked: list[Outcome] = []

    def said() -> Outcome:
        asked.append(_said(1000, 1))
        return asked[-1]

    service.jobs.quota = said

    for _ in range(3):
        service.jobs.tick()
        clock.advance(timedelta(minutes=29))

    assert len(asked) == 1
    clock.advance(timedelta(minutes=29))
    service.jobs.tick()
    assert len(asked) == 2


def test_asking_in_the_background_holds_nothing_up(service: Service, clock: StandingClock) -> None:
    answered = threading.Event()
    service.jobs.quota = lambda: _said(1000, int(answered.wait(20)))
    service.jobs.start()
    until(lambda: any(each.name == "quota" for each in threading.enumerate()))

    post(service, Webhooks().text("こんにちは"))
    answered.set()

    until(lambda: _known(service) is not None)


def _known(service: Service) -> quota.Quota | None:
    with database.read(service.engine) as conn:
        return quota.known(conn, service.clock.now())
