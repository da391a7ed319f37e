"""The console of a service with sample applications."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from bot.admin import downloads
from bot.exports import source as sources
from bot.samples import file_samples
from bot.service import Service
from bot.serving import make_app
from tests.support.service import StandingClock
from tests.support.staff import Staff

FIRST, WITHDRAWN, CORRECTED, ENGLISH, URGENT = (f"R9-000{number}" for number in range(1, 6))
"""The references of the samples."""

SECRETS = ("見本 一郎", "ミホン", "サッポロ", "札幌 花子", "SAMPLE Alex", "藤野五条", "盤渓", "mihon@example.jp",
           "畑は家の裏", "見本町内会", "2-1-1")  # fmt: skip
"""Pieces of what the samples' personal answers say."""


@pytest.fixture
def samples(service: Service, clock: StandingClock) -> Service:
    """Return the service with the samples filed."""
    file_samples(service, clock.now())
    return service


@pytest.fixture
def app(samples: Service) -> Flask:
    made = make_app(samples)
    made.testing = False  # a fault is answered as residents and staff would see it
    return made


@pytest.fixture
def stranger(samples: Service, app: Flask) -> Staff:
    """Return a browser that is not signed in."""
    return Staff(samples, app)


@pytest.fixture
def staff(samples: Service, app: Flask) -> Staff:
    """Return a browser that is signed in."""
    return Staff(samples, app).sign_in()


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let five applications be many, read one at a time."""
    monkeypatch.setattr(downloads, "LONG", 5)
    monkeypatch.setattr(sources, "PAGE", 1)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold exports up after their second page until the gate is opened."""
    opened, real = threading.Event(), sources.Moment.pages

    def pages(self: sources.Moment) -> Iterator[object]:
        for number, page in enumerate(real(self)):
            if number == 2:
                assert opened.wait(20)
            yield page

    monkeypatch.setattr(sources.Moment, "pages", pages)
    yield opened
    opened.set()
