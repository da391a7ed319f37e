"""The round of a day on paper: places for everybody, names and addresses for who asks, and is noted down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from bot.service import Service
from storage import accesslog
from storage import engine as database
from tests.bot.admin.conftest import FIRST, SECRETS, URGENT
from tests.bot.admin.filing import lend
from tests.support.service import StandingClock
from tests.support.staff import Staff, said

MONDAY = "2027-06-14"


@pytest.fixture
def lent(samples: Service) -> Service:
    """Return the service with two pick-ups that are booked for Monday."""
    lend(samples, FIRST, MONDAY, "10:00")
    lend(samples, URGENT, MONDAY, "09:00")
    return samples


def test_the_days_round_says_when_where_and_what_and_nothing_of_whom(staff: Staff, lent: Service) -> None:
    text = staff.page(f"/admin/rounds/{MONDAY}")

    assert "令和9年6月14日(月)の巡回" in text
    assert text.index(f"9:00 南区 引き渡し {URGENT}") < text.index(f"10:00 南区 引き渡し {FIRST}")
    assert "南区 受渡場所（見本）" in text
    assert not any(secret in text for secret in SECRETS)
    with database.read(lent.engine) as conn:
        assert not [each for each in accesslog.entries(conn) if each.why == "round"]


def test_another_day_has_another_round(staff: Staff, lent: Service) -> None:
    assert "この日にまわる所はありません。" in staff.page("/admin/rounds/2027-06-15")
    assert staff.get("/admin/rounds/").location == "/admin/rounds/2027-06-07"
    assert staff.get("/admin/rounds/", day=MONDAY).location == f"/admin/rounds/{MONDAY}"
    assert staff.get("/admin/rounds/", day="いつか").location == "/admin/rounds/2027-06-07"


def test_what_nobody_recorded_is_late_the_next_day(staff: Staff, lent: Service, clock: StandingClock) -> None:
    clock.advance(timedelta(days=8))

    text = staff.sign_in().page("/admin/rounds/2027-06-15")

    assert f"9:00 期限を過ぎています 南区 引き渡し {URGENT}" in text


def test_whoever_asks_sees_whom_to_visit_and_each_is_noted_down(staff: Staff, lent: Service) -> None:
    answer = staff.post(f"/admin/rounds/{MONDAY}/personal")

    text = said(answer)
    assert answer.status_code == 200
    assert "申請者氏名：見本 一郎" in text
    assert "電話" in text
    assert "札幌" in text
    assert "ミホン" not in text  # what nobody needs to go there stays closed
    assert "mihon@example.jp" not in text
    with database.read(lent.engine) as conn:
        noted = [each for each in accesslog.entries(conn) if each.why == "round"]
    assert len(noted) == 2
    assert {each.role for each in noted} == {"admin"}
    assert "巡回の準備" in staff.page("/admin/access-log")


def test_of_whom_everything_was_erased_nothing_is_said(staff: Staff, lent: Service) -> None:
    with database.write(lent.engine) as conn:
        conn.exec_driver_sql("DELETE FROM vault")

    answer = staff.post(f"/admin/rounds/{MONDAY}/personal")

    assert answer.status_code == 200
    assert FIRST in said(answer)
    assert "見本 一郎" not in said(answer)


def test_an_auditor_sees_places_and_opens_nothing(lent: Service, app: Flask) -> None:
    auditor = Staff(lent, app).sign_in_as("auditor")

    assert FIRST in auditor.page(f"/admin/rounds/{MONDAY}")
    assert "住所と連絡先を表示する" not in auditor.page(f"/admin/rounds/{MONDAY}")
    assert auditor.post(f"/admin/rounds/{MONDAY}/personal").status_code == 403


@pytest.mark.parametrize("day", ["2027-13-01", "tomorrow", "0"])
def test_what_is_no_day_has_no_round(staff: Staff, day: str) -> None:
    assert staff.get(f"/admin/rounds/{day}").status_code == 404
    assert staff.post(f"/admin/rounds/{day}/personal").status_code == 404
