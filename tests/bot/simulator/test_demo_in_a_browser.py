"""The story of the demo on its one screen: a resident applies, three people sign, the phone rings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.simulator.teams.config import (
    CHIEF,
    CLERK,
    DIRECTOR,
    INSPECTOR,
    MANAGER,
    STRANGER,
    VISITOR,
    SampleMember,
)
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
    phone.get_by_text(re.compile("札幌対第[0-9]+号")).first.wait_for()
    code = phone.locator("img[src*='/qr/']").last
    code.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=code.element_handle())
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
    card.get_by_role("checkbox", name="設置場所の周囲長").check()
    card.get_by_role("textbox", name="理由").fill("長さをもう一度はかってください。")
    card.get_by_role("button", name="差し戻し", exact=True).last.click()

    page.locator(".phone").first.get_by_text("長さをもう一度はかってください。").first.wait_for()
    house.types("直す", "45", "申請する")

    card.get_by_text("45m").first.wait_for()
    assert card.get_by_text("40m").count() == 1  # what it was before stands beside it
    card.get_by_role("button", name="確認した").wait_for()


def test_an_inspection_goes_from_card_to_card_and_is_signed(page: "Page", house: Demo) -> None:
    chat = _chat(page, INSPECTOR)
    chat.get_by_role("button", name="点検", exact=True).click()
    _answer(_asks(chat, "点検の概要"))
    _answer(_asks(chat, "周辺装置"))
    _answer(_asks(chat, "指摘の内容"))
    chat.get_by_text("写真をこのチャットに").wait_for()
    chat.get_by_role("button", name="写真・ファイルを送る").click()
    page.get_by_role("button", name="足あとの見本").click()
    _press(page, INSPECTOR, "提出する")

    for number, (who, deed) in enumerate(
        ((CLERK, "係として確認"), (CHIEF, "係長として確認"), (DIRECTOR, "所長として確認"))
    ):
        sheet = _chat(page, who).locator(".t-card").filter(has_text="TK9-0001").first
        for before in (CLERK, CHIEF)[:number]:
            sheet.get_by_text(before.name).first.wait_for()
        sheet.get_by_role("button", name=deed, exact=True).click()
        sheet.get_by_text(who.name).first.wait_for()
    # What was found has become a fault, whose own card went to those who see to it.
    fault = _chat(page, INSPECTOR).locator(".t-card").filter(has_text="SG9-0001")
    fault.get_by_role("button", name="復旧", exact=True).wait_for()


def _asks(chat: "Locator", words: str) -> "Locator":
    """Return the newest card, once it asks for *words* and can be sent."""
    card = chat.locator(".t-card").filter(has=chat.page.get_by_role("button", name="送信", exact=True)).last
    card.get_by_text(words).first.wait_for()
    return card


def _answer(card: "Locator") -> None:
    """Answer all that *card* asks, the first thing to be looked at with a finding, and send it."""
    for header in card.get_by_role("button", name="開く・閉じる").all()[1:]:  # the first is open
        header.click()
    _choose(card)
    for field in card.locator("input[type=date]:visible").all():
        field.fill("2027-06-07")
    for field in card.locator("input[type=number]:visible").all():
        field.fill("1")
    for field in card.locator("input[type=text]:visible, textarea:visible").all():
        field.fill("見本の記入")
    card.get_by_role("button", name="送信", exact=True).click()


def _choose(card: "Locator") -> None:
    outcome = "指摘"
    for field in card.locator("select:visible").all():
        if "指摘" in field.inner_text():
            field.select_option(label=outcome)
            outcome = "正常"
        else:
            field.select_option(index=1)


def test_who_is_not_on_the_roster_is_refused(page: "Page", house: Demo) -> None:
    reference = house.apply()

    for who in (STRANGER, VISITOR):
        chat = _chat(page, who)
        chat.get_by_role("button", name="一覧", exact=True).click()
        chat.get_by_text("登録された職員と委託事業者").first.wait_for()
        assert chat.get_by_text(reference).count() == 0
