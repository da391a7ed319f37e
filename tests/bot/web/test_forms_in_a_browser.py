"""The web forms in a real browser: to the receipt, on a small screen, by assistive technology, without scripts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.bot.web.talks import Desk
from tests.bot.web.test_forms import GUIDANCE, list_holders
from tests.bot.web.test_pages_in_a_browser import AXE, RULES
from tests.support import pictures
from tests.support.forms import LOAN
from tests.support.service import serving
from tests.support.staff import Staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PERSON = {"name": "見本 太郎", "kana": "ミホン タロウ", "phone": "011-211-2879", "address.rest": "3丁目1-2"}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.opened(sqlite_url, tmp_path)
    yield opened
    opened.service.engine.dispose()


@dataclass
class Walk:
    """A browser's page at *base*; *faults* is what was wrong on any page that was looked at."""

    page: Page
    base: str
    shots: Path | None = None
    faults: list[str] = field(default_factory=list)

    def looks(self, name: str) -> None:
        """Look at the page with axe, and for whatever sticks out at 320 pixels."""
        wide = self.page.evaluate(
            "() => [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right "
            "> document.documentElement.clientWidth + 1).map(each => each.outerHTML.slice(0, 99))"
        )
        self.faults += [f"{name} wide: {each}" for each in wide]
        self.page.evaluate(AXE)
        found = self.page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
        self.faults += [
            f"{name} {each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]
        ]
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def press(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def fill(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            box = self.page.locator(f'[name="{name}"]')
            for each in value if isinstance(value, list) else [value]:
                if box.first.get_attribute("type") in {"radio", "checkbox"}:
                    self.page.locator(f'[name="{name}"][value="{each}"]').check()
                else:
                    box.fill(each)

    def persons(self) -> None:
        self.fill({name: value for name, value in PERSON.items() if name != "address.rest"})
        self.page.locator('[name="address.postcode"]').fill("061-2285")
        self.page.locator('[name="address.rest"]').fill("3丁目1-2")
        self.page.locator('[name="site.same"]').check()


def _walk(browser: Browser, base: str, **options: Any) -> Walk:
    wanted: dict[str, Any] = {
        "viewport": {"width": 320, "height": 800},
        "locale": "ja-JP",
        "bypass_csp": True,
    }
    context = browser.new_context(**(wanted | options))
    context.set_default_timeout(20_000)
    shots = os.environ.get("MADOGUCHI_TEST_PICTURES", "")
    return Walk(context.new_page(), base, Path(shots) if shots else None)


def test_a_fence_is_applied_for_to_the_receipt(browser: Browser, desk: Desk) -> None:
    with serving(desk.app.wsgi_app) as base:
        walk = _walk(browser, base)
        walk.page.goto(f"{base}/forms/fence_loan")
        walk.looks("start")
        walk.press("入力をはじめる")
        emergency = walk.page.locator('[name="emergency"]').first
        expect(emergency).to_be_hidden()
        walk.fill({**LOAN, "damage": "damaged"})
        expect(emergency).to_be_visible()  # as soon as the answer that it hangs on is given
        walk.press("次へ進む")
        walk.looks("wrong")
        expect(walk.page.locator(".faults")).to_be_focused()
        walk.fill({"emergency": "no"})
        walk.page.locator('[name="photo.photo"]').set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": pictures.with_place()}
        )
        walk.press("次へ進む")
        walk.fill({"upkeep": "yes", "return": "yes", "consider": "yes"})
        walk.press("次へ進む")
        walk.persons()
        expect(walk.page.locator('[name="address.area"]')).not_to_have_value("")
        walk.looks("applicant")
        walk.press("次へ進む")
        walk.looks("review")
        walk.press("申請する")
        walk.looks("receipt")

        expect(walk.page.locator(".receipt-number")).to_contain_text("R9-0001")
        expect(walk.page.get_by_role("button", name="この控えを印刷する")).to_be_visible()
        walk.page.go_back()  # to the review, which is over
        expect(walk.page.locator(".receipt-number")).to_contain_text("R9-0001")
        walk.page.context.close()
    assert walk.faults == []


def test_guidance_is_booked_to_the_receipt_without_scripts(browser: Browser, desk: Desk) -> None:
    list_holders(desk)
    with serving(desk.app.wsgi_app) as base:
        walk = _walk(browser, base, java_script_enabled=False)
        walk.page.goto(f"{base}/forms/install_guidance")
        walk.press("入力をはじめる")
        walk.fill(GUIDANCE)
        walk.press("次へ進む")
        walk.fill({"wish.time": "10:00"})
        walk.press("次へ進む")
        walk.persons()
        walk.press("次へ進む")
        walk.press("申し込む")

        expect(walk.page.locator(".receipt-number")).to_contain_text("SD9-0001")
        walk.page.context.close()


def test_what_staff_key_in_fits_on_a_telephone(browser: Browser, desk: Desk) -> None:
    link = Staff(desk.service, desk.app).link()
    with serving(desk.app.wsgi_app) as base:
        walk = _walk(browser, base)
        walk.page.goto(base + link)
        with walk.page.expect_navigation():
            walk.page.locator("main button[type=submit]").click()
        walk.page.goto(f"{base}/admin/forms/")
        walk.looks("choice")
        walk.fill({"form": "fence_loan", "way": "fax"})
        walk.press("入力をはじめる")
        walk.looks("keyed")
        walk.fill(LOAN)
        walk.press("次へ進む")
        walk.fill({"upkeep": "yes", "return": "yes", "consider": "yes"})
        walk.press("次へ進む")
        walk.persons()
        walk.press("次へ進む")
        walk.press("申請する")
        walk.looks("keyed receipt")

        expect(walk.page.get_by_text("FAX", exact=True)).to_be_visible()
        walk.page.context.close()
    assert walk.faults == []
