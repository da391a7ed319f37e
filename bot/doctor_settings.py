"""What is wrong with the settings themselves: their names, their values, and what they say together."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError

from bot.doctor_finding import OK, Finding, fault, warning
from bot.office import OfficeFileError, load_office
from bot.settings import PREFIX, Settings, is_https, is_loopback
from dialogs.season import Season, loan_season

SHORTEST_KEY = 32
FEWEST_SIGNS = 10
"""Different characters in a signing key: fewer were typed by hand."""

PLACEHOLDERS = ("change", "secret", "example", "replace", "password", "dummy")
"""Words that stand in instructions, and in no random key."""

OTHERS = ("DEMO_", "TEST_")
"""Variables of the same prefix that are no settings."""

DOTENV = Path(".env")

_NAME = re.compile(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=")

LIKE = 0.8
"""How much a name must look like a setting's to be a misspelling of it."""

HINTS: Mapping[str, str] = {
    "engine": "write embedded: there is no other engine",
    "pii_in_chat": "write forbid, or allow",
    "log_level": "write INFO, WARNING or ERROR",
    "line_bot_user_id": "write the channel's own id, U and 32 characters, which madoguchi doctor tells",
    "liff_id": "write the LIFF app's id, for example 1234567890-abcdefgh",
    "line_login_channel_id": "write the channel's number",
    "teams_app_id": "write the Microsoft App ID, for example 00000000-0000-0000-0000-000000000000",
    "teams_tenant_ids": "write the tenants' ids with commas between them",
    "fence_opens": "write one day, for example 2027-04-15",
}
"""What to write where a value cannot be read."""


def read_settings() -> tuple[Settings | None, list[Finding]]:
    """Return the settings of the environment, or what is wrong with them."""
    try:
        found = [*_broken_lines()]
        settings = Settings() if not found else None
    except ValidationError as faults:
        return None, [_unreadable(each) for each in faults.errors()]
    except OSError as broken:
        return None, [fault("settings", f".env cannot be read ({broken.strerror})")]
    except UnicodeDecodeError:
        return None, [fault("settings", ".env is not UTF-8; save it again with the encoding UTF-8")]
    found += _controls(settings) if settings else ()
    return (None, found) if found else (settings, [])


def _broken_lines() -> Iterator[Finding]:
    """Yield the lines of ``.env`` that set nothing, though they were meant to."""
    if DOTENV.is_file():
        for each in parse_stream(StringIO(DOTENV.read_text(encoding="utf-8-sig"))):
            if each.error or (each.key is not None and each.value is None):
                where = f".env, line {each.original.line}"
                yield fault(
                    "settings", f"{where}: it sets nothing; write NAME=value, and close every quotation mark"
                )


def _controls(settings: Settings) -> Iterator[Finding]:
    """Yield the settings in which something stands that nobody can have meant."""
    for name, value in settings:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if any(ord(letter) < ord(" ") for letter in text):
            yield fault("settings", f"{PREFIX}{name.upper()}: it holds a control character; write it again")


def _unreadable(each: Any) -> Finding:
    name = str(each["loc"][0])
    hint = HINTS.get(name) or _bound(each.get("ctx", {})) or each["msg"].removeprefix("Value error, ")
    return fault("settings", f"{PREFIX}{name.upper()}: {hint}")


def _bound(limits: Mapping[str, object]) -> str:
    if "ge" in limits:
        return f"write {limits['ge']} or more"
    return f"write {limits['le']} or less" if "le" in limits else ""


def names(given: Iterable[str]) -> Iterator[Finding]:
    """Yield what is said of *given*, the names of variables, that are no settings of ours."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    ours = {each.upper() for each in given if each.upper().startswith(PREFIX)} - known
    for name in sorted(each for each in ours if not each.removeprefix(PREFIX).startswith(OTHERS)):
        meant = get_close_matches(name, known, 1, LIKE)
        if meant:
            yield fault("settings", f"{name} is no setting; rename it to {meant[0]}")
        else:
            yield warning("settings", f"{name} is no setting and does nothing; take it away")


def every_name() -> list[str]:
    """Return the names of the variables of the environment and of ``.env``."""
    written = DOTENV.read_text(encoding="utf-8-sig") if DOTENV.is_file() else ""
    return [*os.environ, *_NAME.findall(written)]


def dotenv() -> Iterator[Finding]:
    """Yield what is wrong with the file ``.env``, which holds secrets where there is one."""
    if os.name == "posix" and DOTENV.is_file() and stat.S_IMODE(DOTENV.stat().st_mode) & 0o077:
        yield fault("settings", f"others can read {DOTENV.resolve()}; run: chmod 600 {DOTENV.resolve()}")


def is_public(settings: Settings) -> bool:
    """Return whether residents are served, not somebody who tries the program on their own machine."""
    return is_https(settings.public_url) and not is_loopback(settings.public_url)


def keys(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the signing keys."""
    found = {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_PREVIOUS": settings.secret_key_previous.get_secret_value(),
    }
    given = {name: key for name, key in found.items() if key or name == "SECRET_KEY"}
    weak = [name for name, key in given.items() if _is_weak(key)]
    if weak:
        yield fault(
            "keys",
            f"set {PREFIX}{weak[0]} to 32 random characters or more, for example from: openssl rand -hex 32",
        )
        return
    same = [name for name, secret in _elsewhere(settings) if secret in given.values()]
    if same:
        text = f"{PREFIX}{same[0]} is a signing key too; make one of its own with: openssl rand -hex 32"
        yield fault("keys", text)
    elif len(given) > len({*given.values()}):
        text = (
            f"{PREFIX}SECRET_KEY_PREVIOUS is the same as SECRET_KEY; take it away, or put the old key there"
        )
        yield fault("keys", text)
    else:
        yield Finding(OK, "keys", "the signing key is long enough")


def _is_weak(key: str) -> bool:
    typed = any(word in key.lower() for word in PLACEHOLDERS)
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or typed


def _elsewhere(settings: Settings) -> list[tuple[str, str]]:
    """Return the secrets that are no signing keys, each with its name."""
    token = settings.line_channel_access_token.get_secret_value()
    secrets = [("LINE_CHANNEL_SECRET", each) for each in settings.secrets()]
    password = settings.teams_app_password.get_secret_value()
    return [*secrets, ("LINE_CHANNEL_ACCESS_TOKEN", token), ("TEAMS_APP_PASSWORD", password)]


def address(settings: Settings) -> Finding:
    """Return whether residents can reach the desk."""
    if is_loopback(settings.public_url) and not is_loopback(settings.line_api_base):
        text = "residents cannot reach a loopback address; set MADOGUCHI_PUBLIC_URL to the https address of the desk"
        return fault("address", text) if settings.secrets() else warning("address", text)
    return Finding(OK, "address", f"residents reach the desk at {settings.public_url}")


def privacy(settings: Settings) -> Iterator[Finding]:
    """Yield what lets more be known than necessary."""
    if settings.pii_in_chat == "allow":
        text = "personal answers may be typed in LINE and stay there; set MADOGUCHI_PII_IN_CHAT=forbid to prevent it"
        yield warning("privacy", text)
    if settings.log_level == "DEBUG" and is_public(settings):
        yield fault(
            "privacy", "a desk that serves residents must not log on DEBUG; set MADOGUCHI_LOG_LEVEL=INFO"
        )


def office(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the office file, and of the season beside it."""
    try:
        found = load_office(settings.office_file)
    except (OfficeFileError, OSError) as broken:
        yield fault("office", "; ".join(str(broken).splitlines()))
        return
    yield Finding(OK, "office", f"the desk of {found.city}, {found.section}")
    if settings.fence_opens is not None:
        yield from _opening(
            settings.fence_opens,
            settings.season() or loan_season(settings.fence_opens.year, found.calendar),
        )


def _opening(opens: date, season: Season) -> Iterator[Finding]:
    if opens > season.last:
        text = f"MADOGUCHI_FENCE_OPENS ({opens}) lies behind the season's end ({season.last}); set an earlier day"
        yield fault("season", text)
    elif opens < season.first - timedelta(days=365):
        text = f"MADOGUCHI_FENCE_OPENS ({opens}) is of an earlier year than the season ({season.first}); renew it"
        yield fault("season", text)
