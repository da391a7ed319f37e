"""``madoguchi backup``: a sealed copy of the whole database in one file, while the desk goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from sqlalchemy import Engine

from bot.clock import Clock, moment
from bot.progress import Watch
from bot.settings import Settings
from storage import backup, backup_about, backup_load, backup_rows, migrate, values
from storage import engine as database
from storage.alone import looking
from storage.backup import Archive, BackupUnusable, Lock
from storage.keyring import BACKUP, VaultKeyMissing, load_keyring

SHORTEST_PASSPHRASE = 16
"""Characters; a passphrase is tried by whoever has stolen the file, for as long as they like."""

LAST = "last_backup"
"""The value that keeps when the last backup was made (ms)."""

_NO_KEY = "the key file has no key for backups; run: madoguchi vault-keys, and renew the copy of the key file"


@dataclass(frozen=True)
class Made:
    """A backup that was written: where, and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]


def default_path(now: int) -> Path:
    """Return where a backup made at *now* (ms) lies if nobody says anything else."""
    return Path("var/backups") / f"madoguchi-{moment(now):%Y%m%d-%H%M%S}.backup"


def make(settings: Settings, out: Path, passphrase: str | None, clock: Clock, watch: Watch) -> Made:
    """Write a backup to *out*; the file takes its name only when it is whole and on the disk.

    Raises:
        BackupUnusable: There is no key for it, or a file of that name.
    """
    if out.exists():
        raise BackupUnusable(f"{out} is there already; choose another name")
    lock = _lock(settings, passphrase)
    engine = looking(settings.database_url)
    try:
        revision = migrate.current(engine)
        if revision != migrate.head():
            raise BackupUnusable(f"the database is at {revision or 'nothing'}; run: madoguchi upgrade")
        with database.read(engine) as conn, _whole(out) as target:
            rows = sum(backup_rows.count(conn, shape) for shape in backup_rows.shapes())
            about: dict[str, Any] = {
                "made_at": moment(clock.now()).isoformat(timespec="seconds"),
                "made_at_ms": clock.now(),
                "program": version("madoguchi"),
                "schema": revision,
                "database": engine.dialect.name,
                **backup_about.about(conn),
            }
            with watch("backup", rows) as told:
                manifest = backup.write(conn, target, lock, about, told)
        _note(engine, about["made_at_ms"])
        return Made(out, manifest)
    finally:
        engine.dispose()


def _note(engine: Engine, made_at: int) -> None:
    """Let the figures say when the last backup was made.  Beside a desk on SQLite nobody else may write."""
    if engine.dialect.name == "postgresql":
        with database.write(engine) as conn:
            values.put(conn, LAST, str(made_at))


def _lock(settings: Settings, passphrase: str | None) -> Lock:
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BackupUnusable(f"a passphrase needs {SHORTEST_PASSPHRASE} characters or more")
        return backup.by_passphrase(passphrase)
    ring = load_keyring(settings.vault_keys_file)
    try:
        key_id = ring.newest(BACKUP)
    except VaultKeyMissing:
        raise BackupUnusable(_NO_KEY) from None
    return backup.by_key(ring.key(BACKUP, key_id), key_id)


def key_for(settings: Settings, archive: Archive, passphrase: str | None) -> bytes:
    """Return the key that opens *archive*.

    Raises:
        BackupUnusable: It was sealed by something that is not here; the text says by what.
    """
    if archive.how.get("kind") == "passphrase":
        if passphrase is None:
            raise BackupUnusable("the backup was sealed with a passphrase; name its file: --passphrase-file")
        return archive.key_of(passphrase)
    key_id = str(archive.how.get("key_id"))
    try:
        return load_keyring(settings.vault_keys_file).key(BACKUP, key_id)
    except VaultKeyMissing:
        raise BackupUnusable(
            f"the key {key_id} that sealed the backup is not in {settings.vault_keys_file}; put its copy there"
        ) from None


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Yield the backup at *path*.

    Raises:
        BackupUnusable: It is none, or was cut off.
    """
    with path.open("rb") as source:
        yield backup.open_archive(source)


def check(settings: Settings, path: Path, passphrase: str | None, watch: Watch) -> Mapping[str, Any]:
    """Read the backup at *path* to its end and return its manifest: it is whole, and opens.

    Raises:
        BackupUnusable: It is not, or does not.
    """
    with opened(path) as archive, watch("check", rows_of(archive)) as told:
        backup_load.check(archive, key_for(settings, archive, passphrase), told)
        return archive.manifest


def rows_of(archive: Archive) -> int:
    """Return how many rows a backup has."""
    return sum(int(each["rows"]) for each in archive.manifest["tables"].values())


def lines(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a manifest says, for whoever made or checked the backup."""
    rows = sum(int(each["rows"]) for each in manifest["tables"].values())
    yield f"made at {manifest['made_at']} of {manifest['database']}, schema {manifest['schema']}, {rows} rows"
    yield backup_about.line(manifest["ledger"])
    needed = [f"{name} {key}" for name, keys in manifest["vault_keys"].items() for key in keys]
    yield f"needs the vault's keys: {', '.join(needed) or 'none'}; they are not in the backup"


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """Yield what to write to; it takes the name *out* at the end, and nothing is left where it went wrong."""
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as half:
        try:
            yield half
            half.flush()
            os.fsync(half.fileno())
            os.link(half.name, out)
        finally:
            Path(half.name).unlink(missing_ok=True)
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
