"""家庭菜園用電気柵設置確認書 in the console: without a name at first, and with it once it was asked for (003-23)."""

from __future__ import annotations

import pytest
from flask import Flask

from bot.service import Service
from bot.serving import make_app
from storage import accesslog, cases, submissions
from storage import engine as database
from tests.bot.admin.conftest import FIRST
from tests.dialogs.procedures.guidances import ANSWERS
from tests.storage import make
from tests.support.guided import visited
from tests.support.service import rows
from tests.support.staff import Staff, said


def test_the_paper_says_what_was_found_and_no_name_before_somebody_asks_for_it(
    staff: Staff, samples: Service
) -> None:
    visited(samples, "SD9-0001")
    text = staff.page("/admin/cases/SD9-0001/certificate")

    assert "家庭菜園用電気柵設置確認書" in text
    assert "確認日 令和9年6月15日(火)" in text
    assert "電圧 7,200V" in text
    assert "見本 太郎" not in text
    assert _opened(samples) == []


def test_names_are_put_in_for_those_who_work_on_cases_and_that_is_logged(
    staff: Staff, samples: Service
) -> None:
    visited(samples, "SD9-0001")
    text = said(staff.post("/admin/cases/SD9-0001/certificate"))

    assert "お名前 見本 太郎" in text
    assert "藤野五条3丁目1-2" in text
    assert "青い色" not in text  # what does not stand on the paper stays closed
    assert "011-211-2879" not in text.replace("（電話 011-211-2879）", "")
    assert _opened(samples) == ["certificate"]


def test_an_auditor_sees_the_paper_without_a_name(stranger: Staff, samples: Service) -> None:
    visited(samples, "SD9-0001")
    auditor = stranger.sign_in_as("auditor")

    assert "名前と住所を入れる" not in auditor.page("/admin/cases/SD9-0001/certificate")
    assert auditor.post("/admin/cases/SD9-0001/certificate").status_code == 403


def test_the_case_leads_to_its_paper(staff: Staff, samples: Service) -> None:
    visited(samples, "SD9-0001")

    assert "設置確認書を印刷する" in staff.page("/admin/cases/SD9-0001")
    assert "設置確認書を印刷する" not in staff.page(f"/admin/cases/{FIRST}")


@pytest.mark.parametrize("reference", ["SD9-0002", FIRST, "SD9-9999", "SD9%00"])
def test_there_is_no_paper_where_nothing_was_confirmed(
    staff: Staff, samples: Service, reference: str
) -> None:
    visited(samples, "SD9-0002", wrong=True, remaining="アース棒を深く埋める")

    assert staff.get(f"/admin/cases/{reference}/certificate").status_code == 404


def test_what_was_erased_is_not_put_in(staff: Staff, samples: Service) -> None:
    visited(samples, "SD9-0001")
    with database.write(samples.engine) as conn:
        for row in submissions.of_case(conn, cases.by_reference(conn, "SD9-0001").id):  # type: ignore[union-attr]
            if row.vault_id:
                samples.vault.forget(conn, row.vault_id)

    assert "お名前" not in said(staff.post("/admin/cases/SD9-0001/certificate"))


def test_a_step_filed_in_the_console_is_followed_as_any_other(app: Flask, samples: Service) -> None:
    """A time that staff let go here is free again, and its resident is told."""
    make_app(samples)
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        case = make.case(conn, "SD9-0003", procedure="install_guidance")
        make.filed(conn, case, now, form="install_guidance", edition="R6", answers=ANSWERS, event_id="x")
    staff = Staff(samples, app).sign_in()
    assert staff.post("/admin/cases/SD9-0003/steps/lapsed").status_code == 303

    told = rows(samples, "SELECT body FROM outbox WHERE recipient = 'U-SD9-0003'")
    assert "日程が決まりませんでした" in told[0].body


def _opened(service: Service) -> list[str]:
    with database.read(service.engine) as conn:
        return [each.why for each in accesslog.entries(conn)]
