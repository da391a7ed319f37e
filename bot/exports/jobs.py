"""Long exports, made while whoever asked does something else.

A job is a folder: a note of how far it went and, at the end, the file.  The file is sealed with a key of its own,
which lies in the note, sealed by the vault; both go together a quarter of an hour after it was made.  Whether
somebody still works on a job is told by a lock on its folder: a job that nobody works on and that is not done was
interrupted, and says so.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import IO

import structlog

from bot.exports.export import Export, Wish
from bot.exports.rooms import Rooms, held, is_held
from bot.exports.source import Source
from dialogs.words import _
from storage import engine as database
from storage.backup_cipher import SealingWriter, opened
from storage.sealed import Sealed

LIFE = 15 * 60 * 1000
"""How long (ms) a file waits to be downloaded: for a long one over a slow line, not for somebody else to find it."""

WHY = "export"
TABLE = "exports"
"""What the seal of a file's key is bound to, beside its id; no table has the name."""

_PREFIX = "job-"
_NOTE, _FILE, _END = "note.json", "file", "end"

log = structlog.get_logger()


class State(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


STATES: Mapping[State, str] = {
    State.WAITING: _("順番を待っています"),
    State.RUNNING: _("作っています"),
    State.READY: _("できました"),
    State.FAILED: _("作れませんでした"),
    State.INTERRUPTED: _("途中で止まりました"),
}
"""How a job stands, in few words."""

AT_WORK = frozenset({State.WAITING, State.RUNNING})


@dataclass(frozen=True)
class Job:
    """One file that *by* asked for.  Times are in ms UTC; *until* is 0 while it is being made.

    *key_id* and *key* (hex) are the file's own key, sealed.  *names* are its name in ASCII and in Japanese.
    """

    id: str
    by: str
    dataset: str
    names: tuple[str, str]
    content_type: str
    asked_at: int
    state: State = State.WAITING
    begun_at: int = 0
    until: int = 0
    rows: int = 0
    total: int = 0
    losses: int = 0
    size: int = 0
    key_id: str = ""
    key: str = ""


class Ended(Exception):
    """Whoever asked for the export does not want it any more."""


@dataclass(frozen=True)
class Workshop:
    """Makes long exports, one after the other, in the folder of *rooms*."""

    rooms: Rooms
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, source: Source, wish: Wish, names: tuple[str, str], content_type: str) -> Job:
        """Return the job that makes what *wish* asks for; the one at work already where there is one."""
        now, by = source.clock.now(), source.reader.by
        job = Job(secrets.token_hex(16), by, source.dataset.key, names, content_type, now)
        with self.rooms.alone():
            at_work = next((each for each in self.of(by) if each.state in AT_WORK), None)
            if at_work:
                return at_work
            self._folder(job.id).mkdir(mode=0o700)
            lock = held(self._folder(job.id))
            try:
                self._store(job)
            except OSError:
                os.close(lock)
                raise
        work = _Work(self, source, wish, job, lock)
        threading.Thread(
            target=work.run, args=(self._turn,), name=f"export {job.id[:8]}", daemon=True
        ).start()
        return job

    def find(self, name: str, by: str) -> Job | None:
        """Return the job *name* of *by*; None where there is none, or where it is somebody else's."""
        job = self._load(self._folder(name)) if name.isalnum() else None
        return job if job and job.by == by else None

    def of(self, by: str) -> Sequence[Job]:
        """Return the jobs of *by*, the newest first."""
        found = (self._load(folder) for folder in self.rooms.folder.glob(f"{_PREFIX}*"))
        return sorted((each for each in found if each and each.by == by), key=lambda each: -each.asked_at)

    def end(self, job: Job) -> None:
        """Remove *job*; one at work ends after the page it is at."""
        if is_held(self._folder(job.id)):
            with suppress(FileNotFoundError):  # done in this moment
                (self._folder(job.id) / _END).touch()
        else:
            shutil.rmtree(self._folder(job.id), ignore_errors=True)

    def pieces(self, job: Job, source: Source) -> Iterator[bytes]:
        """Return the file of *job*, once its opening is logged.

        Raises:
            FileNotFoundError: It was removed meanwhile.
        """
        path = self._folder(job.id) / _FILE
        path.stat()  # what is gone is not opened, and not logged
        reader, sealed = source.reader, Sealed(job.key_id, bytes.fromhex(job.key))
        with database.write(source.engine) as conn:
            key = source.vault.open_bytes(
                conn,
                TABLE,
                job.id,
                sealed,
                procedure=source.dataset.sealed_as,
                by=reader.by,
                role=reader.role,
                why=WHY,
                now=source.clock.now(),
            )
        return _read(path.open("rb"), key, job)

    def tidy(self, now: int) -> None:
        """Remove what is over at *now* (ms), and what a program that was killed left half done."""
        if not self.rooms.folder.is_dir():
            return
        self.rooms.sweep()
        with self.rooms.alone():
            for folder in self.rooms.folder.glob(f"{_PREFIX}*"):
                if not is_held(folder):
                    self._tidy(folder, now)

    def _tidy(self, folder: Path, now: int) -> None:
        job = self._load(folder)
        if job is None or 0 < job.until <= now:
            shutil.rmtree(folder, ignore_errors=True)
        elif job.state is State.INTERRUPTED and not job.until:
            self.close(replace(job, until=now + LIFE))

    def close(self, job: Job) -> None:
        """Keep the note of *job* alone, so that whoever asked learns how it ended."""
        for each in self._folder(job.id).iterdir():
            if each.name != _NOTE:
                each.unlink()
        self._store(job)

    def is_ended(self, job: Job) -> bool:
        """Return whether whoever asked for *job* does not want it any more."""
        return (self._folder(job.id) / _END).exists()

    def folder(self, job: Job) -> Path:
        """Return where *job* is made."""
        return self._folder(job.id)

    def remember(self, job: Job) -> None:
        """Store how far *job* is."""
        self._store(job)

    def _folder(self, name: str) -> Path:
        return self.rooms.folder / f"{_PREFIX}{name}"

    def _store(self, job: Job) -> None:
        half = self._folder(job.id) / f".{_NOTE}"
        half.write_text(json.dumps(asdict(job)), "utf-8")
        half.replace(half.with_name(_NOTE))

    def _load(self, folder: Path) -> Job | None:
        try:
            noted = json.loads((folder / _NOTE).read_text("utf-8"))
            job = Job(**{**noted, "names": tuple(noted["names"]), "state": State(noted["state"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if (folder / _END).exists():
            return None
        return job if job.state not in AT_WORK or is_held(folder) else replace(job, state=State.INTERRUPTED)


@dataclass
class _Work:
    """The making of one file, in a thread of its own.  *lock* says that somebody is at it."""

    shop: Workshop
    source: Source
    wish: Wish
    job: Job
    lock: int

    def run(self, turn: threading.Lock) -> None:
        """Make the file; however it ends, whoever asked can see it."""
        now = self.source.clock.now
        try:
            with turn:
                self._make()
        except Ended:
            shutil.rmtree(self.shop.folder(self.job), ignore_errors=True)
        except Exception:
            log.exception("export_failed", name=self.job.id)
            with suppress(OSError):  # the disk may be full: the lock alone tells then that nobody is at it
                self.shop.close(replace(self.job, state=State.FAILED, until=now() + LIFE))
        finally:
            os.close(self.lock)
        later = threading.Timer(LIFE / 1000 + 1, lambda: self.shop.tidy(now()))
        later.daemon = True
        later.start()

    def _make(self) -> None:
        folder, source = self.shop.folder(self.job), self.source
        key = secrets.token_bytes(32)
        sealed = source.vault.seal_bytes(TABLE, self.job.id, key, procedure=source.dataset.sealed_as)
        begun = replace(self.job, state=State.RUNNING, begun_at=source.clock.now())
        self.job = replace(begun, key_id=sealed.key_id, key=sealed.blob.hex())
        export = Export(source, self.wish, folder, self._watch)
        size = losses = 0
        with (folder / _FILE).open("wb") as file:
            writer = SealingWriter(file, key, *_bound(self.job))
            for piece in export.pieces():
                writer.write(piece)
                size += len(piece)
                losses += sum(1 for _line in export.lines())
            writer.finish()
        done = replace(self.job, state=State.READY, until=source.clock.now() + LIFE)
        self.shop.remember(replace(done, size=size, losses=losses))

    def _watch(self, rows: int, total: int) -> None:
        if self.shop.is_ended(self.job):
            raise Ended
        self.job = replace(self.job, rows=rows, total=total)
        self.shop.remember(self.job)


def _bound(job: Job) -> tuple[bytes, bytes]:
    # The key is this file's alone, so its id can be the salt as well as what the pieces are bound to.
    return job.id.encode(), job.id.encode()


def _read(file: IO[bytes], key: bytes, job: Job) -> Iterator[bytes]:
    with file:
        yield from opened(file, key, *_bound(job))
