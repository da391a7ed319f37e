"""Personal answers, sealed: one AES-256-GCM blob per record, with its place bound in.

A blob that was moved to another row, put back in a later version's place, changed, or sealed for another
procedure does not open.  A whole row put back as it once was does open: no seal can know what came after it.

Opening is the only way to read, and it writes the access log in the same transaction: a transaction that
cannot write cannot read.
"""

from __future__ import annotations

import hmac
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import starmap
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from storage import accesslog
from storage.asjson import dump, load
from storage.keyring import (
    EVENTS,
    PRINTS,
    KeyFile,
    Keyring,
    KeyringUnusable,
    VaultKeyMissing,
    add_key,
    create_keyring,
    load_keyring,
)
from storage.prints import Print
from storage.sealed import Sealed, SealedRecord
from storage.tables import vault
from storage.turns import Stale

__all__ = [
    "Keyring",
    "KeyringUnusable",
    "Sealed",
    "SealedRecord",
    "Vault",
    "VaultKeyMissing",
    "VaultRecordMissing",
    "VaultSealBroken",
    "add_key",
    "create_keyring",
    "load_keyring",
]

_NONCE = 12
_ONCE = 1
"""The version of what is sealed once and never changed."""

_CHUNK = 500

_ROW = select(vault).where(vault.c.id == bindparam("record"))
_RECORD = tuple(vault.c[name] for name in SealedRecord._fields)
_ROWS = select(*_RECORD).where(vault.c.id.in_(bindparam("records", expanding=True)))
_INSERT = insert(vault)
_UPDATE = (
    update(vault)
    .where(vault.c.id == bindparam("record"), vault.c.version == bindparam("before"))
    .values(
        version=bindparam("after"),
        key_id=bindparam("key"),
        blob=bindparam("bytes"),
        sealed_at=bindparam("now"),
    )
)


class VaultSealBroken(Exception):
    """The blob is not the one that was sealed in this place: somebody or something changed the database."""


class VaultRecordMissing(LookupError):
    """There is no such record: it was never sealed, or it was forgotten."""


@dataclass(frozen=True)
class _Place:
    """Where a blob belongs: all of it is authenticated with the blob."""

    procedure: str
    table: str
    record: str
    version: int

    def bound(self, key_id: str) -> bytes:
        return json.dumps([self.procedure, self.table, self.record, self.version, key_id]).encode()


@dataclass(frozen=True)
class Vault:
    """Seals and opens with the keys of *keyring*, which may be renewed meanwhile (:class:`KeyFile`)."""

    keyring: Keyring | KeyFile

    def seal(
        self,
        conn: Connection,
        procedure: str,
        personal: Mapping[str, object],
        *,
        now: int,
        record: str | None = None,
    ) -> str:
        """Return the id under which *personal* is kept: a new record, or the next version of *record*.

        Raises:
            Stale: *record* was sealed anew meanwhile; run the turn again.
            VaultKeyMissing: *procedure* has no key.
            VaultRecordMissing: There is no *record* of *procedure*.
        """
        if record is not None:
            self._seal_again(conn, procedure, personal, record, now)
            return record
        created = uuid.uuid4().hex
        sealed = self._seal(_Place(procedure, vault.name, created, _ONCE), dump(personal).encode())
        row = {"id": created, "procedure": procedure, "version": _ONCE, "sealed_at": now}
        conn.execute(_INSERT, {**row, "key_id": sealed.key_id, "blob": sealed.blob})
        return created

    def open(
        self, conn: Connection, record: str, *, by: str, role: str, why: str, now: int
    ) -> Mapping[str, Any]:
        """Return the personal answers of *record* and log that *by* opened them.

        Raises:
            VaultKeyMissing: The key that sealed it is not on the ring.
            VaultRecordMissing: There is no such record.
            VaultSealBroken: It is not what was sealed here.
        """
        opened = self.open_many(conn, [record], by=by, role=role, why=why, now=now)
        if record not in opened:
            raise VaultRecordMissing(record)
        return opened[record]

    def open_many(
        self, conn: Connection, records: Sequence[str], *, by: str, role: str, why: str, now: int
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the personal answers of each of *records* and log every one; what was forgotten is left out.

        Raises:
            VaultKeyMissing: A key that sealed one of them is not on the ring.
            VaultSealBroken: One of them is not what was sealed there.
        """
        return self.open_read(conn, _rows(conn, records), by=by, role=role, why=why, now=now)

    def open_read(
        self, conn: Connection, sealed: Iterable[SealedRecord], *, by: str, role: str, why: str, now: int
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return what *sealed* records say as :meth:`open_many` does, in one statement for all their entries.

        They may have been read in another transaction, a snapshot that cannot write: what they say comes out
        only here, and only together with its entries in the log.
        """
        opened = {each.id: load(self._open_row(each)) for each in sealed}
        accesslog.note_each(conn, accesslog.Entry(now, by, role, why, accesslog.RECORD, ""), list(opened))
        return opened

    def fingerprints(
        self, conn: Connection, record: str, traits: Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]
    ) -> frozenset[Print]:
        """Return a keyed fingerprint of each of the *traits* (kind, text) of *record*.  Nobody reads them.

        Raises:
            VaultKeyMissing: There is no key for fingerprints, or that of the record is not on the ring.
            VaultSealBroken: It is not what was sealed there.
        """
        key_id = self.keyring.newest(PRINTS)
        key = self.keyring.key(PRINTS, key_id)
        found = [trait for each in _rows(conn, [record]) for trait in traits(load(self._open_row(each)))]
        return frozenset(
            Print(kind, hmac.new(key, f"{kind}\0{text}".encode(), sha256).hexdigest(), key_id)
            for kind, text in found
        )

    def differing(self, conn: Connection, records: Sequence[str]) -> frozenset[str]:
        """Return the keys of the answers that are not the same in all of *records*; as above."""
        opened = [load(self._open_row(each)) for each in _rows(conn, records)]
        keys = {key for answers in opened for key in answers}
        return frozenset(key for key in keys if any(each.get(key) != opened[0].get(key) for each in opened))

    def forget(self, conn: Connection, record: str) -> None:
        """Remove *record*."""
        conn.execute(delete(vault).where(vault.c.id == record))

    def seal_bytes(self, table: str, record: str, content: bytes, *, procedure: str) -> Sealed:
        """Return *content* sealed for the row *record* of *table*.

        Raises:
            VaultKeyMissing: *procedure* has no key.
        """
        return self._seal(_Place(procedure, table, record, _ONCE), content)

    def open_bytes(  # noqa: PLR0913 -- where it lies, and who asks
        self,
        conn: Connection,
        table: str,
        record: str,
        sealed: Sealed,
        *,
        procedure: str,
        by: str,
        role: str,
        why: str,
        now: int,
    ) -> bytes:
        """Return what :meth:`seal_bytes` sealed and log that *by* opened it.

        Raises:
            VaultKeyMissing: The key that sealed it is not on the ring.
            VaultSealBroken: It is not what was sealed here.
        """
        content = self._open(_Place(procedure, table, record, _ONCE), sealed)
        accesslog.note(conn, [accesslog.Entry(now, by, role, why, accesslog.FILE, record, table)])
        return content

    def seal_event(self, event_id: str, content: bytes) -> bytes:
        """Return a raw event, sealed for its row of the inbox; it says itself which key opens it."""
        sealed = self._seal(_Place(EVENTS, "inbox", event_id, _ONCE), content)
        return sealed.key_id.encode() + b":" + sealed.blob

    def open_event(self, event_id: str, raw: bytes) -> bytes:
        """Return what :meth:`seal_event` sealed.  Nobody sees it: a machine tries the event again, unlogged.

        Raises:
            VaultKeyMissing: The key that sealed it is not on the ring.
            VaultSealBroken: It is not what was sealed here.
        """
        key_id, _, blob = raw.partition(b":")
        return self._open(
            _Place(EVENTS, "inbox", event_id, _ONCE), Sealed(key_id.decode("ascii", "replace"), blob)
        )

    def renewed(self, record: SealedRecord) -> Sealed:
        """Return *record* sealed with the newest key, as its next version.  Nobody sees it: nothing is logged.

        Raises:
            VaultKeyMissing: The key that sealed it is not on the ring.
            VaultSealBroken: It is not what was sealed there.
        """
        place = _Place(record.procedure, vault.name, record.id, record.version + 1)
        return self._seal(place, self._open_row(record))

    def renewed_bytes(self, table: str, record: str, sealed: Sealed, *, procedure: str) -> Sealed:
        """Return what :meth:`seal_bytes` sealed, sealed with the newest key; as :meth:`renewed`."""
        place = _Place(procedure, table, record, _ONCE)
        return self._seal(place, self._open(place, sealed))

    def _seal_again(
        self, conn: Connection, procedure: str, personal: Mapping[str, object], record: str, now: int
    ) -> None:
        row = conn.execute(_ROW, {"record": record}).first()
        if row is None or row.procedure != procedure:
            raise VaultRecordMissing(record)
        self._replace(conn, row, dump(personal).encode(), now)

    def _replace(self, conn: Connection, row: Row[Any], content: bytes, now: int) -> None:
        version = row.version + 1
        sealed = self._seal(_Place(row.procedure, vault.name, row.id, version), content)
        changed = {"record": row.id, "before": row.version, "after": version, "now": now}
        if conn.execute(_UPDATE, {**changed, "key": sealed.key_id, "bytes": sealed.blob}).rowcount != 1:
            raise Stale

    def _open_row(self, row: SealedRecord | Row[Any]) -> bytes:
        place = _Place(row.procedure, vault.name, row.id, row.version)
        return self._open(place, Sealed(row.key_id, row.blob))

    def _seal(self, place: _Place, content: bytes) -> Sealed:
        key_id = self.keyring.newest(place.procedure)
        nonce = os.urandom(_NONCE)
        cipher = AESGCM(self.keyring.key(place.procedure, key_id))
        return Sealed(key_id, nonce + cipher.encrypt(nonce, content, place.bound(key_id)))

    def _open(self, place: _Place, sealed: Sealed) -> bytes:
        cipher = AESGCM(self.keyring.key(place.procedure, sealed.key_id))
        nonce, content = sealed.blob[:_NONCE], sealed.blob[_NONCE:]
        try:
            return cipher.decrypt(nonce, content, place.bound(sealed.key_id))
        except (InvalidTag, ValueError):  # ValueError: cut so short that no nonce is left
            raise VaultSealBroken(f"{place.table} {place.record}") from None


def _rows(conn: Connection, records: Sequence[str]) -> Iterator[SealedRecord]:
    wanted = list(dict.fromkeys(records))
    for start in range(0, len(wanted), _CHUNK):
        yield from starmap(SealedRecord, conn.execute(_ROWS, {"records": wanted[start : start + _CHUNK]}))
