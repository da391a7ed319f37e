"""The menu at the foot of a phone in the demo: the real picture, areas that can be tapped, and another one in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bot.simulator import demo
from tests.bot.simulator.demo import Demo
from tests.support.applying import START, TYPED, fill_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 30_000


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo.opened(tmp_path / "demo", monkeypatch) as made:
        yield made


@pytest.fixture
def page(browser: Browser, house: Demo) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="ja-JP", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.goto(f"{house.url}/simulator/")
    yield opened
    context.close()
    assert faults == []


def _areas(phone: Locator) -> list[str]:
    return [each.get_attribute("aria-label") or "" for each in phone.locator(".areas .area").all()]


def test_the_menu_of_a_phone_is_the_desks_and_changes_with_what_its_person_can_do(
    page: Page, house: Demo
) -> None:
    house.simulator.platform.phones.befriend(house.resident)
    phone = page.locator(".phone").first
    phone.locator(".area[aria-label='電気柵を借りる']").wait_for()

    picture = phone.locator(".areas img")
    assert picture.evaluate("each => [each.naturalWidth, each.naturalHeight]") == [2500, 1686]
    assert len(_areas(phone)) == 6

    # In the middle of a form a tile does what it says, and is no answer.
    phone.get_by_role("button", name="電気柵を借りる").click()
    phone.locator(".line--me").get_by_text("電気柵を借りる", exact=True).wait_for()
    phone.get_by_role("button", name="申請の状況").click()
    phone.get_by_text("まだ申請はありません。").wait_for()

    house.types(START, *TYPED)
    assert fill_page(house.service, house.resident) is None
    house.types("申請する")
    # Who waits for a decision sees the menu of those who wait.
    phone.locator(".area[aria-label='ヘルプ']").wait_for()
    assert "電気柵を借りる" not in _areas(phone)

    house.types("English")
    phone.locator(".area[aria-label='All menus']").wait_for()
