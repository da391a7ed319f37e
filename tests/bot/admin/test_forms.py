"""代理入力: staff key in what came by telephone, paper, fax, mail or at the counter: same form, same receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.service import Service
from storage import engine as database
from storage import unreached
from storage.passersby import KEYED
from storage.tables import cases, outbox, people, sessions, submissions
from tests.bot.admin.filing import put
from tests.bot.web.talks import PERSONAL
from tests.support.forms import LOAN, PROMISES, Visitor, forms, said
from tests.support.service import StandingClock, count, make, rows
from tests.support.staff import Staff

SECRET = "見本 太郎"


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    """Return a service on SQLite; that the same is filed on PostgreSQL is tested where residents fill it in."""
    made = make(sqlite_url, tmp_path, clock)
    yield made
    made.stop()


def begun(staff: Staff, way: str = "telephone", form: str = "fence_loan") -> Visitor:
    """Begin to key in a form that came by *way*."""
    visitor = Visitor(staff.client, "/admin/forms")
    visitor.opens("/admin/forms/")
    visitor.sends({"form": form, "way": way}, to="/admin/forms/")
    return visitor


def keyed(staff: Staff, way: str = "telephone") -> str:
    """Key in an application for a fence; return its number."""
    visitor = begun(staff, way)
    for page, values in (("loan", LOAN), ("promises", PROMISES), ("applicant", PERSONAL)):
        assert visitor.sends(values, to=f"/page/{page}").status_code == 200, said(visitor.at)
    return visitor.files()


def test_what_came_by_telephone_is_filed_by_the_member_for_a_new_person(
    samples: Service, staff: Staff
) -> None:
    before = count(samples, people)

    number = keyed(staff)

    (filed,) = rows(
        samples,
        "SELECT s.filed_by, s.role, s.channel, c.channel AS came FROM submissions s "
        "JOIN cases c ON c.id = s.case_id WHERE c.reference = :number",
        number=number,
    )
    assert tuple(filed) == (staff.name, "staff", "telephone", "telephone")
    assert count(samples, people) == before + 1


@pytest.mark.parametrize("way", KEYED[1:])
def test_each_way_is_counted_as_such(samples: Service, staff: Staff, way: str) -> None:
    keyed(staff, way)

    assert count(samples, cases, channel=way) == 1


def test_the_case_says_who_keyed_it_in_and_how_it_came(staff: Staff) -> None:
    number = keyed(staff)

    page = staff.page(f"/admin/cases/{number}")

    assert f"受付方法 代理入力：{staff.name}、電話" in page
    assert SECRET not in page


def test_the_list_shows_what_came_one_way(staff: Staff) -> None:
    number = keyed(staff, "fax")

    assert number in staff.page("/admin/cases/", channel="fax")
    assert "この条件に合う申請はありません" in staff.page("/admin/cases/", channel="mail")
    assert number in staff.page("/admin/cases/", channel="nonsense")


@pytest.mark.parametrize("dataset", ["loans", "fence_loan"])
def test_the_downloads_say_how_it_came_in_plain_words(staff: Staff, dataset: str) -> None:
    number = keyed(staff)

    table = staff.get(f"/admin/export/{dataset}.csv").text.splitlines()

    heading = table[0].split(",")
    row = next(line.split(",") for line in table if number in line)
    assert row[heading.index("受付方法")] == "電話"


def test_a_decision_waits_to_be_told_by_telephone(
    samples: Service, staff: Staff, clock: StandingClock
) -> None:
    number = keyed(staff)
    event = put(samples, number, "refused", {"outcome": "refuse", "reason": "見本の理由です。"})
    with database.write(samples.engine) as conn:
        (person,) = conn.exec_driver_sql(f"SELECT person_id FROM cases WHERE reference = '{number}'").one()
        samples.desk.tell(conn, person, (), f"{event}/told", clock.now())
        (line,) = unreached.waiting(conn)

    assert (line.reference, line.why) == (number, unreached.NO_ACCOUNT)
    assert "電気柵の貸出は承認されませんでした" in staff.page("/admin/unreached")
    assert count(samples, outbox, channel="telephone") == 0


def test_the_access_log_says_that_the_member_saw_it(samples: Service, staff: Staff) -> None:
    keyed(staff)

    logged = rows(samples, "SELECT by, role, why FROM access_log WHERE why = 'keyed in'")
    assert {(each.by, each.role) for each in logged} == {(staff.name, "admin")}
    assert "代理入力" in staff.page("/admin/access-log")


def test_a_member_goes_on_with_what_they_left(staff: Staff) -> None:
    visitor = begun(staff)
    visitor.sends(LOAN, to="/page/loan")

    visitor.opens("/admin/forms/")
    assert "電気柵の貸出申請（電話）の続き" in said(visitor.at)
    link = next(each for each in visitor.at.text.split('"') if each.endswith("/review"))

    assert "申込者了解事項" in said(visitor.opens(link))


def test_what_one_member_keys_in_is_nobody_elses(samples: Service, staff: Staff, app: Flask) -> None:
    visitor = begun(staff)
    visitor.sends(LOAN, to="/page/loan")
    path = visitor.at.request.path
    other = Staff(samples, app, name="ほかの職員（見本）").sign_in()

    assert other.get(path).status_code == 404
    assert "の続き" not in other.page("/admin/forms/")


def test_what_lies_for_a_day_cannot_be_gone_on_with(
    staff: Staff, samples: Service, clock: StandingClock
) -> None:
    visitor = begun(staff)
    path = visitor.at.request.path
    clock.advance(timedelta(days=1))
    again = Staff(samples, staff.app).sign_in()

    assert again.get(path).status_code == 404


def test_giving_up_leaves_nothing(samples: Service, staff: Staff) -> None:
    before = count(samples, people)
    visitor = begun(staff)

    assert "すべて消しました" in said(visitor.sends(to="/discard"))

    assert count(samples, people) == before
    assert count(samples, sessions, kind="keyed") == 0


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"form": "fence_loan"}, "どのように受け付けたかをえらんでください。"),
        ({"way": "telephone"}, "手続をえらんでください。"),
        ({"form": "inspection", "way": "telephone"}, "手続をえらんでください。"),
        ({"form": "fence_loan", "way": "line"}, "どのように受け付けたかをえらんでください。"),
    ],
)
def test_the_form_and_the_way_must_be_chosen(staff: Staff, chosen: dict[str, str], fault: str) -> None:
    answer = staff.post("/admin/forms/", chosen)

    assert (answer.status_code, fault in said(answer)) == (422, True)


def test_an_auditor_keys_nothing_in(samples: Service, app: Flask) -> None:
    assert Staff(samples, app).sign_in_as("auditor").get("/admin/forms/").status_code == 403


def test_the_form_of_an_address_is_chosen_already(staff: Staff) -> None:
    visitor = Visitor(staff.client, "/admin/forms")
    visitor.opens("/admin/forms/install_guidance")

    chosen = next(each for each in forms(visitor.at) if each.action.endswith("/admin/forms/"))
    assert chosen.values["form"] == "install_guidance"
    assert staff.get("/admin/forms/inspection").status_code == 404


def test_the_receipt_names_the_way_and_the_member(samples: Service, staff: Staff) -> None:
    visitor = begun(staff, "mail")
    for page, values in (("loan", LOAN), ("promises", PROMISES), ("applicant", PERSONAL)):
        visitor.sends(values, to=f"/page/{page}")
    visitor.files()

    text = said(visitor.at)
    assert f"受付方法 郵便 入力した職員 {staff.name}" in text
    assert "トーク" not in text
    assert SECRET not in text
    assert count(samples, submissions, channel="mail") == 1
