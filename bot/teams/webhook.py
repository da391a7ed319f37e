"""The door of Teams: the token first, then one activity, then the answer that Teams waits for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import Clock
from bot.desk import Arrival, Desk
from bot.lane import Door as Lane
from bot.postback import PostbackCodec
from bot.teams import answers
from bot.teams.activity import Heard, read_activity
from bot.teams.answers import TAKEN, Answer
from bot.teams.auth import Authenticator, Refused
from bot.teams.handler import BUTTON, Deed, Gained, Handler, Lost, Turned
from bot.teams.listen import STALE, Said
from bot.words import negotiate, words_for
from dialogs.events import Decided, Do, Filled, Tapped
from dialogs.words import _
from storage import engine as database
from storage import inbox, outbox, staff, turns
from storage.outbox import Queued
from storage.teams import files, references
from storage.teams.references import Reference
from storage.vault import Vault

log = structlog.get_logger()

PATH = "/api/messages"
CHANNEL = "teams"

MOST_BYTES = 256_000
"""The largest card that is sent here comes back with some ten kilobytes."""

FIRST_RETRY = 5_000
KNOWN_FOR = 60_000
"""How long (ms) a conversation that did not change is not looked up again."""

MOST_KNOWN = 10_000

_TAKEN = metrics.WEBHOOKS.labels(CHANNEL, "taken")
_REFUSED = metrics.WEBHOOKS.labels(CHANNEL, "refused")
_NEW, _KNOWN = metrics.EVENTS.labels(CHANNEL, "new"), metrics.EVENTS.labels(CHANNEL, "known")

TOOK = _("受け取りました。")
NOT_YOURS = _("この操作はできません。")
LATER = _("受け取りました。混み合っているため、処理に少し時間がかかります。")

CardOf: TypeAlias = "Callable[[str, str], Mapping[str, Any] | None]"
"""Takes a case's reference and an account; returns the sheet as it stands now, None for who may not see it."""

CardFor: TypeAlias = "Callable[[str], Mapping[str, Any] | None]"
"""Takes an account; returns a card in their language, None for who is not on the staff."""


@dataclass
class TeamsDoor:
    """Hears Teams' activities.

    *sheet* draws a case's sheet anew, *received* the small card in the place of one that came back, *outdated*
    the one in the place of a card that is no longer ours.
    """

    engine: Engine
    desk: Desk
    codec: PostbackCodec
    vault: Vault
    clock: Clock
    auth: Authenticator
    sheet: CardOf
    received: CardFor
    outdated: CardFor
    _known: dict[str, tuple[Reference, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make what says what activities bring about."""
        self._handler = Handler(self.codec)

    def warm(self) -> None:
        """Fetch Microsoft's keys in the background, so that the first message need not wait for them."""
        self.auth.keys.warm()

    def blueprint(self) -> Blueprint:
        """Return the route ``POST /api/messages``."""
        door = Blueprint("teams", __name__)
        door.add_url_rule(PATH, "messages", self._webhook, methods=["POST"])
        return door

    def _webhook(self) -> Response:
        body = request.stream.read(MOST_BYTES + 1)
        is_json = request.mimetype == "application/json"
        answer = self.hear(body, request.headers.get("Authorization"), is_json=is_json)
        return Response(answer.body, answer.status, mimetype="application/json" if answer.body else None)

    def lanes(self) -> Mapping[str, Lane]:
        """Return what takes a usual request past the framework, by its path."""
        return {PATH: self.hear_request}

    def hear_request(self, body: bytes, environ: Mapping[str, Any]) -> tuple[int, str]:
        """Return the status and the JSON ("" for none) for a request as WSGI hands it over."""
        kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
        answer = self.hear(body, environ.get("HTTP_AUTHORIZATION"), is_json=kind == "application/json")
        return answer.status, answer.body

    def hear(self, body: bytes, authorization: str | None, *, is_json: bool = True) -> Answer:
        """Return the answer to a request: 401 for one that is not Teams', 200 once all is stored."""
        try:
            bearer = self.auth.check(authorization)
            if len(body) > MOST_BYTES:
                return Answer(413)
            heard = read_activity(body) if is_json else None
            if heard is None:
                return Answer(400)
            self.auth.admit(bearer, heard.channel, heard.service_url, heard.tenants)
        except Refused as refused:
            _REFUSED.inc()
            log.warning("teams_refused", reason=refused.reason)
            return Answer(401)
        if not heard.conversation_id:
            return Answer(400)
        _TAKEN.inc()
        return self._answer(heard)

    def _answer(self, heard: Heard) -> Answer:
        if heard.type == "invoke" and heard.name != BUTTON:
            return Answer(400)
        try:
            deeds = self._handler.deeds(heard)
        except Exception as fault:
            log.exception("turn_failed", kind=heard.type)
            kept = self._kept(heard, heard.event_id, fault)
            return Answer(503) if kept is None else self._reply(heard, (), done=False)
        # What could be neither done nor kept must come again; what stands behind it comes again as well.
        outcomes = []
        for each in deeds:
            outcomes.append(self._stored(heard, each))
            if outcomes[-1] is None:
                return Answer(503)
        return self._reply(heard, deeds, done=all(outcomes))

    def _reply(self, heard: Heard, deeds: tuple[Deed, ...], *, done: bool) -> Answer:
        """Return what the person who pressed a button sees in its place; nothing for anything else."""
        if heard.type != "invoke":
            return TAKEN
        text = words_for(negotiate(heard.locale)).text
        if not done:
            return answers.sentence(text(LATER))
        match deeds:
            case (Turned(text=refusal),):
                return answers.sentence(refusal)
            case (Said(event=event),) if event == STALE:
                found = self.outdated(heard.account)
            case (Said(event=Decided(reference=reference)),):
                found = self.sheet(reference, heard.account)
            case (Said(event=Filled()),):
                found = self.received(heard.account)
            case _:
                return answers.sentence(text(TOOK))
        return answers.card(found) if found is not None else answers.sentence(text(NOT_YOURS))

    # --- one deed: done, kept to be done later, or neither

    def _stored(self, heard: Heard, deed: Deed) -> bool | None:
        """Return whether *deed* was done; False where it is kept to be tried again, None where not even that."""
        try:
            self._do(heard, deed)
        except SQLAlchemyError as fault:
            log.warning("event_not_stored", fault=type(fault).__name__)
            return self._kept(heard, deed.event_id, fault)
        except Exception as fault:
            log.exception("turn_failed", kind=heard.type)
            return self._kept(heard, deed.event_id, fault)
        return True

    def _kept(self, heard: Heard, event_id: str, fault: Exception) -> bool | None:
        metrics.EVENTS.labels(CHANNEL, "failed").inc()
        now = self.clock.now()
        try:
            with database.write(self.engine) as conn:
                sealed = self.vault.seal_event(event_id, json.dumps(heard.raw).encode())
                error = type(fault).__name__
                inbox.fail(conn, event_id, CHANNEL, sealed, error, due=now + FIRST_RETRY, now=now)
        except Exception:  # whatever it is, Teams must be told that it was not taken
            log.exception("event_not_kept")
            return None
        return False

    def retry(self, row: inbox.FailedEvent, most: int) -> None:
        """Try a kept event again; after *most* tries it is set aside for staff."""
        try:
            heard = read_activity(self.vault.open_event(row.event_id, row.raw))
            deeds = self._handler.deeds(heard) if heard else ()
            if heard is None or row.event_id not in {each.event_id for each in deeds}:
                raise ValueError("unreadable")
            for each in deeds:
                self._do(heard, each)
        except Exception as fault:  # noqa: BLE001 -- whatever it was, the event is put off
            log.warning("turn_failed_again", attempts=row.attempts, fault=type(fault).__name__)
            self._put_off(row, fault, most)

    def _put_off(self, row: inbox.FailedEvent, fault: Exception, most: int) -> None:
        now, error = self.clock.now(), type(fault).__name__
        with database.write(self.engine) as conn:
            if row.attempts + 1 >= most:
                inbox.bury(conn, row.event_id, error)
            else:
                due = now + FIRST_RETRY * 2**row.attempts
                inbox.fail(conn, row.event_id, CHANNEL, row.raw, error, due=due, now=now)

    def _do(self, heard: Heard, deed: Deed) -> None:
        match deed:
            case Said():
                self._turn(heard, deed)
            case Turned():
                self._turn_away(heard, deed)
            case Gained() | Lost():
                self._move(heard, deed)

    def _turn(self, heard: Heard, deed: Said) -> None:
        if deed.event == STALE and heard.type == "invoke":
            return  # said in the card's place
        now = self.clock.now()
        self._note(heard, deed, now)
        where = self._where(heard, deed)
        arrival = Arrival(deed.event_id, CHANNEL, heard.account, deed.event, conversation=where)
        with metrics.TURN_SECONDS.time():
            fresh = self.desk.hear(arrival, now)
        (_NEW if fresh else _KNOWN).inc()

    def _where(self, heard: Heard, deed: Said) -> str:
        """Return where *deed* is answered: where it was said, but a form is one person's, in their personal chat."""
        begins = isinstance(deed.event, Tapped) and deed.event.action.do is Do.FILE
        if not begins or heard.reference.scope == references.PERSONAL:
            return heard.reference.id
        with database.read(self.engine) as conn:
            personal = references.personal(conn, *staff.parts(heard.account))
        return (personal or heard.reference).id

    def _note(self, heard: Heard, deed: Said, now: int) -> None:
        """Remember where the answer goes, and where a picture lies."""
        here = heard.reference
        found, since = self._known.get(here.id, (None, 0))
        if found == here and 0 <= now - since < KNOWN_FOR and deed.file is None:
            return
        with database.write(self.engine) as conn:
            references.keep(conn, here, now)
            if deed.file is not None:
                files.keep(conn, deed.file, now)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[here.id] = here, now

    def _turn_away(self, heard: Heard, deed: Turned) -> None:
        log.warning("staff_refused", channel=CHANNEL)
        if heard.type == "invoke":
            return  # said below the card
        now, here = self.clock.now(), heard.reference
        with database.write(self.engine) as conn:
            if turns.claim(conn, deed.event_id, CHANNEL, now):
                references.keep(conn, here, now)
                said = {"type": "message", "text": deed.text, "textFormat": "plain"}
                body = {"activities": [said]}
                row = Queued(CHANNEL, here.id, here.id, body, f"{deed.event_id}/refusal")
                outbox.queue(conn, [row], now)
        self.desk.wake()

    def _move(self, heard: Heard, deed: Gained | Lost) -> None:
        now, here = self.clock.now(), heard.reference
        self._known.pop(here.id, None)
        with database.write(self.engine) as conn:
            if not turns.claim(conn, deed.event_id, CHANNEL, now):
                return
            if isinstance(deed, Gained):
                references.keep(conn, here, now)
            else:
                references.die(conn, here.id, now)
