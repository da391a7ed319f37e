"""Every night the desk compares its ledgers by itself, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from bot import measuring, reconcile_nightly
from bot.clock import TOKYO
from bot.reconcile import Reconciliation
from bot.reconcile_nightly import last_result
from bot.service import Service
from bot.serving import make_app
from storage import engine as database
from storage.tables import outbox
from tests.bot.test_measuring import shown
from tests.support.applying import apply
from tests.support.service import StandingClock, Webhooks, outage

NIGHT = datetime(2027, 6, 8, 2, 30, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "FRESH", 0.0)


@pytest.fixture
def logged() -> Iterator[Sequence[Mapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def browser(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def night(service: Service, clock: StandingClock, nights: int = 0) -> None:
    """Let a night pass in which the jobs look at the clock now and then."""
    for minutes in range(0, 120, 10):
        clock.set(NIGHT + timedelta(days=nights, minutes=minutes))
        service.jobs.tick()


def cross(service: Service) -> None:
    with database.write(service.engine) as conn:
        conn.execute(outbox.update().where(outbox.c.legal).values(recipient="U-other"))


def deliver(service: Service, clock: StandingClock) -> None:
    with database.write(service.engine) as conn:
        conn.execute(outbox.update().values(state="delivered", done_at=clock.now()))


def events(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["event"] for each in lines if str(each["event"]).startswith("reconcile")]


def test_a_night_in_order_is_logged_once_and_shown(
    service: Service, clock: StandingClock, browser: FlaskClient, logged: Sequence[Mapping[str, Any]]
) -> None:
    apply(service, Webhooks())
    deliver(service, clock)

    night(service, clock)

    assert events(logged) == ["reconciled"]
    found = shown(browser)
    assert found["madoguchi_reconcile/lost"] == found["madoguchi_reconcile/crossed"] == 0
    assert found["madoguchi_reconcile_timestamp_seconds"] == NIGHT.timestamp()
    assert found["madoguchi_reconcile_clean_timestamp_seconds"] == NIGHT.timestamp()


def test_by_day_nothing_is_compared(
    service: Service, clock: StandingClock, logged: Sequence[Mapping[str, Any]]
) -> None:
    for hour in range(5, 24):
        clock.set(datetime(2027, 6, 8, hour, 30, tzinfo=TOKYO))
        service.jobs.tick()

    assert events(logged) == []


def test_what_does_not_agree_is_an_alarm_and_shown(
    service: Service, clock: StandingClock, browser: FlaskClient, logged: Sequence[Mapping[str, Any]]
) -> None:
    apply(service, Webhooks())
    deliver(service, clock)
    night(service, clock)
    cross(service)

    night(service, clock, nights=1)

    assert events(logged) == ["reconciled", "reconcile_found", "reconcile_disagrees"]
    assert [each["crossed"] for each in logged if each["event"] == "reconcile_disagrees"] == [1]
    assert ("message_crossed", 1) in [(each.get("kind"), each.get("count")) for each in logged]
    found = shown(browser)
    assert found["madoguchi_reconcile/crossed"] == 1
    assert found["madoguchi_reconcile_clean_timestamp_seconds"] == NIGHT.timestamp()
    assert found["madoguchi_reconcile_timestamp_seconds"] > NIGHT.timestamp() + 80_000


def test_it_works_a_little_at_a_time(
    service: Service, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(service, Webhooks())
    deliver(service, clock)
    clock.set(NIGHT)

    monkeypatch.setattr(reconcile_nightly, "SHARE", 0.0)

    rounds = 0
    while _result(service) is None:
        service.jobs.tick()
        rounds += 1

    assert rounds > 5


def _result(service: Service) -> object:
    with database.read(service.engine) as conn:
        return last_result(conn)


def test_a_fault_ends_the_night_and_nothing_else(
    service: Service,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    logged: Sequence[Mapping[str, Any]],
) -> None:
    def broken(_self: Reconciliation) -> Iterator[int]:
        yield 1
        raise RuntimeError("見本の故障")

    with monkeypatch.context() as patch:
        patch.setattr(Reconciliation, "steps", broken)
        night(service, clock)
    assert events(logged) == ["reconcile_given_up"]

    night(service, clock, nights=1)

    assert events(logged)[-1] == "reconciled"


def test_a_database_that_is_away_at_night_ends_one_try(service: Service, clock: StandingClock) -> None:
    clock.set(NIGHT)
    with outage(service.engine):
        service.jobs.tick()
    service.jobs.tick()

    assert _result(service) is not None


def test_a_night_looks_back_over_a_week_and_no_further(service: Service, clock: StandingClock) -> None:
    apply(service, Webhooks())
    deliver(service, clock)
    cross(service)
    service.jobs.tick()

    night(service, clock, nights=20)

    found = _result(service)
    assert found.totals["crossed"] == 0  # type: ignore[attr-defined]
    assert timedelta(days=8) // timedelta(milliseconds=1) == reconcile_nightly.LOOKS_BACK
    assert date(2027, 6, 8) == NIGHT.date()
