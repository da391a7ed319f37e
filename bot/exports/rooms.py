"""Where exports are put together: a folder of this program's alone, with a room for each.

What is half done holds personal answers.  A room goes with its export, however that ends; what a killed program
left behind is removed by the next export and the next start.  Whether somebody is still at work in a room is told
by a lock on it, which no killed program keeps.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import IO

_PREFIX = "room-"


@dataclass(frozen=True)
class Rooms:
    """The rooms in *folder*, which is made where it is missing."""

    folder: Path

    @contextmanager
    def lent(self) -> Iterator[Path]:
        """Yield an empty room that only this user can enter, and remove it with everything in it."""
        self.sweep()
        with self.alone():
            room = Path(mkdtemp(prefix=_PREFIX, dir=self.folder))
            lock = held(room)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> None:
        """Remove what killed programs left."""
        with self.alone():
            for room in self.folder.glob(f"{_PREFIX}*"):
                if not is_held(room):
                    shutil.rmtree(room, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other program from making or removing rooms."""
        # A room that was made but not locked yet must not be taken for a dead one.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = held(self.folder)
        try:
            yield
        finally:
            os.close(lock)


def held(folder: Path) -> int:
    """Lock *folder* and return the handle that keeps it locked until it is closed or its program ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def is_held(folder: Path) -> bool:
    """Return whether somebody holds *folder* locked."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def spooled(pieces: Iterable[bytes], room: Path) -> IO[bytes]:
    """Return a file of all *pieces*, at its beginning.  It has no name, so nothing of it outlives its reader."""
    file = TemporaryFile(dir=room)  # noqa: SIM115 -- it is handed on
    try:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
