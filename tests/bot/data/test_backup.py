"""A backup is one state of the database, whole or not at all, and says nothing to whoever has no key."""

from __future__ import annotations

import io
import json
import stat
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, select

from bot import backup
from bot.cli import main
from bot.progress import unseen
from bot.service import Service
from bot.settings import Settings
from storage import backup_cipher, backup_rows
from storage import engine as database
from storage.backup import BackupUnusable
from storage.keyring import BACKUP, add_key
from storage.tables import cases, inbox, people, photos, submissions
from tests.storage import make as rows
from tests.support.applying import SECRETS, references
from tests.support.kept import back_up, bring_back, desk, everything, lived_in, many_photos, settings_of
from tests.support.service import StandingClock, Webhooks, post, user

PASSPHRASE = "見本の長いあいことば 2027 まどぐち"


def _check(chosen: Settings, path: Path, passphrase: str | None = None) -> object:
    return backup.check(chosen, path, passphrase, unseen)


def test_all_that_the_desk_knows_comes_back_in_either_database(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, empty_database_url: str
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    told = bring_back(chosen, clock, path, empty_database_url, moved=True)

    assert any(line.startswith("ledger equal") for line in told)
    restored = desk(empty_database_url, tmp_path, clock)
    assert everything(restored.engine) == everything(service.engine)
    assert post(restored, phone.text("メニュー")) == 200
    assert references(restored, phone.user_id) == references(service, phone.user_id)
    restored.stop()


def test_tokens_that_open_something_are_left_out(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, into)

    with backup.opened(path) as archive:
        assert archive.manifest["left_out"] == ["links", "sessions", "ticks"]
        assert not {"links", "sessions", "ticks"} & set(archive.manifest["tables"])


def test_the_desk_goes_on_meanwhile_and_the_backup_is_one_state_of_it(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    into: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(1, 30):
        post(service, Webhooks(user(number)).text("メニュー"))
    walked = backup_rows.lines
    served: list[int] = []

    def walk(conn: Connection, shape: backup_rows.Shape) -> Iterator[bytes]:
        # Between any two tables somebody new comes to the desk.
        served.append(post(service, Webhooks(user(1000 + len(served))).text("メニュー")))
        yield from walked(conn, shape)

    monkeypatch.setattr(backup_rows, "lines", walk)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    monkeypatch.undo()

    bring_back(chosen, clock, path, into)
    restored = desk(into, tmp_path, clock)
    assert len(served) > 5
    assert set(served) == {200}
    assert rows.count(restored.engine, people) == rows.count(restored.engine, inbox) == 29
    assert rows.count(service.engine, people) == 29 + len(served)
    restored.stop()


def test_without_the_key_it_tells_counts_and_ids_of_keys_alone(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    phone = lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    content = path.read_bytes()
    with ZipFile(path) as archive:
        manifest = archive.read("manifest.json").decode()
    assert all(secret.encode() not in content for secret in (*SECRETS, phone.user_id, "電気柵"))
    assert json.loads(manifest)["ledger"]["cases"] == 2
    assert list(json.loads(manifest)["vault_keys"]["fence_loan"].values()) == [3]
    assert "key_id" in archive_header(path)


def archive_header(path: Path) -> str:
    with ZipFile(path) as archive:
        return archive.read("header.json").decode()


def test_the_vaults_keys_are_not_in_it_even_for_whoever_has_the_key(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    keys = [
        key
        for each in json.loads(chosen.vault_keys_file.read_text()).values()
        for key in each["keys"].values()
    ]

    with backup.opened(path) as archive:
        opened = b"".join(
            line for _, found in archive.tables(backup.key_for(chosen, archive, None)) for line in found
        )

    assert b"fence_loan" in opened
    assert all(key.encode() not in opened for key in keys)
    assert all(secret.encode() not in opened for secret in SECRETS)


def test_only_its_owner_may_read_it(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    path = back_up(chosen, clock, tmp_path / "new" / "a.backup")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*path.parent.iterdir()] == [path]


def test_a_backup_that_is_there_is_never_written_over(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    path = back_up(chosen, clock, tmp_path / "a.backup")
    before = path.read_bytes()

    with pytest.raises(BackupUnusable, match="there already"):
        back_up(chosen, clock, path)

    assert path.read_bytes() == before


def test_one_that_fails_in_the_middle_leaves_nothing(
    service: Service,
    chosen: Settings,
    clock: StandingClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "a.backup")

    monkeypatch.setattr(backup_cipher.SealingWriter, "finish", full)
    with pytest.raises(OSError, match="No space"):
        back_up(chosen, clock, tmp_path / "new" / "a.backup")

    assert [*(tmp_path / "new").iterdir()] == []


@pytest.mark.parametrize("kept", [0, 1, 100, 0.2, 0.5, 0.9, -1000, -1])
def test_one_that_was_cut_off_is_refused(
    kept: float, chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    content = back_up(chosen, clock, tmp_path / "a.backup").read_bytes()
    length = int(len(content) * kept) if 0 < kept < 1 else int(kept) % len(content)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(content[:length])

    with pytest.raises(BackupUnusable):
        _check(chosen, cut)


def test_a_byte_that_was_changed_anywhere_is_noticed(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    with ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    changed = tmp_path / "changed.backup"

    for name, place in ((name, place) for name in members for place in (0.3, 0.6, 0.95)):
        content = bytearray(members[name])
        content[int(len(content) * place)] ^= 1
        with ZipFile(changed, "w") as archive:
            for each, right in members.items():
                archive.writestr(each, bytes(content) if each == name else right)
        with pytest.raises(BackupUnusable):
            _check(chosen, changed)

    with ZipFile(changed, "w") as archive:  # the control: nothing but the byte is wrong
        for each, right in members.items():
            archive.writestr(each, right)
    _check(chosen, changed)


def test_counts_that_were_changed_in_the_open_manifest_are_noticed(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")
    with ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest["erasures"] = 7
    members["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(path, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)

    with pytest.raises(BackupUnusable, match="manifest was changed"):
        _check(chosen, path)


def test_a_passphrase_seals_it_instead_and_another_opens_nothing(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup", PASSPHRASE)

    _check(chosen, path, PASSPHRASE)
    with pytest.raises(BackupUnusable, match="does not open"):
        _check(chosen, path, PASSPHRASE + "。")
    with pytest.raises(BackupUnusable, match="--passphrase-file"):
        _check(chosen, path)
    assert bring_back(chosen, clock, path, into, passphrase=PASSPHRASE)


def test_a_passphrase_that_can_be_guessed_is_refused(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    with pytest.raises(BackupUnusable, match="16 characters"):
        back_up(chosen, clock, tmp_path / "a.backup", "madoguchi")


def test_a_backup_of_before_the_key_was_renewed_still_opens(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    path = back_up(chosen, clock, tmp_path / "a.backup")
    add_key(chosen.vault_keys_file, BACKUP)

    _check(chosen, path)


def test_a_key_file_without_the_key_is_told_with_what_to_do(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    path = back_up(chosen, clock, tmp_path / "a.backup")
    other = settings_of(chosen.database_url, tmp_path / "other")
    bare = json.loads(chosen.vault_keys_file.read_text())
    del bare[BACKUP]
    chosen.vault_keys_file.write_text(json.dumps(bare))

    with pytest.raises(BackupUnusable, match="put its copy there"):
        _check(other, path)
    with pytest.raises(BackupUnusable, match="madoguchi vault-keys"):
        back_up(chosen, clock, tmp_path / "b.backup")


def test_memory_stays_flat_however_many_photos_there_are(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    many_photos(service, 60, 1_000_000)
    tracemalloc.start()

    path = back_up(chosen, clock, tmp_path / "a.backup")
    made = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    _check(chosen, path)
    checked = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert path.stat().st_size > 60_000_000
    assert max(made, checked) < 60_000_000


def test_the_commands_write_check_and_restore(
    chosen: Settings, service: Service, tmp_path: Path, into: str
) -> None:
    lived_in(service)
    env = {
        "MADOGUCHI_DATABASE_URL": chosen.database_url,
        "MADOGUCHI_VAULT_KEYS_FILE": str(chosen.vault_keys_file),
        "MADOGUCHI_ERASURES_FILE": str(chosen.erasures_file),
    }
    path = str(tmp_path / "a.backup")

    made = CliRunner().invoke(main, ["backup", "--out", path], env=env)
    checked = CliRunner().invoke(main, ["backup", "--check", path], env=env)
    asked = [
        "restore",
        path,
        "--into",
        into,
        "--no-erasures",
        "--numbers-from",
        "loan:2027=120",
    ]
    restored = CliRunner().invoke(main, asked, env=env)
    again = CliRunner().invoke(main, asked, env=env)

    assert (made.exit_code, checked.exit_code, restored.exit_code) == (0, 0, 0), restored.output
    assert "are not in the backup" in made.output
    assert "is whole and opens" in checked.output
    assert "the next one is 121" in restored.output
    assert (again.exit_code, len(again.stderr.splitlines())) == (1, 1)
    assert "--replace" in again.stderr


def test_what_is_no_backup_is_refused_in_one_line(chosen: Settings, tmp_path: Path) -> None:
    path = tmp_path / "no.backup"
    for content in (
        b"",
        b"PK",
        b"SQLite format 3\0",
        _zip({}),
        _zip({"header.json": b"[]", "manifest.json": b"{}"}),
    ):
        path.write_bytes(content)
        with pytest.raises(BackupUnusable) as told:
            _check(chosen, path)
        assert "\n" not in str(told.value)


def _zip(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_two_backups_at_once_are_both_whole(
    chosen: Settings, service: Service, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    paths = [tmp_path / f"{number}.backup" for number in range(2)]
    threads = [threading.Thread(target=back_up, args=(chosen, clock, path)) for path in paths]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)

    assert all(_check(chosen, path) for path in paths)
    with database.read(service.engine) as conn:
        filed = conn.execute(select(submissions.c.id).join(cases)).all()
    assert len(filed) == 2
    assert rows.count(service.engine, photos) == 1
