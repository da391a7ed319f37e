"""``madoguchi demo``: the whole product on this machine, with a simulator in the place of LINE and Teams.

Nothing has to be set up: keys and credentials are made at the first start and kept under the demo's folder, so
that stopping and starting again finds everything as it was.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask
from pydantic import SecretStr

from bot import logs, vault_keys
from bot.clock import TOKYO, SystemClock, TurnableClock, millis, moment
from bot.service import Service
from bot.settings import Settings
from bot.wiring import build
from storage import engine as database
from storage import migrate, values

if TYPE_CHECKING:
    from bot.simulator import SimulatorConfig, Surroundings

FOLDER = "MADOGUCHI_DEMO_FOLDER"
PORT = "MADOGUCHI_DEMO_PORT"
OFFSET = "clock_offset"
THREADS = 5
"""A button pressed in the simulator takes two, what the desk says meanwhile and who looks on take the others."""

PATIENCE = 3
"""Seconds until Ctrl-C ends the demo, whatever its page in the browser still holds open."""

TEAMS = "/simulator/teams"
DESK = "窓口"  # untranslated: the account's name on the simulated phones
ADMINISTRATOR = "デモの管理者"  # untranslated: stands in the access log
TITLE = "窓口 Madoguchi — demo"  # untranslated: the program's name


def run(folder: Path, port: int, begin: datetime, *, reset: bool) -> None:
    """Prepare the demo's folder, print the addresses, and serve until a signal ends it."""
    from bot.serving import serve  # noqa: PLC0415 -- the server is needed last

    _refuse_taken(port)
    if reset and folder.exists():
        shutil.rmtree(folder)
    service = furnish(folder, port, begin)
    _announce(service, service.settings.public_url)
    service.engine.dispose()
    os.environ |= {FOLDER: str(folder), PORT: str(port)}
    serve("bot.demo:application", "127.0.0.1", port, workers=1, threads=THREADS, patience=PATIENCE)


def furnish(folder: Path, port: int, begin: datetime) -> Service:
    """Return the demo's service, nothing of it running: at the first start with samples and its clock at *begin*."""
    is_new = not (folder / "demo.json").exists()
    service = build(prepare(folder, port), SystemClock())
    if is_new:
        _first_start(service, begin.replace(tzinfo=begin.tzinfo or TOKYO))
    else:
        _employ(service)
    return service


def _refuse_taken(port: int) -> None:
    """End the program where something listens on *port*: the server would share it, and halves would go astray.

    Raises:
        ClickException: With what to do.
    """
    if _listens(port):
        raise click.ClickException(
            f"port {port} is taken: stop what runs there, or choose another with PORT="
        )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(folder: Path, port: int) -> Settings:
    """Return the demo's settings; keys, credentials and the database are made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _credentials(folder / "demo.json")
    here = f"http://127.0.0.1:{port}"
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'madoguchi.db'}",
        engine="embedded",
        office_file=None,
        fence_season="",
        fence_opens=None,
        public_url=here,
        secret_key=SecretStr(made["secret_key"]),
        vault_keys_file=folder / "vault-keys.json",
        exports_folder=folder / "exports",
        line_channel_secret=SecretStr(made["channel_secret"]),
        line_channel_access_token=SecretStr(made["access_token"]),
        line_bot_user_id=made["bot_user_id"],
        line_api_base=f"{here}/simulator/line",
        line_data_api_base=f"{here}/simulator/line",
        liff_id="",
        line_login_channel_id="",
        teams_app_id=made["teams_app_id"],
        teams_app_password=SecretStr(made["teams_app_password"]),
        teams_tenant_ids=made["teams_tenant_id"],
        teams_openid_metadata_url=f"{here}{TEAMS}/v1/.well-known/openidconfiguration",
        teams_token_url=f"{here}{TEAMS}/{made['teams_tenant_id']}/oauth2/v2.0/token",
        teams_service_hosts="127.0.0.1",
        pii_in_chat="forbid",
    )
    vault_keys.complete(settings.vault_keys_file)
    engine = database.create(settings.database_url)
    migrate.upgrade(engine)
    engine.dispose()
    return settings


def _credentials(path: Path) -> dict[str, str]:
    """Return the demo's own credentials; those that a folder of an earlier version lacks are made."""
    known = dict(json.loads(path.read_text())) if path.exists() else {}
    made = {
        "secret_key": secrets.token_hex(32),
        "channel_secret": secrets.token_hex(16),
        "access_token": secrets.token_urlsafe(48),
        "bot_user_id": "U" + secrets.token_hex(16),
        "teams_app_id": str(uuid.uuid4()),
        "teams_app_password": secrets.token_urlsafe(30),
        "teams_tenant_id": str(uuid.uuid4()),
    } | known
    if made != known:
        path.touch(mode=0o600)
        path.write_text(json.dumps(made))
    return made


def _first_start(service: Service, begin: datetime) -> None:
    from bot import demo_meeting, demo_survey  # noqa: PLC0415 -- only at the first start
    from bot.demo_season import play  # noqa: PLC0415 -- only at the first start
    from bot.samples import file_samples  # noqa: PLC0415 -- only at the first start

    offset = millis(begin) - SystemClock().now()
    with database.write(service.engine) as conn:
        values.put(conn, OFFSET, str(offset))
    _employ(service)
    play(service, begin)
    demo_meeting.play(service, begin)
    demo_survey.play(service, begin)
    file_samples(service, millis(begin))


def _employ(service: Service) -> None:
    from bot.demo_staff import employ  # noqa: PLC0415 -- it knows the simulator's people

    employ(service.engine, service.settings.tenants()[0], clock_of(service.engine).now())


def clock_of(service_engine: database.Engine) -> TurnableClock:
    """Return the demo's clock as it was left."""

    def keep(offset: int) -> None:
        with database.write(service_engine) as conn:
            values.put(conn, OFFSET, str(offset))

    with database.read(service_engine) as conn:
        offset = int(values.get(conn, OFFSET) or 0)
    return TurnableClock(offset, keep)


def _announce(service: Service, url: str) -> None:
    from bot.admin.signin import make_link  # noqa: PLC0415 -- only for the printed link

    clock = clock_of(service.engine)
    link = make_link(service.engine, url, ADMINISTRATOR, 60, clock.now())
    click.echo(
        "\n".join(
            (
                "",
                TITLE,
                f"  LINE and Teams   {url}/simulator/",
                f"  console          {link}",
                "                   (works once, within an hour; madoguchi demo prints a new one)",
                f"  the clock stands at {moment(clock.now()):%Y-%m-%d %H:%M} in Tokyo",
                "  Ctrl-C stops; everything is kept in " + str(service.settings.vault_keys_file.parent),
                "",
            )
        )
    )


def application() -> Flask:
    """Return the demo's web application; its background work and its simulator begin when the server listens."""
    from bot.demo_menus import hang  # noqa: PLC0415 -- the drawing is needed by the server alone
    from bot.serving import make_app  # noqa: PLC0415 -- the pages are needed by the server alone
    from bot.simulator import register  # noqa: PLC0415 -- exists under demo alone

    folder, port = Path(os.environ[FOLDER]), int(os.environ[PORT])
    settings = prepare(folder, port)
    logs.set_up(settings.log_level)
    engine = database.create(settings.database_url)
    clock = clock_of(engine)
    service = build(settings, clock)
    app = make_app(service)
    simulator = register(app, config=_simulated(folder, service, clock), around=_around(settings))
    atexit.register(service.stop)
    atexit.register(simulator.stop)
    begin = threading.Thread(
        target=_when_heard, args=(port, service.start, simulator.start, partial(hang, service)), daemon=True
    )
    begin.start()
    return app


def _when_heard(port: int, *starts: Callable[[], None]) -> None:
    """Call *starts* once the server listens: the desk's first act is to ask the simulator for its keys."""
    while not _listens(port):
        time.sleep(0.02)
    for start in starts:
        start()


def _simulated(folder: Path, service: Service, clock: TurnableClock) -> SimulatorConfig:
    """Return what plays LINE and Teams for *service*, with its state in *folder*."""
    from bot.simulator import SimulatorConfig, TeamsConfig  # noqa: PLC0415 -- exists under demo alone

    settings = service.settings
    teams = TeamsConfig(
        state_path=folder / "simulator-teams.db",
        base_url=f"{settings.public_url}{TEAMS}",
        messages_url=f"{settings.public_url}/api/messages",
        app_id=settings.teams_app_id,
        app_password=settings.teams_app_password.get_secret_value(),
        tenant_id=settings.tenants()[0],
        now=lambda: moment(clock.now()),
    )
    return SimulatorConfig(
        state_path=folder / "simulator.db",
        webhook_url=f"{settings.public_url}/line/webhook",
        channel_secret=settings.secrets()[0],
        access_token=settings.line_channel_access_token.get_secret_value(),
        bot_user_id=settings.line_bot_user_id,
        now=lambda: moment(clock.now()),
        advance=clock.advance,
        set_now=clock.set,
        desk_name=f"{service.office.city} {DESK}",
        teams=teams,
    )


def _around(settings: Settings) -> Surroundings:
    """Return what the simulator's guard looks at: every address of *settings*."""
    from bot.simulator import Surroundings  # noqa: PLC0415 -- exists under demo alone

    named = {
        "MADOGUCHI_TEAMS_OPENID_METADATA_URL": settings.teams_openid_metadata_url,
        "MADOGUCHI_TEAMS_TOKEN_URL": settings.teams_token_url,
    }
    line = settings.line_api_base, settings.line_data_api_base
    return Surroundings("127.0.0.1", settings.public_url, *line, teams=named)
