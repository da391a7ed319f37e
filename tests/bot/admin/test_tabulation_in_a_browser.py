"""The tabulation in a browser: usable by everybody at every width, and its report on A4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser

from bot import tabulating
from bot.service import Service
from bot.serving import make_app
from bot.tabulation import targets
from bot.tabulation.targets import Targets
from bot.tabulation.weighting import Margin
from bot.words import words_for
from storage import engine as database
from storage import surveys
from tests.bot.admin.test_pages import SIZES, faults, opened
from tests.bot.admin.test_report_print import BETWEEN_MARGINS
from tests.support.databases import Databases
from tests.support.staff import Staff
from tests.support.surveyed import AGES, KEY, fill

PAGE = f"/admin/tabulation/{KEY}"


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: a browser sees no difference."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


@pytest.fixture
def snapshot(service: Service) -> str:
    """Return the id of a snapshot of a weighted survey."""
    fill(service.engine, 90)
    people = Margin(("age",), {(each.key,): 1000.0 * number for number, each in enumerate(AGES, 1)})
    with database.write(service.engine) as conn:
        surveys.set_targets(conn, KEY, targets.to_json(Targets((people,))))
    made = tabulating.take(service.engine, KEY, words_for("ja"), "見本 職員", date(2027, 6, 7))
    assert made
    return made.id


@pytest.fixture
def app(service: Service) -> Flask:
    return make_app(service)


def test_no_page_of_the_tabulation_has_a_fault_that_axe_finds(
    browser: Browser, service: Service, app: Flask, snapshot: str
) -> None:
    with opened(browser, Staff(service, app), SIZES[0]) as page:
        found = {}
        for address in (
            "/admin/tabulation/",
            f"{PAGE}?rows=age&columns=themes1&measure=row",
            f"{PAGE}?snapshot={snapshot}&only=sex%3Df",
            f"{PAGE}/report/{snapshot}?rows=age&columns=sex",
            f"{PAGE}/population?rows=age&columns=sex",
            f"{PAGE}/texts/words1",
        ):
            page.goto(address)
            found[address] = faults(page)

        assert {address: each for address, each in found.items() if each} == {}


def test_the_report_prints_on_a4_with_its_bars(
    browser: Browser, service: Service, app: Flask, snapshot: str
) -> None:
    with opened(browser, Staff(service, app), BETWEEN_MARGINS) as page:
        page.goto(f"{PAGE}/report/{snapshot}?rows=age&columns=sex")
        page.emulate_media(media="print")

        def most(what: str, side: str) -> float:
            return float(
                page.evaluate(
                    f"Math.max(...[...document.querySelectorAll('{what}')].map(e => e.getBoundingClientRect().{side}))"
                )
            )

        assert most(".counts, .bars", "right") <= BETWEEN_MARGINS[0], "a table or a chart is cut off"
        assert most(".report", "height") <= BETWEEN_MARGINS[1], "a question does not fit on one sheet"
        assert page.locator(".bars").first.is_visible()
        assert not page.locator(".tabs").is_visible()
