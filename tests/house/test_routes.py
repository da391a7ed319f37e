"""Every route says who may call it: a new one is refused here until somebody has decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from bot.serving import make_app
from tests.support.service import StandingClock, make
from tests.support.teams import APP, TENANT

DECIDED = {
    "static": "style sheets, scripts and the icon",
    "health.alive": "a load balancer; it says nothing but that the program is alive",
    "health.ready": "a load balancer; it says nothing but whether the program can work",
    "health.metrics": "programs on this machine; to others it is not there",
    "line.webhook": "LINE, by its signature over the raw bytes",
    "teams.messages": "Teams, by Microsoft's signed token for this app, this address and a tenant of the city",
    "qr.picture": "whoever has the signed address of a week; it says a notice number and nothing of a person",
    "surveys.": "whoever holds a personal link to a survey, then its cookie",
    "private.": "whoever holds a one-time link, then its cookie",
    "forms.": "everybody begins a form with POST; its pages are shown to who holds the cookie that it gave",
    "liff.": "whoever LINE's ID token names, with the link made for them",
}
"""The routes outside the console: who may call them."""


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Flask:
    channels: dict[str, Any] = {
        "liff_id": "1234-sample",
        "line_login_channel_id": "1234",
        "teams_app_id": APP,
        "teams_app_password": SecretStr("sample~Client.Secret"),
        "teams_tenant_ids": TENANT,
    }
    service = make(sqlite_url, tmp_path, StandingClock(), **channels)
    return make_app(service)


def _is_decided(app: Flask, endpoint: str) -> bool:
    if getattr(app.view_functions[endpoint], "callers", None):
        return True
    return any(endpoint == known or (known.endswith(".") and endpoint.startswith(known)) for known in DECIDED)


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    assert sorted(each for each in app.view_functions if not _is_decided(app, each)) == []


def test_no_decision_outlives_its_route(app: Flask) -> None:
    assert [
        known for known in DECIDED if not any(each.startswith(known) for each in app.view_functions)
    ] == []


def test_a_route_without_a_decision_is_found(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to the world")

    assert not _is_decided(app, "forgotten")


def test_every_route_of_the_console_declares_its_roles(app: Flask) -> None:
    console = [each for each in app.view_functions if each.startswith("admin.")]

    assert console
    assert [each for each in console if not getattr(app.view_functions[each], "callers", None)] == []
