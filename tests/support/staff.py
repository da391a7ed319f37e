"""A member of staff at the console, with a browser that keeps cookies and sends forms as pages have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.admin.signin import make_link
from bot.service import Service
from storage import engine as database
from storage import sessions

NAME = "見本 職員"
_SEAL = re.compile(r'name="seal" value="([0-9a-f]+)"')
_TAGS = re.compile(r"<[^>]+>")


def path(link: str) -> str:
    """Return the path of an address."""
    return "/" + link.split("/", 3)[3]


@dataclass
class Staff:
    """One browser at the console of *service*."""

    service: Service
    app: Flask
    name: str = NAME
    client: FlaskClient = field(init=False)
    _seals: dict[str, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def link(self, minutes: int = 10) -> str:
        """Return the path of a fresh one-time link."""
        settings, now = self.service.settings, self.service.clock.now()
        return path(make_link(self.service.engine, settings.public_url, self.name, minutes, now))

    def sign_in(self) -> Staff:
        """Sign in with a fresh link."""
        answer = self.client.post(self.link())
        assert answer.status_code == 303, "the link was not taken"
        return self

    def sign_in_as(self, role: str) -> Staff:
        """Sign in with a session of *role*, which no link gives yet."""
        now = self.service.clock.now()
        with database.write(self.service.engine) as conn:
            token = sessions.begin(conn, "console", self.name, "", role, 3_600_000, now)
        self.client.set_cookie("madoguchi-console", token)
        return self

    def get(self, address: str, **query: str) -> TestResponse:
        """Open the page at *address*."""
        return self.client.get(address, query_string=query or None)

    def page(self, address: str, **query: str) -> str:
        """Return what the page at *address* says, without its tags."""
        answer = self.get(address, **query)
        assert answer.status_code == 200, answer.status
        return said(answer)

    def seal(self) -> str:
        """Return the seal that the console's forms carry, which is one for a whole visit."""
        visit = self.client.get_cookie("madoguchi-console")
        token = visit.value if visit else ""
        if token not in self._seals:
            found = _SEAL.search(self.get("/admin/").text)
            assert found, "the page has no form"
            self._seals[token] = found[1]
        return self._seals[token]

    def post(self, address: str, form: Mapping[str, str] | None = None) -> TestResponse:
        """Send a form of the console."""
        return self.client.post(address, data={"seal": self.seal(), **(form or {})})


def said(answer: TestResponse) -> str:
    """Return the words of a page."""
    return " ".join(unescape(_TAGS.sub(" ", answer.text)).split())
