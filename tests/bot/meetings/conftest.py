"""A meeting with four registrations, and the console at which they are seen: pages alone, so SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from bot.service import Service
from bot.serving import make_app
from tests.support.meeting import NEED, opened, registered
from tests.support.service import StandingClock, make
from tests.support.staff import Staff

ONE, PAIR, ONLINE, WAITS = (f"EM9-000{number}" for number in range(1, 5))
SECRETS = ("見本 一郎", "ミホン イチロウ", "見本 花子", "見本 次郎", "見本 遠子", "見本 待子", NEED)


@pytest.fixture
def alone(sqlite_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(sqlite_url, tmp_path, clock)
    yield made
    made.stop()


@pytest.fixture
def held(alone: Service) -> Service:
    """Return the service with the meeting and its registrations."""
    service = alone
    opened(service)
    registered(service, 1, "見本 一郎", "ミホン イチロウ", personal={"accommodation": NEED})
    registered(
        service, 2, "見本 花子", "ミホン ハナコ", people=2, personal={"companion_names": "見本 次郎\n"}
    )
    registered(service, 3, "見本 遠子", "ミホン トオコ", way="online")
    registered(service, 4, "見本 待子", "ミホン マチコ", people=3, waits=True)
    return service


@pytest.fixture
def app(held: Service) -> Flask:
    made = make_app(held)
    made.testing = False  # a fault is answered as staff would see it
    return made


@pytest.fixture
def staff(held: Service, app: Flask) -> Staff:
    """Return a browser that is signed in to the console."""
    return Staff(held, app).sign_in()
