"""The page of a long export in a browser: its bar moves, and without scripts a link shows how far it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from bot.service import Service
from tests.bot.admin.test_pages import SIZES, faults, opened
from tests.support.databases import Databases
from tests.support.staff import Staff

pytestmark = pytest.mark.usefixtures("many")


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: a browser sees no difference."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


def begin(page: Page) -> None:
    page.goto("/admin/export/")
    loans = page.get_by_role("region", name="電気柵の貸出")
    loans.get_by_role("button", name="Excelでダウンロード").click()
    page.wait_for_url("**/admin/export/jobs/*")


def test_the_bar_moves_by_itself_and_the_file_can_be_taken(
    browser: Browser, samples: Service, app: Flask, gate: threading.Event
) -> None:
    with opened(browser, Staff(samples, app), (1280, 900)) as page:
        begin(page)
        bar = page.get_by_role("progressbar", name="進みぐあい")
        expect(bar).to_have_attribute("value", "2")
        expect(page.get_by_text("5件のうち2件を書きました")).to_be_visible()
        expect(page.get_by_role("link", name="いまの進みぐあいを見る")).to_be_hidden()

        gate.set()
        expect(page.get_by_role("heading", name="できました")).to_be_visible()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="ダウンロードする").click()

    assert downloading.value.suggested_filename == "電気柵の貸出_20270607.xlsx"


def test_a_long_export_needs_no_scripts(
    browser: Browser, samples: Service, app: Flask, gate: threading.Event
) -> None:
    with opened(browser, Staff(samples, app), (1280, 900), scripts=False) as page:
        begin(page)
        gate.set()
        again = page.get_by_role("link", name="いまの進みぐあいを見る")
        for _ in range(200):
            if not again.count():
                break
            again.click()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="ダウンロードする").click()
        assert downloading.value.suggested_filename == "電気柵の貸出_20270607.xlsx"

        page.get_by_role("button", name="ファイルをいま消す").click()
        page.wait_for_url("**/admin/export/")
        assert page.get_by_text("できました").count() == 0


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}px")
def test_no_state_of_the_page_has_a_fault_that_axe_finds_or_scrolls_sideways(
    browser: Browser, samples: Service, app: Flask, gate: threading.Event, size: tuple[int, int]
) -> None:
    with opened(browser, Staff(samples, app), size) as page:
        begin(page)
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
        found = {"running": faults(page)}
        gate.set()
        expect(page.get_by_role("heading", name="できました")).to_be_visible()
        found["ready"] = faults(page)
        page.goto("/admin/export/")
        found["downloads"] = faults(page)
        page.goto("/admin/access-log")
        found["log"] = faults(page)

    assert {key: value for key, value in found.items() if value} == {}


def test_a_job_is_ended_with_the_keyboard(
    browser: Browser, samples: Service, app: Flask, gate: threading.Event
) -> None:
    with opened(browser, Staff(samples, app), (1280, 900)) as page:
        begin(page)
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
        page.get_by_role("button", name="作るのをやめる").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/export/")
        assert page.get_by_text("作っています").count() == 0
