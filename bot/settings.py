"""Settings from the environment or ``.env``, all with the prefix ``MADOGUCHI_``.

A default is right in production and fit to be public; what has no such value has no default.  No setting can
switch a check off.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dialogs.season import Season

PREFIX = "MADOGUCHI_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TEAMS_HOSTS = (
    "smba.trafficmanager.net,smba.onyx.prod.teams.trafficmanager.net,smba.infra.gcc.teams.microsoft.com,"
    ".teams.microsoft.com"
)
"""Where Teams' service answers; a dot in front: whatever ends so."""

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATABASES = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})

_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}")
# Everybody may have a name below these.
_ANYBODYS = (
    ".trafficmanager.net",
    ".azurewebsites.net",
    ".cloudapp.azure.com",
    ".azure.com",
    ".azureedge.net",
)

# One host and nothing that two programs could read differently: no user, no backslash, no odd port.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?P<path>/[A-Za-z0-9._~/-]*)?"
)


def is_loopback(url: str) -> bool:
    """Return whether *url* points at this machine, however it is read."""
    return _ADDRESS.fullmatch(url) is not None and (urlsplit(url).hostname or "") in LOOPBACK


def is_https(url: str) -> bool:
    """Return whether *url* is a plain https address."""
    found = _ADDRESS.fullmatch(url)
    return found is not None and found["scheme"] == "https"


class Settings(BaseSettings):
    """What a deployment may set.  Field descriptions are the reference in docs/run.md."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        # Windows' own editor puts a mark before the first letter, which would else belong to the first name.
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: str = Field(
        "sqlite:///var/madoguchi.db",
        description="Address of the database: `sqlite:///` and a file, or `postgresql+psycopg://user@host/name`",
    )
    engine: str = Field(
        "embedded", pattern="^embedded$", description="What delivers messages: threads of the service itself"
    )
    office_file: Path | None = Field(
        None, description="TOML file that says who the desk is; without it the sample city"
    )
    fence_season: str = Field(
        "", description="Loan season instead of the computed one: `2027-06-01/2027-11-01`"
    )
    fence_opens: date | None = Field(
        None, description="First day of applications instead of the computed one: `2027-04-15`"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where residents reach the desk, without a path; https outside loopback",
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs buttons and sessions; 32 random characters or more"
    )
    secret_key_previous: SecretStr = Field(
        SecretStr(""), description="The signing key before, while buttons made with it are around"
    )
    vault_keys_file: Path = Field(
        Path("var/vault-keys.json"),
        description="Key file of the vault, outside the database and its backups",
    )
    erasures_file: Path = Field(
        Path("var/erasures.jsonl"),
        description="Who was erased, by random ids: outside the database, read by `restore`; keep copies of it",
    )
    exports_folder: Path = Field(
        Path("var/exports"),
        description="Folder of files that are being exported or wait to be downloaded, sealed; each for minutes",
    )
    line_channel_secret: SecretStr = Field(
        SecretStr(""), description="Channel secret; comma-separated where it was renewed: current, previous"
    )
    line_channel_access_token: SecretStr = Field(
        SecretStr(""), description="Access token of the Messaging API channel"
    )
    line_bot_user_id: str = Field(
        "",
        pattern="^(U[0-9a-f]{32})?$",
        description="The channel's own user id (U…); webhooks for other channels are then refused",
    )
    line_api_base: str = Field(
        "https://api.line.me", description="Messaging API; only https or a loopback address"
    )
    line_data_api_base: str = Field(
        "https://api-data.line.me", description="Messaging API for photos; only https or a loopback address"
    )
    liff_id: str = Field(
        "",
        pattern="^([0-9]+-[A-Za-z0-9]+)?$",
        description="LIFF app whose endpoint is `PUBLIC_URL/f/liff`; optional",
    )
    line_login_channel_id: str = Field(
        "", pattern="^[0-9]*$", description="LINE Login channel of the LIFF app; needed with `LIFF_ID`"
    )
    teams_app_id: str = Field(
        "",
        pattern=f"^({GUID})?$",
        description="Microsoft App ID of the bot. Without it there is no Teams channel",
    )
    teams_app_password: SecretStr = Field(SecretStr(""), description="The value of the app's client secret")
    teams_tenant_ids: str = Field(
        "",
        pattern=f"^({GUID}(, *{GUID})*)?$",
        description="Tenants that are heard, comma-separated; the first is the bot's own. All others are refused",
    )
    teams_openid_metadata_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Names the keys with which Microsoft signs; only https or a loopback address",
    )
    teams_token_url: str = Field(
        "",
        description="Where the desk gets its own token, if not from Microsoft; only https or a loopback address",
    )
    teams_service_hosts: str = Field(
        TEAMS_HOSTS,
        description="Hosts of Teams to which the desk's token may go, comma-separated; a dot in front: what ends so",
    )
    pii_in_chat: str = Field(
        "forbid",
        pattern="^(forbid|allow)$",
        description="Whether personal answers may be typed in LINE: `forbid` or `allow`",
    )
    log_level: str = Field(
        "INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least level of log lines: `DEBUG`, `INFO`, `WARNING` or `ERROR`",
    )
    cores: str = Field(
        "one",
        pattern="^(one|any)$",
        description="Whether `serve` keeps to `one` core, which is faster, or may use `any`",
    )
    senders: int = Field(256, ge=1, le=1024, description="How many calls to LINE may run at once")
    keep_inbox_days: int = Field(
        90, ge=7, le=400, description="How long ids of events are remembered, against replays"
    )
    keep_failed_days: int = Field(
        30, ge=1, le=400, description="How long events that failed are kept, sealed"
    )
    keep_bodies_days: int = Field(30, ge=1, le=400, description="How long the text of sent messages is kept")
    keep_half_filled_days: int = Field(
        30, ge=1, le=400, description="How long forms that nobody finished are kept"
    )
    keep_unreached_days: int = Field(
        400,
        ge=30,
        le=4000,
        description="How long it is kept who passed on by telephone or letter what did not arrive",
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not _is_lasting(value):
            raise ValueError("write sqlite:/// and a file, or postgresql+psycopg://user@host/name")
        return value

    @field_validator("line_api_base", "line_data_api_base", "teams_openid_metadata_url")
    @classmethod
    def _safe_base(cls, value: str) -> str:
        if not is_https(value) and not is_loopback(value):
            raise ValueError("only https or a loopback address is accepted, without a user name")
        return value.rstrip("/")

    @field_validator("teams_token_url")
    @classmethod
    def _safe_or_empty(cls, value: str) -> str:
        return cls._safe_base(value) if value else ""

    @field_validator("teams_service_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        wrong = [each for each in _listed(value) if not _is_host(each)]
        if wrong or not _listed(value):
            raise ValueError(
                "write hosts with commas between them, none under which everybody may have a name"
            )
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        found = _ADDRESS.fullmatch(value)
        if found is None or (found["path"] or "/") != "/":
            raise ValueError("write scheme and host only, for example https://madoguchi.example.jp")
        if not is_https(value) and not is_loopback(value):
            raise ValueError("residents' data needs https; http is accepted on loopback only")
        return value.rstrip("/")

    @field_validator("fence_season")
    @classmethod
    def _season(cls, value: str) -> str:
        if value:
            read_season(value)
        return value

    def secrets(self) -> tuple[str, ...]:
        """Return the channel secrets that a webhook may be signed with, the current one first."""
        return _listed(self.line_channel_secret.get_secret_value())

    def has_teams(self) -> bool:
        """Return whether there is a bot in Teams."""
        return bool(self.teams_app_id and self.teams_app_password.get_secret_value() and self.tenants())

    def tenants(self) -> tuple[str, ...]:
        """Return the tenants whose people are heard in Teams, in lower case, the bot's own first."""
        return _listed(self.teams_tenant_ids.lower())

    def service_hosts(self) -> tuple[str, ...]:
        """Return the hosts of Teams' service; one that begins with a dot holds for what ends so."""
        return _listed(self.teams_service_hosts)

    def season(self) -> Season | None:
        """Return the season set by hand, None for the computed one."""
        return read_season(self.fence_season) if self.fence_season else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_host(entry: str) -> bool:
    """Return whether *entry* names hosts of one owner: a host, what ends in a domain, or this machine."""
    below_anybodys = f".{entry.lstrip('.')}".endswith(_ANYBODYS) and entry.startswith(".")
    named = _HOST.fullmatch(entry.removeprefix(".")) is not None
    return entry in LOOPBACK or (named and not below_anybodys and entry.count(".") > entry.startswith("."))


def _is_lasting(address: str) -> bool:
    """Return whether *address* names a database that the desk can use and that outlives the process."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return False
    name = url.database or ""
    return url.drivername in DATABASES and bool(name) and not name.startswith((":memory:", "file:"))


def read_season(text: str) -> Season:
    """Return the season that *text* names.

    Raises:
        ValueError: It is not two days in order.
    """
    first, _, last = text.partition("/")
    try:
        season = Season(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        season = None
    if season is None or season.last < season.first:
        raise ValueError("write two days in order, for example 2027-06-01/2027-11-01")
    return season
