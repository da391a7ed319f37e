"""The vault's key file: private, complete, never lost."""

import json
import stat
from pathlib import Path

import pytest

from storage.keyring import EVENTS, KeyringUnusable, VaultKeyMissing, add_key, create_keyring, load_keyring
from tests.storage import make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "vault.json"


def test_a_new_keyring_is_read_as_it_was_made(path: Path) -> None:
    made = create_keyring(path, ["fence_loan", "survey"])

    assert load_keyring(path) == made
    assert set(made.current) == {"fence_loan", "survey", EVENTS}
    assert {len(key) for keys in made.keys.values() for key in keys.values()} == {32}


def test_every_procedure_has_a_key_of_its_own(path: Path) -> None:
    made = create_keyring(path, ["fence_loan", "survey"])

    assert len({key for keys in made.keys.values() for key in keys.values()}) == 3


def test_only_its_owner_may_read_a_new_file(path: Path) -> None:
    create_keyring(path, ["fence_loan"])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_is_never_written_over(path: Path) -> None:
    made = create_keyring(path, ["fence_loan"])

    with pytest.raises(FileExistsError):
        create_keyring(path, ["fence_loan"])

    assert load_keyring(path) == made
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_may_read_is_refused_with_what_to_do(path: Path, mode: int) -> None:
    create_keyring(path, ["fence_loan"])
    path.chmod(mode)

    with pytest.raises(KeyringUnusable, match="chmod 600"):
        load_keyring(path)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(KeyringUnusable, match=r"vault\.json cannot be read"):
        load_keyring(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"fence_loan": 1}',
        '{"fence_loan": {"keys": {}, "current": "k1"}}',
        '{"fence_loan": {"keys": {"k1": "c2hvcnQ="}, "current": "k1"}}',
        '{"fence_loan": {"keys": {"k1": "SECRET-not base64"}, "current": "k1"}}',
        '{"fence_loan": {"keys": {"k1": "SECRET',
    ],
)
def test_a_damaged_file_is_refused_without_quoting_it(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(KeyringUnusable) as fault:
        load_keyring(path)

    assert "SECRET" not in str(fault.value)
    assert fault.value.__cause__ is None


def test_an_added_key_seals_and_the_older_ones_stay(path: Path) -> None:
    before = create_keyring(path, ["fence_loan"])

    after = add_key(path, "fence_loan")

    assert load_keyring(path) == after
    assert after.newest("fence_loan") != before.newest("fence_loan")
    assert before.keys["fence_loan"].items() <= after.keys["fence_loan"].items()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_procedure_can_be_added(path: Path) -> None:
    create_keyring(path, ["fence_loan"])

    assert set(add_key(path, "survey").current) == {"fence_loan", "survey", EVENTS}


def test_keys_added_at_the_same_moment_are_all_kept(path: Path) -> None:
    create_keyring(path, ["fence_loan"])

    make.together(8, lambda: add_key(path, "fence_loan"))

    assert len(load_keyring(path).keys["fence_loan"]) == 9
    assert list(path.parent.iterdir()) == [path]


def test_a_keyring_shows_no_key(path: Path) -> None:
    made = create_keyring(path, ["fence_loan"])
    stored = json.loads(path.read_text())

    assert stored["fence_loan"]["keys"][made.newest("fence_loan")] not in repr(made)
    assert repr(made.key("fence_loan", made.newest("fence_loan"))) not in repr(made)


def test_an_unknown_procedure_or_key_is_named() -> None:
    with pytest.raises(VaultKeyMissing, match="exchange_meeting"):
        make.RING.newest("exchange_meeting")
    with pytest.raises(VaultKeyMissing, match="k9"):
        make.RING.key("survey", "k9")
