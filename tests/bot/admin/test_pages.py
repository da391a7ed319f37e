"""The console in a browser: usable by everybody, on a telephone and on a wide screen, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from bot import stocking
from bot.service import Service
from storage import cases, inbox, outbox, questions, unreached
from storage import engine as database
from storage.keyring import PRINTS, add_key
from storage.outbox import Queued
from storage.stock import Cause, Place
from tests.bot.admin.conftest import CORRECTED, FIRST, URGENT
from tests.bot.admin.filing import lend
from tests.support.databases import Databases
from tests.support.guided import visited
from tests.support.holders import csv
from tests.support.service import serving
from tests.support.staff import Staff

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SIZES = [(320, 640), (360, 800), (1280, 900)]
LOOK = """() => axe.run().then(run => [
    ...run.violations.map(each => each.id + ' ' + each.nodes[0].html),
    ...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['wider than the window'] : []),
])"""
PAGES = [
    "/admin/",
    "/admin/cases/",
    "/admin/cases/?from=x&flag=any",
    "/admin/cases/?reference=nothing",
    f"/admin/cases/{CORRECTED}",
    "/admin/stock",
    "/admin/report",
    "/admin/export/",
    "/admin/access-log",
    "/admin/access-log?who=all",
    "/admin/holders/",
    "/admin/cases/SD9-0001",
    "/admin/cases/SD9-0001/certificate",
    "/admin/questions/",
    "/admin/unreached",
    "/admin/rounds/2027-06-14",
]


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: a browser sees no difference."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


@pytest.fixture
def troubled(samples: Service) -> Service:
    """Return the service with everything that the first page can have to show."""
    add_key(samples.settings.vault_keys_file, PRINTS)
    visited(samples, "SD9-0001")
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        outbox.queue(conn, [Queued("line", case.person_id, "U1", {"messages": []}, "x/talk")], now)
        outbox.give_up_on(conn, "U1", "line", "blocked", now)
        inbox.fail(conn, "01EVENT", "line", b"x", "KeyError", due=now, now=now)
        inbox.bury(conn, "01EVENT", "KeyError")
        for cause in ("told", "x/talk"):
            unreached.note(conn, case.person_id, cause, "blocked", now)
        unreached.settle(conn, unreached.waiting(conn)[0].id, "見本 職員", "telephone", now)
        for text in ("電池は単一ですか", "ビリビリ棒ってなに"):
            asked = questions.ask(conn, case.person_id, "ja", text, "", now)
        questions.answered(conn, asked, "見本 職員", now, entry="earth")
        questions.add_word(conn, "earth", "ビリビリ棒ってなに", "見本 職員", now)
    stocking.begin(samples.engine, samples.office, Cause("begin", "見本 職員", now))
    moved = Cause("move", "見本 職員", now)
    stocking.move_sets(samples.engine, samples.office, [1, 2], Place.STORE, moved)
    lend(samples, URGENT)
    return samples


@contextmanager
def opened(browser: Browser, staff: Staff, size: tuple[int, int], *, scripts: bool = True) -> Iterator[Page]:
    width, height = size
    with serving(staff.app) as base:
        context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": height},
            bypass_csp=True,  # axe is put into the page; the policy itself has tests of its own
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.goto(staff.link())
        page.get_by_role("button", name="ログインする").click()
        page.wait_for_url("**/admin/")
        yield page
        context.close()


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong at each size, and whether the page is wider than its window."""
    page.evaluate(AXE)
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}px: {each}" for each in page.evaluate(LOOK)]
    return found


def test_no_page_has_a_fault_that_axe_finds_or_scrolls_sideways(
    browser: Browser, troubled: Service, app: Flask
) -> None:
    with opened(browser, Staff(troubled, app), SIZES[0]) as page:
        found = {}
        for address in PAGES:
            page.goto(address)
            for details in page.locator("summary").all():
                details.click()
            found[address] = faults(page)

        for name, content in (("faults", csv([("R9-1", "", "", "")])), ("preview", csv())):
            page.goto("/admin/holders/")
            page.get_by_label("名簿のファイル").set_input_files(
                {"name": "名簿.csv", "mimeType": "text/csv", "buffer": content}
            )
            page.get_by_role("button", name="変わるところを確かめる").click()
            found[f"holders: {name}"] = faults(page)
        page.get_by_role("button", name="この名簿に入れかえる").click()
        found["holders: taken"] = faults(page)
        for text, name in (("電池は単一ですか", "question"), ("ビリビリ棒ってなに", "answered")):
            page.goto("/admin/questions/")
            page.get_by_role("link", name=text).click()
            found[name] = faults(page)
        for button in ("答えをLINEで送る", "この説明を送る"):
            page.goto("/admin/questions/")
            page.get_by_role("link", name="電池は単一ですか").click()
            page.get_by_role("button", name=button).click()
            found[button] = faults(page)
        page.goto("/admin/unreached")
        page.get_by_role("button", name="記録する").click()
        found["not told how"] = faults(page)
        page.goto("/admin/rounds/2027-06-14")
        page.get_by_role("button", name="住所と連絡先を表示する").click()
        found["round opened"] = faults(page)
        page.goto(f"/admin/cases/{CORRECTED}")
        page.get_by_role("button", name="個人情報を表示する").click()
        found["no reason"] = faults(page)
        page.get_by_label("見る理由").select_option("check")
        page.get_by_role("button", name="個人情報を表示する").click()
        found["opened"] = faults(page)
        page.get_by_role("button", name="ログアウト").click()
        found["way in"] = faults(page)

    assert {key: value for key, value in found.items() if value} == {}


def test_everything_works_without_scripts(browser: Browser, samples: Service, app: Flask) -> None:
    with opened(browser, Staff(samples, app), (1280, 900), scripts=False) as page:
        page.get_by_role("link", name="申請一覧").click()
        page.get_by_label("状態").select_option(label="係の確認待ち")
        page.get_by_role("button", name="しぼりこむ").click()
        page.get_by_role("link", name=FIRST).click()

        page.get_by_label("見る理由").select_option(label="申請の確認")
        page.get_by_role("button", name="個人情報を表示する").click()
        assert page.get_by_text("見本 一郎").is_visible()

        page.get_by_role("button", name="確認を始める").click()
        assert page.get_by_text("担当者が内容を確認しています。").is_visible()
        assert page.get_by_text("見本 一郎").count() == 0

        page.get_by_role("link", name="ダウンロード").click()
        with page.expect_download() as downloading:
            loans = page.get_by_role("region", name="電気柵の貸出")
            loans.get_by_role("button", name="Excelでダウンロード").click()
        assert downloading.value.suggested_filename == "電気柵の貸出_20270607.xlsx"


def test_the_keyboard_alone_is_enough(browser: Browser, samples: Service, app: Flask) -> None:
    with opened(browser, Staff(samples, app), (1280, 900)) as page:
        page.goto(f"/admin/cases/{FIRST}")
        seen = []
        for _ in range(30):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
            if seen[-1] == "確認を始める":
                break
        assert seen[0] == "本文へ"
        assert "ログアウト" in seen
        page.keyboard.press("Enter")

        page.get_by_text("担当者が内容を確認しています。").wait_for()


def test_on_a_telephone_each_cell_says_what_it_is(browser: Browser, samples: Service, app: Flask) -> None:
    with opened(browser, Staff(samples, app), (360, 800)) as page:
        page.goto("/admin/cases/")
        label = page.locator("td[data-label='貸出期間']").first.evaluate(
            "cell => getComputedStyle(cell, '::before').content"
        )
        roles = page.get_by_role("row").count()

    assert label == '"貸出期間"'
    assert roles == 6
