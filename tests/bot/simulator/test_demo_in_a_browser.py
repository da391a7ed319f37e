"""The story of the demo on its one screen: a resident applies, three people sign, the phone rings."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.simulator.teams.config import CHIEF, CLERK, MANAGER, STRANGER, VISITOR, SampleMember
from tests.bot.simulator import demo
from tests.bot.simulator.demo import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 20_000


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo.opened(tmp_path / "demo", monkeypatch) as made:
        yield made


@pytest.fixture
def page(browser: "Browser", house: Demo) -> Iterator["Page"]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="ja-JP", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    opened.goto(f"{house.url}/simulator/")
    opened.locator(".t-row").first.wait_for()
    yield opened
    context.close()
    assert faults == []


def _chat(page: "Page", who: SampleMember) -> "Locator":
    """Return the chat of *who*, now shown."""
    page.locator(f"[data-member='{who.object_id}']").click()
    return page.locator(".t-chat:visible")


def _press(page: "Page", who: SampleMember, label: str) -> "Locator":
    """Press the newest button *label* on *who*'s cards; return their chat."""
    chat = _chat(page, who)
    chat.locator(".t-card").get_by_role("button", name=label, exact=True).last.click()
    return chat


def test_an_application_is_signed_by_three_and_the_phone_tells_the_number(page: "Page", house: Demo) -> None:
    reference = house.apply()

    _chat(page, CLERK).locator(".t-card").get_by_text(reference).first.wait_for()
    _press(page, CLERK, "確認した")
    _press(page, CHIEF, "承認する")
    _press(page, MANAGER, "貸出を決定する")

    phone = page.locator(".phone").first
    phone.get_by_text("札幌対第1号").first.wait_for()
    # One card for everybody, changed in its place: nobody has a button left, everybody sees who signed.
    for who in (CLERK, CHIEF, MANAGER):
        card = _chat(page, who).locator(".t-card").filter(has_text=reference)
        card.get_by_text(MANAGER.name).first.wait_for()
        assert card.count() == 1
        assert card.get_by_role("button", name="承認する").count() == 0


def test_one_question_is_sent_back_and_the_corrected_answer_stands_on_the_card(
    page: "Page", house: Demo
) -> None:
    reference = house.apply()
    card = _chat(page, CLERK).locator(".t-card").filter(has_text=reference)
    card.get_by_role("button", name="差し戻し", exact=True).first.click()
    card.get_by_role("checkbox").first.check()
    card.get_by_role("textbox").last.fill("長さをもう一度はかってください。")
    card.get_by_role("button", name="差し戻し", exact=True).last.click()

    page.locator(".phone").first.get_by_text("長さをもう一度はかってください。").first.wait_for()
    house.types("直す")

    assert card.count() >= 1


def test_who_is_not_on_the_roster_is_refused(page: "Page", house: Demo) -> None:
    reference = house.apply()

    for who in (STRANGER, VISITOR):
        chat = _chat(page, who)
        chat.get_by_role("button", name="一覧", exact=True).click()
        chat.get_by_text("登録された職員と委託事業者").first.wait_for()
        assert chat.get_by_text(reference).count() == 0
