"""What is missing or wrong, in one line each, with what to do about it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.line.gateway import LineGateway, Outcome
from bot.office import OfficeFileError, load_office
from bot.settings import PREFIX, Settings, is_https, is_loopback
from bot.vault_keys import missing
from storage import engine as database
from storage import migrate
from storage.keyring import KeyringUnusable

OK, WARNING, FAULT = "ok", "warning", "FAULT"
REFUSED = 2
"""The exit status of a program that must not serve."""

SHORTEST_KEY = 32
FEWEST_SIGNS = 10
"""Different characters in a signing key: fewer were typed by hand."""

_OTHERS = ("DEMO_", "TEST_")
"""Variables of the same prefix that are no settings."""


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
                f"{PREFIX}{str(each['loc'][0]).upper()}: {each['msg'].removeprefix('Value error, ')}",
            )
            for each in fault.errors()
        ]
        return None, found
    except OSError as fault:
        return None, [Finding(FAULT, "settings", f".env cannot be read ({fault.strerror})")]


def safe_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        SystemExit: As :func:`refuse_unsafe`.
    """
    settings, found = read_settings()
    _refuse(found)
    return settings or Settings()


def refuse_unsafe(settings: Settings) -> None:
    """End the program where it must not serve, saying why.

    Raises:
        SystemExit: With status 2, after one line per fault on standard error.
    """
    _refuse([*unsafe(settings), database_state(settings)])


def _refuse(found: Iterable[Finding]) -> None:
    faults = [each for each in found if each.state == FAULT]
    for each in faults:
        print(each, file=sys.stderr)  # noqa: T201 -- the person who starts the program reads it
    if faults:
        raise SystemExit(REFUSED)


def unsafe(settings: Settings) -> Iterator[Finding]:
    """Yield what can be said of *settings* without any connection."""
    yield _signing_key(settings)
    yield _vault_file(settings.vault_keys_file)
    yield _address(settings)
    yield from _database_file(settings)
    yield _line(settings)
    yield from _liff(settings)
    yield _office(settings)
    if settings.pii_in_chat == "allow":
        text = "personal answers may be typed in LINE and stay there; set MADOGUCHI_PII_IN_CHAT=forbid to prevent it"
        yield Finding(WARNING, "privacy", text)


def _signing_key(settings: Settings) -> Finding:
    keys = {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_PREVIOUS": settings.secret_key_previous.get_secret_value() or None,
    }
    weak = [name for name, key in keys.items() if key is not None and _is_weak(key)]
    if weak:
        text = (
            f"set {PREFIX}{weak[0]} to 32 random characters or more, for example from: openssl rand -hex 32"
        )
        return Finding(FAULT, "keys", text)
    return Finding(OK, "keys", "the signing key is long enough")


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS


def _vault_file(path: Path) -> Finding:
    try:
        if not path.exists():
            return Finding(FAULT, "vault", f"{path} is missing; make it once with: madoguchi vault-keys")
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding(FAULT, "vault", f"others can read {path}; run: chmod 600 {path}")
        lacking = missing(path)
    except (OSError, ValueError, KeyringUnusable) as fault:
        return Finding(FAULT, "vault", f"{path} cannot be used: {fault}")
    if lacking:
        return Finding(FAULT, "vault", f"no key for {', '.join(lacking)}; run: madoguchi vault-keys")
    return Finding(OK, "vault", "the key file is there and private")


def _address(settings: Settings) -> Finding:
    if is_loopback(settings.public_url) and not is_loopback(settings.line_api_base):
        text = "residents cannot reach a loopback address; set MADOGUCHI_PUBLIC_URL to the https address of the desk"
        return Finding(FAULT if settings.secrets() else WARNING, "address", text)
    return Finding(OK, "address", f"residents reach the desk at {settings.public_url}")


def _database_file(settings: Settings) -> Iterator[Finding]:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return
    if warning := database.sqlite_version_warning():
        yield Finding(WARNING, "database", warning)
    folder = Path(url.database or "").resolve().parent
    if is_https(settings.public_url) and settings.vault_keys_file.resolve().parent == folder:
        text = (
            f"the vault's keys lie beside the database in {folder}; keep them where no backup of it reaches"
        )
        yield Finding(WARNING, "vault", text)


def _line(settings: Settings) -> Finding:
    has_secret, has_token = _line_parts(settings)
    if has_token and not _is_token(settings.line_channel_access_token.get_secret_value()):
        text = "MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN holds a blank or a sign that no token has; copy it again"
        return Finding(FAULT, "line", text)
    if has_secret and has_token:
        return Finding(OK, "line", "channel secret and access token are set")
    if has_secret or has_token:
        lacking = "LINE_CHANNEL_ACCESS_TOKEN" if has_secret else "LINE_CHANNEL_SECRET"
        return Finding(FAULT, "line", f"set {PREFIX}{lacking} too; it stands in the LINE Developers Console")
    text = (
        "LINE is off; set MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN to turn it on"
    )
    return Finding(WARNING, "line", text)


def _line_parts(settings: Settings) -> tuple[bool, bool]:
    return bool(settings.secrets()), bool(settings.line_channel_access_token.get_secret_value().strip())


def _is_token(token: str) -> bool:
    return token.isascii() and token.isprintable() and " " not in token


def _liff(settings: Settings) -> Iterator[Finding]:
    if bool(settings.liff_id) != bool(settings.line_login_channel_id):
        text = "set MADOGUCHI_LIFF_ID and MADOGUCHI_LINE_LOGIN_CHANNEL_ID together, or neither"
        yield Finding(FAULT, "liff", text)
    elif settings.liff_id and not all(_line_parts(settings)):
        yield Finding(FAULT, "liff", "LIFF needs the LINE channel: set it up, or take MADOGUCHI_LIFF_ID away")
    elif settings.liff_id and not is_https(settings.public_url):
        yield Finding(
            FAULT, "liff", "LIFF opens https pages only; set MADOGUCHI_PUBLIC_URL to the https address"
        )
    elif settings.liff_id:
        text = f"the LIFF app's endpoint must be {settings.public_url}/f/liff"
        yield Finding(OK, "liff", text)


def _office(settings: Settings) -> Finding:
    try:
        office = load_office(settings.office_file)
    except (OfficeFileError, OSError) as fault:
        return Finding(FAULT, "office", "; ".join(str(fault).splitlines()))
    return Finding(OK, "office", f"the desk of {office.city}, {office.section}")


def examine(settings: Settings, given: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield everything, connections included; *given* are the names of the environment's variables."""
    yield from _unknown(given)
    found = [*unsafe(settings)]
    yield from found
    yield database_state(settings)
    # A channel that is set up wrongly is not tried.
    if _line(settings).state == OK and all(each.state != FAULT for each in found):
        yield from _line_says(settings)


def _unknown(given: Iterable[str]) -> Iterator[Finding]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    ours = {each for each in given if each.upper().startswith(PREFIX)}
    for name in sorted(each for each in ours if each.upper() not in known):
        if not name.upper().removeprefix(PREFIX).startswith(_OTHERS):
            yield Finding(
                WARNING, "settings", f"{name} is no setting and does nothing; look for a misspelling"
            )


def database_state(settings: Settings) -> Finding:
    """Return whether the database answers and fits the program."""
    try:
        engine = database.create(settings.database_url, pool_size=1)
        try:
            current, head, known = migrate.current(engine), migrate.head(), migrate.known()
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError, ValueError) as fault:
        text = f"cannot be reached ({type(fault).__name__}); check MADOGUCHI_DATABASE_URL and that the server runs"
        return Finding(FAULT, "database", text)
    if current is not None and current not in known:
        text = f"is at {current}, which this program does not know; start the version that upgraded it, or a later one"
        return Finding(FAULT, "database", text)
    if current != head:
        text = f"is at {current or 'nothing'}, the program needs {head}; run: madoguchi upgrade"
        return Finding(FAULT, "database", text)
    where = make_url(settings.database_url).get_backend_name()
    return Finding(OK, "database", f"{where} answers and is up to date")


def _line_says(settings: Settings) -> Iterator[Finding]:
    token = settings.line_channel_access_token.get_secret_value()
    gateway = LineGateway(token, settings.line_api_base, settings.line_data_api_base)
    info = gateway.bot_info()
    if info.kind != "delivered":
        yield Finding(FAULT, "line", _refusal(info, settings.line_api_base))
        return
    yield Finding(OK, "line", "LINE accepts the access token")
    yield from _own_id(settings.line_bot_user_id, str(info.data.get("userId", "")))
    yield _webhook(gateway.webhook_test())


def _refusal(info: Outcome, base: str) -> str:
    if info.status is None:
        return f"LINE does not answer ({info.kind}); check that this machine may reach {base}"
    return f"LINE does not accept the access token ({info.status}); issue a new one"


def _own_id(given: str, own: str) -> Iterator[Finding]:
    if not given:
        text = f"set MADOGUCHI_LINE_BOT_USER_ID={own}, so that webhooks for other channels are refused"
        yield Finding(WARNING, "line", text)
    elif given != own:
        yield Finding(FAULT, "line", f"MADOGUCHI_LINE_BOT_USER_ID is not this channel's; it is {own}")


def _webhook(tested: Outcome) -> Finding:
    if tested.data.get("success") is True:
        return Finding(OK, "webhook", "LINE reaches the webhook")
    reason = tested.data.get("reason") or tested.kind
    text = f"LINE does not reach the webhook ({reason}); set its address to PUBLIC_URL/line/webhook and turn it on"
    return Finding(FAULT, "webhook", text)
