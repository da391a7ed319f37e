"""The keys of the vault: in a file outside the database and outside its backup.

The file is JSON: for each procedure its keys by id, and which of them seals.  Older keys stay until nothing
is sealed with them any more.  Destroying a procedure's keys destroys its personal answers, in every backup too.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

EVENTS = "inbox"
"""Whose key seals raw events, which belong to no procedure yet."""

BACKUP = "backup"
"""Whose key seals backups.  It opens no record by itself: those inside are sealed with keys of their own."""

PRINTS = "fingerprints"
"""Whose key fingerprints of answers are made with.  It is never renewed: earlier cases would not be known again."""

_BYTES = 32


class KeyringUnusable(Exception):
    """The key file is missing, readable by others, or no key file; the text says what to do."""


class VaultKeyMissing(LookupError):
    """No such key on the ring: what was sealed with it cannot be opened."""


@dataclass(frozen=True)
class Keyring:
    """Keys of 32 bytes by procedure and key id, and the id of the key that seals for each procedure."""

    keys: Mapping[str, Mapping[str, bytes]] = field(repr=False)
    current: Mapping[str, str]
    since: Mapping[str, int] = field(default_factory=dict)
    """When (ms) the current key of each procedure began to seal, where a renewal says so."""

    def key(self, procedure: str, key_id: str) -> bytes:
        """Return the key *key_id* of *procedure*.

        Raises:
            VaultKeyMissing: There is none.
        """
        try:
            return self.keys[procedure][key_id]
        except KeyError:
            raise VaultKeyMissing(f"no key {key_id!r} of {procedure!r}") from None

    def newest(self, procedure: str) -> str:
        """Return the id of the key that seals for *procedure*.

        Raises:
            VaultKeyMissing: *procedure* has no key yet.
        """
        try:
            return self.current[procedure]
        except KeyError:
            raise VaultKeyMissing(f"no key of {procedure!r}: add one to the key file") from None

    def is_renewed(self, procedure: str) -> bool:
        """Return whether there are older keys of *procedure*, with which something may still be sealed."""
        return len(self.keys.get(procedure, {})) > 1


class KeyFile:
    """The keyring stored at a path, as it stands at each moment: a renewed key is used at once, without a restart.

    Where the file cannot be used any more, the keys that were read last go on.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            KeyringUnusable: With what to do about it.
        """
        self._path = path
        self._stamp = _stamp(path)
        self._ring = load_keyring(path)

    def key(self, procedure: str, key_id: str) -> bytes:
        """As :meth:`Keyring.key`; a key that another process has just made is looked for in the file."""
        try:
            return self._ring.key(procedure, key_id)
        except VaultKeyMissing:
            self._look()
            return self._ring.key(procedure, key_id)

    def newest(self, procedure: str) -> str:
        """As :meth:`Keyring.newest`, by the file as it stands now."""
        self._look()
        return self._ring.newest(procedure)

    def is_renewed(self, procedure: str) -> bool:
        """As :meth:`Keyring.is_renewed`."""
        self._look()
        return self._ring.is_renewed(procedure)

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            with suppress(KeyringUnusable):
                # One assignment: whoever reads at the same moment has the old ring or the new one.
                self._ring, self._stamp = load_keyring(self._path), stamp


def _stamp(path: Path) -> tuple[int, int, int]:
    """Return what tells one state of the file from the next; it is always replaced, never written into."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def create_keyring(path: Path, procedures: Iterable[str]) -> Keyring:
    """Return a new keyring, stored at *path* (mode 0600): a key for each of *procedures* and for raw events.

    Raises:
        FileExistsError: There is a file already; it is never written over.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ring = Keyring({}, {})
    for procedure in (*procedures, EVENTS):
        ring = _with_key(ring, procedure)
    written = _write_beside(path, ring)
    try:
        os.link(written, path)
    finally:
        written.unlink()
    _sync(path.parent)
    return ring


def load_keyring(path: Path) -> Keyring:
    """Return the keyring stored at *path*.

    Raises:
        KeyringUnusable: With what to do about it.
    """
    try:
        with path.open("rb") as file:
            _refuse_open_file(path, os.fstat(file.fileno()))
            return _read(json.loads(file.read()))
    except OSError as fault:
        raise KeyringUnusable(f"the key file {path} cannot be read ({fault.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not chained: the fault may quote the keys.
        raise KeyringUnusable(
            f"{path} is not a key file, or it is damaged: restore it from its copy"
        ) from None


def add_key(path: Path, *procedures: str, now: int = 0) -> Keyring:
    """Return the keyring at *path* with a new key for each of *procedures*, which seals from *now* (ms) on.

    Raises:
        KeyringUnusable: As :func:`load_keyring`.
    """
    with _alone(path.parent):
        ring = load_keyring(path)
        for procedure in procedures:
            ring = _with_key(ring, procedure, now)
        _replace(path, ring)
    return ring


def remove_keys(path: Path, procedure: str, key_ids: Iterable[str]) -> Keyring:
    """Return the keyring at *path* without the keys *key_ids* of *procedure*; what they sealed is lost for good.

    Raises:
        KeyringUnusable: As :func:`load_keyring`.
        ValueError: One of them seals at present.
    """
    with _alone(path.parent):
        ring, gone = load_keyring(path), frozenset(key_ids)
        if ring.newest(procedure) in gone:
            raise ValueError(f"the key that seals for {procedure} cannot be removed")
        left = {name: key for name, key in ring.keys[procedure].items() if name not in gone}
        ring = Keyring({**ring.keys, procedure: left}, ring.current, ring.since)
        _replace(path, ring)
    return ring


def _replace(path: Path, ring: Keyring) -> None:
    _write_beside(path, ring).replace(path)
    _sync(path.parent)


def _with_key(ring: Keyring, procedure: str, now: int = 0) -> Keyring:
    key_id = secrets.token_hex(8)
    keys = {**ring.keys.get(procedure, {}), key_id: secrets.token_bytes(_BYTES)}
    since = {**ring.since, procedure: now} if now else ring.since
    return Keyring({**ring.keys, procedure: keys}, {**ring.current, procedure: key_id}, since)


def _read(stored: Mapping[str, Any]) -> Keyring:
    keys = {
        procedure: {name: _key(text) for name, text in each["keys"].items()}
        for procedure, each in stored.items()
    }
    current = {procedure: str(each["current"]) for procedure, each in stored.items()}
    if any(current[procedure] not in keys[procedure] for procedure in keys):
        raise ValueError("the sealing key is not among the keys")
    since = {procedure: int(each["since"]) for procedure, each in stored.items() if "since" in each}
    return Keyring(keys, current, since)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _refuse_open_file(path: Path, status: os.stat_result) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyringUnusable(f"others may read the key file {path}: run  chmod 600 {path}")


def _write_beside(path: Path, ring: Keyring) -> Path:
    """Return a complete, synced file in the folder of *path*, readable by its owner alone."""
    stored = {
        procedure: {
            "current": ring.current[procedure],
            **({"since": ring.since[procedure]} if procedure in ring.since else {}),
            "keys": {name: base64.b64encode(key).decode() for name, key in keys.items()},
        }
        for procedure, keys in ring.keys.items()
    }
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        json.dump(stored, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return Path(file.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # Two keys added at the same moment would leave the file with one, and what the other sealed lost.
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
