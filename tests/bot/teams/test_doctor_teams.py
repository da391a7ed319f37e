"""What the doctor says of a Teams channel that is set up."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from bot.doctor_teams import is_set_up, teams, teams_says
from bot.settings import Settings
from tests.support.service import NOWHERE
from tests.support.teams import APP, TENANT, Issuer


def settings(**changes: Any) -> Settings:
    given: dict[str, Any] = {
        "teams_app_id": APP,
        "teams_app_password": SecretStr("sample~Client.Secret"),
        "teams_tenant_ids": TENANT,
        "teams_openid_metadata_url": NOWHERE,
        "teams_token_url": NOWHERE,
        "teams_service_hosts": "127.0.0.1",
    }
    return Settings(_env_file=None, **(given | changes))


def test_a_channel_that_is_set_up_is_good() -> None:
    assert [str(each) for each in teams(settings())] == [
        "ok       teams      app id, client secret and tenants are set"
    ]


def test_a_desk_without_teams_is_told_nothing_of_it() -> None:
    nothing = settings(teams_app_id="", teams_app_password=SecretStr(""), teams_tenant_ids="")

    assert [*teams(nothing)] == []
    assert not is_set_up(nothing)


def test_keys_that_can_be_read_are_counted(issuer: Issuer) -> None:
    first, *_ = teams_says(settings(teams_openid_metadata_url=issuer.metadata_url))

    assert str(first) == "ok       teams      Microsoft's keys can be read (1)"


def test_keys_and_a_token_that_cannot_be_had_are_faults() -> None:
    keys, token = teams_says(settings())

    assert keys.state == token.state == "FAULT"
    assert "cannot be read (ConnectionError)" in keys.text
    assert "gives the desk no token (ConnectionError)" in token.text
    assert "sample~Client.Secret" not in f"{keys}{token}"
