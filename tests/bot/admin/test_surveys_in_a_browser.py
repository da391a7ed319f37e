"""The pages of a survey in a browser, from its workbook to a paper that is keyed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from bot.service import Service
from storage.keyring import PRINTS, add_key
from tests.bot.admin.test_pages import SIZES, faults, opened
from tests.support.databases import Databases
from tests.support.staff import Staff

WORKBOOK = Path(__file__).parents[3] / "bot" / "data" / "surveys" / "climate_citizens.xlsx"
HERE = "/admin/surveys/climate_citizens/"


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: a browser sees no difference."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


def test_no_page_of_a_survey_has_a_fault_that_axe_finds_or_scrolls_sideways(
    browser: Browser, samples: Service, app: Flask
) -> None:
    add_key(samples.settings.vault_keys_file, PRINTS)
    with opened(browser, Staff(samples, app), SIZES[0]) as page:
        found = {}
        page.goto("/admin/surveys/")
        found["none yet"] = faults(page)
        for name, content in (("refused", b"no workbook"), ("draft", WORKBOOK.read_bytes())):
            page.goto("/admin/surveys/")
            page.locator("input[type=file]").set_input_files(
                {"name": "survey.xlsx", "mimeType": "application/octet-stream", "buffer": content}
            )
            page.get_by_role("button", name="確かめて下書きにする").click()
            found[name] = faults(page)
        for name in ("preview", "print"):
            page.goto(HERE + name)
            found[name] = faults(page)
        page.goto(HERE)
        page.get_by_role("button", name="始める").click()
        found["open"] = faults(page)
        page.goto(HERE + "papers")
        found["papers"] = faults(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
