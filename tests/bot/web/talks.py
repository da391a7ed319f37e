"""Residents who talk to a desk on LINE and open its private page: what the tests of pages begin with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.page_links import PageLinks
from bot.service import Service
from bot.serving import make_app
from bot.wiring import secret_keys
from storage import engine as database
from storage.tables import metadata, outbox
from tests.support.service import StandingClock, Webhooks, make, post, rows, user

ANSWERS = ("電気柵の貸出", "個人", "40", "1", "6月20日", "7月20日", "1", "どれもない", "はい", "はい", "はい")
"""What is typed up to the private page."""

PERSONAL = {
    "name": "見本 太郎",
    "kana": "ミホン タロウ",
    "address.postcode": "061-2285",
    "address.area": "",
    "address.rest": "3丁目1-2",
    "phone": "011-211-2879",
    "email": "mihon@example.jp",
    "site.same": "yes",
    "note": "玄関に犬がいます（見本）",
}
SECRETS = ("見本 太郎", "ミホン", "太郎", "3丁目1-2", "061-2285", "0612285", "mihon@example", "玄関に犬")
"""What must be found nowhere but in the vault."""


@dataclass
class Desk:
    """A desk with its web application; nothing runs in the background."""

    service: Service
    clock: StandingClock
    app: Flask

    @classmethod
    def opened(cls, url: str, folder: Path, **changes: Any) -> "Desk":
        clock = StandingClock()
        service = make(url, folder, clock, **changes)
        app = make_app(service)
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False  # an error is to become a page, as in production
        return cls(service, clock, app)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))

    def everything(self) -> str:
        """Return all that stands in the database: what somebody who stole it could read."""
        with database.read(self.service.engine) as conn:
            return "\n".join(
                repr(tuple(row)) for table in metadata.sorted_tables for row in conn.execute(select(table))
            )

    def scalar(self, statement: str) -> Any:
        return rows(self.service, statement)[0][0]


@dataclass
class Resident:
    """Somebody on LINE, with a browser of their own."""

    desk: Desk
    number: int = 0

    def __post_init__(self) -> None:
        self.browser = self.desk.client()
        self.hooks = Webhooks(user(self.number))

    def says(self, *texts: str) -> None:
        for each in texts:
            assert post(self.desk.service, self.hooks.text(each)) == 200

    def comes_to_the_page(self, language: str = "") -> str:
        """Talk up to the private page; return the path of its link."""
        self.says("こんにちは", *(("言語", language) if language else ()), *ANSWERS)
        return self.link()

    def link(self) -> str:
        """Return the path of the newest link that was sent."""
        return str(re.findall(r"/f/[\w-]+", "\n".join(self.messages()))[-1])

    def messages(self) -> list[str]:
        """Return the bodies of what is sent to this person, oldest first."""
        mine = select(outbox.c.body).where(outbox.c.recipient == user(self.number)).order_by(outbox.c.id)
        with database.read(self.desk.service.engine) as conn:
            queued = list(conn.execute(mine).scalars())
        filled = PageLinks(secret_keys(self.desk.service.settings)).filled
        return [filled(each) for each in queued]

    def opens(self, link: str) -> str:
        """Take *link* with this browser; return the page."""
        entered = self.browser.post(link)
        assert entered.status_code == 303, entered.text
        return self.page()

    def page(self) -> str:
        answer = self.browser.get("/page")
        assert answer.status_code == 200, answer.text
        return answer.text

    def sends(self, page: str, values: Mapping[str, str] = PERSONAL, **more: str) -> TestResponse:
        """Fill in what is written in *page* and press its button."""
        return self.browser.post("/page", data={**hidden(page), **values, **more})

    def fills_in(self, values: Mapping[str, str] = PERSONAL) -> TestResponse:
        """Go the whole way up to the thanks."""
        sent = self.sends(self.opens(self.comes_to_the_page()), values)
        assert sent.status_code == 303, sent.text
        return sent


def hidden(page: str) -> dict[str, str]:
    """Return the hidden inputs of *page*."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
