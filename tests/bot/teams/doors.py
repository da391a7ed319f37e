"""The door of Teams on a service of a test, with sample people on the roster and an issuer of tokens beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.postback import PostbackCodec
from bot.service import Service
from bot.settings import TEAMS_HOSTS
from bot.teams.answers import Answer
from bot.teams.listen import SHEET
from bot.teams.webhook import TeamsDoor
from bot.wiring import secret_keys
from dialogs.events import Action
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import staff
from storage.staff import CITY, Member
from storage.tables import outbox
from tests.support.service import StandingClock, make
from tests.support.teams import APP, SERVICE_URL, TENANT, Activities, Issuer, encoded, oid

SHEET_CARD = {"type": "AdaptiveCard", "body": "the sheet"}
MEMBERS = 4
"""Sample people 1 to 4 are on the roster; everybody else is not."""


@dataclass
class TeamsDesk:
    """A service that hears Teams, and the one who signs what it hears."""

    service: Service
    door: TeamsDoor
    issuer: Issuer
    codec: PostbackCodec

    def post(self, activity: object, **token: Any) -> Answer:
        """Return the answer to *activity* under a good token for its address; *token* changes the token."""
        body = activity if isinstance(activity, bytes) else encoded(activity)
        service_url = activity.get("serviceUrl") if isinstance(activity, dict) else None
        header = self.issuer.header(service_url if isinstance(service_url, str) else SERVICE_URL, **token)
        return self.door.hear(body, header)

    def call(self, body: bytes, header: str | None, mimetype: str = "application/json") -> TestResponse:
        """Return what the route answers."""
        app = Flask("door")
        app.register_blueprint(self.door.blueprint())
        headers = {"Authorization": header} if header is not None else {}
        return app.test_client().post("/api/messages", data=body, headers=headers, content_type=mimetype)

    def button(self, who: Activities, action: Action, **fields: Any) -> dict[str, Any]:
        """Return the data of a button of a personal card, with *fields* filled in beside it."""
        return {"m": self.codec.seal(who.account, action), **fields}

    def on_sheet(self, action: Action, **fields: Any) -> dict[str, Any]:
        """Return the data of a button of the sheet of the case that *action* names."""
        return {"m": self.codec.seal(f"{SHEET}{action.key}", action), **fields}

    def queued(self) -> list[Any]:
        """Return what was queued for Teams, oldest first."""
        with database.read(self.service.engine) as conn:
            wanted = select(outbox).where(outbox.c.channel == "teams").order_by(outbox.c.id)
            return list(conn.execute(wanted).all())

    def said(self) -> list[str]:
        """Return all texts of what was queued, card by card, oldest first."""
        return ["\n".join(texts(json.loads(row.body))) for row in self.queued()]


def texts(value: Any) -> Iterable[str]:
    """Yield every text of a message, in order."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in {"text", "title", "label"} and isinstance(each, str):
                yield each
            else:
                yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def teams_desk(url: str, folder: Path, clock: StandingClock, issuer: Issuer) -> TeamsDesk:
    """Return a service on the database *url* that hears whoever *issuer* signs for; its sheets are a sample."""
    service = make(
        url,
        folder,
        clock,
        teams_app_id=APP,
        teams_app_password=SecretStr("sample~Client.Secret"),
        teams_tenant_ids=TENANT,
        teams_openid_metadata_url=issuer.metadata_url,
        teams_service_hosts=TEAMS_HOSTS,
    )
    door = service.jobs.doors["teams"]
    assert isinstance(door, TeamsDoor)
    door.sheet = lambda _reference, account: SHEET_CARD if is_member(account) else None
    _fill_roster(service)
    return TeamsDesk(service, door, issuer, PostbackCodec(*secret_keys(service.settings)))


def is_member(account: str) -> bool:
    return account in {f"{TENANT}/{oid(number)}" for number in range(1, MEMBERS + 1)}


def _fill_roster(service: Service) -> None:
    now = service.clock.now()
    with database.write(service.engine) as conn:
        for number in range(1, MEMBERS + 1):
            new = Member("", TENANT, oid(number), f"見本 {number}", CITY, (Grant("*", Role.STAFF),))
            staff.add(conn, new, date(2020, 1, 1), None, now)
