"""What one turn costs at the door of Teams: CPU of our process, from the HTTP request to its answer.

Each request is signed as Microsoft signs (RS256), with a token of its own, and goes through the whole application.
A member of the staff asks what waits, asks for the whole inspection card, and sends that card back filled in.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from wsgiref.types import WSGIEnvironment

from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import create_environ

from bench import figures
from bench.figures import Figure
from bench.places import Server, one_core, places
from bot.samples import file_samples
from bot.service import Service
from bot.serving import make_app
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import migrate, staff
from storage.engine import create
from storage.staff import CHANNEL, CONTRACTOR, Member
from storage.tables import outbox
from tests.support.databases import Databases
from tests.support.service import StandingClock, make
from tests.support.teams import APP, TENANT, Activities, Issuer, encoded, issuing

EACH = 40
TEXT, CARD = 1.5, 3.0
"""How much CPU (ms) a turn of words may cost, and one with the whole inspection card."""

Activity: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True)
class Kind:
    """A kind of turn: *what* it is, its *bar* (ms), and what *says* it."""

    what: str
    bar: float
    says: Callable[[], Activity]


@dataclass
class Door:
    """A service that hears Teams, and *who* talks to it."""

    service: Service
    issuer: Issuer
    who: Activities

    def __post_init__(self) -> None:
        """Make the application that a server would serve."""
        self._app = make_app(self.service)
        self._tokens = count()

    def request(self, activity: Activity) -> WSGIEnvironment:
        """Return the signed request that brings *activity*."""
        header = self.issuer.header(self.who.service_url, jti=f"bench{next(self._tokens)}")
        return create_environ(
            "/api/messages",
            method="POST",
            data=encoded(activity),
            headers={"Authorization": header, "Content-Type": "application/json"},
        )

    def answer(self, request: WSGIEnvironment) -> None:
        """Take *request* to its last byte."""
        statuses: list[str] = []

        def start(status: str, *_more: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return len

        for _piece in self._app(request, start):
            pass
        assert statuses == ["200 OK"], statuses

    def say(self, activity: Activity) -> None:
        """Bring *activity*."""
        self.answer(self.request(activity))

    def newest(self) -> Mapping[str, Any]:
        """Return the card that was queued last."""
        with database.read(self.service.engine) as conn:
            mine = select(outbox.c.body).where(outbox.c.channel == CHANNEL).order_by(outbox.c.id.desc())
            body = conn.execute(mine.limit(1)).scalar_one()
        found: Mapping[str, Any] = next(_cards(json.loads(body)))
        return found


def measure(rounds: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what a turn costs on SQLite, and on PostgreSQL where there is one: the best of *rounds*."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder:
        for place in places(Path(folder), only, server):
            with _door(place.databases, Path(folder)) as door, one_core():
                for each in _kinds(door):
                    cpu, speed = _measured(door, each, rounds)
                    what = f"{place.kind}, {each.what}"
                    found.append(figures.at_most("teams", f"{what}: CPU", cpu, each.bar, "ms", 3))
                    found.append(figures.plain("teams", f"{what}: turns/s, one thread", speed, "", 0))
    return found


@contextmanager
def _door(databases: Databases, folder: Path) -> Iterator[Door]:
    clock = StandingClock()
    with databases.lent() as url, issuing(clock) as issuer:
        engine = create(url)
        migrate.upgrade(engine)
        engine.dispose()
        service = make(
            url,
            folder,
            clock,
            teams_app_id=APP,
            teams_app_password=SecretStr("sample~Client.Secret"),
            teams_tenant_ids=TENANT,
            teams_openid_metadata_url=issuer.metadata_url,
        )
        file_samples(service, clock.now())
        who = Activities()
        _join(service, who)
        yield Door(service, issuer, who)
        service.stop()


def _join(service: Service, who: Activities) -> None:
    grants = tuple(Grant("*", role) for role in (Role.STAFF, Role.CONTRACTOR))
    new = Member("", who.tenant, who.object_id, who.name, CONTRACTOR, grants)
    with database.write(service.engine) as conn:
        staff.add(conn, new, date(2020, 1, 1), None, service.clock.now())


def _kinds(door: Door) -> Iterable[Kind]:
    """Yield the kinds of turns, with the member where each begins."""
    who = door.who
    yield Kind("一覧 in words", TEXT, lambda: who.message("一覧"))
    door.say(who.execute(_sheet(door)))
    door.say(who.message("申請する"))  # filed, so that last time's values stand beside the numbers
    sheet = _sheet(door)
    assert len(sheet) > 30, "this is no whole sheet"
    yield Kind("the whole inspection card", CARD, lambda: who.message("続ける"))
    yield Kind("the whole inspection card sent back", CARD, lambda: who.execute(sheet))


def _sheet(door: Door) -> dict[str, Any]:
    """Begin an inspection; return the data that its whole card comes back with, filled in."""
    door.say(door.who.message("点検"))
    door.say(door.who.execute(_filled(door.newest(), "clean_center")))
    return _filled(door.newest(), "normal")


def _filled(card: Mapping[str, Any], chosen: str) -> dict[str, Any]:
    """Return the data that *card* comes back with: *chosen* where something is chosen, 1 in every other input."""
    inputs = [each for each in _parts(card) if str(each.get("type", "")).startswith("Input.")]
    data: dict[str, Any] = next(
        dict(each["data"]) for each in _parts(card) if each.get("type") == "Action.Execute"
    )
    for each in inputs:
        options = [one["value"] for one in each.get("choices", ())]
        data[each["id"]] = chosen if chosen in options else (options[0] if options else "1")
        if each["type"] == "Input.Date":
            data[each["id"]] = "2027-06-07"
    return data


def _cards(message: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in _parts(message) if each.get("type") == "AdaptiveCard")


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in *value*, the outer ones first."""
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)


def _measured(door: Door, kind: Kind, times: int) -> tuple[float, float]:
    """Return CPU ms and turns a second, each of its best round; requests are written and signed beforehand."""
    for _ in range(10):
        door.say(kind.says())
    rounds = []
    for _ in range(times):
        requests = [door.request(kind.says()) for _turn in range(EACH)]
        gc.collect()
        gc.disable()  # a pause of the collector would fall on whichever round it likes
        wall, cpu = time.perf_counter(), time.process_time()
        for each in requests:
            door.answer(each)
        rounds.append(((time.process_time() - cpu) / EACH * 1000, EACH / (time.perf_counter() - wall)))
        gc.enable()
    return min(cpu for cpu, _ in rounds), max(speed for _, speed in rounds)
