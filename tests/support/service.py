"""A whole service for a test: built the way the program builds it, on a database and a clock of the test's own.

``make`` returns it alone: its webhook is called by ``Webhooks``, which writes and signs what LINE would send.
``living`` puts a LINE platform beside it, both over real HTTP on loopback, for tests from end to end.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, Table, event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import TOKYO, millis, moment
from bot.line.webhook import LineDoor
from bot.service import Service
from bot.settings import Settings
from bot.simulator import Platform, SimulatorConfig
from bot.wiring import build
from dialogs.procedures import REGISTER
from dialogs.standing import Register
from storage import engine as database
from storage.keyring import create_keyring

BEGIN = datetime(2027, 6, 7, 10, tzinfo=TOKYO)
"""A Monday in the season."""

SECRET, PREVIOUS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
TOKEN = "sample-channel-access-token"
BOT = "U" + "b" * 32
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers there
SENDERS = 4


class StandingClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = BEGIN) -> None:
        self._now = millis(at)

    def now(self) -> int:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += int(by.total_seconds() * 1000)

    def set(self, when: datetime) -> None:
        self._now = millis(when)


def settings(url: str, folder: Path, line: str = NOWHERE, **changes: Any) -> Settings:
    """Return the settings of a desk with a LINE channel at *line*; nothing comes from the environment."""
    given: dict[str, Any] = {
        "database_url": url,
        "engine": "embedded",
        "office_file": None,
        "fence_season": "",
        "fence_opens": None,
        "public_url": "http://127.0.0.1:8000",
        "secret_key": SecretStr("k" * 32),
        "secret_key_previous": SecretStr(""),
        "vault_keys_file": folder / "vault-keys.json",
        "exports_folder": folder / "exports",
        "line_channel_secret": SecretStr(f"{SECRET},{PREVIOUS}"),
        "line_channel_access_token": SecretStr(TOKEN),
        "line_bot_user_id": BOT,
        "line_api_base": line,
        "line_data_api_base": line,
        "liff_id": "",
        "line_login_channel_id": "",
        "pii_in_chat": "forbid",
        "log_level": "INFO",
        "senders": SENDERS,
    }
    return Settings(_env_file=None, **(given | changes))


def make(
    url: str,
    folder: Path,
    clock: StandingClock,
    *,
    line: str = NOWHERE,
    register: Register = REGISTER,
    **changes: Any,
) -> Service:
    """Return a service on the database *url*; its keys lie in *folder* and are made where they are missing."""
    chosen = settings(url, folder, line, **changes)
    if not chosen.vault_keys_file.exists():
        create_keyring(chosen.vault_keys_file, tuple(each.key for each in register.procedures))
    return build(chosen, clock, register)


def door_of(service: Service) -> LineDoor:
    """Return the door of the service's LINE channel."""
    door = service.jobs.door
    assert isinstance(door, LineDoor)
    return door


def doors_only(service: Service) -> Flask:
    """Return an application with the channels' webhooks and nothing else."""
    app = Flask("doors")
    for each in service.doors:
        app.register_blueprint(each)
    return app


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until *holds* is true: for what other threads do."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.002)


@contextmanager
def outage(engine: Engine) -> Iterator[list[int]]:
    """Let every transaction fail as it does when the database has gone away; yield what counts the failures."""
    failures: list[int] = []

    def fail(_connection: object) -> None:
        failures.append(1)
        raise OperationalError("BEGIN", None, ConnectionError("見本の停止"))

    event.listen(engine, "begin", fail)
    try:
        yield failures
    finally:
        event.remove(engine, "begin", fail)


def count(service: Service, table: Table, **where: object) -> int:
    """Return how many rows of *table* have the values of *where*."""
    wanted = [table.c[name] == value for name, value in where.items()]
    with database.read(service.engine) as conn:
        return conn.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()


def rows(service: Service, statement: str, **values: object) -> list[Any]:
    """Return what *statement* finds."""
    with database.read(service.engine) as conn:
        return list(conn.execute(text(statement), values))


def said(service: Service, since: int = 0) -> list[str]:
    """Return the texts of all messages queued after the outbox row *since*, in order."""
    found = rows(
        service, "SELECT body FROM outbox WHERE kind = 'messages' AND id > :since ORDER BY id", since=since
    )
    return [shown(message) for row in found for message in json.loads(row.body)["messages"]]


def shown(message: Mapping[str, Any]) -> str:
    """Return what a message says where nothing can be drawn."""
    return str(message.get("text") or message.get("altText") or message.get("type"))


# --- webhooks as LINE writes them


def sign(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def user(number: int = 0) -> str:
    """Return the LINE user id of a sample resident."""
    return f"U{number:032x}"


def envelope(events: Iterable[object], destination: str = BOT) -> bytes:
    """Return the body of a webhook with *events*, which may be anything."""
    return json.dumps({"destination": destination, "events": list(events)}).encode("utf-8", "surrogatepass")


@dataclass
class Webhooks:
    """Writes events of *user_id*, each with an id and a reply token of its own."""

    user_id: str = field(default_factory=user)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        name = f"{self.user_id[-6:]}{next(self._numbers)}"
        return {
            "type": kind,
            "mode": "active",
            "timestamp": 1_812_000_000_000,
            "source": {"type": "user", "userId": self.user_id},
            "webhookEventId": f"01E{name:>023}".replace(" ", "0"),
            "deliveryContext": {"isRedelivery": False},
            "replyToken": f"token{name}",
        } | more

    def message(self, kind: str, **more: Any) -> dict[str, Any]:
        made = self.event("message")
        return made | {"message": {"type": kind, "id": f"9{made['webhookEventId'][-12:]}", **more}}

    def text(self, words: str) -> dict[str, Any]:
        return self.message("text", text=words, quoteToken="q")

    def image(self) -> dict[str, Any]:
        return self.message("image", contentProvider={"type": "line"})

    def follow(self) -> dict[str, Any]:
        return self.event("follow", follow={"isUnblocked": False})

    def unfollow(self) -> dict[str, Any]:
        made = self.event("unfollow")
        made.pop("replyToken")
        return made

    def unsend(self, message: str) -> dict[str, Any]:
        made = self.event("unsend", unsend={"messageId": message})
        made.pop("replyToken")
        return made

    def postback(self, data: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self.event("postback", postback={"data": data, **({"params": params} if params else {})})


def post(service: Service, *events: object, secret: str = SECRET) -> int:
    """Return the status with which the service's LINE door answers a webhook of *events*."""
    body = envelope(events)
    return door_of(service).hear(body, sign(body, secret))


def redelivered(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return *event* as LINE delivers it once more."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


# --- a service with LINE beside it, over HTTP


@dataclass
class House:
    """A service and the LINE platform that its residents hold in their hands."""

    service: Service
    platform: Platform
    clock: StandingClock
    url: str
    _begin: Callable[[], Service]

    def settle(self) -> None:
        """Let everything arrive: the webhooks at the desk, and then its answers on the phones."""
        assert self.platform.settle(20), "a webhook was not answered"
        self.service.delivery.run_until_idle()

    def restart(self) -> None:
        """End the process and begin a new one on the same database."""
        self.service.engine.dispose()
        self.service = self._begin()


@contextmanager
def living(
    url: str,
    folder: Path,
    *,
    app: Callable[[Service], Flask] = doors_only,
    register: Register = REGISTER,
    **changes: Any,
) -> Iterator[House]:
    """Yield a service on the database *url* with a LINE platform; *app* says which pages it has."""
    clock, step = StandingClock(), _Doorstep()
    with serving(step) as web:
        platform = _platform(folder, f"{web}/line/webhook", clock)
        with _line(platform) as line:

            def begin() -> Service:
                given = {"public_url": web, **changes}
                service = make(url, folder, clock, line=line, register=register, **given)
                step.app = app(service).wsgi_app
                return service

            house = House(begin(), platform, clock, web, begin)
            platform.start()
            try:
                yield house
            finally:
                platform.stop()
                house.service.stop()


def _platform(folder: Path, webhook: str, clock: StandingClock) -> Platform:
    return Platform(
        SimulatorConfig(
            state_path=folder / "line.db",
            webhook_url=webhook,
            channel_secret=SECRET,
            access_token=TOKEN,
            bot_user_id=BOT,
            now=lambda: moment(clock.now()),
            advance=clock.advance,
            set_now=clock.set,
            samples=(),
            redeliver_after=(0.05, 0.1, 0.2),
        )
    )


class _Doorstep:
    """What stands behind a port before the service does, and stays there when the service is begun anew."""

    app: WSGIApplication

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self.app(environ, start_response)


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Yield the address at which *app* answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    with _running(lambda: server.serve_forever(0.01), server.shutdown):
        yield f"http://127.0.0.1:{server.server_port}"
    server.server_close()


@contextmanager
def _line(platform: Platform) -> Iterator[str]:
    handler = type("Handler", (_Line,), {"platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with _running(lambda: server.serve_forever(0.01), server.shutdown):
        yield f"http://127.0.0.1:{server.server_address[1]}"
    server.server_close()


@contextmanager
def _running(serve: Callable[[], None], shutdown: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *args: object) -> None:
        """Say nothing."""


class _Line(BaseHTTPRequestHandler):
    """The Messaging API of a platform."""

    platform: Platform
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # with an unbuffered answer, every call would wait for a delayed acknowledgement
    disable_nagle_algorithm = True

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.platform.call(self.command, self.path, dict(self.headers), body)
        if answer.broken:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Type": answer.mime}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_DELETE = _do  # noqa: N815 -- the names that http.server calls

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that it overrides
        """Say nothing."""
