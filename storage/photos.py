"""Photos of residents: expected from the platform, then kept sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from storage.tables import photos
from storage.upsert import into
from storage.vault import Sealed, Vault, VaultRecordMissing

EXPECTED = "expected"
STORED = "stored"
FAILED = "failed"


@dataclass(frozen=True)
class Photo:
    """What is known of an unopened photo.  *source* is the platform's message until it is fetched."""

    id: str
    procedure: str
    person_id: str
    source: str | None
    state: str
    media_type: str
    created_at: int


_PHOTO = select(
    photos.c.id,
    photos.c.procedure,
    photos.c.person_id,
    photos.c.source,
    photos.c.state,
    photos.c.media_type,
    photos.c.created_at,
)


def expect(conn: Connection, photo: str, *, procedure: str, person_id: str, source: str, now: int) -> str:
    """Return *photo*, which is now known to lie at the platform under *source*.  Twice is as good as once."""
    row = {"id": photo, "procedure": procedure, "person_id": person_id, "source": source}
    known = into(conn, photos).values({**row, "state": EXPECTED, "media_type": "", "created_at": now})
    conn.execute(known.on_conflict_do_nothing(index_elements=[photos.c.id]))
    return photo


def store(conn: Connection, vault: Vault, photo: str, content: bytes, *, media_type: str) -> bool:
    """Return whether *content* was sealed and kept; not where the photo was taken back or is here already."""
    known = get(conn, photo)
    if known is None:
        return False
    sealed = vault.seal_bytes(photos.name, photo, content, procedure=known.procedure)
    kept = {"state": STORED, "source": None, "media_type": media_type}
    wanted = update(photos).where(photos.c.id == photo, photos.c.state != STORED)
    return conn.execute(wanted.values(kept | {"key_id": sealed.key_id, "blob": sealed.blob})).rowcount == 1


def fail(conn: Connection, photo: str) -> None:
    """Note that the photo could not be fetched."""
    wanted = update(photos).where(photos.c.id == photo, photos.c.state == EXPECTED)
    conn.execute(wanted.values(state=FAILED))


def get(conn: Connection, photo: str) -> Photo | None:
    """Return what is known of *photo*, None for one that was forgotten."""
    row = conn.execute(_PHOTO.where(photos.c.id == photo)).first()
    return Photo(*row) if row else None


def open_photo(  # noqa: PLR0913 -- where it lies, and who asks
    conn: Connection, vault: Vault, photo: str, *, by: str, role: str, why: str, now: int
) -> bytes:
    """Return the photo itself and log that *by* opened it.

    Raises:
        VaultRecordMissing: It was not fetched yet, or it was forgotten.
        VaultSealBroken: It is not what was sealed here.
    """
    row = conn.execute(
        select(photos.c.procedure, photos.c.key_id, photos.c.blob).where(photos.c.id == photo)
    ).first()
    if row is None or row.blob is None:
        raise VaultRecordMissing(photo)
    sealed = Sealed(row.key_id, row.blob)
    return vault.open_bytes(
        conn, photos.name, photo, sealed, procedure=row.procedure, by=by, role=role, why=why, now=now
    )


def forget(conn: Connection, photo: str) -> None:
    """Remove *photo*."""
    conn.execute(delete(photos).where(photos.c.id == photo))
