"""What is missing or wrong, in one line each, with what to do about it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.line.gateway import LineGateway
from bot.office import OfficeFileError, load_office
from bot.settings import Settings, is_loopback
from bot.vault_keys import missing
from storage import engine as database
from storage import migrate
from storage.keyring import KeyringUnusable

OK, WARNING, FAULT = "ok", "warning", "FAULT"
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:8} {self.about:10} {self.text}"


def read_settings() -> tuple[Settings | None, list[Finding]]:
    """Return the settings of the environment, or what is wrong with them."""
    try:
        return Settings(), []
    except ValidationError as fault:
        found = [
            Finding(
                FAULT,
                "settings",
                f"MADOGUCHI_{str(each['loc'][0]).upper()}: {each['msg'].removeprefix('Value error, ')}",
            )
            for each in fault.errors()
        ]
        return None, found


def refuse_unsafe(settings: Settings) -> None:
    """End the program where it must not serve, saying why.

    Raises:
        SystemExit: With status 2, after one line per fault on standard error.
    """
    faults = [each for each in unsafe(settings) if each.state == FAULT]
    for each in faults:
        print(each, file=sys.stderr)  # noqa: T201 -- the person who starts the program reads it
    if faults:
        raise SystemExit(2)


def unsafe(settings: Settings) -> Iterator[Finding]:
    """Yield what can be said of *settings* without any connection."""
    yield from _keys(settings)
    yield from _addresses(settings)
    yield from _line(settings)
    yield from _liff(settings)
    yield _office(settings)


def _keys(settings: Settings) -> Iterator[Finding]:
    if len(settings.secret_key.get_secret_value()) < SHORTEST_KEY:
        text = (
            "set MADOGUCHI_SECRET_KEY to 32 random characters or more, for example from: openssl rand -hex 32"
        )
        yield Finding(FAULT, "keys", text)
    else:
        yield Finding(OK, "keys", "the signing key is long enough")
    yield _vault_file(settings.vault_keys_file)


def _vault_file(path: Path) -> Finding:
    if not path.exists():
        return Finding(FAULT, "vault", f"{path} is missing; make it once with: madoguchi vault-keys")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(FAULT, "vault", f"others can read {path}; run: chmod 600 {path}")
    try:
        lacking = missing(path)
    except (OSError, ValueError, KeyringUnusable) as fault:
        return Finding(FAULT, "vault", f"{path} cannot be used: {fault}")
    if lacking:
        return Finding(FAULT, "vault", f"no key for {', '.join(lacking)}; run: madoguchi vault-keys")
    return Finding(OK, "vault", "the key file is there and private")


def _addresses(settings: Settings) -> Iterator[Finding]:
    if is_loopback(settings.public_url) and not is_loopback(settings.line_api_base):
        text = "residents cannot reach a loopback address; set MADOGUCHI_PUBLIC_URL to the https address of the desk"
        yield Finding(FAULT if settings.secrets() else WARNING, "address", text)
    else:
        yield Finding(OK, "address", f"residents reach the desk at {settings.public_url}")
    if settings.database_url.startswith("sqlite") and (warning := database.sqlite_version_warning()):
        yield Finding(WARNING, "database", warning)


def _line(settings: Settings) -> Iterator[Finding]:
    has_secret, has_token = (
        bool(settings.secrets()),
        bool(settings.line_channel_access_token.get_secret_value()),
    )
    if has_secret and has_token:
        yield Finding(OK, "line", "channel secret and access token are set")
    elif has_secret or has_token:
        missing = "LINE_CHANNEL_ACCESS_TOKEN" if has_secret else "LINE_CHANNEL_SECRET"
        yield Finding(FAULT, "line", f"set MADOGUCHI_{missing} too; it stands in the LINE Developers Console")
    else:
        text = "LINE is off; set MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN to turn it on"
        yield Finding(WARNING, "line", text)


def _liff(settings: Settings) -> Iterator[Finding]:
    if bool(settings.liff_id) != bool(settings.line_login_channel_id):
        yield Finding(
            FAULT, "liff", "set MADOGUCHI_LIFF_ID and MADOGUCHI_LINE_LOGIN_CHANNEL_ID together, or neither"
        )


def _office(settings: Settings) -> Finding:
    try:
        office = load_office(settings.office_file)
    except (OfficeFileError, OSError) as fault:
        return Finding(FAULT, "office", "; ".join(str(fault).splitlines()))
    return Finding(OK, "office", f"the desk of {office.city}, {office.section}")


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield everything, connections included."""
    yield from unsafe(settings)
    yield database_state(settings)
    if settings.secrets() and settings.line_channel_access_token.get_secret_value():
        yield from _line_answers(settings)


def database_state(settings: Settings) -> Finding:
    """Return whether the database answers and fits the program."""
    where = urlsplit(settings.database_url).scheme
    try:
        engine = database.create(settings.database_url, pool_size=1)
        current, head = migrate.current(engine), migrate.head()
        engine.dispose()
    except (SQLAlchemyError, OSError, ValueError) as fault:
        text = f"cannot be reached ({type(fault).__name__}); check MADOGUCHI_DATABASE_URL and that the server runs"
        return Finding(FAULT, "database", text)
    if current != head:
        return Finding(
            FAULT,
            "database",
            f"is at {current or 'nothing'}, the program needs {head}; run: madoguchi upgrade",
        )
    return Finding(OK, "database", f"{where} answers and is up to date")


def _line_answers(settings: Settings) -> Iterator[Finding]:
    token = settings.line_channel_access_token.get_secret_value()
    gateway = LineGateway(token, settings.line_api_base, settings.line_data_api_base)
    info = gateway.bot_info()
    if info.kind != "delivered":
        yield Finding(
            FAULT,
            "line",
            f"LINE does not accept the access token ({info.status or info.kind}); issue a new one",
        )
        return
    yield Finding(OK, "line", "LINE accepts the access token")
    own = str(info.data.get("userId", ""))
    if settings.line_bot_user_id and own != settings.line_bot_user_id:
        yield Finding(FAULT, "line", f"MADOGUCHI_LINE_BOT_USER_ID is not this channel's; it is {own}")
    yield _webhook(gateway.webhook_test)


def _webhook(test: Callable[[], object]) -> Finding:
    outcome = test()
    data = getattr(outcome, "data", {})
    if data.get("success") is True:
        return Finding(OK, "webhook", "LINE reaches the webhook")
    reason = data.get("reason") or getattr(outcome, "kind", "")
    text = f"LINE does not reach the webhook ({reason}); set its address to PUBLIC_URL/line/webhook and turn it on"
    return Finding(FAULT, "webhook", text)
