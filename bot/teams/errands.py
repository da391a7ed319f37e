"""What is to be done in Teams besides sending: photos are fetched, and newcomers greeted in their language."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore

import structlog
from sqlalchemy import Connection, Engine

from bot.clock import Clock
from bot.desk import Arrival, Desk
from bot.photos import UnreadablePhoto, cleaned
from bot.teams.content import Fetcher
from bot.teams.outcome import Outcome
from bot.words import negotiate
from dialogs.events import Introduced, Unreadable
from storage import engine as database
from storage import photos
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered, Parcel
from storage.teams import files, references
from storage.teams.references import Reference
from storage.vault import Vault

log = structlog.get_logger()

DECODING = BoundedSemaphore(2)
"""A photo may take 250 MB while it is unfolded, so few are at once, however many senders there are."""

MOST_TRIES = 8
"""Tries before a photo is given up: the addresses of attachments end after some minutes."""

_LOST = {"gone", "refused", "foreign", "too_big"}


@dataclass
class TeamsErrands:
    """Runs the parcels of Teams that are not messages."""

    engine: Engine
    fetcher: Fetcher
    desk: Desk
    vault: Vault
    clock: Clock

    def run(self, parcel: Parcel) -> Delivered:
        """Return what became of the errand *parcel*."""
        match parcel.kind:
            case "content":
                return self._fetch(parcel)
            case "profile":
                return self._introduce(parcel)
            case _:
                return Delivered(parcel.id, UNDELIVERABLE, error="unknown errand")

    def _fetch(self, parcel: Parcel) -> Delivered:
        photo, message = str(parcel.body["photo"]), str(parcel.body["message"])
        with database.read(self.engine) as conn:
            taken_back = photos.get(conn, photo) is None
            found = files.find(conn, message)
        if taken_back:
            return self._taken_back(parcel, message)
        if found is None:
            return self._lost(parcel, "no address")
        came = self.fetcher.fetch(found.url)
        if isinstance(came, bytes):
            return self._keep(parcel, came)
        if came.kind in _LOST or parcel.attempts >= MOST_TRIES:
            return self._lost(parcel, came.detail)
        return self._later(parcel, came)

    def _later(self, parcel: Parcel, came: Outcome) -> Delivered:
        pause = max(came.wait, 1000 * 2**parcel.attempts)
        return Delivered(parcel.id, WAITING, due=self.clock.now() + pause, error=came.detail)

    def _taken_back(self, parcel: Parcel, message: str) -> Delivered:
        with database.write(self.engine) as conn:
            files.forget(conn, message)
        return Delivered(parcel.id, DELIVERED, error="taken back")

    def _keep(self, parcel: Parcel, content: bytes) -> Delivered:
        photo, message = str(parcel.body["photo"]), str(parcel.body["message"])
        try:
            with DECODING:
                picture = cleaned(content)
        except UnreadablePhoto:
            return self._lost(parcel, "not a photo")
        with database.write(self.engine) as conn:
            photos.store(conn, self.vault, photo, picture, media_type="image/jpeg")
            files.forget(conn, message)
        return Delivered(parcel.id, DELIVERED)

    def _lost(self, parcel: Parcel, why: str) -> Delivered:
        photo, message = str(parcel.body["photo"]), str(parcel.body["message"])
        log.info("teams_photo_lost", outbox=parcel.id, reason=why)
        with database.write(self.engine) as conn:
            photos.fail(conn, photo)
            files.forget(conn, message)
        self._hear(f"photo/{photo}", parcel, Unreadable(message))
        return Delivered(parcel.id, UNDELIVERABLE, error=why)

    def _hear(self, cause: str, parcel: Parcel, event: Unreadable | Introduced) -> None:
        """Let the desk hear *event* of whom the errand was for; it answers in their personal chat."""
        with database.read(self.engine) as conn:
            here = _personal(conn, parcel.recipient)
        arrival = Arrival(
            cause, parcel.channel, parcel.recipient, event, conversation=here.id if here else ""
        )
        self.desk.hear(arrival, self.clock.now())

    def _introduce(self, parcel: Parcel) -> Delivered:
        """Tell the desk which language somebody reads in Teams."""
        with database.read(self.engine) as conn:
            here = _personal(conn, parcel.recipient)
        language = here.locale if here else ""
        cause = f"{str(parcel.body['cause'])[:_LONGEST_CAUSE]}/introduced"
        self._hear(cause, parcel, Introduced(negotiate(language or None), bool(parcel.body["greet"])))
        return Delivered(parcel.id, DELIVERED)


_LONGEST_CAUSE = 53
"""What leaves an event's id within the 64 characters that the inbox keeps."""


def _personal(conn: Connection, account: str) -> Reference | None:
    tenant, _, object_id = account.partition("/")
    return references.personal(conn, tenant, object_id)
