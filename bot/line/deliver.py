"""Delivering one parcel to LINE: reply first, push second, and every outcome to a visible end.

Facts behind the rules: a reply token works once and for a minute, is free, and takes no retry key; a push takes
one, is kept apart by it for 24 hours, and 409 says that it had been accepted before.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TypeAlias

import structlog

from bot.clock import Clock
from bot.delivery.port import Steps as InSteps
from bot.line import calls
from bot.line.calls import Call
from bot.line.errands import Errands
from bot.line.gateway import LineGateway, Outcome
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, Delivered, Parcel

log = structlog.get_logger()

Steps: TypeAlias = Generator[Call, Outcome, Delivered]
"""Yields the calls to be made, is told what became of each, and returns what became of the parcel."""

DAY = 24 * 3600 * 1000

LONGEST = DAY - 10 * 60 * 1000
"""How long (ms) a push is tried: LINE knows its key for a day, by its own clock, and would send it anew after that."""
"""How long (ms) LINE remembers a retry key: after that the same key would send again."""

LONGEST_PAUSE = 300_000
QUOTA_PAUSE = 3_600_000

TURNED_AWAY_PAUSE = 60_000
"""How long (ms) to wait when LINE does not know our access token: somebody must set it right."""

UNUSED = "unused#"
"""Marks, with the number of the try, that every try so far surely left the reply token unused."""

PUSHED = "pushed "
"""Marks, with the last outcome, that the message goes by push: its key keeps every further push apart."""

CERTAINLY_UNSENT = frozenset({"rate", "quota", "not_sent"})

_TURNED_AWAY = 401


@dataclass
class LineDelivery:
    """Sends parcels of the channel ``line``.  *filled* puts into a message what must not wait in the queue."""

    gateway: LineGateway
    errands: Errands
    clock: Clock
    filled: Callable[[str], str] = str

    def __call__(self, parcel: Parcel) -> Delivered:
        """Return what became of *parcel*."""
        if parcel.kind != "messages":
            return self.errands.run(parcel)
        steps = self._steps(parcel)
        outcome = None
        while True:
            try:
                call = steps.send(outcome) if outcome else next(steps)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = self.gateway.do(call)

    def steps(self, parcel: Parcel) -> InSteps | None:
        """Return the same in steps, for an event loop; None for an errand, which needs a thread."""
        return self._in_steps(parcel) if parcel.kind == "messages" else None

    def _in_steps(self, parcel: Parcel) -> InSteps:
        steps = self._steps(parcel)
        outcome = None
        while True:
            try:
                call = steps.send(outcome) if outcome else next(steps)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = yield from self.gateway.asked(call)

    def _steps(self, parcel: Parcel) -> Steps:
        text = self.filled(parcel.text)
        if text is not parcel.text:
            parcel = replace(parcel, text=text)
        if parcel.legal or (parcel.error or "").startswith(PUSHED):
            # What has legal effect arrives once and for certain: only a push has a key by which it is known again.
            return (yield from self._push(parcel, first=parcel.legal and parcel.attempts == 1))
        if token := self._fresh_token(parcel):
            return (yield from self._reply(parcel, token))
        if parcel.reply_token and not _unused(parcel):
            # Some earlier try may have gone through and the token can no longer tell: saying it twice is worse.
            return self._ended(parcel, MAYBE, "reply outcome unknown")
        return (yield from self._push(parcel))

    def _fresh_token(self, parcel: Parcel) -> str:
        fresh = parcel.reply_until is not None and self.clock.now() < parcel.reply_until
        return (parcel.reply_token or "") if fresh else ""

    def _reply(self, parcel: Parcel, token: str) -> Steps:
        outcome = yield calls.reply(token, parcel.text)
        match outcome.kind:
            case "delivered":
                return self._done(parcel, outcome)
            case "ambiguous":
                return (yield from self._ask_the_token(parcel, token))
            case "permanent" if _turned_away(outcome):
                return self._later(parcel, outcome, unused=_unused(parcel))
            case "permanent" if not _unused(parcel):
                # An earlier try used the token: within its minute there is no other reason to refuse it.
                return self._done(parcel, outcome)
            case "permanent":
                return (yield from self._push(parcel))
            case _:
                return self._later(
                    parcel, outcome, unused=_unused(parcel) and outcome.kind in CERTAINLY_UNSENT
                )

    def _ask_the_token(self, parcel: Parcel, token: str) -> Steps:
        # A token works once, so using it again is safe: accepted means the first try was lost, refused means
        # that it had gone through.
        outcome = yield calls.reply(token, parcel.text)
        if outcome.kind in {"delivered", "permanent"} and not _turned_away(outcome):
            return self._done(parcel, outcome)
        if outcome.kind == "ambiguous":
            if parcel.legal:
                return (yield from self._push(parcel))
            return self._ended(parcel, MAYBE, "reply outcome unknown")
        return self._later(parcel, outcome, unused=False)

    def _push(self, parcel: Parcel, *, first: bool = False) -> Steps:
        if self.clock.now() - parcel.created_at > LONGEST:
            return self._ended(parcel, UNDELIVERABLE, "not accepted within a day")
        outcome = yield calls.push(parcel.recipient, parcel.text, parcel.retry_key)
        match outcome.kind:
            case "delivered":
                return self._done(parcel, outcome)
            case "permanent" if not _turned_away(outcome):
                return self._ended(parcel, UNDELIVERABLE, f"refused {outcome.status}")
            case "quota" if first and (token := self._fresh_token(parcel)):
                # LINE certainly has not sent it, and a reply is not counted.
                return (yield from self._reply(parcel, token))
            case _:
                return self._again(parcel, outcome, PUSHED + outcome.kind)

    def _later(self, parcel: Parcel, outcome: Outcome, *, unused: bool) -> Delivered:
        return self._again(parcel, outcome, f"{UNUSED}{parcel.attempts}" if unused else outcome.kind)

    def _again(self, parcel: Parcel, outcome: Outcome, error: str) -> Delivered:
        due = self.clock.now() + self._pause(parcel, outcome)
        return Delivered(parcel.id, WAITING, due=due, error=error, request_id=outcome.request_id or None)

    def _pause(self, parcel: Parcel, outcome: Outcome) -> int:
        if outcome.kind == "quota":
            log.error("line_quota_used_up", outbox=parcel.id)
            return QUOTA_PAUSE
        if _turned_away(outcome):
            log.error("line_token_refused", outbox=parcel.id)
            return TURNED_AWAY_PAUSE
        return min(500 * (1 << min(parcel.attempts, 10)), LONGEST_PAUSE)

    def _done(self, parcel: Parcel, outcome: Outcome) -> Delivered:
        log.debug("line_sent", outbox=parcel.id, status=outcome.status, request=outcome.request_id)
        return Delivered(parcel.id, DELIVERED, request_id=outcome.request_id or None)

    def _ended(self, parcel: Parcel, state: str, error: str) -> Delivered:
        log.warning("line_not_sent", outbox=parcel.id, state=state, error=error)
        return Delivered(parcel.id, state, error=error)


def _turned_away(outcome: Outcome) -> bool:
    """Return whether LINE looked at our access token only: the message can go once that is right again."""
    return outcome.status == _TURNED_AWAY


def _unused(parcel: Parcel) -> bool:
    """Return whether the reply token of *parcel* is surely unused: nobody tried it, or LINE refused every try.

    A try that left no outcome (its process was killed) breaks the count.
    """
    return parcel.attempts == 1 or parcel.error == f"{UNUSED}{parcel.attempts - 1}"
