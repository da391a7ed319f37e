"""Teams beside the phones in a real browser, with a toy bot behind it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.simulator.teams.config import CHIEF, CLERK
from tests.bot.simulator.conftest import Both
from tests.bot.simulator.toy_teams import card, execute, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
LOOK = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}))
    .violations.map((each) => `${each.id}: ${each.nodes[0].html}`)"""


@pytest.fixture
def page(browser: "Browser", both: Both) -> Iterator["Page"]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="ja-JP", reduced_motion="reduce"
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    opened.goto(f"{both.url}/simulator/")
    opened.locator(".t-row").first.wait_for()
    yield opened
    context.close()
    assert faults == []


def _window(page: "Page", name: str) -> "Locator":
    """Return the chat of whoever is called *name*, now shown."""
    page.locator(".t-row").filter(has_text=re.compile(f"{name}(?!長)")).first.click()
    chat = page.locator(".t-chat:visible")
    chat.wait_for()
    return chat


def _say(chat: "Locator", words: str) -> None:
    chat.locator("textarea.t-write__field").fill(words)
    chat.locator("textarea.t-write__field").press("Enter")


def _sheet(page: "Page") -> "Locator":
    """Return the toy's card, drawn in the clerk's chat."""
    chat = _window(page, "見本 係")
    _say(chat, "カード")
    sheet = chat.locator(".t-card").last
    sheet.get_by_text("電気柵 貸出申請").wait_for()
    return sheet


def test_phones_and_teams_stand_side_by_side(page: "Page") -> None:
    phone, teams = page.locator(".phone").first.bounding_box(), page.locator("#teams").bounding_box()

    assert phone
    assert teams
    assert phone["x"] + phone["width"] <= teams["x"]
    assert teams["x"] + teams["width"] <= 1280
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_what_is_said_is_answered_and_others_see_nothing_of_it(page: "Page") -> None:
    chat = _window(page, "見本 係")
    _say(chat, "もしもし")
    chat.get_by_text("「もしもし」").wait_for()

    assert _window(page, "見本 係長").get_by_text("「もしもし」").count() == 0


def test_a_button_answers_in_the_cards_own_place_with_what_was_entered(page: "Page") -> None:
    sheet = _sheet(page)
    sheet.get_by_label("メモ").fill("見ました")
    sheet.get_by_label("よい").check()

    sheet.get_by_role("button", name="確認する").click()

    done = page.locator(".t-chat:visible .t-card").last
    done.get_by_text("確認済み").wait_for()
    assert '"memo": "見ました"' in done.inner_text()
    assert '"outcome": "good"' in done.inner_text()
    assert page.locator(".t-card").get_by_role("button", name="確認する").count() == 0


def test_what_is_missing_is_said_on_the_card_and_not_sent(page: "Page", both: Both) -> None:
    sheet = _sheet(page)
    heard = len(both.bot.activities)

    sheet.get_by_role("button", name="確認する").click()

    sheet.get_by_text("どちらかを選んでください。").wait_for()
    assert len(both.bot.activities) == heard


def test_a_card_shows_another_within_it_and_hides_what_is_to_be_unfolded(page: "Page") -> None:
    sheet = _sheet(page)
    assert not sheet.get_by_text("くわしい内容").is_visible()
    sheet.get_by_role("button", name="くわしく").click()
    sheet.get_by_text("太字").wait_for()
    assert sheet.locator("strong").inner_text() == "太字"
    sheet.get_by_label("よい").check()

    sheet.get_by_role("button", name="差し戻す", exact=True).press("Enter")
    sheet.get_by_label("理由").fill("写真がありません")
    sheet.get_by_role("button", name="差し戻しを送る").press("Enter")

    page.get_by_text("写真がありません").wait_for()


def test_a_submit_is_answered_as_a_message(page: "Page") -> None:
    sheet = _sheet(page)
    sheet.get_by_label("よい").check()

    sheet.get_by_role("button", name="従来の送信").click()

    page.get_by_text("送信：").first.wait_for()


def test_words_of_residents_are_never_markup(page: "Page", both: Both) -> None:
    sheet = _sheet(page)
    person = both.teams.rooms.person(CLERK.object_id)
    assert person is not None

    both.bot.say(person.chat, {"text": "<img src=x onerror=alert(1)> **太い** [電話](javascript:alert(1))"})

    page.locator(".t-bubble").get_by_text("<img src=x onerror=alert(1)>").wait_for()
    assert sheet.get_by_text("住民の言葉 **そのまま**").is_visible()
    assert page.locator(".t-log img[src=x], .t-log a").count() == 0


def test_an_update_reaches_the_card_that_is_on_the_screen(page: "Page", both: Both) -> None:
    _sheet(page)
    conversation, message = both.bot.posted[-1]

    both.bot.change(conversation, message, card(text("課長が決定しました")))

    page.locator(".t-card").get_by_text("課長が決定しました").wait_for()
    page.get_by_text("編集済み").wait_for()


def test_what_a_button_is_told_in_words_stands_below_the_card(page: "Page", both: Both) -> None:
    person = both.teams.rooms.person(CLERK.object_id)
    assert person is not None
    both.bot.show(person.chat, card(text("二人で押す"), actions=(execute("承認", "words"),)))

    page.locator(".t-card").get_by_role("button", name="承認").click()

    page.get_by_role("status").get_by_text("先に見本 係長が承認しました。").wait_for()


def test_a_card_that_came_is_counted_until_it_is_looked_at(page: "Page", both: Both) -> None:
    chief = both.teams.rooms.person(CHIEF.object_id)
    assert chief is not None
    both.bot.show(chief.chat, card(text("承認してください")))
    row = page.locator(f"[data-member='{CHIEF.object_id}']")
    row.get_by_role("img", name="未読1件").wait_for()
    page.locator(".story__dot:visible").wait_for()

    page.get_by_role("button", name="係長が承認する").click()

    page.locator(".t-chat:visible").get_by_text("承認してください").wait_for()
    row.locator(".t-row__badge").wait_for(state="hidden")


def test_in_the_channel_one_mentions_the_bot_and_sees_its_answer_below_the_post(page: "Page") -> None:
    chat = _window(page, "ヒグマ対策チーム")
    chat.get_by_label("このチャネルにだれとして書くか").select_option(label="見本 課長")
    _say(chat, "独り言です")
    chat.get_by_text("独り言です").wait_for()
    chat.get_by_role("button", name="@窓口").click()
    chat.locator("textarea").press_sequentially("一覧")
    chat.locator("textarea").press("Enter")

    thread = chat.locator(".t-thread").filter(has_text="「<at>窓口</at> 一覧」")
    thread.wait_for()
    assert thread.get_by_text("見本 課長").count() == 1
    assert chat.locator(".t-thread").count() == 2


def test_a_picture_is_sent(page: "Page") -> None:
    chat = _window(page, "見本 係")
    chat.get_by_role("button", name="写真・ファイルを送る").click()
    page.get_by_role("button", name="足あとの見本").click()

    chat.get_by_text("受け取りました：image/jpeg").wait_for()
    assert chat.locator("img.t-photo").evaluate("picture => picture.naturalWidth") == 1280


def test_where_the_app_is_removed_nobody_can_write(page: "Page") -> None:
    chat = _window(page, "見本 部外")
    chat.get_by_role("button", name="アプリを外す").click()

    chat.get_by_text("アプリが外されています").wait_for()
    assert not chat.locator("textarea").is_visible()

    chat.get_by_role("button", name="アプリを入れる").click()
    chat.locator("textarea").wait_for()


def test_a_switch_of_teams_is_turned_from_the_panel(page: "Page", both: Both) -> None:
    page.get_by_role("button", name="しくみ").click()
    page.get_by_role("tab", name="故障").click()

    page.get_by_role("switch", name=re.compile("トークンを認めない")).check(force=True)

    page.locator(".tab__count").wait_for()
    assert both.teams.faults.unauthorised


def test_a_small_screen_shows_one_at_a_time(page: "Page") -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    assert page.locator(".phone").first.is_visible()
    assert not page.locator("#teams").is_visible()

    page.locator(".views").get_by_role("button", name="Teams").click()

    page.locator("#teams").wait_for()
    assert not page.locator(".phone").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 420


@pytest.mark.parametrize("dark", [False, True])
def test_the_screen_has_no_fault_that_axe_finds(page: "Page", dark: bool) -> None:
    if dark:
        page.get_by_role("button", name="暗い画面にする").click()
    sheet = _sheet(page)
    sheet.get_by_role("button", name="くわしく").click()
    sheet.get_by_role("button", name="差し戻す", exact=True).click()
    page.evaluate(AXE.read_text(encoding="utf-8"))

    assert page.evaluate(LOOK) == []
    _window(page, "ヒグマ対策チーム")
    assert page.evaluate(LOOK) == []
