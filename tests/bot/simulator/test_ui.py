"""The screen in a real browser, with a toy desk behind it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture
def page(browser: "Browser", site: str) -> Iterator["Page"]:
    context = browser.new_context(
        viewport={"width": 1600, "height": 900}, locale="ja-JP", reduced_motion="reduce"
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    opened.goto(f"{site}/simulator/")
    yield opened
    context.close()
    assert faults == []


def _phone(page: "Page", number: int = 0) -> "Locator":
    phone = page.locator(".phone").nth(number)
    phone.wait_for()
    return phone


def _friend(page: "Page", number: int = 0) -> "Locator":
    phone = _phone(page, number)
    phone.locator(".invitation .button").click()
    phone.get_by_text("こんにちは。見本の窓口です。").wait_for()
    return phone


def _say(phone: "Locator", words: str) -> None:
    phone.locator("textarea").fill(words)
    phone.locator("textarea").press("Enter")
    phone.locator(".line--me").filter(has_text=words).last.wait_for()


def test_three_phones_stand_side_by_side_below_the_warning(page: "Page") -> None:
    _phone(page, 2)
    boxes = [phone.bounding_box() for phone in page.locator(".phone").all()]

    assert len(boxes) == 3
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 1200 for box in boxes)
    assert page.get_by_text("シミュレーター：実在の申請ではありません").is_visible()


def test_adding_the_desk_brings_its_greeting_and_quick_replies_that_vanish(page: "Page") -> None:
    phone = _friend(page)

    phone.get_by_role("button", name="申請する", exact=True).first.click()
    phone.get_by_text("押されました：申請する").wait_for()

    phone.locator(".line--me").get_by_text("申請する", exact=True).wait_for()
    assert phone.locator(".chip").count() == 0


def test_the_rich_menu_speaks_the_language_of_the_profile(page: "Page") -> None:
    phone = _friend(page, 2)

    phone.get_by_role("button", name="Apply", exact=True).click()

    phone.locator(".line--me").get_by_text("apply", exact=True).wait_for()


def test_a_flex_choice_is_tapped_with_the_keyboard(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "申請する")

    phone.get_by_role("button", name="庭・家庭菜園").press("Enter")

    phone.get_by_text("押されました：pick:2").wait_for()


@pytest.mark.parametrize(
    ("word", "button", "answer"),
    [
        ("buttons", "申請状況", "押されました：申請状況"),
        ("confirm", "いいえ", "押されました：いいえ"),
        ("carousel", "えらぶ", "押されました：column:1"),
    ],
)
def test_every_template_can_be_tapped(page: "Page", word: str, button: str, answer: str) -> None:
    phone = _friend(page)
    _say(phone, word)

    phone.locator(".card").get_by_role("button", name=button, exact=True).first.click()

    phone.get_by_text(answer).wait_for()


def test_a_day_is_picked_and_sent(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "chips")
    phone.get_by_role("button", name="日付を選ぶ").click()

    phone.locator("input[type=date]").fill("2027-06-15")
    phone.get_by_role("button", name="決定").click()

    phone.get_by_text('押されました：day {"date": "2027-06-15"}').wait_for()


def test_a_day_before_the_first_allowed_one_is_not_sent(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "chips")
    phone.get_by_role("button", name="日付を選ぶ").click()

    phone.locator("input[type=date]").fill("2027-06-01")
    phone.get_by_role("button", name="決定").click()

    assert phone.get_by_role("dialog").is_visible()


def test_a_sample_photo_and_a_place_are_sent(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "chips")
    phone.get_by_role("button", name="写真", exact=True).click()
    phone.get_by_role("button", name="足あとの見本").click()
    phone.get_by_text("受け取りました：image").wait_for()

    phone.get_by_role("button", name="写真・場所・スタンプなど").click()
    phone.get_by_role("button", name="位置情報").click()
    phone.get_by_role("button", name=re.compile("小樽")).click()

    phone.get_by_text("受け取りました：location").wait_for()
    assert phone.locator("img.photo").evaluate("picture => picture.naturalWidth") == 1280


def test_a_message_is_unsent(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "まちがい")
    line = phone.locator(".line--me").filter(has_text="まちがい")

    line.get_by_role("button", name="このメッセージのメニュー").focus()
    page.keyboard.press("Enter")
    phone.get_by_role("button", name="送信取消").click()

    phone.get_by_text("メッセージの送信を取り消しました").wait_for()
    assert phone.locator(".line--me").count() == 0


def test_blocking_takes_the_keyboard_away_until_unblocked(page: "Page") -> None:
    phone = _friend(page)
    phone.get_by_role("button", name="この電話の設定").click()
    phone.get_by_role("button", name="ブロックする").click()
    unblock = phone.get_by_role("button", name="ブロック解除")
    unblock.wait_for()
    assert phone.locator("textarea").count() == 0

    unblock.click()

    phone.locator("textarea").wait_for()


def test_line_on_a_computer_has_neither_quick_replies_nor_a_menu(page: "Page") -> None:
    phone = _friend(page)
    phone.locator(".chip").first.wait_for()

    phone.get_by_role("button", name="この電話の設定").click()
    phone.get_by_role("button", name=re.compile("PC版LINE")).click()

    phone.get_by_text("PC版", exact=True).wait_for()
    assert phone.locator(".chip:visible, .tile:visible").count() == 0


def test_the_dots_show_that_an_answer_is_coming(page: "Page", site: str) -> None:
    import requests

    from tests.bot.simulator.conftest import BEARER

    phone = _friend(page)
    user = page.locator(".phone").first.get_attribute("data-user")
    requests.post(
        f"{site}/simulator/line/v2/bot/chat/loading/start", json={"chatId": user}, headers=BEARER, timeout=5
    )

    phone.locator(".dots").wait_for()


def test_markup_in_a_message_stays_words(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "<img src=x onerror=alert(1)><b>太字</b>")

    phone.locator(".line--desk").get_by_text("「<img src=x onerror=alert(1)><b>太字</b>」").wait_for()
    assert phone.locator(".chat b, .chat img[src=x]").count() == 0


def test_the_wire_shows_webhooks_and_calls_newest_first(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "もしもし")
    phone.get_by_text("「もしもし」").wait_for()
    first = page.locator(".traffic__line").filter(has_text="もしもし").first
    first.wait_for()

    first.locator("summary").click()

    first.locator("pre").first.wait_for()
    assert page.locator(".traffic__line").last.inner_text().count("/message/reply")


def test_the_clock_is_turned_from_the_panel(page: "Page") -> None:
    _phone(page)
    page.get_by_role("tab", name="時計").click()
    page.get_by_role("button", name="翌日 9:00").click()

    page.locator("#now").filter(has_text="6月8日").wait_for()


def test_a_switch_is_turned_from_the_panel_and_stays(page: "Page") -> None:
    phone = _friend(page)
    page.get_by_role("tab", name="故障").click()
    page.get_by_role("switch", name=re.compile("2回送る")).check(force=True)
    page.locator(".tab__count").wait_for()
    _say(phone, "もしもし")

    page.reload()

    page.locator(".tab__count").wait_for()
    _phone(page).get_by_text("「もしもし」").first.wait_for()


def test_a_resident_is_added_and_taken_away(page: "Page") -> None:
    _phone(page, 2)
    page.get_by_role("button", name="住民を追加").click()
    page.get_by_role("textbox", name="名前").fill("見本 四郎")
    page.get_by_role("button", name="追加", exact=True).click()
    phone = _phone(page, 3)

    phone.get_by_role("button", name="この電話の設定").click()
    phone.get_by_role("button", name="この住民を画面から外す").click()

    phone.wait_for(state="detached")
    assert page.locator(".phone").count() == 3


def test_a_group_is_a_chat_of_its_own(page: "Page") -> None:
    phone = _friend(page)
    phone.get_by_role("button", name="この電話の設定").click()
    phone.get_by_role("button", name="グループに招待する").click()
    phone.get_by_role("button", name="トーク一覧").click()

    phone.get_by_role("button", name="見本の集まり").click()

    phone.get_by_text("「見本の集まり」に窓口を招待しました。").wait_for()


def test_escape_closes_a_sheet_and_gives_the_focus_back(page: "Page") -> None:
    phone = _friend(page)
    opener = phone.get_by_role("button", name="写真・場所・スタンプなど")
    opener.click()
    phone.get_by_role("dialog").wait_for()

    page.keyboard.press("Escape")

    assert phone.get_by_role("dialog").count() == 0
    assert opener.evaluate("button => button === document.activeElement")


AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
LOOK = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}))
    .violations.map((each) => `${each.id}: ${each.nodes[0].html}`)"""


def test_the_screen_has_no_fault_that_axe_finds(page: "Page") -> None:
    phone = _friend(page)
    _say(phone, "申請する")
    _say(phone, "chips")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for opener in ("この電話の設定", "写真・場所・スタンプなど"):
        for tab in page.get_by_role("tab").all():
            tab.click()
            phone.get_by_role("button", name=opener).click()

            assert page.evaluate(LOOK) == []

            phone.get_by_role("button", name="閉じる").click()
