"""The door of LINE: the signature first, then every event on its own, then 200."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import Clock
from bot.desk import Arrival, Desk
from bot.lane import Door as Lane
from bot.line.listen import LineEvent, read_body, to_event
from bot.line.signature import verify
from bot.postback import PostbackCodec
from bot.words import words_for
from dialogs.events import Action
from dialogs.words import _
from storage import engine as database
from storage import inbox, outbox, turns
from storage.outbox import Queued
from storage.vault import Vault

log = structlog.get_logger()

PATH = "/line/webhook"

MOST_BYTES = 1_000_000
"""LINE's bodies are a few kilobytes; more is not read."""

TOKEN_LIFE = 50_000
"""How long (ms) a reply token is used: LINE promises a minute and may shorten it."""

TOKEN_END = 20 * 60_000
"""How long (ms) after an event its token can live, also where the event is delivered again."""

FIRST_RETRY = 5_000

# Looking a label up costs more than counting.
_TAKEN = metrics.WEBHOOKS.labels("line", "taken")
_NEW, _KNOWN = metrics.EVENTS.labels("line", "new"), metrics.EVENTS.labels("line", "known")

NOT_IN_GROUPS = _("この窓口は、グループではご利用になれません。お手数ですが、1対1のトークでお話しください。")


@dataclass
class LineDoor:
    """Hears LINE's webhooks.  *destination* is the channel's own user id, "" where it is not known."""

    engine: Engine
    desk: Desk
    codec: PostbackCodec
    vault: Vault
    clock: Clock
    secrets: Sequence[str]
    destination: str = ""

    def blueprint(self) -> Blueprint:
        """Return the route ``POST /line/webhook``."""
        door = Blueprint("line", __name__)
        door.add_url_rule(PATH, "webhook", self._webhook, methods=["POST"])
        return door

    def _webhook(self) -> Response:
        body = request.stream.read(MOST_BYTES + 1)
        return Response(status=self.hear(body, request.headers.get("X-Line-Signature")))

    def lanes(self) -> Mapping[str, Lane]:
        """Return what takes a usual request past the framework, by its path."""
        return {PATH: self.hear_request}

    def hear_request(self, body: bytes, environ: Mapping[str, Any]) -> tuple[int, str]:
        """Return the status, and no body, for a request as WSGI hands it over."""
        return self.hear(body, environ.get("HTTP_X_LINE_SIGNATURE")), ""

    def hear(self, body: bytes, signature: str | None) -> int:
        """Return the status for a webhook's body: 401 for one that is not LINE's, 200 once all is stored."""
        if len(body) > MOST_BYTES or not verify(body, signature, self.secrets):
            metrics.WEBHOOKS.labels("line", "refused").inc()
            return 401
        delivery = read_body(body)
        if delivery is None:
            return 200
        if self.destination and delivery.destination and delivery.destination != self.destination:
            metrics.WEBHOOKS.labels("line", "refused").inc()
            return 401
        _TAKEN.inc()
        # An event that could be neither taken nor kept must come again: LINE redelivers what is not answered 2xx.
        # Those behind it come again as well, so nobody waits here for a database that is gone.
        return 200 if all(self._stored(each) for each in delivery.events) else 503

    def _stored(self, event: LineEvent) -> bool:
        try:
            self.take(event)
        except SQLAlchemyError as fault:
            log.warning("event_not_stored", fault=type(fault).__name__)
            return self._kept(event, fault)
        except Exception as fault:
            log.exception("turn_failed", kind=event.type)
            return self._kept(event, fault)
        return True

    def _kept(self, event: LineEvent, fault: Exception) -> bool:
        """Return whether the event is kept to be tried again."""
        metrics.EVENTS.labels("line", "failed").inc()
        now = self.clock.now()
        try:
            with database.write(self.engine) as conn:
                sealed = self.vault.seal_event(event.id, json.dumps({"events": [event.raw]}).encode())
                inbox.fail(
                    conn, event.id, "line", sealed, type(fault).__name__, due=now + FIRST_RETRY, now=now
                )
                outbox.queue(conn, _patience(event, now), now)
            self.desk.wake()
        except Exception:  # whatever it is, LINE must be told to come again
            log.exception("event_not_kept")
            return False
        return True

    def retry(self, row: inbox.FailedEvent, most: int) -> None:
        """Try a kept event again; after *most* tries it is set aside for staff."""
        try:
            self.take(self._unsealed(row), row.received_at)
        except Exception as fault:  # noqa: BLE001 -- whatever it was, the event is put off
            log.warning("turn_failed_again", attempts=row.attempts, fault=type(fault).__name__)
            self._put_off(row, fault, most)

    def _unsealed(self, row: inbox.FailedEvent) -> LineEvent:
        delivery = read_body(self.vault.open_event(row.event_id, row.raw))
        if delivery is None or not delivery.events:
            raise ValueError("unreadable")
        return delivery.events[0]

    def _put_off(self, row: inbox.FailedEvent, fault: Exception, most: int) -> None:
        now = self.clock.now()
        with database.write(self.engine) as conn:
            if row.attempts + 1 >= most:
                inbox.bury(conn, row.event_id, type(fault).__name__)
            else:
                due = now + FIRST_RETRY * 2**row.attempts
                inbox.fail(conn, row.event_id, "line", row.raw, type(fault).__name__, due=due, now=now)

    def take(self, event: LineEvent, received: int | None = None) -> None:
        """Take one event, *received* (ms) now or before: a person's turn, the farewell to a group, or nothing."""
        if event.mode == "standby":  # another module of the account is talking: silence
            return
        if event.source_type in {"group", "room"}:
            self._leave(event)
        elif event.user_id:
            self._hear(event, event.user_id, received)

    def _hear(self, event: LineEvent, user_id: str, received: int | None) -> None:
        heard = to_event(event, lambda data: self._opened(user_id, data))
        if heard is None:
            return
        now = self.clock.now()
        until = _end_of_token(event, now if received is None else received)
        token = event.reply_token if until > now else ""
        arrival = Arrival(event.id, "line", user_id, heard, token or None, until if token else None)
        with metrics.TURN_SECONDS.time():
            fresh = self.desk.hear(arrival, now)
        (_NEW if fresh else _KNOWN).inc()

    def _opened(self, user_id: str, data: str) -> Action | None:
        return self.codec.open(user_id, data)

    def _leave(self, event: LineEvent) -> None:
        if event.type not in {"join", "message"} or not event.source_id:
            return
        now = self.clock.now()
        with database.write(self.engine) as conn:
            if not turns.claim(conn, event.id, "line", now):
                return
            both = "\n".join(words_for(locale).text(NOT_IN_GROUPS) for locale in ("ja", "en"))
            said = {"messages": [{"type": "text", "text": both}]}
            thread = f"{event.source_type}:{event.source_id}"[:64]
            farewell = Queued(
                "line",
                thread,
                event.source_id,
                said,
                f"{event.id}/farewell",
                reply_token=event.reply_token,
                reply_until=now + TOKEN_LIFE,
            )
            goodbye = Queued(
                "line",
                thread,
                event.source_id,
                {"source_type": event.source_type},
                f"{event.id}/leave",
                kind="leave",
            )
            outbox.queue(conn, [farewell], now)
            outbox.queue(conn, [goodbye], now)
        self.desk.wake()


def _end_of_token(event: LineEvent, received: int) -> int:
    """Return until when (ms) the token of *event* may be used.

    A stale one must not be tried: if its sender died, the refusal of the next would be taken for a success.
    """
    until = received + TOKEN_LIFE
    return min(until, event.timestamp_ms + TOKEN_END) if event.redelivered and event.timestamp_ms else until


def _patience(event: LineEvent, now: int) -> list[Queued]:
    """Return the errand that shows the person LINE's loading animation: their answer will take some seconds."""
    if event.source_type != "user" or not event.reply_token:
        return []
    body = {"seconds": 2 * FIRST_RETRY // 1000}
    # A thread of its own: it must not wait for what it announces.
    return [
        Queued(
            "line",
            f"loading/{event.id[:50]}",
            event.user_id,
            body,
            f"{event.id[:50]}/loading/{now}",
            kind="loading",
        )
    ]
