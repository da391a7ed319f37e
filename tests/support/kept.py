"""A desk whose data is backed up, restored and erased: settings with all its files, and something of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from bot import backup, restore, vault_keys
from bot.clock import day_of
from bot.progress import unseen
from bot.restore import Order
from bot.service import Service
from bot.settings import Settings
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import backup_rows, links, photos, reminders, sessions, staff, values
from storage import engine as database
from storage.staff import Member
from storage.tables import cases
from storage.tables import photos as photos_table
from storage.teams import cards, files, references
from storage.teams.files import Attachment
from storage.teams.references import Reference
from tests.support.applying import apply, person_of, to_the_page
from tests.support.service import StandingClock, Webhooks, make, settings, user
from tests.support.teams import BOT, SERVICE_URL, TENANT, oid

PICTURE = bytes(range(256)) * 40


def settings_of(url: str, folder: Path, **changes: Any) -> Settings:
    """Return the settings of a desk whose key file has a key for backups."""
    chosen = settings(url, folder, erasures_file=folder / "erasures.jsonl", **changes)
    vault_keys.complete(chosen.vault_keys_file)
    return chosen


def desk(url: str, folder: Path, clock: StandingClock) -> Service:
    """Return a service on *url* with such settings."""
    settings_of(url, folder)
    return make(url, folder, clock, erasures_file=folder / "erasures.jsonl")


def lived_in(service: Service) -> Webhooks:
    """Let three people use the desk; return the phone of the first, who has applied and begun anew."""
    first, second, third = (Webhooks(user(number)) for number in (1, 2, 3))
    for phone in (first, second):
        apply(service, phone)
    for phone in (first, third):
        to_the_page(service, phone)
    now, person = service.clock.now(), person_of(service, first.user_id)
    with database.write(service.engine) as conn:
        photos.expect(conn, "f1", procedure="fence_loan", person_id=person.id, source="m1", now=now)
        photos.store(conn, service.vault, "f1", PICTURE, media_type="image/jpeg")
        reminders.ask(conn, person.id, "opening:fence_loan", now + 1000, now)
        links.make(conn, "page", person.id, "c1", 1000, now)
        sessions.begin(conn, "page", person.id, "", "resident", 1000, now)
        values.put(conn, "sample", "𠮷 \x7f \u2028")
        _staffed(conn, now)
    return first


def _staffed(conn: Connection, now: int) -> None:
    """Put somebody on the roster who has a card of the first case in Teams and has sent a photo there."""
    grants = (Grant("*", Role.STAFF), Grant("fence_loan", Role.CHIEF, deputy=True))
    member = staff.add(conn, Member("", TENANT, oid(99), "係員の例", "city", grants), day_of(now), None, now)
    chat = Reference("a:sample", "personal", member.tenant, member.object_id, SERVICE_URL, BOT)
    kept = references.keep(conn, chat, now)
    case = conn.execute(select(cases.c.id).order_by(cases.c.reference)).scalars().first()
    assert case
    cards.keep(conn, case, kept, "1700000000000")
    files.keep(conn, Attachment("m1", "https://smba.example/v3/attachments/1", "IMG_0001.jpg"), now)


def back_up(chosen: Settings, clock: StandingClock, out: Path, passphrase: str | None = None) -> Path:
    """Write a backup and return where it lies."""
    return backup.make(chosen, out, passphrase, clock, unseen).path


def bring_back(chosen: Settings, clock: StandingClock, path: Path, into: str, **asked: Any) -> list[str]:
    """Restore the backup at *path* into the database *into*; return what was told."""
    order = Order(path, into, **{"erasures": None, **asked})
    return list(restore.restore(chosen, order, clock, unseen))


def many_photos(service: Service, count: int, size: int) -> None:
    """Store *count* sealed photos of *size* bytes of nobody."""
    row = {"procedure": "fence_loan", "person_id": "p", "state": "stored", "media_type": "image/jpeg"}
    for number in range(count):
        sealed = service.vault.seal_bytes(
            "photos", f"big{number}", number.to_bytes(4, "big") * (size // 4), procedure="fence_loan"
        )
        kept = {"id": f"big{number}", "key_id": sealed.key_id, "blob": sealed.blob, "created_at": 1}
        with database.write(service.engine) as conn:
            conn.execute(insert(photos_table), {**row, **kept})


def everything(engine: Engine) -> dict[str, list[bytes]]:
    """Return all that a backup holds, table by table, but for when the last one was made."""
    with database.read(engine) as conn:
        return {
            shape.name: [line for line in backup_rows.lines(conn, shape) if b'"last_backup"' not in line]
            for shape in backup_rows.shapes()
        }
