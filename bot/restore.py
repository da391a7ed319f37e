"""``madoguchi restore``: a backup brought back, whole or not at all, without those who were erased since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from bot import backup
from bot.clock import Clock
from bot.office import OfficeFileError
from bot.progress import Told, Watch
from bot.reconcile import compare
from bot.settings import Settings
from storage import backup_about, backup_load, erasures, erasures_file, gaps, migrate
from storage.alone import alone
from storage.backup import Archive, BackupUnusable
from storage.erasures_file import Tombstone
from storage.keyring import Keyring, KeyringUnusable, load_keyring
from storage.vault import Vault

AHEAD = 100
"""How far each series of numbers jumps: what was given since the backup must not be given to somebody else."""


@dataclass(frozen=True)
class Order:
    """What the command was asked for.

    *moved*: the old desk was stopped before the backup, so nothing happened since.  *numbers_from* says behind
    which number a series goes on.  *erasures* is the file of erasures, None where nobody was ever erased.
    """

    path: Path
    into: str
    erasures: Path | None
    replace: bool = False
    moved: bool = False
    passphrase: str | None = field(default=None, repr=False)
    numbers_from: Mapping[str, int] = field(default_factory=dict)


def restore(settings: Settings, order: Order, clock: Clock, watch: Watch) -> Iterator[str]:
    """Bring the backup back and yield lines for whoever waits: what was done, and what to see to.

    Everything is verified before anything is written, and all is written in one transaction.

    Raises:
        BackupUnusable: The backup is damaged or does not open, or the database is not empty.
        ErasuresUnusable: The file of erasures was changed.
        InUse: A desk is running on the SQLite file.
    """
    stones = _stones(order.erasures)
    with backup.opened(order.path) as archive:
        key = backup.key_for(settings, archive, order.passphrase)
        _check_fits(archive, stones, order)
        with watch("verify", backup.rows_of(archive)) as told:
            backup_load.check(archive, key, told)
        yield from backup.lines(archive.manifest)
        ring = _ring(settings)
        yield from _lacking(archive.manifest, ring)
        with alone(order.into) as engine:
            if not order.replace and not backup_load.is_empty(engine):
                raise BackupUnusable("the database is not empty; say --replace to throw away what it holds")
            with watch("restore", 2 * backup.rows_of(archive)) as told:
                done = _Restoring(archive, key, order, stones, Vault(ring), clock.now()).run(engine, told)
            yield from done
            _analyze(engine)
    yield from _compared(settings.model_copy(update={"database_url": order.into}), clock)


def _stones(path: Path | None) -> Sequence[Tombstone]:
    try:
        return erasures_file.read(path) if path else ()
    except FileNotFoundError:
        raise BackupUnusable(
            f"there is no {path}: who was erased since the backup would come back; put the copy of the file "
            "there, or say --no-erasures where nobody was ever erased"
        ) from None


def _check_fits(archive: Archive, stones: Sequence[Tombstone], order: Order) -> None:
    known = int(archive.manifest["erasures"])
    if known > len(stones):
        raise BackupUnusable(
            f"the backup knows {known} erasures, the file of erasures {len(stones)}: it is an old copy; put the "
            "newest one in its place"
        )
    unknown = set(order.numbers_from) - set(archive.manifest["numbers"])
    if unknown:
        there = ", ".join(sorted(archive.manifest["numbers"])) or "none"
        raise BackupUnusable(f"there is no series {', '.join(sorted(unknown))}; there are: {there}")
    if archive.manifest["schema"] not in migrate.known():
        raise BackupUnusable("the backup comes from a later program: restore it with that one")


def _ring(settings: Settings) -> Keyring:
    try:
        return load_keyring(settings.vault_keys_file)
    except KeyringUnusable:  # sealed with a passphrase, and the keys are still to be brought
        return Keyring({}, {})


def _lacking(manifest: Mapping[str, Any], ring: Keyring) -> Iterator[str]:
    for procedure, keys in manifest["vault_keys"].items():
        for key_id in keys:
            if key_id not in ring.keys.get(procedure, {}):
                yield f"WARNING: no key {key_id} of {procedure} in the key file: what it sealed cannot be opened"


@dataclass(frozen=True)
class _Restoring:
    archive: Archive
    key: bytes
    order: Order
    stones: Sequence[Tombstone]
    vault: Vault
    now: int

    def run(self, engine: Engine, told: Told) -> list[str]:
        """Do all of it in one transaction; return what to tell."""
        try:
            with migrate.rebuilding(engine, str(self.archive.manifest["schema"])) as conn:
                backup_load.load(conn, self.archive, self.key, told)
                migrate.move_on(conn)
                restored = backup_about.line(backup_about.ledger(conn))
                as_made = backup_about.line(self.archive.manifest["ledger"])
                if restored != as_made:
                    raise BackupUnusable(f"the ledger is not equal: {restored}")
                return [*self._settled(conn), f"ledger equal to the backup's: {as_made}", self._now(conn)]
        except CommandError as fault:
            raise BackupUnusable(
                f"the database is of a schema that this program does not know ({fault})"
            ) from None

    def _settled(self, conn: Connection) -> Iterator[str]:
        back = erasures.again(conn, self.stones, self.vault, self.now)
        yield f"erased once more: {back} of {len(self.stones)} erasures concerned what the backup brought back"
        if self.order.moved:
            return
        ended = backup_load.settle_outbox(conn, self.now)
        yield f"messages that may have been sent since the backup, not sent again: {ended}"
        made_at = int(self.archive.manifest["made_at_ms"])
        passed = backup_load.settle_reminders(conn, made_at, self.now)
        yield f"reminders that fell due since the backup, not sent again: {passed}"
        yield from self._numbers(conn)

    def _numbers(self, conn: Connection) -> Iterator[str]:
        for series, last in backup_load.numbers(conn).items():
            ahead = max(last, self.order.numbers_from.get(series, last + AHEAD))
            backup_load.go_on_from(conn, series, ahead)
            gaps.note(conn, series, last, ahead)
            yield f"numbers {series}: {last} at the backup, the next one is {ahead + 1}"

    def _now(self, conn: Connection) -> str:
        return f"now: {backup_about.line(backup_about.ledger(conn))}"


def _compared(settings: Settings, clock: Clock) -> Iterator[str]:
    """Yield what the ledgers say of one another now; on the machine of a drill the office file may be missing."""
    try:
        yield from compare(settings, clock=clock).lines()
    except (OfficeFileError, OSError) as fault:
        yield f"the ledgers were not compared: {fault}; run: madoguchi reconcile"


def _analyze(engine: Engine) -> None:
    """Let the database look at its new content: its plans are those of an empty one."""
    with engine.begin() as conn:
        conn.execute(text("ANALYZE"))
