"""``madoguchi keys``: renewing the keys of the vault while the desk goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.clock import Clock
from bot.progress import Watch
from bot.settings import Settings
from dialogs.procedures import REGISTER
from storage import backup_about, rewrapping
from storage import engine as database
from storage.alone import alone, looking
from storage.keyring import (
    BACKUP,
    EVENTS,
    PRINTS,
    KeyFile,
    Keyring,
    VaultKeyMissing,
    add_key,
    load_keyring,
    remove_keys,
)
from storage.vault import Vault

GRACE = 10 * 60 * 1000
"""How long (ms) a key stays after it was renewed: a turn that began before may still seal with it."""


class KeysRefused(Exception):
    """The keys cannot be changed like that; the text says why."""


def sealed_procedures() -> tuple[str, ...]:
    """Return whose keys seal what lies in the database, but for raw events."""
    return tuple(each.key for each in REGISTER.procedures)


def rotate(settings: Settings, procedures: Sequence[str], clock: Clock) -> Iterator[str]:
    """Make a new key for each of *procedures*, all at once where none is named; what is sealed from now on has it.

    Raises:
        KeysRefused: There is no such procedure.
    """
    chosen = tuple(procedures) or (*sealed_procedures(), EVENTS, BACKUP)
    known = load_keyring(settings.vault_keys_file).current
    unknown = [each for each in chosen if each not in known]
    if unknown:
        raise KeysRefused(f"there is no key of {', '.join(unknown)}; there are: {', '.join(known)}")
    if PRINTS in chosen:
        raise KeysRefused(f"the key of {PRINTS} is never renewed: earlier cases would not be known again")
    ring = add_key(settings.vault_keys_file, *chosen, now=clock.now())
    for each in chosen:
        yield f"{each}: {ring.newest(each)} seals from now on"
    yield f"renew the copy of {settings.vault_keys_file} now: without the new keys nothing sealed from now on opens"
    yield "a running desk seals its old records anew within the hour; or run: madoguchi keys rewrap"


def rewrap(settings: Settings, watch: Watch) -> Iterator[str]:
    """Seal everything anew that older keys sealed.  Whoever is stopped in the middle runs it again.

    Raises:
        InUse: A desk is running on the SQLite file; it does the same by itself.
    """
    vault = Vault(KeyFile(settings.vault_keys_file))
    with alone(settings.database_url) as engine:
        for procedure in sealed_procedures():
            with database.read(engine) as conn:
                wanted = rewrapping.waiting(conn, vault, procedure)
            with watch(procedure, wanted) as told:
                yield f"{procedure}: {rewrapping.rewrap(engine, vault, procedure, told)} sealed anew"
        yield f"{EVENTS}: {rewrapping.events(engine, vault)} sealed anew"


def show(settings: Settings) -> Iterator[str]:
    """Say how much each key seals; never a key."""
    ring, held = load_keyring(settings.vault_keys_file), _held(settings)
    for procedure, keys in ring.keys.items():
        for key_id in keys:
            state = "seals" if key_id == ring.newest(procedure) else "old"
            other = {BACKUP: "backups", PRINTS: "fingerprints"}
            sealed = other.get(procedure) or f"{held.get((procedure, key_id), 0)} blobs"
            yield f"{procedure:16} {key_id:16} {state:5} {sealed}"
    for (procedure, key_id), rows in held.items():
        if not _has(ring, procedure, key_id):
            yield f"{procedure:16} {key_id:16} GONE  {rows} blobs that cannot be opened"


def _has(ring: Keyring, procedure: str, key_id: str) -> bool:
    try:
        return bool(ring.key(procedure, key_id))
    except VaultKeyMissing:
        return False


def _held(settings: Settings) -> dict[tuple[str, str], int]:
    engine = looking(settings.database_url)
    try:
        with database.read(engine) as conn:
            found = backup_about.vault_keys(conn)
    finally:
        engine.dispose()
    return {(name, key_id): rows for name, keys in found.items() for key_id, rows in keys.items()}


def retire(settings: Settings, procedures: Sequence[str], clock: Clock) -> Iterator[str]:
    """Remove the older keys of *procedures*, all but those of backups where none is named.

    Raises:
        KeysRefused: Something is still sealed with one of them, or was renewed only now; nothing was removed.
    """
    ring, held = load_keyring(settings.vault_keys_file), _held(settings)
    chosen = tuple(procedures) or tuple(each for each in ring.current if each != BACKUP)
    old = {each: sorted(set(ring.keys.get(each, {})) - {ring.newest(each)}) for each in chosen}
    for procedure, keys in old.items():
        needed = sum(held.get((procedure, key_id), 0) for key_id in keys)
        if needed:
            raise KeysRefused(
                f"{needed} blobs of {procedure} still need an older key; run: madoguchi keys rewrap"
            )
        if keys and clock.now() - ring.since.get(procedure, 0) < GRACE:
            raise KeysRefused(
                f"the key of {procedure} was renewed less than ten minutes ago; turns may still use it"
            )
    for procedure, keys in old.items():
        if keys:
            remove_keys(settings.vault_keys_file, procedure, keys)
            yield f"{procedure}: {', '.join(keys)} removed"
    yield "what older backups hold under these keys opens only with an older copy of the key file"
