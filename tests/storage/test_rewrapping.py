"""Renewed keys take over what older keys sealed, batch by batch, whoever stops it and whoever writes meanwhile."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from storage import engine as database
from storage import inbox, photos, rewrapping
from storage.keyring import EVENTS, KeyFile, Keyring, VaultKeyMissing, add_key, create_keyring, remove_keys
from storage.tables import photos as photos_table
from storage.tables import vault
from storage.vault import Vault
from tests.storage import make
from tests.storage.make import NOW, VAULT


def _two_keys() -> Vault:
    """Return a vault whose ring got a second key for survey, which seals from now on."""
    return Vault(Keyring(make.RING.keys, {**make.RING.current, "survey": "k2"}))


def _without_the_old_key() -> Vault:
    return Vault(Keyring({"survey": {"k2": make.RING.keys["survey"]["k2"]}}, {"survey": "k2"}))


def _sealed(engine: Engine, count: int) -> list[str]:
    with database.write(engine) as conn:
        return [VAULT.seal(conn, "survey", {"number": n}, now=NOW) for n in range(count)]


def _numbers(engine: Engine, records: list[str], opener: Vault) -> list[int]:
    with database.write(engine) as conn:
        opened = opener.open_many(conn, records, by="t", role="admin", why="t", now=NOW)
    return [opened[each]["number"] for each in records]


def test_afterwards_the_old_key_is_not_needed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 3)
    records = _sealed(engine, 7)
    with database.write(engine) as conn:
        other = VAULT.seal(conn, "fence_loan", {"name": "見本"}, now=NOW)
    told: list[int] = []

    assert rewrapping.rewrap(engine, _two_keys(), "survey", told.append) == 7
    assert rewrapping.rewrap(engine, _two_keys(), "survey") == 0

    assert sum(told) == 7
    assert _numbers(engine, records, _without_the_old_key()) == list(range(7))
    with database.read(engine) as conn:
        assert rewrapping.waiting(conn, _two_keys(), "survey") == 0
        assert conn.execute(select(vault.c.version).where(vault.c.id == other)).scalar() == 1


def test_photos_are_taken_along(engine: Engine) -> None:
    with database.write(engine) as conn:
        for photo in ("f1", "f2"):
            photos.expect(conn, photo, procedure="survey", person_id="p1", source=photo, now=NOW)
        photos.store(conn, VAULT, "f1", b"picture", media_type="image/jpeg")

    assert rewrapping.rewrap(engine, _two_keys(), "survey") == 1

    with database.write(engine) as conn:
        keys = dict(conn.execute(select(photos_table.c.id, photos_table.c.key_id)).all())
        opened = photos.open_photo(conn, _without_the_old_key(), "f1", by="t", role="admin", why="t", now=NOW)
    assert keys == {"f1": "k2", "f2": None}
    assert opened == b"picture"


def test_events_that_wait_to_be_tried_again_are_taken_along(engine: Engine) -> None:
    keys = {**make.RING.keys, EVENTS: {**make.RING.keys[EVENTS], "k2": b"9" * 32}}
    renewed = Vault(Keyring(keys, {**make.RING.current, EVENTS: "k2"}))
    alone = Vault(Keyring({EVENTS: {"k2": b"9" * 32}}, {EVENTS: "k2"}))
    with database.write(engine) as conn:
        inbox.fail(conn, "e1", "line", VAULT.seal_event("e1", b"raw"), "ValueError", due=NOW, now=NOW)

    assert [rewrapping.events(engine, renewed) for _ in range(2)] == [1, 0]

    with database.read(engine) as conn:
        [row] = inbox.retryable(conn, NOW, 10)
    assert alone.open_event("e1", row.raw) == b"raw"


@pytest.mark.parametrize("after", [1, 2, 3])
def test_whoever_is_stopped_in_the_middle_begins_again_and_loses_nothing(
    engine: Engine, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 2)
    records = _sealed(engine, 9)
    batches: list[int] = []

    def stop(done: int) -> None:
        batches.append(done)
        if len(batches) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrapping.rewrap(engine, _two_keys(), "survey", stop)
    assert _numbers(engine, records, _two_keys()) == list(range(9))

    rest = rewrapping.rewrap(engine, _two_keys(), "survey")

    assert sum(batches) + rest == 9
    assert _numbers(engine, records, _without_the_old_key()) == list(range(9))


def test_a_batch_that_fails_leaves_no_record_half_sealed(engine: Engine) -> None:
    records = _sealed(engine, 5)

    def fail(_connection: object) -> None:
        raise KeyboardInterrupt

    event.listen(engine, "commit", fail)
    with pytest.raises(KeyboardInterrupt):
        rewrapping.rewrap(engine, _two_keys(), "survey")
    event.remove(engine, "commit", fail)

    assert _numbers(engine, records, VAULT) == list(range(5))


def test_without_a_renewed_key_nothing_is_written(engine: Engine) -> None:
    _sealed(engine, 3)

    assert rewrapping.everything(engine, VAULT, ("survey", "fence_loan")) == 0


# --- the file that is read while the desk goes on


def test_a_key_that_is_renewed_seals_at_once_without_a_restart(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_keyring(path, ["survey"])
    desk, other = Vault(KeyFile(path)), Vault(KeyFile(path))
    with database.write(engine) as conn:
        before = desk.seal(conn, "survey", {"number": 0}, now=NOW)

    added = add_key(path, "survey", now=NOW)

    with database.write(engine) as conn:
        after = desk.seal(conn, "survey", {"number": 1}, now=NOW)
        keys = dict(conn.execute(select(vault.c.id, vault.c.key_id)).all())
    assert keys[after] == added.newest("survey") != keys[before]
    assert _numbers(engine, [before, after], other) == [0, 1]
    assert _numbers(engine, [before, after], desk) == [0, 1]


def test_a_desk_that_read_its_keys_once_would_not_open_what_the_new_key_sealed(
    engine: Engine, tmp_path: Path
) -> None:
    """The control: reading the file anew is what keeps the talk going."""
    path = tmp_path / "keys.json"
    once = Vault(create_keyring(path, ["survey"]))
    add_key(path, "survey")
    with database.write(engine) as conn:
        record = Vault(KeyFile(path)).seal(conn, "survey", {"number": 1}, now=NOW)

    with pytest.raises(VaultKeyMissing):
        _numbers(engine, [record], once)


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_file_that_is_spoiled_while_the_desk_runs_does_not_stop_it(
    engine: Engine, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "keys.json"
    create_keyring(path, ["survey"])
    desk, good = Vault(KeyFile(path)), path.read_text()
    path.write_text(content)
    with database.write(engine) as conn:
        record = desk.seal(conn, "survey", {"number": 1}, now=NOW)
    assert _numbers(engine, [record], desk) == [1]

    path.unlink()
    assert _numbers(engine, [record], desk) == [1]
    path.touch(mode=0o600)
    path.write_text(good)
    add_key(path, "survey")

    with database.write(engine) as conn:
        desk.seal(conn, "survey", {"number": 2}, now=NOW)
        assert len(set(conn.execute(select(vault.c.key_id)).scalars())) == 2


def test_a_key_that_seals_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = create_keyring(path, ["survey"]).newest("survey")
    new = add_key(path, "survey", now=NOW).newest("survey")

    with pytest.raises(ValueError, match="survey"):
        remove_keys(path, "survey", [new])

    left = remove_keys(path, "survey", [old])
    assert set(left.keys["survey"]) == {new}
    assert left.since == {"survey": NOW}
