"""What is wrong with the vault's key file: without it nothing personal can be read, with it everything."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from bot.doctor_finding import OK, Finding, fault, warning
from bot.doctor_settings import is_public
from bot.settings import Settings
from bot.vault_keys import missing
from storage.keyring import PRINTS, Keyring, KeyringUnusable, load_keyring


def vault(settings: Settings, folder: Path | None) -> Iterator[Finding]:
    """Yield what is said of the key file; *folder* is where a SQLite database lies."""
    path = settings.vault_keys_file
    try:
        wrong = _file(path) or _keys(path)
    except KeyringUnusable as broken:
        wrong = fault("vault", str(broken))
    except OSError as broken:
        wrong = fault(
            "vault",
            f"{path} cannot be used ({broken.strerror}); set MADOGUCHI_VAULT_KEYS_FILE to the key file",
        )
    if wrong is None and is_public(settings):
        wrong = _working_copy(path)
    yield wrong or Finding(OK, "vault", "the key file is there and private")
    if wrong is None and PRINTS in missing(path, (PRINTS,)):
        text = "no key for fingerprints: staff are not told who may have borrowed before; run: madoguchi vault-keys"
        yield warning("vault", text)
    if folder is not None and is_public(settings) and path.resolve().parent == folder:
        text = (
            f"the vault's keys lie beside the database in {folder}; keep them where no backup of it reaches"
        )
        yield warning("vault", text)


def _file(path: Path) -> Finding | None:
    if not path.exists():
        return fault("vault", f"{path} is missing; make it once with: madoguchi vault-keys")
    if not path.is_file():
        return fault("vault", f"{path} is no file; set MADOGUCHI_VAULT_KEYS_FILE to the key file")
    if os.name != "posix":
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return fault("vault", f"others can read {path}; run: chmod 600 {path}")
    folder = path.resolve().parent
    mode = folder.stat().st_mode
    if mode & 0o002 and not mode & stat.S_ISVTX:
        return fault("vault", f"others could replace the keys in {folder}; run: chmod o-w {folder}")
    return None


def _keys(path: Path) -> Finding | None:
    lacking = missing(path)
    if lacking:
        return fault("vault", f"no key for {', '.join(lacking)}; run: madoguchi vault-keys")
    twins = _twins(load_keyring(path))
    if twins:
        text = (
            f"{' and '.join(twins)} have the same key, so that destroying one's would not destroy its answers"
        )
        return fault("vault", f"{text}; restore {path} from its copy")
    return None


def _twins(ring: Keyring) -> tuple[str, str] | None:
    held = {procedure: {*keys.values()} for procedure, keys in ring.keys.items()}
    return next((pair for pair in combinations(sorted(held), 2) if held[pair[0]] & held[pair[1]]), None)


def _working_copy(path: Path) -> Finding | None:
    """Return that *path* lies where a careless commit would publish it."""
    root = next((each for each in path.resolve().parents if (each / ".git").exists()), None)
    if root is None:
        return None
    text = f"{path} lies in the working copy {root} and could be committed; move it and set"
    return fault("vault", f"{text} MADOGUCHI_VAULT_KEYS_FILE")
