"""``madoguchi holders``: the list of subsidy holders from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.support.holders import SUZUKI, csv, xlsx
from tests.support.service import StandingClock, make


@pytest.fixture(autouse=True)
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    service = make(database_url, tmp_path, StandingClock())
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", database_url)
    monkeypatch.setenv("MADOGUCHI_VAULT_KEYS_FILE", str(service.settings.vault_keys_file))
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "k" * 32)
    service.engine.dispose()
    run("vault-keys")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def take(tmp_path: Path, content: bytes, *words: str) -> Result:
    path = tmp_path / "holders"
    path.write_bytes(content)
    return run("holders", "import", str(path), *words)


def listed() -> str:
    return run("holders", "list").output


def test_a_list_is_told_first_and_taken_with_yes(tmp_path: Path) -> None:
    told = take(tmp_path, csv())

    assert told.output.splitlines() == [
        "3 holders: 3 new, 0 changed, 0 removed",
        "nothing was taken yet; run the command again with --yes",
    ]
    assert listed() == "0 holders\n"
    assert take(tmp_path, csv(), "--yes").output.splitlines()[-1] == "the list counts from now on"
    assert "the list that counts is the same" in take(tmp_path, xlsx(), "--yes").output
    assert listed().startswith("3 holders\n")
    assert "terminal/" in listed()


def test_faults_are_told_by_row_and_column_and_nothing_is_taken(tmp_path: Path) -> None:
    rows = [("", "", "札幌市南区藤野五条3丁目1-2", ""), *[("なし", "", "札幌市", "")] * 120]
    done = take(tmp_path, csv(rows), "--yes")

    assert done.exit_code == 1
    assert "row 2, 補助金番号: 空です。" in done.output
    assert "and 21 more" in done.output
    assert listed() == "0 holders\n"


def test_a_fault_of_the_whole_file_names_its_column_or_the_file(tmp_path: Path) -> None:
    assert "住所: 「住所」の列がありません。" in take(tmp_path, csv(header=("番号", "", "", ""))).output
    assert "file: 1件もありません。" in take(tmp_path, csv([])).output


def test_removing_most_of_the_list_needs_a_word_of_its_own(tmp_path: Path) -> None:
    take(tmp_path, csv(), "--yes")
    refused = take(tmp_path, csv([SUZUKI]), "--yes")

    assert refused.exit_code == 1
    assert "--remove-many" in refused.output
    assert listed().startswith("3 holders\n")
    assert take(tmp_path, csv([SUZUKI]), "--yes", "--remove-many").exit_code == 0
    assert listed().startswith("1 holders\n")


def test_rows_with_an_address_nobody_knows_are_named(tmp_path: Path) -> None:
    assert "in rows 2" in take(tmp_path, csv([("R9-1", "", "どこかの町1-2", "")])).output


def test_without_the_key_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.keyring.Keyring.newest", _no_key)
    done = take(tmp_path, csv())

    assert (done.exit_code, "madoguchi vault-keys" in done.output) == (1, True)


def _no_key(_self: object, procedure: str) -> str:
    from storage.keyring import VaultKeyMissing

    raise VaultKeyMissing(procedure)
