"""Surveys in the console: uploaded or refused cell by cell, looked at, opened, closed; on paper keyed in twice."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from bot.service import Service
from bot.surveys import papers
from storage import ballots, surveys
from storage import engine as database
from storage.keyring import PRINTS, add_key
from tests.storage import make as rows_of
from tests.support import polls
from tests.support.staff import Staff, said


@pytest.fixture(autouse=True)
def _key(samples: Service) -> None:
    add_key(samples.settings.vault_keys_file, PRINTS)


def _workbook(kind: str = "select_one yn") -> bytes:
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (("type", "name", "label::ja"), (kind, "good", "よかったですか"), ("text", "why", "理由")):
        survey.append(row)
    choices = book.create_sheet("choices")
    for choice in (("list_name", "name", "label::ja"), ("yn", "yes", "はい"), ("yn", "no", "いいえ")):
        choices.append(choice)
    settings = book.create_sheet("settings")
    for setting in (("form_title", "form_id"), ("見本アンケート", "sample")):
        settings.append(setting)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _upload(staff: Staff, content: bytes, **more: str) -> TestResponse:
    form: dict[str, Any] = {"seal": staff.seal(), "audience": "everybody", **more}
    form["workbook"] = (io.BytesIO(content), "survey.xlsx")
    return staff.client.post("/admin/surveys/", data=form, content_type="multipart/form-data")


def _state(service: Service, key: str = "sample") -> str:
    with database.read(service.engine) as conn:
        row = surveys.get(conn, key)
    return row.state if row else ""


def test_a_workbook_becomes_a_draft_that_is_looked_at_opened_and_closed(
    staff: Staff, samples: Service
) -> None:
    assert _upload(staff, _workbook(), closes="2027-07-01").status_code == 303
    assert _state(samples) == "draft"
    assert "見本アンケート 下書き すぐ～2027-07-01 0 0" in staff.page("/admin/surveys/")

    preview = staff.page("/admin/surveys/sample/preview")
    assert preview.count("よかったですか") >= 2  # in the talk and on the page
    assert staff.post("/admin/surveys/sample/open").status_code == 303
    assert _state(samples) == "open"
    assert samples.register.of("survey_sample")
    assert "/forms/survey_sample" in staff.page("/admin/surveys/sample/")

    assert staff.post("/admin/surveys/sample/open").status_code == 409
    assert staff.post("/admin/surveys/sample/close").status_code == 409
    assert staff.post("/admin/surveys/sample/close", {"surely": "yes"}).status_code == 303
    assert _state(samples) == "closed"
    assert _upload(staff, _workbook()).status_code == 409


def test_a_workbook_with_faults_is_refused_with_sheet_row_and_column_and_nothing_is_kept(
    staff: Staff, samples: Service
) -> None:
    refused = _upload(staff, _workbook("select_one nowhere"))

    assert refused.status_code == 422
    assert re.search(r"survey 2 [A-Z]", said(refused))
    assert _state(samples) == ""


@pytest.mark.parametrize("more", [{"opens": "tomorrow"}, {"audience": "meeting:none"}])
def test_what_stands_beside_the_workbook_is_checked_too(
    staff: Staff, samples: Service, more: dict[str, str]
) -> None:
    assert _upload(staff, _workbook(), **more).status_code == 422
    assert _upload(staff, b"").status_code == 422
    assert _state(samples) == ""


def test_a_draft_can_be_removed_and_nothing_else(staff: Staff, samples: Service) -> None:
    _upload(staff, _workbook())
    assert staff.post("/admin/surveys/sample/remove").status_code == 303
    polls.opened(samples)

    assert staff.post("/admin/surveys/meeting/remove").status_code == 409
    assert staff.client.get("/admin/surveys/none/").status_code == 404


def test_whoever_line_does_not_reach_gets_a_link_once(staff: Staff, samples: Service) -> None:
    polls.opened(samples, audience="meeting:m1")
    with database.write(samples.engine) as conn:
        person = rows_of.person(conn, "fax 1", "fax")
        case = rows_of.case(conn, "M-1", person, procedure="exchange_meeting")
        rows_of.filed(conn, case, form="exchange_meeting", answers={"meeting": "m1", "coming": "yes"})

    first = staff.post("/admin/surveys/meeting/links")
    again = staff.post("/admin/surveys/meeting/links")

    assert re.search(r"M-1 http\S+/s/\S+", said(first))
    assert "M-1" not in said(again)


def _key_in(staff: Staff, page: str, **answers: str) -> TestResponse:
    return staff.post("/admin/surveys/meeting/papers", {"page": page, **answers})


def _box(service: Service) -> list[tuple[Any, bool]]:
    with database.read(service.engine) as conn:
        return [(each.answers, each.paper) for each in ballots.read(conn, "meeting")]


def test_a_paper_is_keyed_in_twice_and_counted_once(staff: Staff, samples: Service) -> None:
    polls.opened(samples)
    number = papers.new_number()

    _key_in(staff, number, good="yes", why="よい")
    assert _box(samples) == []
    _key_in(staff, number, good="yes", why="よい")

    assert _box(samples) == [({"good": "yes", "why": "よい"}, True)]
    assert _key_in(staff, number, good="yes").status_code == 422
    assert "数えた紙：1枚" in staff.page("/admin/surveys/meeting/papers")


def test_where_the_two_differ_somebody_looks_at_the_paper_again(staff: Staff, samples: Service) -> None:
    polls.opened(samples)
    number = papers.new_number()
    _key_in(staff, number, good="yes", why="よい")
    _key_in(staff, number, good="no", why="よい")
    page = f"/admin/surveys/meeting/papers/{number}"

    shown = staff.page(page)
    assert ("よかったですか" in shown, "理由" in shown) == (True, False)
    assert staff.post(page).status_code == 422
    assert staff.post(page, {"good": "second"}).status_code == 303

    assert _box(samples) == [({"good": "no", "why": "よい"}, True)]
    assert staff.client.get(page).status_code == 303


def test_both_keyings_can_be_thrown_away(staff: Staff, samples: Service) -> None:
    polls.opened(samples)
    number = papers.new_number()
    for good in ("yes", "no"):
        _key_in(staff, number, good=good)

    assert staff.post(f"/admin/surveys/meeting/papers/{number}", {"again": "yes"}).status_code == 303
    assert _box(samples) == []
    _key_in(staff, number, good="no")
    _key_in(staff, number, good="no")
    assert len(_box(samples)) == 1


def test_a_slip_in_the_number_or_in_an_answer_is_told(staff: Staff, samples: Service) -> None:
    polls.opened(samples)
    number = papers.new_number()
    wrong = number[:5] + str((int(number[5]) + 1) % 10)

    assert "6けた" in said(_key_in(staff, wrong, good="yes"))
    assert _key_in(staff, number, good="maybe").status_code == 422
    assert staff.client.get("/admin/surveys/none/papers").status_code == 404


def test_the_paper_has_boxes_and_a_number_of_its_own_on_every_copy(staff: Staff, samples: Service) -> None:
    polls.put(samples)

    printed = staff.page("/admin/surveys/meeting/print?copies=3")

    numbers = re.findall(r"番号 ([0-9]{6})", printed)
    assert len(set(numbers)) == 3
    assert all(map(papers.is_number, numbers))
    assert printed.count("□ はい") == 3
