"""The commands as people type them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot import catalogs
from bot.cli import main
from bot.settings import PREFIX
from dialogs.procedures import REGISTER
from storage import migrate


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def run(*arguments: str, **settings: str) -> Result:
    env = {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, arguments, env=env)


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name)


def test_help_names_every_command() -> None:
    shown = run("--help")

    assert shown.exit_code == 0
    for promised in (
        "serve",
        "demo",
        "upgrade",
        "doctor",
        "vault-keys",
        "sign-in",
        "export",
        "backup",
        "restore",
        "erase",
        "words",
        "new-procedure",
    ):
        assert f"\n  {promised} " in shown.output


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_has_an_example_that_names_it(command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")

    assert shown.exit_code == 0
    assert f"Example: madoguchi {' '.join(command)}" in " ".join(shown.output.split())


def test_vault_keys_makes_the_file_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.json"

    made = run("vault-keys", vault_keys_file=str(path))

    assert made.exit_code == 0
    assert "fence_loan" in made.output
    assert "keep a copy" in made.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {*json.loads(path.read_text())} == {
        *(each.key for each in REGISTER.procedures),
        "inbox",
        "backup",
        "fingerprints",
    }


def test_vault_keys_never_touches_a_key_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    run("vault-keys", vault_keys_file=str(path))
    before = path.read_bytes()

    again = run("vault-keys", vault_keys_file=str(path))

    assert again.exit_code == 0
    assert "nothing added" in again.output
    assert path.read_bytes() == before


def test_vault_keys_adds_the_key_of_a_new_procedure_only(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    run("vault-keys", vault_keys_file=str(path))
    kept = json.loads(path.read_text())
    lost = kept.pop("fence_loan")
    path.write_text(json.dumps(kept))

    added = run("vault-keys", vault_keys_file=str(path))

    now = json.loads(path.read_text())
    assert "fence_loan added" in added.output
    assert now.pop("fence_loan") != lost
    assert now == kept


@pytest.mark.parametrize("content", ["", "{", "[]", '{"fence_loan": {}}'])
def test_vault_keys_leaves_a_damaged_file_alone_and_says_so_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vault.json"
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")

    refused = run("vault-keys", vault_keys_file=str(path))

    assert refused.exit_code == 1
    assert len(refused.output.splitlines()) == 1
    assert "restore it from its copy" in refused.output
    assert path.read_text(encoding="utf-8") == content


def test_vault_keys_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    refused = run("vault-keys", vault_keys_file=str(tmp_path / "file" / "vault.json"))

    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)


def test_upgrade_moves_an_empty_database_to_the_newest_schema(empty_database_url: str) -> None:
    first = run("upgrade", database_url=empty_database_url)
    again = run("upgrade", database_url=empty_database_url)

    assert first.output == f"database: empty -> {migrate.head()}\n"
    assert again.output == f"database: {migrate.head()} -> {migrate.head()}\n"


@pytest.mark.parametrize("command", [("upgrade",), ("sign-in", "--name", "見本"), ("export", "fence_loan")])
def test_a_database_that_is_not_there_is_one_line(command: tuple[str, ...], tmp_path: Path) -> None:
    keys = str(tmp_path / "vault.json")
    run("vault-keys", vault_keys_file=keys)

    refused = run(*command, database_url="postgresql+psycopg://u:geheim@127.0.0.1:9/d", vault_keys_file=keys)

    assert refused.exit_code == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "madoguchi doctor" in refused.stderr
    assert "geheim" not in refused.output


@pytest.mark.parametrize(
    "command", [("upgrade",), ("vault-keys",), ("sign-in", "--name", "x"), ("export", "fence_loan")]
)
def test_a_setting_that_is_wrong_is_named(command: tuple[str, ...]) -> None:
    refused = run(*command, public_url="http://madoguchi.example.jp")

    assert refused.exit_code == 1
    assert "MADOGUCHI_PUBLIC_URL: residents' data needs https" in refused.output


def test_doctor_says_all_that_a_bare_machine_lacks(tmp_path: Path) -> None:
    told = run("doctor")

    assert told.exit_code == 1
    for command in ("openssl rand -hex 32", "madoguchi vault-keys", "madoguchi upgrade"):
        assert command in told.output


def test_a_bare_machine_is_set_up_by_what_doctor_says(tmp_path: Path) -> None:
    settings = {"secret_key": os.urandom(32).hex()}
    run("vault-keys", **settings)
    run("upgrade", **settings)

    assert run("doctor", **settings).exit_code == 0


def test_an_unknown_dataset_is_told_with_those_there_are() -> None:
    refused = run("export", "nothing")

    assert refused.exit_code == 1
    assert "fence_loan" in refused.output


def test_words_tells_what_is_missing_and_changes_nothing_when_it_only_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogs, "update", lambda: pytest.fail("it was to check only"))
    problems = catalogs.check()

    told = run("words", "--check")

    assert told.output.splitlines()[-1] == f"{len(problems)} problems in the catalogs"
    assert told.exit_code == (1 if problems else 0)
