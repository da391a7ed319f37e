"""Settings as an environment gives them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.settings import PREFIX, Settings, is_https, is_loopback
from tests.house import tree


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave nothing of the machine's own environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:9",
        "http://localhost:8000/simulator/line",
        "http://[::1]:8000",
        "https://127.0.0.1",
    ],
)
def test_an_address_of_this_machine_is_known(url: str) -> None:
    assert is_loopback(url)


NOT_THIS_MACHINE = [
    "http://127.0.0.1@evil.example",
    "http://127.0.0.1:80@evil.example",
    "http://evil.example@127.0.0.1",
    "http://evil.example\\@127.0.0.1",
    "http://127.0.0.1\\.evil.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://evil.example#@127.0.0.1",
    "http://evil.example?@127.0.0.1",
    "http://evil.example/127.0.0.1",
    "http://127.0.0.1 .evil.example",
    "http://127.0.0.1\t@evil.example",
    "http://127.0.0.1\n",
    "http://127.1",
    "http://0.0.0.0",
    "http://2130706433",
    "http://[::ffff:127.0.0.1]",
    "http://[::1",
    "http://127.0.0.1:99999999",
    "http://１２７.0.0.1",
    "ftp://127.0.0.1",
    "//127.0.0.1",
    "127.0.0.1",
    "",
]


@pytest.mark.parametrize("url", NOT_THIS_MACHINE)
def test_an_address_that_could_lead_elsewhere_is_none_of_this_machine(url: str) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize("url", NOT_THIS_MACHINE)
@pytest.mark.parametrize(
    "name", ["line_api_base", "line_data_api_base", "public_url", "teams_openid_metadata_url"]
)
def test_residents_data_goes_to_no_such_address(name: str, url: str) -> None:
    given: dict[str, Any] = {name: url}

    with pytest.raises(ValidationError):
        Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    "url", ["https://a@b.example", "https://b.example\\c", "https://b.example:x", "HTTPS://b.example"]
)
def test_an_https_address_is_plain_too(url: str) -> None:
    assert not is_https(url)


@pytest.mark.parametrize("url", ["https://b.example/desk", "https://b.example?x=1", "https://b.example#x"])
def test_the_public_address_is_a_host(url: str) -> None:
    with pytest.raises(ValidationError, match="scheme and host only"):
        Settings(_env_file=None, public_url=url)


def test_a_slash_at_the_end_of_an_address_is_left_out() -> None:
    assert Settings(_env_file=None, public_url="https://b.example/").public_url == "https://b.example"
    assert (
        Settings(_env_file=None, line_api_base="http://127.0.0.1:9/line/").line_api_base
        == "http://127.0.0.1:9/line"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory",
        "mysql://h/d",
        "postgresql+psycopg2://h/d",
        "oracle://h",
    ],
)
def test_a_database_that_cannot_be_used_or_does_not_last_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="sqlite:/// and a file"):
        Settings(_env_file=None, database_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/x.db",
        "sqlite:////srv/x.db",
        "postgresql://h/d",
        "postgresql+psycopg://u@h:5432/d?sslmode=require",
    ],
)
def test_both_databases_are_taken(url: str) -> None:
    assert Settings(_env_file=None, database_url=url).database_url == url


@pytest.mark.parametrize(
    "text", ["2027-06-01", "2027-06-01/", "x/y", "2027-11-01/2027-06-01", "2027-02-30/2027-03-01", "/"]
)
def test_a_season_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match="2027-06-01/2027-11-01"):
        Settings(_env_file=None, fence_season=text)


def test_a_season_set_by_hand_is_read() -> None:
    season = Settings(_env_file=None, fence_season="2027-06-01/2027-11-01").season()

    assert season
    assert (season.first, season.last) == (date(2027, 6, 1), date(2027, 11, 1))
    assert Settings(_env_file=None).season() is None


def test_the_channel_secret_may_have_a_previous_one() -> None:
    assert Settings(_env_file=None, line_channel_secret=" new , old ,").secrets() == ("new", "old")
    assert Settings(_env_file=None).secrets() == ()


def test_the_environment_is_read_and_what_is_empty_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_SENDERS", "8")
    monkeypatch.setenv("MADOGUCHI_FENCE_OPENS", "")
    monkeypatch.setenv("MADOGUCHI_OFFICE_FILE", "")

    read = Settings()

    assert (read.senders, read.fence_opens, read.office_file) == (8, None, None)


def test_a_file_beside_the_program_is_read_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MADOGUCHI_LOG_LEVEL=DEBUG\n", encoding="utf-8")

    assert Settings().log_level == "DEBUG"


def test_no_secret_is_ever_printed() -> None:
    read = Settings(
        _env_file=None,
        secret_key="geheim-1",
        secret_key_previous="geheim-2",
        line_channel_secret="geheim-3",
        line_channel_access_token="geheim-4",
    )

    assert "geheim" not in repr(read) + str(read) + str(read.model_dump()) + read.model_dump_json()


def test_a_refused_value_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as fault:
        Settings(_env_file=None, database_url="mysql://user:geheim@h/d")

    assert "geheim" not in str(fault.value)


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def reference() -> list[str]:
    """Return the rows of docs/run.md: what each setting is called, its default and its meaning."""
    return [
        f"| `{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{value}`" if value not in {None, ""} else "–"


def test_the_reference_in_the_documents_is_what_the_settings_say() -> None:
    written = (tree.ROOT / "docs" / "run.md").read_text(encoding="utf-8").splitlines()
    begin = written.index("| setting | default | meaning |")

    assert [line for line in written[begin + 2 :] if line.startswith("| `")][
        : len(reference())
    ] == reference()


@pytest.mark.parametrize("url", [each for each in NOT_THIS_MACHINE if each])
def test_the_secret_of_teams_goes_to_no_such_address(url: str) -> None:
    given: dict[str, Any] = {"teams_token_url": url}

    with pytest.raises(ValidationError):
        Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    "hosts",
    [
        "",
        ",",
        ".trafficmanager.net",
        "smba.trafficmanager.net,.trafficmanager.net",
        ".net",
        "*",
        "*.teams.microsoft.com",
        "https://smba.trafficmanager.net",
        "smba.trafficmanager.net/jp",
        "smba.trafficmanager.net:443",
        "user@smba.trafficmanager.net",
        "smba..net",
        "teams",
        "169.254.169.254",
    ],
)
def test_no_host_of_everybody_and_of_nobody_is_one_of_teams(hosts: str) -> None:
    given: dict[str, Any] = {"teams_service_hosts": hosts}

    with pytest.raises(ValidationError):
        Settings(_env_file=None, **given)


def test_tenants_and_hosts_are_read_as_lists() -> None:
    both = "7E5A0C1F-1111-4A6E-8F0F-2F3F4F9B8A11, 7e5a0c1f-2222-4a6e-8f0f-2f3f4f9b8a11"
    given: dict[str, Any] = {
        "teams_tenant_ids": both,
        "teams_service_hosts": "127.0.0.1, .teams.microsoft.com",
    }

    settings = Settings(_env_file=None, **given)

    assert settings.tenants() == (
        "7e5a0c1f-1111-4a6e-8f0f-2f3f4f9b8a11",
        "7e5a0c1f-2222-4a6e-8f0f-2f3f4f9b8a11",
    )
    assert settings.service_hosts() == ("127.0.0.1", ".teams.microsoft.com")
