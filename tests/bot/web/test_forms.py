"""The public web forms: filled in page by page by people without any account, up to a receipt with a number."""

from __future__ import annotations

import io

import pytest

from storage.tables import conversations, outbox, people, submissions, vault
from tests.bot.web.talks import SECRETS, Desk
from tests.support.forms import Visitor, said
from tests.support.service import count, rows


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return Visitor(desk.client())


def _photo(content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), "photo.jpg"


def test_a_form_is_filled_in_page_by_page_and_ends_in_a_receipt_with_a_number(
    desk: Desk, visitor: Visitor
) -> None:
    visitor.begins()
    review = said(visitor.fills_in())
    number = visitor.files()

    assert "見本 太郎" in review  # the person who just gave it sees it
    assert number == "R9-0001"
    assert desk.scalar("SELECT channel FROM cases") == "web"
    assert count(desk.service, submissions, channel="web", role="resident", step="application") == 1
    assert count(desk.service, outbox) == 0  # nothing waits for a channel that sends nothing
    assert count(desk.service, conversations) == 0


def test_the_first_page_says_what_it_takes_and_remembers_nobody(desk: Desk, visitor: Visitor) -> None:
    page = visitor.opens("/forms/fence_loan")

    text = said(page)
    assert "約10分" in text
    assert "被害や痕跡の写真（あれば）" in text
    assert "やさしい日本語" in text
    assert "Set-Cookie" not in page.headers
    assert count(desk.service, people) == 0


def test_no_answer_lies_anywhere_but_in_the_vault(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()
    visitor.files()

    everything = desk.everything()
    assert [each for each in SECRETS if each in everything] == []
    assert count(desk.service, vault) == 1


def test_whoever_looks_at_personal_answers_again_is_written_down(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()

    logged = rows(desk.service, "SELECT why, role FROM access_log")
    assert {(each.why, each.role) for each in logged} == {("web form", "resident")}
