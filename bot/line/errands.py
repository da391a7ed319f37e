"""What is to be fetched from LINE or done there besides sending: profiles, photos, menus, leaving groups."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore

import structlog
from sqlalchemy import Engine

from bot import menus
from bot.clock import Clock
from bot.desk import Arrival, Desk
from bot.line.gateway import LineGateway, Outcome
from bot.line.richmenus.linking import Linking
from bot.photos import UnreadablePhoto, cleaned
from bot.words import negotiate
from dialogs.events import Introduced, Unreadable
from storage import engine as database
from storage import photos, turns
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered, Parcel
from storage.vault import Vault

log = structlog.get_logger()

DECODING = BoundedSemaphore(2)
"""A photo may take 250 MB while it is unfolded, so few are at once, however many senders there are."""

MOST_TRIES = 8
"""Tries before an errand is given up: LINE keeps photos for a while only, and a greeting must not wait long."""

GREETING_TRIES = 2

_LONGEST_CAUSE = 53
"""What leaves an event's id within the 64 characters that the inbox keeps."""


@dataclass
class Errands:
    """Runs the parcels that are not messages."""

    engine: Engine
    gateway: LineGateway
    desk: Desk
    vault: Vault
    clock: Clock

    def run(self, parcel: Parcel) -> Delivered:
        """Return what became of the errand *parcel*."""
        match parcel.kind:
            case "profile":
                return self._introduce(parcel)
            case "content":
                return self._fetch(parcel)
            case "leave":
                return self._leave(parcel)
            case menus.KIND:
                return Linking(self.engine, self.gateway, self.desk.register, self.clock).run(parcel)
            case "loading":
                # A sign of life and nothing more: whatever becomes of it, it is not tried again.
                self.gateway.loading(parcel.recipient, int(parcel.body["seconds"]))
                return Delivered(parcel.id, DELIVERED)
            case _:
                return Delivered(parcel.id, UNDELIVERABLE, error="unknown errand")

    def _introduce(self, parcel: Parcel) -> Delivered:
        outcome = self.gateway.profile(parcel.recipient)
        if outcome.kind != "delivered" and parcel.attempts < GREETING_TRIES and outcome.kind != "permanent":
            return Delivered(parcel.id, WAITING, due=self.clock.now() + 500, error=outcome.kind)
        # Without a profile people are greeted in Japanese: a greeting in time is worth more than its language.
        arrival = Arrival(
            f"{str(parcel.body['cause'])[:_LONGEST_CAUSE]}/introduced",
            parcel.channel,
            parcel.recipient,
            Introduced(self._locale(parcel, outcome), bool(parcel.body["greet"])),
            parcel.reply_token,
            parcel.reply_until,
        )
        self.desk.hear(arrival, self.clock.now())
        return Delivered(parcel.id, DELIVERED, request_id=outcome.request_id or None)

    def _locale(self, parcel: Parcel, outcome: Outcome) -> str:
        with database.read(self.engine) as conn:
            person = turns.load(conn, parcel.channel, parcel.recipient)
        if person and person.locale_chosen:
            return person.locale
        language = outcome.data.get("language")
        return negotiate(language if isinstance(language, str) else None)

    def _fetch(self, parcel: Parcel) -> Delivered:
        if self._is_forgotten(parcel):
            return Delivered(parcel.id, DELIVERED, error="taken back")
        outcome = self.gateway.content(str(parcel.body["message"]))
        if outcome.kind == "delivered":
            return self._keep(parcel, outcome.content)
        if outcome.kind == "permanent" or parcel.attempts >= MOST_TRIES:
            return self._lost(parcel, outcome.kind)
        return Delivered(
            parcel.id, WAITING, due=self.clock.now() + 1000 * 2**parcel.attempts, error=outcome.kind
        )

    def _is_forgotten(self, parcel: Parcel) -> bool:
        with database.read(self.engine) as conn:
            return photos.get(conn, str(parcel.body["photo"])) is None

    def _keep(self, parcel: Parcel, content: bytes) -> Delivered:
        photo = str(parcel.body["photo"])
        try:
            with DECODING:
                picture = cleaned(content)
        except UnreadablePhoto:
            return self._lost(parcel, "not a photo")
        with database.write(self.engine) as conn:
            photos.store(conn, self.vault, photo, picture, media_type="image/jpeg")
        return Delivered(parcel.id, DELIVERED)

    def _lost(self, parcel: Parcel, why: str) -> Delivered:
        photo = str(parcel.body["photo"])
        with database.write(self.engine) as conn:
            photos.fail(conn, photo)
        lost = Unreadable(str(parcel.body["message"]))
        self.desk.hear(Arrival(f"photo/{photo}", parcel.channel, parcel.recipient, lost), self.clock.now())
        return Delivered(parcel.id, UNDELIVERABLE, error=why)

    def _leave(self, parcel: Parcel) -> Delivered:
        outcome = self.gateway.leave(str(parcel.body["source_type"]), parcel.recipient)
        done = outcome.kind in {"delivered", "permanent"}
        if done or parcel.attempts >= MOST_TRIES:
            return Delivered(parcel.id, DELIVERED if done else UNDELIVERABLE, error=outcome.kind)
        return Delivered(
            parcel.id, WAITING, due=self.clock.now() + 1000 * 2**parcel.attempts, error=outcome.kind
        )
