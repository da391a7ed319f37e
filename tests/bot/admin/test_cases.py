"""The list of applications, and one of them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from bot.admin import caselines
from bot.service import Service
from storage import accesslog, caselist, cases, outbox, submissions
from storage import engine as database
from storage.tables import submissions as submissions_table
from tests.bot.admin.conftest import CORRECTED, ENGLISH, FIRST, SECRETS, URGENT, WITHDRAWN
from tests.dialogs.procedures.guidances import ANSWERS
from tests.storage import make
from tests.storage.make import NOW, together
from tests.support.staff import NAME, Staff, said


def listed(staff: Staff, **query: str) -> list[str]:
    """Return the references of the table, in order."""
    answer = staff.get("/admin/cases/", **query)
    assert answer.status_code == 200
    table = answer.text.partition("<tbody")[2]
    return re.findall(r'<th role="rowheader".*?>(R9-\d{4})</a>', table)


def history(service: Service, reference: str) -> list[tuple[str, str, str]]:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        return [(each.step, each.filed_by, each.role) for each in submissions.of_case(conn, case.id)]


# --- the list


def test_the_newest_application_stands_first(staff: Staff) -> None:
    assert listed(staff) == [URGENT, ENGLISH, CORRECTED, WITHDRAWN, FIRST]


def test_a_line_says_what_staff_compare(staff: Staff) -> None:
    text = staff.page("/admin/cases/", reference=CORRECTED)

    assert "2027-06-02 11:05" in text
    assert "係の確認待ち" in text
    assert "2027-06-22〜2027-09-20" in text
    assert "220m" in text
    assert "3セット" in text
    assert "南区" in text
    assert "ヒグマの被害・痕跡あり" in text
    assert "1回" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "wait:checked"}, [URGENT, ENGLISH, CORRECTED, FIRST]),
        ({"state": "withdrawal"}, [WITHDRAWN]),
        ({"state": "correction"}, [CORRECTED]),
        ({"state": "nonsense"}, [URGENT, ENGLISH, CORRECTED, WITHDRAWN, FIRST]),
        ({"flag": "any"}, [URGENT, CORRECTED, FIRST]),
        ({"flag": "lead_short"}, [URGENT]),
        ({"from": "2027-06-02", "to": "2027-06-04"}, [ENGLISH, CORRECTED]),
        ({"from": "2027-06-05"}, [URGENT]),
        ({"to": "2027-05-26"}, [FIRST]),
        ({"reference": "0002"}, [WITHDRAWN]),
        ({"reference": "r9-0002"}, [WITHDRAWN]),
        ({"reference": " Ｒ９－０００２"}, [WITHDRAWN]),
        ({"reference": "%"}, []),
        ({"reference": "' OR 1=1 --"}, []),
        ({"state": "wait:checked", "flag": "any", "from": "2027-06-01"}, [URGENT, CORRECTED]),
    ],
)
def test_the_list_is_narrowed(staff: Staff, query: dict[str, str], expected: list[str]) -> None:
    assert listed(staff, **query) == expected


GUIDANCES = {
    "R9-0801": ("application",),
    "R9-0802": ("application", "accepted"),
    "R9-0803": ("application", "accepted", "moved"),
    "R9-0804": ("application", "accepted", "instructed"),
    "R9-0805": ("application", "accepted", "cancelled"),
}


WAITING = {
    "accepted": ["R9-0803", "R9-0801"],
    "instructed": ["R9-0802"],
    "visited": ["R9-0804"],
    "rechecked": [],
}


def test_the_list_is_narrowed_to_what_waits_by_all_that_was_filed(staff: Staff, samples: Service) -> None:
    said_of = {"application": ANSWERS, "moved": {"slot": {"day": "2027-06-18", "time": "11:00"}}}
    with database.write(samples.engine) as conn:
        for number, (reference, steps) in enumerate(GUIDANCES.items()):
            case = make.case(conn, reference, at=NOW + number, procedure="install_guidance")
            for each in steps:
                form = "install_guidance" if each == "application" else ""
                make.filed(conn, case, NOW, step=each, form=form, edition="R6", answers=said_of.get(each, {}),
                           vault_id=None, event_id=f"{reference}/{each}")  # fmt: skip

    query = {"procedure": "install_guidance"}
    assert {each: listed(staff, **query, state=f"wait:{each}") for each in WAITING} == WAITING
    assert "いま待っているものを表示しています" in staff.page("/admin/cases/", **query, state="wait:visited")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "June"},
        {"to": "2027-13-01"},
        {"from": "2027-06-04", "to": "2027-06-02"},
        {"from": "<script>"},
        {"from": "\x00"},
    ],
)
def test_a_day_that_cannot_be_read_is_said_beside_it(staff: Staff, query: dict[str, str]) -> None:
    answer = staff.get("/admin/cases/", **query)

    assert answer.status_code == 422
    assert "入力を確かめてください" in said(answer)
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text


def test_pages_follow_each_other_without_a_gap(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caselines, "PAGE", 2)
    found: list[str] = []
    address = "/admin/cases/"
    while address:
        answer = staff.get(address).text
        found += re.findall(r'<th role="rowheader".*?>(R9-\d{4})</a>', answer)
        following = re.search(r'href="([^"]*before=[^"]*)"', answer)
        address = following[1].replace("&amp;", "&") if following else ""

    assert found == [URGENT, ENGLISH, CORRECTED, WITHDRAWN, FIRST]


def test_a_filter_looks_through_so_much_at_once_and_goes_on_from_there(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caselines, "PAGE", 2)
    monkeypatch.setattr(caselines, "MOST_READ", 2)

    first = staff.get("/admin/cases/", flag="lead_short").text
    assert re.search(rf"flag=lead_short[^\"]*before={ENGLISH}", first)
    assert URGENT in first
    assert listed(staff, flag="lead_short", before=ENGLISH) == []


# --- one application


def test_a_case_shows_its_answers_and_hides_the_personal_ones(staff: Staff) -> None:
    text = staff.page(f"/admin/cases/{CORRECTED}")

    assert "令和9年6月22日(火) から 令和9年9月20日(月) まで" in text
    assert "町内会の共同菜園を守るため" in text
    assert "個人情報（非表示） 南区" in text
    assert not any(secret in text for secret in SECRETS)


def test_a_case_says_what_happened_and_what_a_correction_changed(staff: Staff) -> None:
    text = staff.page(f"/admin/cases/{CORRECTED}")

    assert "設置場所の周囲長 180m → 220m" in text
    assert "希望するセット数 2セット → 3セット" in text
    assert "入力し直されました" not in text


def test_a_case_says_what_is_due(staff: Staff) -> None:
    text = staff.page(f"/admin/cases/{FIRST}")

    assert "期限：令和9年5月28日(金) 期限を過ぎています" in text
    assert "期限を過ぎています" not in staff.page(f"/admin/cases/{URGENT}")


def test_an_answer_that_was_taken_back_on_line_is_pointed_out(staff: Staff, samples: Service) -> None:
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        of_case = submissions_table.c.case_id == case.id
        conn.execute(update(submissions_table).where(of_case).values(unsent_at=1))

    assert "申請者がLINEで取り消しました" in staff.page(f"/admin/cases/{FIRST}")


def test_asking_shows_the_personal_answers_once_and_logs_who_and_why(staff: Staff, samples: Service) -> None:
    answer = staff.post(f"/admin/cases/{FIRST}/personal", {"why": "contact"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "見本 一郎" in said(answer)
    assert "011-211-2879" in said(answer)
    with database.read(samples.engine) as conn:
        [entry] = accesslog.entries(conn)
        records = caselist.of_records(conn, [entry.record])
    assert (entry.by, entry.role, entry.why) == (NAME, "admin", "contact")
    assert records == {entry.record: FIRST}
    assert "見本 一郎" not in staff.page(f"/admin/cases/{FIRST}")


@pytest.mark.parametrize("why", ["", "curiosity", "\x00", "x" * 1000])
def test_no_reason_no_personal_answers(staff: Staff, samples: Service, why: str) -> None:
    answer = staff.post(f"/admin/cases/{FIRST}/personal", {"why": why})

    assert answer.status_code == 422
    assert "理由をえらんでください" in said(answer)
    assert not any(secret in answer.text for secret in SECRETS)
    with database.read(samples.engine) as conn:
        assert accesslog.entries(conn) == []


def test_erased_personal_answers_are_said_to_be_gone(staff: Staff, samples: Service) -> None:
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        record = submissions.of_case(conn, case.id)[0].vault_id
        assert record
        samples.vault.forget(conn, record)

    answer = staff.post(f"/admin/cases/{FIRST}/personal", {"why": "check"})

    assert answer.status_code == 410
    assert "消去されています" in said(answer)


# --- taking it up


def test_taking_a_case_up_is_filed_under_the_name_of_who_did_it(staff: Staff, samples: Service) -> None:
    answer = staff.post(f"/admin/cases/{FIRST}/steps/taken_up")

    assert (answer.status_code, answer.location) == (303, f"/admin/cases/{FIRST}")
    assert history(samples, FIRST)[1:] == [("taken_up", NAME, "staff")]
    text = staff.page(f"/admin/cases/{FIRST}")
    assert "担当者が内容を確認しています。" in text
    assert f"{NAME} （窓口（管理画面））" in text or f"{NAME}（窓口（管理画面））" in text
    assert listed(staff, state="taken_up") == [FIRST]


@pytest.mark.parametrize("step", ["withdrawal", "application", "correction", "decision", "x" * 100])
def test_staff_cannot_file_what_is_not_theirs(staff: Staff, samples: Service, step: str) -> None:
    before = history(samples, FIRST)

    assert staff.post(f"/admin/cases/{FIRST}/steps/{step}").status_code == 409
    assert history(samples, FIRST) == before


def test_a_withdrawn_case_cannot_be_taken_up(staff: Staff, samples: Service) -> None:
    answer = staff.post(f"/admin/cases/{WITHDRAWN}/steps/taken_up")

    assert answer.status_code == 409
    assert f"{WITHDRAWN} は「取り下げ済み」のため、この操作はできません。" in said(answer)
    assert [step for step, *_ in history(samples, WITHDRAWN)] == ["application", "withdrawal"]


def test_of_several_who_take_a_case_up_at_once_one_does(staff: Staff, samples: Service) -> None:
    seal = staff.seal()
    cookie = staff.client.get_cookie("madoguchi-console")
    assert cookie

    def take_up() -> int:
        client = staff.app.test_client()
        client.set_cookie("madoguchi-console", cookie.value)
        return client.post(f"/admin/cases/{FIRST}/steps/taken_up", data={"seal": seal}).status_code

    statuses = together(4, take_up)

    assert sorted(statuses) == [303, 409, 409, 409]
    assert [step for step, *_ in history(samples, FIRST)] == ["application", "taken_up"]


def test_nothing_is_said_to_the_applicant(staff: Staff, samples: Service) -> None:
    staff.post(f"/admin/cases/{FIRST}/steps/taken_up")

    with database.read(samples.engine) as conn:
        assert outbox.counts(conn) == {}
