"""The final report on paper: A4, every table whole and as wide as the sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from bot.service import Service
from tests.bot.admin.test_pages import opened
from tests.support.databases import Databases
from tests.support.staff import Staff

BETWEEN_MARGINS = (680, 1009)
"""A4 in CSS pixels, less 15 mm on each side."""


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: a printer sees no difference."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


def test_the_report_prints_on_a4(browser: Browser, samples: Service, app: Flask) -> None:
    with opened(browser, Staff(samples, app), BETWEEN_MARGINS) as page:
        page.goto("/admin/report")
        page.emulate_media(media="print")

        widest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('.counts')].map(each => each.getBoundingClientRect().right))"
        )
        assert widest <= BETWEEN_MARGINS[0], "a table is cut off"
        kinds = page.locator(".counts").evaluate_all("all => all.map(each => getComputedStyle(each).display)")
        assert set(kinds) == {"table"}, "a table is drawn as on a telephone"
        tallest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('.report')].map(each => each.getBoundingClientRect().height))"
        )
        assert tallest <= BETWEEN_MARGINS[1], "a table does not fit on one sheet"
        assert not page.locator(".tabs").is_visible()
        assert not page.locator(".filters").is_visible()
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF")
        assert b"/MediaBox [0 0 595" in pdf or b"/MediaBox [0 0 594" in pdf, "the paper is not A4"
