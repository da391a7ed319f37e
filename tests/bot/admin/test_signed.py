"""What the office signed, on the page of a case; and that nobody signs here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.admin.standing import may_be_filed
from bot.service import Service
from dialogs.fields import Choice, Option
from dialogs.procedure import Filing, Role, Step
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.standing import Grant
from storage import caselist, outbox
from storage import engine as database
from storage.caselist import Wanted
from tests.bot.admin.conftest import CORRECTED, FIRST, SECRETS, URGENT
from tests.bot.admin.test_cases import history, listed
from tests.bot.exports.test_inspections import FINDINGS, INSPECTOR, inspect
from tests.dialogs import worlds
from tests.dialogs.procedures.inspections import CENTER
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import StandingClock
from tests.support.staff import Staff, said

DEPUTY = "見本 代理"


@pytest.fixture
def members(samples: Service) -> Members:
    return Members(samples).office()


def test_a_case_says_whose_signatures_it_waits_for(staff: Staff, members: Members) -> None:
    members.press(CLERK, FIRST, "checked")

    text = staff.page(f"/admin/cases/{FIRST}")

    assert f"署名 係 {CLERK} 2027-06-07 10:00 係長 まだ 課長 まだ" in text
    assert "状態 係長の承認待ち" in text


def test_the_history_says_for_which_post_by_deputy_and_seeing_what_was_signed(
    staff: Staff, members: Members, clock: StandingClock
) -> None:
    members.join(DEPUTY, Grant("fence_loan", Role.CHIEF, deputy=True))
    members.press(CLERK, CORRECTED, "checked")
    clock.advance(timedelta(minutes=5))
    members.press(DEPUTY, CORRECTED, "chief_signed")

    text = staff.page(f"/admin/cases/{CORRECTED}")

    assert f"係長の承認 2027-06-07 10:05 {DEPUTY} （Teams）" in text or f"{DEPUTY}（Teams）" in text
    assert "係長 承認（代決） 2番目の提出（訂正）を見て" in text
    assert f"係長 {DEPUTY}（代決） 2027-06-07 10:05" in text


def test_a_decision_is_shown_with_its_numbers_and_the_exceptions_by_name(
    staff: Staff, members: Members
) -> None:
    members.approve(URGENT, exceptions=["notice", "transport"])

    text = staff.page(f"/admin/cases/{URGENT}")

    assert "決定 結果 承認 2027-06-07 10:00" in text
    assert "通知番号" in text
    assert "適用した例外 通知書を省略（6条） 市が運搬（7条）" in text
    assert "引き渡し待ち" in text
    assert "貸出が決まりました。" in text


def test_a_refusal_says_why(staff: Staff, members: Members) -> None:
    members.press(CLERK, FIRST, "checked")
    members.press(CHIEF, FIRST, "chief_signed")
    members.press(MANAGER, FIRST, "decision", "refuse", reason="<b>見本の理由</b>")

    answer = staff.get(f"/admin/cases/{FIRST}")

    assert "<b>見本の理由" not in answer.text
    assert "決定 結果 不承認" in said(answer)
    assert "理由 <b>見本の理由</b>" in said(answer)


def test_a_case_that_was_sent_back_says_which_questions_and_why_and_is_signed_anew(
    staff: Staff, members: Members
) -> None:
    members.press(CLERK, FIRST, "checked")
    members.press(CHIEF, FIRST, "chief_signed", "return", fields=["perimeter", "sets"], reason="見本の理由")

    text = staff.page(f"/admin/cases/{FIRST}")

    assert "差し戻し" in text
    assert "直してもらう項目 設置場所の周囲長、希望するセット数 理由 見本の理由" in text
    assert "署名 係 まだ 係長 まだ 課長 まだ" in text
    assert "決定 結果" not in text


def test_answers_stay_the_applicant_s_own_whatever_was_signed(staff: Staff, members: Members) -> None:
    members.approve(FIRST)

    text = staff.page(f"/admin/cases/{FIRST}")

    assert "設置場所の周囲長 40m" in text
    assert "個人情報（非表示）" in text
    assert not any(secret in text for secret in SECRETS)
    assert "見本 一郎" in said(staff.post(f"/admin/cases/{FIRST}/personal", {"why": "check"}))


def test_the_list_is_narrowed_by_whose_signature_is_missing(staff: Staff, members: Members) -> None:
    members.press(CLERK, FIRST, "checked")
    members.press(CLERK, CORRECTED, "checked")
    members.press(CHIEF, CORRECTED, "chief_signed")
    members.approve(URGENT)

    assert listed(staff, state="wait:chief_signed") == [FIRST]
    assert listed(staff, state="wait:decision") == [CORRECTED]
    assert listed(staff, state="decision") == [URGENT]

    members.press(CHIEF, FIRST, "chief_signed", "return", fields=["sets"], reason="見本の理由")
    assert listed(staff, state="wait:chief_signed") == []
    assert listed(staff, state="returned") == [FIRST]


# --- nobody signs here


@pytest.mark.parametrize("step", ["checked", "chief_signed", "decision", "refused", "returned", "correction"])
@pytest.mark.parametrize("signed", [(), ("checked",), ("checked", "chief_signed")])
def test_no_signature_is_given_at_the_console(
    staff: Staff, members: Members, samples: Service, signed: tuple[str, ...], step: str
) -> None:
    for level, name in zip(signed, (CLERK, CHIEF), strict=False):
        members.press(name, FIRST, level)
    before = history(samples, FIRST)

    assert staff.post(f"/admin/cases/{FIRST}/steps/{step}").status_code == 409
    assert history(samples, FIRST) == before
    assert f"/steps/{step}" not in staff.get(f"/admin/cases/{FIRST}").text


def test_only_steps_that_say_nothing_but_that_they_were_done_may_be_filed_at_the_console() -> None:
    asks = (Choice("how", "見本", (Option("yes", "はい"),)),)
    mended = Step("mended", "修理", Role.STAFF, state="直りました。", after="application", asks=asks)
    seen = Step("seen", "見た", Role.STAFF, state="見ました。", after="application")
    procedure = replace(FENCE_LOAN, steps=(*FENCE_LOAN.steps, mended, seen))
    filed = [Filing("application", date(2027, 6, 7))]

    assert [each.key for each in may_be_filed(procedure, worlds.matter(filed))] == ["taken_up", "seen"]


def test_members_who_have_the_card_see_that_a_case_was_taken_up(
    staff: Staff, members: Members, samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("bot.boards.changed", lambda _conn, _case, event, _now: told.append(event))

    staff.post(f"/admin/cases/{FIRST}/steps/taken_up")

    assert len(told) == 1
    assert told[0].startswith("console/")
    with database.read(samples.engine) as conn:
        assert outbox.counts(conn) == {}


# --- other procedures


def test_inspections_and_what_follows_from_them_have_pages_too(
    staff: Staff, members: Members, samples: Service
) -> None:
    members.join(INSPECTOR, Grant("*", Role.CONTRACTOR))
    reference = inspect(samples, members, CENTER, **FINDINGS)

    listing = staff.page("/admin/cases/", procedure="inspection")
    page = staff.page(f"/admin/cases/{reference}")
    incidents = staff.page("/admin/cases/", procedure="incident", state="wait:repaired")
    overview = staff.page("/admin/")

    assert f"{reference} 2027-06-07 10:00" in listing
    assert "2027-06-07 指摘あり 緊急の指摘あり — この期間" in listing
    assert "異音・外部の破損などはないか 指摘" in page
    assert "署名 係 まだ 係長 まだ 所長 まだ" in page
    assert "復旧待ち" in incidents
    assert "復旧待ち 2件" in overview


def test_what_is_asked_beside_a_step_is_not_filed_at_the_console(
    staff: Staff, members: Members, samples: Service
) -> None:
    members.join(INSPECTOR, Grant("*", Role.CONTRACTOR))
    inspect(samples, members, CENTER, **FINDINGS)
    with database.read(samples.engine) as conn:
        incident = caselist.newest(conn, Wanted("incident"), limit=1)[0].reference

    assert staff.post(f"/admin/cases/{incident}/steps/repaired").status_code == 409
    assert [step for step, *_ in history(samples, incident)] == ["report"]
