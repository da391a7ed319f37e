"""An office in Teams: members who type, see cards and press their buttons, against the whole service over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.clock import day_of
from bot.service import Service
from bot.teams.webhook import TeamsDoor
from dialogs.standing import Grant
from storage import engine as database
from storage import staff
from storage.staff import CITY, Member
from tests.support.connector import APP_SECRET, Connector
from tests.support.service import StandingClock, make
from tests.support.teams import APP, TENANT, Activities, Issuer, encoded, issuing

HOSTS = "127.0.0.1"
PAUSE = timedelta(seconds=4)


@dataclass
class Person:
    """One member of the office with their personal chat."""

    office: Office
    says: Activities

    @property
    def name(self) -> str:
        return self.says.name

    def sends(self, activity: Mapping[str, Any]) -> Any:
        """Send *activity*; return what the answer holds, once all that was queued has been sent."""
        self.office.clock.advance(PAUSE)  # nobody types faster, and Teams takes no more
        body = encoded(activity)
        answer = self.office.door.hear(body, self.office.issuer.header(self.says.service_url))
        assert answer.status == 200, answer
        self.office.service.delivery.run_until_idle()
        return json.loads(answer.body) if answer.body else None

    def types(self, text: str) -> None:
        """Say *text* in the personal chat."""
        assert self.sends(self.says.message(text)) is None

    def mentions(self, text: str) -> None:
        """Say *text* to the desk in the team's channel."""
        assert self.sends(self.says.mention(text)) is None

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """Return what stands in the personal chat now: changed messages in their places."""
        standing: dict[str, Mapping[str, Any]] = {}
        for each in self.office.connector.taken:
            if each.conversation == self.says.thread:
                standing[each.id] = each.activity
        return list(standing.values())

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        """Return the cards in the personal chat, the newest last."""
        return [card for each in self.messages if (card := card_of(each))]

    def card(self, words: str = "") -> Mapping[str, Any]:
        """Return the newest card in which *words* stand."""
        return next(each for each in reversed(self.cards) if words in json.dumps(each, ensure_ascii=False))

    def press(self, label: str, card: Mapping[str, Any] | None = None, /, **inputs: str) -> Any:
        """Press the button *label* of *card* (the newest), with *inputs* filled in; return the answer's value."""
        around, action = _found(self.cards[-1] if card is None else card, label)
        known = {each["id"]: str(each.get("value", "")) for each in _inputs(around)}
        filled = {_named(known, key): value for key, value in inputs.items()}
        # A client sends every input along, those left empty, too.
        sent = known if action.get("associatedInputs") != "none" else {}
        return self.sends(self.says.execute({**action["data"], **sent, **filled}))


@dataclass
class Office:
    """The service, its connector, and whoever is on the roster."""

    service: Service
    connector: Connector
    issuer: Issuer
    clock: StandingClock
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def door(self) -> TeamsDoor:
        found = self.service.jobs.doors["teams"]
        assert isinstance(found, TeamsDoor)
        return found

    def stranger(self, name: str = "見本 部外者") -> Person:
        """Return somebody in the tenant who is not on the roster."""
        return Person(
            self, Activities(next(self._numbers), service_url=self.connector.service_url, name=name)
        )

    def member(self, name: str, *grants: Grant, organisation: str = CITY) -> Person:
        """Return somebody who was put on the roster, and in whose Teams the app is installed."""
        person, now = self.stranger(name), self.clock.now()
        new = Member("", TENANT, person.says.object_id, name, organisation, grants)
        with database.write(self.service.engine) as conn:
            staff.add(conn, new, day_of(now), None, now)
        person.sends(person.says.installed())
        return person


@contextmanager
def office(url: str, folder: Path, clock: StandingClock, **changes: Any) -> Iterator[Office]:
    """Yield an office on the database *url*."""
    with issuing(clock) as issuer, Connector() as connector:
        service = make(
            url,
            folder,
            clock,
            teams_app_id=APP,
            teams_app_password=SecretStr(APP_SECRET),
            teams_tenant_ids=TENANT,
            teams_openid_metadata_url=issuer.metadata_url,
            teams_token_url=connector.token_url,
            teams_service_hosts=HOSTS,
            **changes,
        )
        try:
            yield Office(service, connector, issuer, clock)
        finally:
            service.stop()


def card_of(activity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the card that a message shows."""
    attached = activity.get("attachments") or []
    return next((each["content"] for each in attached if "adaptive" in each["contentType"]), None)


def shown(card: Any) -> str:
    """Return every text of *card*, one a line."""
    return "\n".join(_texts(card))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        found = [
            each for key, each in value.items() if key in {"text", "title", "label"} and isinstance(each, str)
        ]
        yield from found
        for key, each in value.items():
            if key != "fallback":
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _named(known: Iterable[str], key: str) -> str:
    """Return the id of the input *key*: beside a button of a sheet it says which button, too."""
    found = [each for each in known if each == key or each.partition("/")[0] == key]
    assert found, f"no input {key} among {[*known]}"
    return found[0]


def _inputs(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _inputs(each)
    elif isinstance(value, Mapping):
        if str(value.get("type", "")).startswith("Input."):
            yield value
        for key, each in value.items():
            if key != "fallback" and each is not value.get("card"):
                yield from _inputs(each)


def _found(card: Mapping[str, Any], label: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what lies around the button *label* of *card*, or unfolds under it, and the button."""
    found = next(_buttons(card, label, card), None)
    assert found is not None, f"no button {label}:\n{shown(card)}"
    return found


def _buttons(
    value: Any, label: str, around: Mapping[str, Any], *, inside: bool = False
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if isinstance(value, list):
        for each in value:
            yield from _buttons(each, label, around, inside=inside)
    if not isinstance(value, Mapping):
        return
    named = value.get("title") == label
    if value.get("type") == "Action.Execute" and (named or inside):
        yield around, value
        return
    unfolds = value.get("type") == "Action.ShowCard" and named
    for key, each in value.items():
        if key != "fallback":
            near = value["card"] if unfolds else around
            yield from _buttons(each, label, near, inside=inside or unfolds)
