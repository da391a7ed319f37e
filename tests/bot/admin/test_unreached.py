"""The list of those who must be rung up or written to: what they were not told, and who told them, when, how."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from bot.clock import TOKYO
from bot.service import Service
from storage import cases, unreached
from storage import engine as database
from tests.bot.admin.conftest import FIRST, SECRETS
from tests.bot.admin.filing import lend, put
from tests.support.service import StandingClock
from tests.support.staff import Staff, said


def _untold(service: Service, event: str) -> str:
    """Let the sample person, who has no account, be told what was filed in *event*; return the id of the line."""
    now = service.clock.now()
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        unreached.note(conn, case.person_id, event, unreached.NO_ACCOUNT, now)
        return unreached.waiting(conn)[-1].id


@pytest.fixture
def line(samples: Service) -> str:
    """Return the id of a line about a refusal."""
    return _untold(
        samples, put(samples, FIRST, "refused", {"outcome": "refuse", "reason": "見本の理由です。"})
    )


def test_all_is_well_where_everybody_was_told(staff: Staff) -> None:
    assert "いま、電話や手紙で伝えるものはありません。" in staff.page("/admin/unreached")


def test_a_line_says_whom_about_what_why_and_the_words(staff: Staff, line: str) -> None:
    text = staff.page("/admin/unreached")

    assert "まだ伝えていないもの（1件）" in text
    assert f"{FIRST} 2027-06-07 10:00 不承認" in text
    assert "電気柵の貸出は承認されませんでした" in text
    assert "理由：見本の理由です。" in text
    assert "LINEを使っていない方です" in text
    assert not any(secret in text for secret in SECRETS)


def test_who_told_them_is_written_down_with_when_and_how(staff: Staff, line: str) -> None:
    assert staff.post(f"/admin/unreached/{line}", {"how": "telephone"}).location == "/admin/unreached"

    text = staff.page("/admin/unreached")
    assert "まだ伝えていないもの（0件）" in text
    assert f"{FIRST} 2027-06-07 10:00 不承認 電話で伝えた {staff.name}" in text


def test_what_was_told_once_is_not_told_by_another(staff: Staff, line: str, samples: Service) -> None:
    with database.write(samples.engine) as conn:
        assert unreached.settle(conn, line, "見本 次郎", "letter", samples.clock.now())

    answer = staff.post(f"/admin/unreached/{line}", {"how": "telephone"})

    assert (answer.status_code, "ほかの人が、もう記録しています。" in said(answer)) == (409, True)
    assert "手紙を送った 見本 次郎" in staff.page("/admin/unreached")


@pytest.mark.parametrize("how", ["", "pigeon"])
def test_how_they_were_told_must_be_said(staff: Staff, line: str, how: str) -> None:
    answer = staff.post(f"/admin/unreached/{line}", {"how": how})

    assert (answer.status_code, "どのように伝えたかをえらんでください。" in said(answer)) == (422, True)
    assert f'href="#how-{line}"' in answer.text


@pytest.mark.parametrize("name", ["0" * 32, "%00", "x" * 300])
def test_a_line_that_is_not_there_is_settled_by_nobody(staff: Staff, name: str) -> None:
    assert staff.post(f"/admin/unreached/{name}", {"how": "letter"}).status_code == 409


def test_an_auditor_reads_and_settles_nothing(samples: Service, app: Flask, line: str) -> None:
    auditor = Staff(samples, app).sign_in_as("auditor")

    assert FIRST in auditor.page("/admin/unreached")
    assert "伝えた方法" not in auditor.page("/admin/unreached")
    assert auditor.post(f"/admin/unreached/{line}", {"how": "letter"}).status_code == 403


def test_a_reminder_is_said_with_its_words_while_it_makes_sense(
    staff: Staff, samples: Service, clock: StandingClock
) -> None:
    lend(samples, FIRST)
    clock.set(datetime(2027, 6, 13, 9, tzinfo=TOKYO))
    samples.jobs.tick()

    text = staff.sign_in().page("/admin/unreached")
    assert "明日は、電気柵の受け取りの日です。" in text
    clock.set(datetime(2027, 6, 13, 23, 59, tzinfo=TOKYO))
    assert "明日は" in staff.sign_in().page("/admin/unreached")
    clock.set(datetime(2027, 6, 14, 0, 1, tzinfo=TOKYO))
    assert "明日は" not in staff.sign_in().page("/admin/unreached")


def test_word_of_the_opening_and_a_receipt_have_names(staff: Staff, samples: Service) -> None:
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        filed = conn.exec_driver_sql(f"SELECT event_id FROM submissions WHERE case_id = '{case.id}'").scalar()
        unreached.note(conn, case.person_id, f"{filed}/talk", "refused 400", now)
        unreached.note(conn, case.person_id, "somewhere/talk", "blocked", now)
        for key, about in (("r" * 32, "opening:fence_loan"), ("s" * 32, "opening:unknown")):
            conn.exec_driver_sql(
                "INSERT INTO reminders (id, person_id, about, due) VALUES "
                f"('{key}', '{case.person_id}', '{about}', 1)"
            )
            unreached.note(conn, case.person_id, f"reminder/{key}/1/talk", "blocked", now)

    text = staff.page("/admin/unreached")

    assert "受け付けたことの控え" in text
    assert "届きませんでした（refused 400）" in text
    assert "電気柵の貸出の受付開始のお知らせ" in text
    assert "LINEでブロックされています" in text
