"""Who may call which page of the console, and what a page is answered with."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from bot.admin.console import OFFICE, READERS
from bot.admin.meetings_door import CALLERS
from bot.admin.surveys import MAKERS
from bot.service import Service
from storage import engine as database
from storage.tables import access_log, metadata, sessions
from tests.bot.admin.conftest import CORRECTED, FIRST, SECRETS
from tests.support.staff import Staff, said

EXAMPLES = {
    "reference": FIRST,
    "step": "taken_up",
    "photo": "0" * 32,
    "dataset": "fence_loan",
    "kind": "csv",
    "token": "made-up",
    "name": "0" * 32,
    "question": "0" * 32,
    "day": "2027-06-14",
    "form": "fence_loan",
    "person": "0" * 32,
    "page": "loan",
    "key": "sample",
    "what": "cards",
    "snapshot": "0" * 12,
}
OPEN = {"admin.sign_in", "admin.door", "admin.enter", "admin.meeting_let_in", "admin.meeting_enter"}


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, path) of every route of the console."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    found = []
    with app.test_request_context():
        for rule in rules:
            _, address = rule.build({name: EXAMPLES[name] for name in rule.arguments}) or ("", "")
            found += [
                (rule.endpoint, method, address) for method in (rule.methods or set()) & {"GET", "POST"}
            ]
    return found


def test_whoever_is_not_signed_in_sees_the_way_in_and_no_data(stranger: Staff, app: Flask) -> None:
    for endpoint, method, address in calls(app):
        answer = stranger.client.open(address, method=method)
        if endpoint in OPEN:
            assert answer.status_code in {200, 410}, address
        else:
            assert (answer.status_code, answer.location) == (303, "/admin/sign-in"), address
        assert not any(secret in answer.text for secret in (*SECRETS, FIRST)), address


def test_no_form_of_another_site_is_taken(staff: Staff, app: Flask, samples: Service) -> None:
    before = _rows(samples)
    for endpoint, method, address in calls(app):
        if method == "POST" and endpoint not in OPEN:
            for forged in ({}, {"seal": ""}, {"seal": "0" * 48}, {"seal": "見本"}):
                answer = staff.client.post(address, data={**forged, "why": "check"})
                assert answer.status_code == 403, address
                assert not any(secret in answer.text for secret in SECRETS), address
    assert _rows(samples) == before


def test_the_seal_of_one_session_is_none_in_another(staff: Staff, samples: Service, app: Flask) -> None:
    other = Staff(samples, app, name="ほかの職員（見本）").sign_in()

    answer = staff.client.post(f"/admin/cases/{FIRST}/personal", data={"seal": other.seal(), "why": "check"})

    assert answer.status_code == 403


def test_looking_changes_nothing(staff: Staff, app: Flask, samples: Service) -> None:
    before = _rows(samples)
    for endpoint, method, address in calls(app):
        if method == "GET" and endpoint not in {"admin.download", "admin.report"}:
            staff.get(address)
    assert _rows(samples) == before


def _rows(service: Service) -> dict[str, int]:
    with database.read(service.engine) as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table is not sessions
        }


def test_an_auditor_sees_lists_and_opens_nothing(samples: Service, app: Flask) -> None:
    auditor = Staff(samples, app).sign_in_as("auditor")

    for address in ("/admin/", "/admin/cases/", f"/admin/cases/{FIRST}", "/admin/access-log"):
        assert auditor.get(address).status_code == 200
    for address in ("/admin/export/", "/admin/export/fence_loan.csv", f"/admin/photos/{'0' * 32}"):
        answer = auditor.get(address)
        assert (answer.status_code, "権限がありません" in said(answer)) == (403, True)
    for address in (f"/admin/cases/{FIRST}/personal", f"/admin/cases/{FIRST}/steps/taken_up"):
        assert auditor.post(address, {"why": "check"}).status_code == 403


@pytest.mark.parametrize("role", ["resident", "contractor", ""])
def test_a_session_without_a_role_of_the_office_sees_nothing(samples: Service, app: Flask, role: str) -> None:
    somebody = Staff(samples, app).sign_in_as(role)

    for _, method, address in calls(app):
        door = "/enter/" in address or "/admin/door/" in address or address.endswith("sign-in")
        if method == "GET" and not door:
            answer = somebody.get(address)
            assert answer.status_code == 403, address
            assert FIRST not in said(answer)


def test_each_route_says_which_roles_may_call_it(app: Flask) -> None:
    callers = {
        rule.endpoint.removeprefix("admin."): getattr(app.view_functions[rule.endpoint], "callers", None)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.")
    }

    everybody, readers, office = frozenset({"everybody"}), frozenset(READERS), frozenset(OFFICE)
    makers, at_door = frozenset(MAKERS), frozenset(CALLERS)
    assert callers == {
        "sign_in": everybody,
        "door": everybody,
        "enter": everybody,
        "sign_out": readers,
        "forms": office,
        "form": office,
        "begin_form": office,
        "keyed_page": office,
        "keyed_send": office,
        "keyed_review": office,
        "keyed_file": office,
        "keyed_receipt": office,
        "keyed_discard": office,
        "keyed_postcode": office,
        "overview": readers,
        "cases": readers,
        "case": readers,
        "access_log": readers,
        "questions": readers,
        "question": readers,
        "answer_question": office,
        "entry_question": office,
        "remove_word": office,
        "unreached": readers,
        "settle_unreached": office,
        "rounds": readers,
        "round": readers,
        "round_personal": office,
        "personal": office,
        "file_step": office,
        "photo": office,
        "downloads": office,
        "download": office,
        "report": office,
        "order": office,
        "job": office,
        "job_state": office,
        "job_file": office,
        "job_end": office,
        "certificate": readers,
        "certificate_personal": office,
        "final": readers,
        "final_book": readers,
        "holders": office,
        "holders_take": office,
        "holders_upload": office,
        "stock": readers,
        "stock_begin": office,
        "stock_parts": office,
        "stock_sets": office,
        "surveys": readers,
        "survey": readers,
        "survey_preview": readers,
        "surveys_upload": makers,
        "survey_open": makers,
        "survey_close": makers,
        "survey_remove": makers,
        "survey_links": office,
        "survey_print": office,
        "survey_papers": office,
        "survey_key_in": office,
        "survey_paper": office,
        "survey_settle": office,
        "tabulations": readers,
        "tabulation": readers,
        "tabulation_texts": office,
        "tabulation_report": readers,
        "tabulation_snapshot": office,
        "tabulation_withdraw": office,
        "tabulation_file": office,
        "tabulation_published": readers,
        "tabulation_population": office,
        "tabulation_population_set": office,
        "meetings": readers,
        "meeting_new": office,
        "meeting_add": office,
        "meeting_file": office,
        "meeting_edit": readers,
        "meeting_save": office,
        "meeting_state": office,
        "meeting_roster": readers,
        "meeting_roster_names": office,
        "meeting_door": at_door,
        "meeting_check": at_door,
        "meeting_sync": at_door,
        "meeting_worker": at_door,
        "meeting_phone": office,
        "meeting_door_close": office,
        "meeting_let_in": everybody,
        "meeting_enter": everybody,
        "meeting_tables": readers,
        "meeting_arrange": office,
        "meeting_move": office,
        "meeting_print": readers,
        "meeting_print_names": office,
        "meeting_needs": office,
        "meeting_needs_open": office,
        "meeting_arrange_needs": office,
    }


@pytest.mark.parametrize(
    "address",
    [
        "/admin/cases/R9-9999",
        "/admin/cases/%00",
        "/admin/cases/' OR '1'='1",
        "/admin/photos/0",
        "/admin/export/nothing.csv",
        "/admin/export/../../etc/passwd.csv",
        "/admin/cases/?procedure=nothing",
    ],
)
def test_what_is_not_there_is_answered_with_a_page_that_says_so(staff: Staff, address: str) -> None:
    assert staff.get(address).status_code == 404


def test_every_page_is_kept_out_of_caches_and_frames(staff: Staff, app: Flask) -> None:
    for _, method, address in calls(app):
        answer = staff.client.open(address, method=method)
        assert answer.headers["Cache-Control"] == "no-store", address
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], address
        assert "unsafe" not in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "no-referrer", address


def test_personal_answers_stand_on_no_page_until_somebody_asks(
    staff: Staff, app: Flask, samples: Service
) -> None:
    for endpoint, method, address in calls(app):
        if method == "GET" and endpoint not in {"admin.download", "admin.report", "admin.final_book"}:
            text = staff.get(address.replace(FIRST, CORRECTED)).text
            assert not any(secret in text for secret in SECRETS), address
    with database.read(samples.engine) as conn:
        assert conn.execute(select(func.count()).select_from(access_log)).scalar() == 0
