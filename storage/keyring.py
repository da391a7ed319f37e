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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

EVENTS = "inbox"
"""Whose key seals raw events, which belong to no procedure yet."""

BACKUP = "backup"
"""Whose key seals backups.  It opens no record by itself: those inside are sealed with keys of their own."""

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


def add_key(path: Path, procedure: str) -> Keyring:
    """Return the keyring at *path* with a new key for *procedure* added, which seals from now on.

    Raises:
        KeyringUnusable: As :func:`load_keyring`.
    """
    with _alone(path.parent):
        ring = _with_key(load_keyring(path), procedure)
        _write_beside(path, ring).replace(path)
        _sync(path.parent)
    return ring


def _with_key(ring: Keyring, procedure: str) -> Keyring:
    key_id = secrets.token_hex(8)
    keys = {**ring.keys.get(procedure, {}), key_id: secrets.token_bytes(_BYTES)}
    return Keyring({**ring.keys, procedure: keys}, {**ring.current, procedure: key_id})


def _read(stored: Mapping[str, Any]) -> Keyring:
    keys = {
        procedure: {name: _key(text) for name, text in each["keys"].items()}
        for procedure, each in stored.items()
    }
    current = {procedure: str(each["current"]) for procedure, each in stored.items()}
    if any(current[procedure] not in keys[procedure] for procedure in keys):
        raise ValueError("the sealing key is not among the keys")
    return Keyring(keys, current)


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
