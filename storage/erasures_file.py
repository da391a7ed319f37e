"""What was erased, in a small file outside the database: a restore reads it, so that nobody comes back.

One line of JSON per erasure, only ever added to, each with the SHA-256 of the line before.  It holds random ids
and times: no name, no account, nothing that says who it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

_BEGIN = "0" * 64


class ErasuresUnusable(Exception):
    """The file of erasures was changed or cut in the middle; the text says where."""


@dataclass(frozen=True)
class Tombstone:
    """One erasure: of the *kind* person or case, whose random id is *subject*.  *erased_at* is in ms UTC."""

    id: str
    kind: str
    subject: str
    plan: str
    erased_at: int


def append(path: Path, stone: Tombstone) -> str:
    """Add *stone* to the file at *path*, synced to the disk, where it is not there yet; return its line's SHA-256.

    Raises:
        ErasuresUnusable: As :func:`read`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _held(path) as file:
        before = _BEGIN
        for known, digest in _stones(path, file):
            if known.id == stone.id:
                return digest
            before = digest
        line = json.dumps({**asdict(stone), "before": before}).encode() + b"\n"
        file.seek(0, os.SEEK_END)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(line).hexdigest()


def read(path: Path) -> Sequence[Tombstone]:
    """Return what was erased, in order.

    Raises:
        ErasuresUnusable: A line was changed, is missing, or is cut off.
        FileNotFoundError: There is no such file.
    """
    with path.open("rb") as file:
        return [stone for stone, _ in _stones(path, file)]


def _stones(path: Path, file: IO[bytes]) -> Iterator[tuple[Tombstone, str]]:
    before = _BEGIN
    for number, line in enumerate(file, start=1):
        try:
            stored = json.loads(line)
            if stored.pop("before") != before or not line.endswith(b"\n"):
                raise ValueError
            stone = Tombstone(**stored)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ErasuresUnusable(
                f"{path}, line {number}: not as it was written; put its copy in its place"
            ) from None
        before = hashlib.sha256(line).hexdigest()
        yield stone, before


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes]]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
