"""The vault's key file as the program's procedures need it: one key each, made once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dialogs.procedures import REGISTER
from storage.keyring import BACKUP, EVENTS, PRINTS, add_key, create_keyring, load_keyring


def missing(path: Path, procedures: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the procedures that have no key in the file at *path* yet, raw events among them.

    Raises:
        KeyringUnusable: The file cannot be used; the text says what to do.
    """
    ring = load_keyring(path)
    wanted = procedures if procedures is not None else (each.key for each in REGISTER.procedures)
    return tuple(each for each in (*wanted, EVENTS) if each not in ring.current)


def complete(path: Path) -> tuple[str, ...]:
    """Return the procedures that were given a key now: all of them in a new file, the new ones in an old one.

    Keys that are there stay: without them the data sealed with them is lost.
    """
    every = tuple(each.key for each in REGISTER.procedures)
    if not path.exists():
        create_keyring(path, (*every, BACKUP, PRINTS))
        return every
    added = missing(path, (*every, BACKUP, PRINTS))
    for each in added:
        add_key(path, each)
    return added
