"""One file that holds the whole database, sealed, with a manifest that anybody may read.

The file is a ZIP archive, so that any tool shows what it is: ``header.json`` says how it is sealed,
``rows.sealed`` holds the tables, ``manifest.json`` says what is inside.  The manifest stands in the sealed part
too, and must be the same.  An archive that was cut off has no table of contents and does not open.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from sqlalchemy import Connection, text

from storage import backup_cipher, backup_rows
from storage.backup_cipher import SealBroken, SealingWriter
from storage.backup_rows import Shape, Tally

FORMAT = 1
HEADER, ROWS, MANIFEST = "header.json", "rows.sealed", "manifest.json"
_MOST_JSON = 1 << 20
_MOST_AT_ONCE = 1 << 22
_LEVEL = 1  # the vault does not shrink, and what does shrinks most at once

Told = Callable[[int], None]
"""Is told how many rows more are done."""


class BackupUnusable(Exception):
    """The file is no backup, is damaged, or the key is another one; the text says which."""


@dataclass(frozen=True)
class Lock:
    """What seals a backup: the key, and how whoever restores it comes by it (never the key itself)."""

    key: bytes
    how: Mapping[str, Any]


def by_key(key: bytes, key_id: str) -> Lock:
    """Return the lock of a key from the key file."""
    return Lock(key, {"kind": "key file", "key_id": key_id})


def by_passphrase(passphrase: str) -> Lock:
    """Return the lock of a passphrase that somebody knows."""
    salt = backup_cipher.new_salt()
    how = {"kind": "passphrase", "salt": _text(salt), **backup_cipher.SCRYPT}
    return Lock(backup_cipher.from_passphrase(passphrase, salt), how)


def write(
    conn: Connection, target: IO[bytes], lock: Lock, about: Mapping[str, Any], told: Told
) -> Mapping[str, Any]:
    """Write a backup of all that *conn* sees, one state of the database, into *target*; return its manifest.

    *about* goes into the manifest as it stands.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL statement_timeout = 0"))
    salt = backup_cipher.new_salt()
    header = _json({"format": FORMAT, "cipher": "AES-256-GCM", "salt": _text(salt), "key": lock.how})
    with ZipFile(target, "w", ZIP_STORED) as archive:
        archive.writestr(HEADER, header)
        with archive.open(ROWS, "w", force_zip64=True) as rows:
            sealing = SealingWriter(rows, lock.key, salt, header)
            packing = zlib.compressobj(_LEVEL)
            tallies: dict[str, Any] = {}
            for line in _lines(conn, tallies, told):
                sealing.write(packing.compress(line))
            manifest = {
                "format": FORMAT,
                **about,
                "tables": tallies,
                "left_out": [*sorted(backup_rows.LEFT_OUT)],
            }
            sealing.write(packing.compress(_line({"manifest": manifest})) + packing.flush())
            sealing.finish()
        archive.writestr(MANIFEST, _json(manifest))
    return manifest


def _lines(conn: Connection, tallies: dict[str, Any], told: Told) -> Iterator[bytes]:
    for shape in backup_rows.shapes():
        tally = Tally()
        yield _line(shape.stored())
        for line in backup_rows.lines(conn, shape):
            tally.add(line)
            yield line
            if tally.rows % shape.batch == 0:
                told(shape.batch)
        told(tally.rows % shape.batch)
        tallies[shape.name] = tally.result()
        yield _line({"end": shape.name, **tallies[shape.name]})


@dataclass(frozen=True)
class Archive:
    """A backup that was found whole on the outside; *manifest* is what it says of itself."""

    archive: ZipFile
    header: bytes
    salt: bytes
    how: Mapping[str, Any]
    manifest: Mapping[str, Any]

    def key_of(self, passphrase: str) -> bytes:
        """Return the key that *passphrase* makes for this file.

        Raises:
            BackupUnusable: The header was changed.
        """
        try:
            cost = {name: int(self.how[name]) for name in backup_cipher.SCRYPT}
            salt = _bytes(self.how["salt"])
        except (KeyError, ValueError, TypeError):
            raise BackupUnusable("the header of the backup was changed") from None
        if cost != backup_cipher.SCRYPT:  # whoever changed it would have us work for days, or fill the memory
            raise BackupUnusable("the header of the backup was changed: its passphrase has another cost")
        return backup_cipher.from_passphrase(passphrase, salt)

    def tables(self, key: bytes) -> Iterator[tuple[Shape, Iterator[bytes]]]:
        """Yield each table with its lines, which must be read to their end; each is checked against the manifest.

        Raises:
            BackupUnusable: Something is wrong, at the latest after the last table: keep nothing before the end.
        """
        found = self._lines(key)
        for line in found:
            stored = json.loads(line)
            if "manifest" in stored:
                self._check_manifest(stored["manifest"])
                if next(found, None) is not None:
                    raise BackupUnusable("there is something behind the end of the backup")
                return
            shape = Shape.read(stored)
            yield shape, self._rows(shape, found)
        raise BackupUnusable("the backup ends in the middle")

    def _rows(self, shape: Shape, found: Iterator[bytes]) -> Iterator[bytes]:
        tally = Tally()
        for line in found:
            if line.startswith(b"{"):
                if json.loads(line) != {"end": shape.name, **tally.result()}:
                    raise BackupUnusable(f"the table {shape.name} is not as it was written")
                return
            tally.add(line + b"\n")
            yield line

    def _check_manifest(self, sealed: Mapping[str, Any]) -> None:
        if sealed != self.manifest:
            raise BackupUnusable("the manifest was changed: it is not the one that was sealed")

    def _lines(self, key: bytes) -> Iterator[bytes]:
        """Yield the lines of the sealed part, without their line feeds."""
        unpacking, rest = zlib.decompressobj(), b""
        try:
            with self.archive.open(ROWS) as sealed:
                for piece in backup_cipher.opened(sealed, key, self.salt, self.header):
                    for content in _unpacked(unpacking, piece):
                        *whole, rest = (rest + content).split(b"\n")
                        yield from whole
        except SealBroken as fault:
            raise BackupUnusable(f"the backup does not open: {fault}") from None
        except (BadZipFile, zlib.error, EOFError) as fault:
            raise BackupUnusable(f"the backup is damaged ({type(fault).__name__})") from None


def open_archive(source: IO[bytes]) -> Archive:
    """Return the backup in *source*; nothing that is sealed has been looked at yet.

    Raises:
        BackupUnusable: It is no backup, was cut off, or was made by a later program.
    """
    try:
        archive = ZipFile(source)
        header, manifest = _member(archive, HEADER), _member(archive, MANIFEST)
        head, told = json.loads(header), json.loads(manifest)
        made, salt, how = (head["format"], told["format"]), _bytes(head["salt"]), dict(head["key"])
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError) as fault:
        raise BackupUnusable(f"this is no whole backup ({type(fault).__name__})") from None
    if made != (FORMAT, FORMAT):
        raise BackupUnusable(
            "the backup was made by another version of the program: restore it with that one"
        )
    return Archive(archive, header, salt, how, told)


def _member(archive: ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _MOST_JSON:
        raise ValueError("too long")
    return archive.read(name)


def _unpacked(unpacking: Any, piece: bytes) -> Iterator[bytes]:
    """Yield what *piece* holds, never more than a few megabytes at a time."""
    content = unpacking.decompress(piece, _MOST_AT_ONCE)
    while content:
        yield content
        content = unpacking.decompress(unpacking.unconsumed_tail, _MOST_AT_ONCE)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text_: str) -> bytes:
    return base64.b64decode(text_, validate=True)
