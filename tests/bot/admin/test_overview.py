"""The first page: what came in, what waits, what went wrong."""

from __future__ import annotations

from datetime import timedelta

from bot.service import Service
from storage import cases, inbox, outbox
from storage import engine as database
from storage.outbox import Queued
from tests.bot.admin.conftest import FIRST, URGENT
from tests.support.service import StandingClock
from tests.support.staff import Staff


def test_the_figures_are_those_of_today_and_this_year(staff: Staff) -> None:
    text = staff.page("/admin/")

    assert "令和9年6月7日(月)" in text
    assert "今日の申請 0件 係の確認待ち 4件 係長の承認待ち 0件 課長の決定待ち 0件" in text
    assert "今年度の取り下げ 1件 今年度の申請 5件" in text


def test_the_day_is_tokyo_s(staff: Staff, clock: StandingClock) -> None:
    clock.advance(timedelta(hours=-18))  # 16:00 of the day before, as the last sample came in

    assert "今日の申請 1件" in staff.sign_in().page("/admin/")


def test_a_new_year_begins_in_april(staff: Staff, clock: StandingClock) -> None:
    clock.advance(timedelta(days=300))

    assert "今年度の取り下げ 0件 今年度の申請 0件" in staff.sign_in().page("/admin/")


def test_what_waits_longest_stands_first_with_its_day(staff: Staff) -> None:
    text = staff.page("/admin/")

    assert text.index(FIRST) < text.index(URGENT)
    assert f"{FIRST} 2027-05-26 10:12 2027-05-28 期限を過ぎています" in text
    assert f"{URGENT} 2027-06-06 16:01 2027-06-08 使用開始まで1週間未満" in text


def test_all_is_well_where_nothing_went_wrong(staff: Staff) -> None:
    text = staff.page("/admin/")

    assert "届かなかったメッセージはありません。" in text
    assert "処理できなかった受信はありません。" in text


def test_a_message_that_did_not_arrive_names_the_case_to_call_about(staff: Staff, samples: Service) -> None:
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        for person, account in ((case.person_id, "U1"), ("0" * 32, "U2")):
            outbox.queue(
                conn, [Queued("line", person, account, {"messages": ["見本"]}, f"{account}/talk")], now
            )
            outbox.give_up_on(conn, account, "line", "blocked", now)

    text = staff.page("/admin/")

    assert f"2027-06-07 10:00 {FIRST} LINEでブロックされているため届きません。" in text
    assert "まだ申請していない方" in text
    assert "U1" not in text


def test_an_event_that_was_given_up_is_shown_by_its_number(staff: Staff, samples: Service) -> None:
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        inbox.fail(conn, "01EVENT<b>", "line", b"sealed", "KeyError", due=now, now=now)
        inbox.bury(conn, "01EVENT<b>", "KeyError")

    answer = staff.get("/admin/").text

    assert "01EVENT&lt;b&gt;" in answer
    assert "KeyError" in answer
