"""The page of the access log."""

from __future__ import annotations

import re

import pytest

from bot.admin import accesslog as page
from bot.service import Service
from storage import accesslog
from storage import engine as database
from storage.accesslog import Entry
from tests.bot.admin.conftest import FIRST
from tests.support.staff import NAME, Staff


def note(service: Service, *entries: Entry) -> None:
    with database.write(service.engine) as conn:
        accesslog.note(conn, entries)


def test_an_opening_says_who_when_why_and_of_which_case(staff: Staff) -> None:
    staff.post(f"/admin/cases/{FIRST}/personal", {"why": "inquiry"})

    assert f"2027-06-07 10:00 {NAME} 問い合わせ対応 {FIRST} —" in staff.page("/admin/access-log")


def test_what_residents_did_with_their_own_answers_is_shown_on_demand(staff: Staff, samples: Service) -> None:
    note(samples, Entry(1, "0123abcd", "resident", "private page", "record", "f" * 32))

    assert "本人の入力 ffffffff" not in staff.page("/admin/access-log")
    text = staff.page("/admin/access-log", who="all")
    assert "本人 本人の入力 ffffffff" in text
    assert "0123abcd" not in text


def test_pages_follow_each_other_without_a_gap(
    staff: Staff, samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", 2)
    note(samples, *(Entry(n, NAME, "admin", "check", "record", f"{n}" * 32) for n in range(1, 6)))

    found: list[str] = []
    address = "/admin/access-log"
    while address:
        answer = staff.get(address).text
        found += re.findall(r"<code>(\d)\1{7}</code>", answer)
        following = re.search(r'href="([^"]*before=[^"]*)"', answer)
        address = following[1].replace("&amp;", "&") if following else ""

    assert found == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²", "%00"])
def test_a_made_up_place_begins_at_the_newest(staff: Staff, samples: Service, before: str) -> None:
    note(samples, Entry(1, NAME, "admin", "check", "record", "f" * 32))

    assert "ffffffff" in staff.page("/admin/access-log", before=before)


def test_nobody_s_name_can_add_to_the_page(staff: Staff, samples: Service) -> None:
    note(samples, Entry(1, "<script>alert(1)</script>", "admin", "<b>", "export", "<i>", "<u>"))

    answer = staff.get("/admin/access-log").text
    assert not any(tag in answer for tag in ("<script>", "<b>", "<i>", "<u>"))
