"""A platform whose webhooks land in a list, and one behind a real server on loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from bot.simulator import Platform, Simulator, SimulatorConfig, Surroundings, TeamsConfig, register
from bot.simulator.teams.platform import TeamsPlatform
from tests.bot.simulator.toy import make_desk
from tests.bot.simulator.toy_teams import APP, PASSWORD, TENANT, Toy, make_bot

SECRET, TOKEN = "0123456789abcdef0123456789abcdef", "a-token-of-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
DESK = "U" + "0" * 32
MONDAY = datetime(2027, 6, 7, 1, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The product's clock, which stands still until it is turned."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by

    def set_now(self, at: datetime) -> None:
        self.at = at


@dataclass
class Desk:
    """A webhook that writes down what it gets and answers with the next of *statuses*, then 200."""

    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.bodies.append(request.get_data())
        self.signatures.append(request.headers["X-Line-Signature"])
        return Response(status=self.statuses.pop(0) if self.statuses else 200)(environ, start)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return the events in the order they came."""
        return [event for body in self.bodies for event in json.loads(body)["events"]]


def _run(app: Any) -> BaseWSGIServer:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def desk_url(desk: Desk) -> Iterator[str]:
    server = _run(desk)
    yield f"http://127.0.0.1:{server.port}/line/webhook"
    server.shutdown()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path, clock: Clock, desk_url: str) -> SimulatorConfig:
    return SimulatorConfig(
        state_path=tmp_path / "simulator.db",
        webhook_url=desk_url,
        channel_secret=SECRET,
        access_token=TOKEN,
        bot_user_id=DESK,
        now=clock.now,
        advance=clock.advance,
        set_now=clock.set_now,
        redeliver_after=(0.0, 0.0),
    )


@pytest.fixture
def platform(config: SimulatorConfig) -> Iterator[Platform]:
    made = Platform(config)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def resident(platform: Platform) -> str:
    """Return the user id of a resident who has added the desk."""
    user = platform.chats.residents()[0].user_id
    platform.phones.befriend(user)
    assert platform.settle()
    return user


Api = Callable[..., tuple[int, dict[str, Any], dict[str, str]]]


@pytest.fixture
def api(platform: Platform) -> Api:
    """Return ``api(path, body, **headers)``, which gives (status, body, headers)."""

    def call(path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = b"" if body is None else json.dumps(body).encode()
        answer = platform.call("GET" if body is None else "POST", path, BEARER | named, sent)
        is_json = answer.mime == "application/json" and answer.body
        return answer.status, json.loads(answer.body) if is_json else {}, dict(answer.headers)

    return call


@pytest.fixture
def site(tmp_path: Path, clock: Clock) -> Iterator[str]:
    """Return the address of a server with the simulator and a toy desk."""
    app = Flask(__name__)
    server = _run(app)
    url = f"http://127.0.0.1:{server.port}"
    config = SimulatorConfig(
        state_path=tmp_path / "site.db",
        webhook_url=f"{url}/line/webhook",
        channel_secret=SECRET,
        access_token=TOKEN,
        bot_user_id=DESK,
        now=clock.now,
        advance=clock.advance,
        set_now=clock.set_now,
        desk_name="見本市 窓口",
        redeliver_after=(0.0,),
    )
    line = f"{url}/simulator/line"
    make_desk(app, line, TOKEN)
    around = Surroundings("127.0.0.1", url, line, line)
    simulator = register(app, config=config, around=around)
    simulator.start()
    yield url
    simulator.stop()
    server.shutdown()
    server.server_close()


@dataclass
class Both:
    """A server with phones and Teams: its address, the toy bot behind Teams, and the simulator itself."""

    url: str
    bot: Toy
    simulator: Simulator

    @property
    def teams(self) -> TeamsPlatform:
        assert self.simulator.teams is not None
        return self.simulator.teams

    def settle(self) -> None:
        assert self.teams.settle()


@pytest.fixture
def both(tmp_path: Path, clock: Clock) -> Iterator[Both]:
    """Return a server with toys behind LINE and Teams; the app has been installed for everybody."""
    app = Flask(__name__)
    server = _run(app)
    url = f"http://127.0.0.1:{server.port}"
    line, base = f"{url}/simulator/line", f"{url}/simulator/teams"
    teams = TeamsConfig(
        state_path=tmp_path / "teams.db",
        base_url=base,
        messages_url=f"{url}/api/messages",
        app_id=APP,
        app_password=PASSWORD,
        tenant_id=TENANT,
        now=clock.now,
        redeliver_after=(0.0, 0.0),
    )
    config = SimulatorConfig(
        state_path=tmp_path / "both.db",
        webhook_url=f"{url}/line/webhook",
        channel_secret=SECRET,
        access_token=TOKEN,
        bot_user_id=DESK,
        now=clock.now,
        advance=clock.advance,
        set_now=clock.set_now,
        desk_name="見本市 窓口",
        redeliver_after=(0.0,),
        teams=teams,
    )
    make_desk(app, line, TOKEN)
    bot = make_bot(app, base)
    simulator = register(app, config=config, around=Surroundings("127.0.0.1", url, line, line))
    simulator.start()
    made = Both(url, bot, simulator)
    made.settle()
    yield made
    simulator.stop()
    server.shutdown()
    server.server_close()
