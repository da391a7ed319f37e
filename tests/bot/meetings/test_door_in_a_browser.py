"""The door on a telephone: it goes on without a network, sends once, and forgets names when the door closes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.service import Service
from storage import checkins
from storage import engine as database
from tests.bot.admin.test_pages import faults
from tests.bot.meetings.conftest import ONE, PAIR
from tests.support.meeting import KEY
from tests.support.service import serving
from tests.support.staff import Staff

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
AGED = (
    "k => { const one = JSON.parse(localStorage[k]); one.until = 0; localStorage[k] = JSON.stringify(one); }"
)
DOOR = f"/admin/meetings/{KEY}/door"
OTHERS = (
    "",
    "/edit",
    "/roster",
    "/tables",
    *(f"/print/{each}" for each in ("cards", "facilitators", "supplies")),
)


@contextmanager
def telephone(
    browser: Browser, staff: Staff, *, policy: bool = True
) -> Iterator[tuple[BrowserContext, Page]]:
    with serving(staff.app) as base:
        context = browser.new_context(
            base_url=base, viewport={"width": 320, "height": 640}, bypass_csp=not policy
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(staff.link())
        page.get_by_role("button", name="ログインする").click()
        page.wait_for_url("**/admin/")
        yield context, page
        context.close()


def came(service: Service) -> int:
    with database.read(service.engine) as conn:
        return checkins.attended(conn, KEY)


def test_the_door_goes_on_without_a_network_and_sends_once_when_it_is_back(
    browser: Browser, held: Service, staff: Staff
) -> None:
    with telephone(browser, staff) as (context, page):
        page.goto(DOOR)
        expect(page.locator("#count")).to_have_text("受付 0人／予定 3人")
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function(f"caches.open('door').then(each => each.match('{DOOR}')).then(Boolean)")

        context.set_offline(True)
        page.get_by_label("番号・名前・フリガナでさがす").fill("はなこ")
        page.get_by_role("button", name="受付する 見本 花子").click()
        page.get_by_label("名前（なくてもよい）").fill("飛入 見本")
        page.get_by_role("button", name="当日参加で受け付ける").click()
        expect(page.locator("#unsent")).to_have_text("未送信 2件")
        assert came(held) == 0

        page.goto(f"{DOOR}?code={ONE}")  # the camera's own program opens the address of a code
        expect(page.locator("#network")).to_have_text("電波がありません。受付は続けられます。")
        page.get_by_role("button", name="受付する 見本 一郎").click()
        page.get_by_role("button", name="取り消す 見本 一郎").click()
        expect(page.locator("#unsent")).to_have_text("未送信 4件")

        context.set_offline(False)
        expect(page.locator("#unsent")).to_have_text("すべて送信しました")
        expect(page.locator("#count")).to_have_text("受付 3人／予定 3人")
        assert came(held) == 3

        page.get_by_label("番号・名前・フリガナでさがす").fill(PAIR)
        page.keyboard.press("Enter")
        expect(page.locator("#told")).to_contain_text("受付済みです：見本 花子")
        assert came(held) == 3

        staff.post(f"{DOOR}/close", {"closed": "yes"})
        page.reload()
        expect(page.locator("#closed")).to_be_visible()
        assert page.evaluate("localStorage.length") == 0


def test_names_go_after_a_day_and_what_was_not_sent_stays(
    browser: Browser, held: Service, staff: Staff
) -> None:
    with telephone(browser, staff) as (context, page):
        page.goto(DOOR)
        expect(page.locator("#count")).to_have_text("受付 0人／予定 3人")
        page.wait_for_function(f"caches.open('door').then(each => each.match('{DOOR}')).then(Boolean)")
        context.set_offline(True)
        page.get_by_role("button", name="受付する 見本 一郎").click()
        expect(page.locator("#unsent")).to_have_text("未送信 1件")
        page.evaluate(AGED, f"door:{DOOR}")
        page.reload()

        expect(page.locator("#unsent")).to_have_text("未送信 1件")
        assert "見本" not in page.evaluate("k => localStorage[k]", f"door:{DOOR}")
        context.set_offline(False)
        expect(page.locator("#unsent")).to_have_text("すべて送信しました")
        assert came(held) == 1


def test_no_page_of_a_meeting_has_a_fault_that_axe_finds_or_scrolls_sideways(
    browser: Browser, held: Service, app: Flask, staff: Staff
) -> None:
    form = {"version": "0", "tables": "2", "size": "4", "how": "keep", "apart": f"{ONE} {PAIR}"}
    staff.post(f"/admin/meetings/{KEY}/tables", form)
    with telephone(browser, Staff(held, app), policy=False) as (_context, page):
        found = {}
        for each in OTHERS:
            page.goto(f"/admin/meetings/{KEY}{each}" if each else "/admin/meetings/new")
            for details in page.locator("summary").all():
                details.click()
            found[each] = faults(page)
        page.goto("/admin/meetings/")
        found["list"] = faults(page)
        page.goto(DOOR)
        expect(page.locator("#count")).to_have_text("受付 0人／予定 3人")
        found["door"] = faults(page)
        page.goto(f"/admin/meetings/{KEY}/roster")
        page.get_by_role("button", name="電話を受付に使う").click()
        found["phone"] = faults(page)
        address = page.locator("code").inner_text()
        page.goto("/admin/door/" + address.rpartition("/")[2])
        found["let in"] = faults(page)

        assert {name: each for name, each in found.items() if each} == {}
