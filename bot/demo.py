"""``madoguchi demo``: the whole product on this machine, with a simulator in the place of LINE.

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
from datetime import datetime
from pathlib import Path

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

FOLDER = "MADOGUCHI_DEMO_FOLDER"
PORT = "MADOGUCHI_DEMO_PORT"
OFFSET = "clock_offset"
THREADS = 4
DESK = "窓口"  # untranslated: the account's name on the simulated phones
ADMINISTRATOR = "デモの管理者"  # untranslated: stands in the access log
TITLE = "窓口 Madoguchi — demo"  # untranslated: the program's name


def run(folder: Path, port: int, begin: datetime, *, reset: bool) -> None:
    """Prepare the demo's folder, print the addresses, and serve until a signal ends it."""
    from bot.serving import serve  # noqa: PLC0415 -- the server is needed last

    _refuse_taken(port)
    if reset and folder.exists():
        shutil.rmtree(folder)
    is_new = not (folder / "demo.json").exists()
    settings = prepare(folder, port)
    service = build(settings, SystemClock())
    if is_new:
        _first_start(service, begin.replace(tzinfo=begin.tzinfo or TOKYO))
    _announce(service, settings.public_url)
    service.engine.dispose()
    os.environ |= {FOLDER: str(folder), PORT: str(port)}
    serve("bot.demo:application", "127.0.0.1", port, workers=1, threads=THREADS)


def _refuse_taken(port: int) -> None:
    """End the program where something listens on *port*: the server would share it, and halves would go astray.

    Raises:
        ClickException: With what to do.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise click.ClickException(
                f"port {port} is taken: stop what runs there, or choose another with PORT="
            )


def prepare(folder: Path, port: int) -> Settings:
    """Return the demo's settings; keys, credentials and the database are made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _credentials(folder / "demo.json")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'madoguchi.db'}",
        engine="embedded",
        office_file=None,
        fence_season="",
        fence_opens=None,
        public_url=f"http://127.0.0.1:{port}",
        secret_key=SecretStr(made["secret_key"]),
        vault_keys_file=folder / "vault-keys.json",
        exports_folder=folder / "exports",
        line_channel_secret=SecretStr(made["channel_secret"]),
        line_channel_access_token=SecretStr(made["access_token"]),
        line_bot_user_id=made["bot_user_id"],
        line_api_base=f"http://127.0.0.1:{port}/simulator/line",
        line_data_api_base=f"http://127.0.0.1:{port}/simulator/line",
        liff_id="",
        line_login_channel_id="",
        pii_in_chat="forbid",
    )
    vault_keys.complete(settings.vault_keys_file)
    engine = database.create(settings.database_url)
    migrate.upgrade(engine)
    engine.dispose()
    return settings


def _credentials(path: Path) -> dict[str, str]:
    if path.exists():
        return dict(json.loads(path.read_text()))
    made = {
        "secret_key": secrets.token_hex(32),
        "channel_secret": secrets.token_hex(16),
        "access_token": secrets.token_urlsafe(48),
        "bot_user_id": "U" + secrets.token_hex(16),
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(made))
    return made


def _first_start(service: Service, begin: datetime) -> None:
    from bot.samples import file_samples  # noqa: PLC0415 -- only at the first start

    offset = millis(begin) - SystemClock().now()
    with database.write(service.engine) as conn:
        values.put(conn, OFFSET, str(offset))
    file_samples(service, millis(begin))


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
                f"  LINE simulator   {url}/simulator/",
                f"  console          {link}",
                "                   (works once, within an hour; madoguchi demo prints a new one)",
                f"  the clock stands at {moment(clock.now()):%Y-%m-%d %H:%M} in Tokyo",
                "  Ctrl-C stops; everything is kept in " + str(service.settings.vault_keys_file.parent),
                "",
            )
        )
    )


def application() -> Flask:
    """Return the demo's web application with its background work and its simulator begun."""
    from bot.serving import make_app  # noqa: PLC0415 -- the pages are needed by the server alone
    from bot.simulator import SimulatorConfig, Surroundings, register  # noqa: PLC0415 -- exists under demo alone

    folder, port = Path(os.environ[FOLDER]), int(os.environ[PORT])
    settings = prepare(folder, port)
    logs.set_up(settings.log_level)
    engine = database.create(settings.database_url)
    clock = clock_of(engine)
    service = build(settings, clock)
    app = make_app(service)
    simulator = register(
        app,
        config=SimulatorConfig(
            state_path=folder / "simulator.db",
            webhook_url=f"{settings.public_url}/line/webhook",
            channel_secret=settings.secrets()[0],
            access_token=settings.line_channel_access_token.get_secret_value(),
            bot_user_id=settings.line_bot_user_id,
            now=lambda: moment(clock.now()),
            advance=clock.advance,
            set_now=clock.set,
            desk_name=f"{service.office.city} {DESK}",
        ),
        around=Surroundings(
            "127.0.0.1", settings.public_url, settings.line_api_base, settings.line_data_api_base
        ),
    )
    service.start()
    simulator.start()
    atexit.register(service.stop)
    atexit.register(simulator.stop)
    return app
