"""What is answered where something cannot be done: plain words for people, bare text for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from typing import Any, NoReturn

import pytest
import structlog
from flask import abort
from flask.testing import FlaskClient

from bot import logs
from bot.service import Service
from bot.serving import make_app

CANARY = "見本 太郎 061-2285"


@pytest.fixture
def browser(service: Service) -> FlaskClient:
    app = make_app(service)

    def broken() -> NoReturn:
        raise RuntimeError(CANARY)

    def refused(status: int) -> NoReturn:
        abort(status, description=CANARY)

    app.add_url_rule("/broken", "broken", broken, methods=["GET", "POST"])
    app.add_url_rule("/refused/<int:status>", "refused", refused)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Return the log's lines as they are written."""
    written: list[str] = []

    def keep(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
        written.append(json.dumps(line, ensure_ascii=False))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[logs.only_allowed, keep], cache_logger_on_first_use=False)
    yield written
    structlog.configure(**before)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "ページが見つかりません"),
        ("/broken", 500, "うまくいきませんでした"),
        ("/refused/503", 503, "うまくいきませんでした"),
        ("/refused/413", 413, "入力が長すぎます"),
        ("/refused/429", 429, "少し待ってください"),
        ("/refused/403", 403, "この操作はできません"),
        ("/refused/400", 400, "この操作はできません"),
    ],
)
def test_every_error_is_a_plain_page(browser: FlaskClient, path: str, status: int, words: str) -> None:
    shown = browser.get(path, headers={"Accept": "text/html"})

    assert shown.status_code == status
    assert f"<h1>{words}</h1>" in shown.text
    assert shown.mimetype == "text/html"
    assert CANARY not in shown.text
    assert "Traceback" not in shown.text
    assert "011-211-2879" in shown.text


@pytest.mark.parametrize(
    ("language", "lang", "words"),
    [
        ("en-US,en;q=0.8", "en", "Page not found"),
        ("ja", "ja", "ページが見つかりません"),
        ("fr", "en", "Page not found"),
    ],
)
def test_an_error_speaks_the_readers_language(
    browser: FlaskClient, language: str, lang: str, words: str
) -> None:
    shown = browser.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": language}).text

    assert f'<html lang="{lang}">' in shown
    assert words in shown


def test_our_own_fault_has_a_number_that_stands_in_the_log(browser: FlaskClient, lines: list[str]) -> None:
    shown = browser.get("/broken", headers={"Accept": "text/html"}).text

    (line,) = [json.loads(each) for each in lines if "request_failed" in each]
    assert f"お問い合わせの番号：{line['incident']}" in shown
    assert (line["route"], line["fault"]) == ("/broken", "RuntimeError")
    assert "broken:" in line["where"]
    assert CANARY not in "".join(lines)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/line/webhook"), ("POST", "/healthz"), ("POST", "/readyz"), ("POST", "/metrics")],
)
def test_machines_are_answered_in_one_bare_line(browser: FlaskClient, method: str, path: str) -> None:
    told = browser.open(path, method=method, headers={"Accept": "text/html"})

    assert (told.status_code, told.mimetype, told.text) == (405, "text/plain", "405\n")
    assert told.headers["Allow"]


def test_whoever_wants_no_page_gets_none(browser: FlaskClient) -> None:
    told = browser.get("/broken", headers={"Accept": "application/json"})

    assert (told.status_code, told.mimetype) == (500, "text/plain")
    assert told.text.startswith("500 ")
    assert len(told.text.split()[1]) == 8


def test_a_form_that_is_too_large_is_refused_plainly(browser: FlaskClient) -> None:
    shown = browser.post("/page", data={"note": "a" * 2_500_000}, headers={"Accept": "text/html"})

    assert shown.status_code in {410, 413}
