"""Every answer of every route keeps pages, and what they hold, to themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bot.serving import make_app
from storage import engine as database
from storage.tables import metadata
from tests.support.databases import Databases
from tests.support.service import StandingClock, make

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


@pytest.fixture
def app(sqlite_databases: Databases, sqlite_template: str, tmp_path: Path) -> Iterator[Flask]:
    """Return the application with every door that there can be, as it stands behind https."""
    with sqlite_databases.lent(sqlite_template) as url:
        service = make(
            url,
            tmp_path,
            StandingClock(),
            public_url="https://madoguchi.example.jp",
            liff_id="1234567890-sample",
            line_login_channel_id="1234567890",
        )
        made = make_app(service)

        def broken() -> NoReturn:
            raise RuntimeError

        made.add_url_rule("/broken", "broken", broken)
        made.config["PROPAGATE_EXCEPTIONS"] = False
        yield made
        service.engine.dispose()


def addresses(app: Flask) -> list[str]:
    """Return one address of each route, and some of none."""
    sample = {"filename": "desk.css", "kind": "csv"}

    def fill(rule: str) -> str:
        return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: sample.get(found[1], "x"), rule)

    return [
        *(fill(rule.rule) for rule in app.url_map.iter_rules()),
        "/nowhere",
        "/static/nowhere",
        "//evil.example/",
    ]


def answers(app: Flask) -> Iterator[tuple[str, str, TestResponse]]:
    browser = app.test_client()
    for address in addresses(app):
        for method in METHODS:
            asked = browser.open(
                address, method=method, base_url="https://madoguchi.example.jp", buffered=True
            )
            yield method, address, asked


def test_every_answer_carries_the_guards(app: Flask) -> None:
    seen = list(answers(app))

    assert len(seen) > 100
    for method, address, answer in seen:
        told, where = answer.headers, (method, address, answer.status_code)
        policy = told["Content-Security-Policy"]
        assert "default-src 'none'" in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "base-uri 'none'" in policy, where
        assert "unsafe" not in policy, where
        assert "*" not in policy, where
        assert told["X-Content-Type-Options"] == "nosniff", where
        assert told["Referrer-Policy"] == "no-referrer", where
        assert told["X-Frame-Options"] == "DENY", where
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert told["Strict-Transport-Security"] == "max-age=31536000", where
        assert "Access-Control-Allow-Origin" not in told, where


def test_nothing_but_style_sheets_scripts_and_the_icon_may_be_kept(app: Flask) -> None:
    kept = {
        address
        for method, address, answer in answers(app)
        if answer.headers.get("Cache-Control") != "no-store" and method == "GET" and answer.status_code < 400
    }

    assert kept == {"/static/desk.css"}


def test_no_address_fails_whatever_the_method(app: Flask) -> None:
    failed = {(method, address) for method, address, answer in answers(app) if answer.status_code >= 500}

    # Nothing runs in the background here, so that the desk is truly not ready.
    assert failed == {(method, path) for method in ("GET", "HEAD") for path in ("/broken", "/readyz")}


def test_reading_changes_nothing(app: Flask) -> None:
    engine = app.extensions["madoguchi"].engine
    before = _rows(engine)

    browser = app.test_client()
    for address in addresses(app):
        browser.get(address, buffered=True)
        browser.head(address, buffered=True)

    assert _rows(engine) == before


def _rows(engine: database.Engine) -> dict[str, list[tuple[object, ...]]]:
    with database.read(engine) as conn:
        return {
            table.name: [tuple(row) for row in conn.execute(table.select())]
            for table in metadata.sorted_tables
        }


def test_no_answer_leads_to_another_site(app: Flask) -> None:
    leads = {answer.headers["Location"] for _, _, answer in answers(app) if "Location" in answer.headers}

    assert [
        each
        for each in leads
        if each.startswith(("http", "//")) and not each.startswith("https://madoguchi.example.jp/")
    ] == []


def test_without_https_no_browser_is_told_to_insist_on_it(
    sqlite_databases: Databases, sqlite_template: str, tmp_path: Path
) -> None:
    with sqlite_databases.lent(sqlite_template) as url:
        service = make(url, tmp_path, StandingClock())
        told = make_app(service).test_client().get("/healthz").headers
        service.engine.dispose()

    assert "Strict-Transport-Security" not in told
