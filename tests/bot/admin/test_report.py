"""The final report: what it counts, under which words, on a page and as a workbook (003-25, 26, 61)."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from flask import Flask

from bot.admin.report import fiscal_year
from bot.clock import TOKYO
from bot.service import Service
from dialogs.fields import Answers
from dialogs.parts import SET_PARTS
from dialogs.procedure import Role
from storage import engine as database
from storage import stock
from storage.stock import Cause, Place
from tests.bot.admin.conftest import SECRETS
from tests.dialogs.procedures.loans import ANSWERS, FIRST, LAST, PARTS, decided, filed, picked_up
from tests.support.lives import lived
from tests.support.service import StandingClock
from tests.support.staff import Staff

DAY = timedelta(days=1)
TODAY = date(2027, 6, 7)
APPLIED: Answers = {**ANSWERS, "applicant_type": "person", "perimeter": 40, "reason": ["damaged", "at_risk"]}
CHECKED: Answers = {"power": "on", "voltage": 7200, "weeds": "clear", "tension": "tight", "plate": "yes"}
BILL = {each.key: each.count for each in SET_PARTS}


@pytest.fixture
def year(service: Service) -> Service:
    """Return a service with a year of loans and guidance."""
    applied = filed("application", TODAY, by="")
    whole = (
        applied,
        decided("notice", "at_once"),
        picked_up(sets=2),
        filed("checked_on_site", FIRST + 14 * DAY, **CHECKED, result="good"),
        filed("checked_on_site", FIRST + 40 * DAY, **CHECKED, result="fault", fault="見本"),
        filed("swapped", FIRST + 41 * DAY),
        filed("extension_asked", LAST, by="", until="2027-09-20"),
        filed("extended", LAST),
        filed(
            "taken_back",
            LAST + DAY,
            parts_in={**PARTS, "clip": PARTS["clip"] - 3},
            damage="slight",
            damaged="見本",
            works="no",
        ),
        filed("settled", LAST + 15 * DAY, replenish="yes"),
        filed(
            "questionnaire", LAST + 20 * DAY, by="", effect="kept_out", setting_up="easy", upkeep_was="hard"
        ),
    )
    visit = (
        applied,
        filed("instructed", TODAY + DAY),
        filed("visited", TODAY + 5 * DAY, visited_on=str(TODAY + 5 * DAY), confirmed="yes", **CHECKED),
        filed(
            "rechecked",
            TODAY + 27 * DAY,
            checked_on=str(TODAY + 27 * DAY),
            result="good",
            told_by="phone",
            told_on=str(TODAY + 27 * DAY),
        ),
    )
    late = (*visit[:3], filed("rechecked", TODAY + 40 * DAY, result="put_right", told_by="not_yet"))
    wish: Answers = {"wish": {"day": "2027-06-12", "time": "09:00"}, "site": {"sealed": True, "ward": "西区"}}
    with database.write(service.engine) as conn:
        lived(conn, "fence_loan", "R9-0001", whole, APPLIED)
        lived(
            conn,
            "fence_loan",
            "R9-0002",
            (applied, decided(), filed("cancelled", TODAY + DAY, by="")),
            APPLIED,
        )
        other = {**APPLIED, "site": {"sealed": True, "ward": "どこか"}, "reason": ["other"]}
        lived(
            conn, "fence_loan", "R9-0003", (applied, filed("withdrawal", TODAY, by="")), other, channel="web"
        )
        lived(
            conn, "fence_loan", "R8-0001", (filed("application", date(2027, 3, 31), by=""),), {"perimeter": 1}
        )
        lived(conn, "install_guidance", "SD9-0001", visit, wish)
        lived(conn, "install_guidance", "SD9-0002", late, wish)
        lived(conn, "install_guidance", "SD9-0003", visit[:3], wish)
        lived(
            conn,
            "install_guidance",
            "SD9-0004",
            (applied, filed("declined", TODAY + DAY)),
            {**wish, "site": None},
        )
        stock.open_places(conn, 20)
        stock.bring_in(conn, (1, 2), BILL, Cause("begin", "見本 係", 1))
        stock.move_parts(conn, {"clip": 4}, Place.CITY, Place.LOST, Cause("lost", "見本 係", 2))
    return service


@pytest.fixture
def reader(year: Service, app_of_year: Flask) -> Staff:
    return Staff(year, app_of_year).sign_in()


@pytest.fixture
def app_of_year(year: Service) -> Flask:
    from bot.serving import make_app

    return make_app(year)


Sheets = dict[str, list[list[object]]]


def book(reader: Staff, **asked: int) -> Sheets:
    """Return the rows of each sheet of the workbook, without its head."""
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    answer = reader.get(f"/admin/report.xlsx?{query}")
    assert answer.status_code == 200
    workbook = openpyxl.load_workbook(io.BytesIO(answer.data))
    found: Sheets = {}
    for sheet in workbook.worksheets:
        rows: list[list[object]] = [[cell.value for cell in row] for row in sheet.iter_rows()]
        empty = next(place for place, row in enumerate(rows) if not any(row))
        found[sheet.title] = rows[empty + 1 :]
    return found


def row(rows: list[list[object]], name: str) -> dict[object, object]:
    found = next(each for each in rows if each[0] == name)
    return dict(zip(rows[0][1:], found[1:], strict=True))


def test_what_was_planned_stands_beside_what_was_done(reader: Staff) -> None:
    rows = book(reader)["予定と実績"]

    assert row(rows, "電気柵の貸出（引き渡した件数）") == {"予定": 25, "実績": 1, "差": -24}
    assert row(rows, "設置指導（実施した件数）") == {"予定": 45, "実績": 3, "差": -42}


def test_loans_are_counted_by_month_with_a_total(reader: Staff) -> None:
    rows = book(reader)["貸出 月ごと"]

    june = row(rows, "2027年6月")
    assert june == {
        "申請": 3,
        "取下げ": 1,
        "決定": 2,
        "不承認": 0,
        "取りやめ": 1,
        "引き渡し": 1,
        "渡したセット": 2,
        "返却": 0,
    }
    assert row(rows, "2027年9月")["返却"] == 1
    assert row(rows, "合計")["申請"] == 3


def test_loans_are_counted_by_ward_channel_kind_and_reason(reader: Staff) -> None:
    sheets = book(reader)

    wards = sheets["貸出 区ごと"]
    assert row(wards, "南区") == {"申請": 2, "決定": 2, "引き渡し": 1}
    assert row(wards, "北区") == {"申請": 0, "決定": 0, "引き渡し": 0}, "a ward with none is shown too"
    assert row(wards, "どこか") == {"申請": 1, "決定": 0, "引き渡し": 0}
    assert row(sheets["貸出 受付方法ごと"], "LINE")["申請"] == 2
    assert row(sheets["貸出 受付方法ごと"], "ウェブ")["申請"] == 1
    assert row(sheets["貸出 申請者の区分ごと"], "個人")["申請"] == 3
    reasons = sheets["貸出 申請理由ごと"]
    assert row(reasons, "家庭菜園がヒグマの被害にあったため")["申請"] == 2
    assert row(reasons, "その他")["申請"] == 1
    assert reasons[-1][0] != "合計", "several reasons may be ticked: there is nothing to add up"


def test_checks_are_counted_with_their_results_and_those_that_came_late(reader: Staff) -> None:
    rows = book(reader)["貸出中の点検"]

    assert row(rows, "2027年6月")["点検"] == 1
    total = row(rows, "合計")
    assert total == {
        "点検": 2,
        "良好": 1,
        "故障ではない（使用者に伝える）": 0,
        "故障（交換する）": 1,
        "交換": 1,
        "間があいた点検": 1,
    }


def test_returns_missing_parts_extensions_and_exceptions_are_counted(reader: Staff) -> None:
    sheets = book(reader)

    ended = sheets["返却と破損・不足"]
    assert row(ended, "返却された件数")["件数"] == 1
    assert row(ended, "うち、終わりの日より早い返却")["件数"] == 1
    assert row(ended, "破損：あり（使用に支障なし、部品の補充で足りる）")["件数"] == 1
    assert row(ended, "部品が足りない件数")["件数"] == 1
    assert row(ended, "補充を依頼した件数")["件数"] == 1
    clips = row(sheets["部品の過不足"], "クリップ")
    assert (clips["合計"], clips["貸出先から戻っていない数"], clips["紛失"]) == (2 * BILL["clip"], 3, 4)
    changes = sheets["延長と、緊急時の例外"]
    assert (row(changes, "延長の申し込み")["件数"], row(changes, "延長の決定")["件数"]) == (1, 1)
    assert row(changes, "通知書を省略（6条）")["件数"] == 1


def test_the_questionnaire_is_tabulated_with_shares_and_those_who_left_a_question_open(reader: Staff) -> None:
    sheets = book(reader)

    assert row(sheets["アンケート 効果"], "来たが、入らなかった") == {"件数": 1, "割合（%）": 100}
    assert row(sheets["アンケート 効果"], "入られた") == {"件数": 0, "割合（%）": 0}
    assert row(sheets["アンケート これからの対策"], "無回答")["件数"] == 1


def test_guidance_is_counted_to_the_result_that_was_told(reader: Staff) -> None:
    sheets = book(reader)

    june = row(sheets["設置指導 月ごと"], "2027年6月")
    assert (june["申し込み"], june["実施"], june["設置確認書"], june["取りやめ・実施しない"]) == (4, 3, 3, 1)
    assert row(sheets["設置指導 区ごと"], "西区") == {"申し込み": 3, "実施": 3}
    assert row(sheets["設置指導 区ごと"], "（不明）") == {"申し込み": 1, "実施": 0}
    checks = sheets["設置指導 3週間後の点検"]
    assert [row(checks, each)["件数"] for each in ("良好", "直すところがある", "これから点検する件数")] == [
        1,
        1,
        1,
    ]
    assert row(checks, "予定の日（前後3日）に行った点検")["件数"] == 1
    assert (row(checks, "結果を伝えた件数")["件数"], row(checks, "まだ伝えていない件数")["件数"]) == (1, 1)


def test_each_fiscal_year_has_a_report_of_its_own(reader: Staff) -> None:
    assert row(book(reader, year=2026)["貸出 月ごと"], "合計")["申請"] == 1
    assert row(book(reader, year=1900)["貸出 月ごと"], "合計")["申請"] == 3, (
        "a year that cannot be chosen is this one"
    )
    assert [fiscal_year(each) for each in (date(2027, 3, 31), date(2027, 4, 1))] == [2026, 2027]


def test_the_page_shows_every_table_of_the_workbook(reader: Staff) -> None:
    page = reader.get("/admin/report").get_data(as_text=True)

    titles = re.findall(r'<h2 id="t-[a-z_]+">([^<]+)</h2>', page)
    assert [each.replace("：", " ") for each in titles] == list(book(reader))
    assert "2027年度" in page


def test_an_empty_year_is_a_report_too(reader: Staff) -> None:
    sheets = book(reader, year=2024)

    assert row(sheets["予定と実績"], "電気柵の貸出（引き渡した件数）")["実績"] == 0
    assert len(sheets["貸出 月ごと"]) == 2
    assert row(sheets["アンケート 効果"], "合計") == {"件数": 0, "割合（%）": 0}


def test_nothing_personal_stands_in_it(staff: Staff) -> None:
    page = staff.get("/admin/report").get_data(as_text=True)

    assert not [each for each in SECRETS if each in page]


def test_auditors_read_it_and_contractors_do_not(year: Service, app_of_year: Flask) -> None:
    def status(role: Role) -> int:
        return Staff(year, app_of_year).sign_in_as(role).get("/admin/report").status_code

    assert [status(each) for each in (Role.AUDITOR, Role.MANAGER, Role.CONTRACTOR)] == [200, 200, 403]
    assert Staff(year, app_of_year).get("/admin/report").status_code == 303


def test_a_new_year_is_chosen_by_itself_in_april(
    year: Service, app_of_year: Flask, clock: StandingClock
) -> None:
    clock.set(datetime(2028, 4, 1, 9, tzinfo=TOKYO))

    assert "2028年度" in Staff(year, app_of_year).sign_in().get("/admin/report").get_data(as_text=True)
