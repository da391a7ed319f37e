"""Settings from the environment or ``.env``, all with the prefix ``MADOGUCHI_``.

A default is right in production and fit to be public; what has no such value has no default.  No setting can
switch a check off.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dialogs.season import Season

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_loopback(url: str) -> bool:
    """Return whether *url* points at this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


class Settings(BaseSettings):
    """What a deployment may set.  Field descriptions are the reference in docs/run.md."""

    model_config = SettingsConfigDict(
        env_prefix="MADOGUCHI_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    database_url: str = Field("sqlite:///var/madoguchi.db", description="SQLAlchemy address of the database")
    engine: str = Field("embedded", pattern="^embedded$", description="Which engine delivers messages")
    office_file: Path | None = Field(None, description="TOML file that says who the desk is")
    fence_season: str = Field(
        "", description="Loan season instead of the computed one: YYYY-MM-DD/YYYY-MM-DD"
    )
    fence_opens: date | None = Field(
        None, description="First day of applications instead of the computed one"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Where residents reach us; https outside loopback"
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs buttons and sessions; 32 characters or more"
    )
    secret_key_previous: SecretStr = Field(
        SecretStr(""), description="The key before, while old buttons are around"
    )
    vault_keys_file: Path = Field(
        Path("var/vault-keys.json"), description="Key file of the vault, not in the database"
    )
    line_channel_secret: SecretStr = Field(
        SecretStr(""), description="Channel secret; comma-separated: current, previous"
    )
    line_channel_access_token: SecretStr = Field(
        SecretStr(""), description="Messaging API channel access token"
    )
    line_bot_user_id: str = Field(
        "", description="The channel's own user id (U…); webhooks for others are refused"
    )
    line_api_base: str = Field("https://api.line.me", description="Messaging API")
    line_data_api_base: str = Field("https://api-data.line.me", description="Messaging API for contents")
    liff_id: str = Field("", description="LIFF app whose endpoint is PUBLIC_URL/f/liff; optional")
    line_login_channel_id: str = Field(
        "", description="LINE Login channel of the LIFF app; needed with LIFF_ID"
    )
    pii_in_chat: str = Field(
        "forbid", pattern="^(forbid|allow)$", description="May personal answers be typed in LINE?"
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level of log lines"
    )
    senders: int = Field(32, ge=1, le=256, description="Calls to platforms that may run at once")
    keep_inbox_days: int = Field(90, ge=7, description="How long event ids are remembered, against replays")
    keep_failed_days: int = Field(30, ge=1, description="How long failed raw events are kept, sealed")
    keep_bodies_days: int = Field(30, ge=1, description="How long the text of sent messages is kept")
    keep_half_filled_days: int = Field(30, ge=1, description="How long half-filled forms are kept")

    @field_validator("line_api_base", "line_data_api_base")
    @classmethod
    def _safe_base(cls, value: str) -> str:
        if urlsplit(value).scheme != "https" and not is_loopback(value):
            raise ValueError("only https or a loopback address is accepted")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write a whole address, for example https://madoguchi.example.jp")
        if parts.scheme != "https" and not is_loopback(value):
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
        return tuple(
            part.strip() for part in self.line_channel_secret.get_secret_value().split(",") if part.strip()
        )

    def season(self) -> Season | None:
        """Return the season set by hand, None for the computed one."""
        return read_season(self.fence_season) if self.fence_season else None


def read_season(text: str) -> Season:
    """Return the season that *text* names.

    Raises:
        ValueError: It is not two days in order.
    """
    first, slash, last = text.partition("/")
    season = Season(date.fromisoformat(first), date.fromisoformat(last)) if slash else None
    if season is None or season.last < season.first:
        raise ValueError("write two days in order, for example 2027-06-01/2027-11-01")
    return season
