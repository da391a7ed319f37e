"""Delivering one parcel to Teams: in order, put off and not given up, and every outcome to a visible end.

Facts behind the rules: the connector knows no key by which a message sent twice would be known again.  So what may
have arrived is sent again, ever more rarely, rather than lost; a sheet that stands is changed in its place and
never sent twice.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.delivery.port import Chore, Steps
from bot.teams import calls
from bot.teams.calls import Call
from bot.teams.conversations import Conversations
from bot.teams.errands import TeamsErrands
from bot.teams.gateway import Asking, TeamsGateway
from bot.teams.outcome import Outcome
from bot.teams.rate import Rate
from storage import engine as database
from storage import outbox
from storage.asjson import load
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered, Parcel
from storage.teams import cards
from storage.teams.references import Reference

log = structlog.get_logger()

DrawSheet = Callable[[str], str | None]
"""Draws the sheet of a case as it stands now: a message as JSON text; None where the case is gone."""

DAY = 24 * 3600 * 1000
"""How long (ms) a message is tried."""

LONGEST_PAUSE = 300_000

REFUSED_PAUSE = 60_000
"""How long (ms) to wait where the login or the connector does not know us: somebody must set it right."""

DATABASE_PAUSE = 1_000

LONG = 8_000
"""After how long (ms) at work on one parcel no further call is begun: it must be over before its lease ends, or
another process would say the same in the middle of it."""

ENDS = {"gone", "too_big", "refused", "foreign"}
"""Outcomes after which trying again helps nobody."""

STALE_CARD = {"gone", "refused"}
"""Outcomes of changing a message that say that it is no longer there."""


@dataclass(frozen=True)
class Progress:
    """How far earlier tries came: messages *sent*, tries *failed*, and the sheet that was *posted* but not noted."""

    sent: int = 0
    failed: int = 0
    posted: str = ""

    def mark(self, reason: str) -> str:
        """Return *reason* with the progress behind it, as the outbox keeps it with a row that waits."""
        posted = f", posted {self.posted}" if self.posted else ""
        whole = f"{reason[:40]} [{self.sent} sent, {self.failed} failed{posted}]"
        # An id that leaves no room is forgotten: one card too many does less harm than none.
        return whole if len(whole) <= _LONGEST_MARK else replace(self, posted="").mark(reason)


_LONGEST_MARK = 128
_MARK = re.compile(r".*\[(?P<sent>\d+) sent, (?P<failed>\d+) failed(?:, posted (?P<posted>\S+))?\]")


def progress(error: str | None) -> Progress:
    """Return the progress that a row's mark tells; none where it bears no mark."""
    found = _MARK.fullmatch(error or "")
    if found is None:
        return Progress()
    return Progress(int(found["sent"]), int(found["failed"]), found["posted"] or "")


@dataclass
class TeamsDelivery:
    """Sends parcels of the channel ``teams``.  *filled* puts into a message what must not wait in the queue."""

    engine: Engine
    gateway: TeamsGateway
    errands: TeamsErrands
    clock: Clock
    draw_sheet: DrawSheet
    filled: Callable[[str], str] = str
    rate: Rate = field(default_factory=Rate)

    def __post_init__(self) -> None:
        """Begin without having met anybody."""
        self.conversations = Conversations(self.engine, self.gateway, self.clock)

    def __call__(self, parcel: Parcel) -> Delivered:
        """Return what became of *parcel*."""
        steps = self.steps(parcel)
        return self.errands.run(parcel) if steps is None else self.gateway.run(steps)

    def steps(self, parcel: Parcel) -> Steps | None:
        """Return the same in steps, for an event loop; None for an errand, which needs a thread."""
        match parcel.kind:
            case "messages":
                return self._steps(parcel, self._messages)
            case "sheet":
                return self._steps(parcel, self._sheet)
            case _:
                return None

    def _steps(self, parcel: Parcel, send: Callable[[Parcel, Reference, Progress], Steps]) -> Steps:
        so_far = progress(parcel.error)
        try:
            here = yield from self.conversations.of(parcel.recipient)
            if isinstance(here, Outcome):
                return self._after(parcel, so_far, here)
            return (yield from send(parcel, here, so_far))
        except (SQLAlchemyError, TimeoutError) as fault:
            log.warning("teams_database_fault", outbox=parcel.id, fault=type(fault).__name__)
            return self._waiting(parcel, so_far, DATABASE_PAUSE, "database")

    def _messages(self, parcel: Parcel, here: Reference, so_far: Progress) -> Steps:
        begun = self.clock.now()
        said = calls.activities(self.filled(parcel.text))
        outcome = Outcome("accepted")
        for number, each in enumerate(said[so_far.sent :], so_far.sent):
            if self.clock.now() - begun > LONG:
                return self._waiting(parcel, Progress(number), 0, "slow")
            outcome = yield from self._asked(here, calls.say(here, each))
            if outcome.kind != "accepted":
                # Those before it have arrived: they are not said again, and begin the pauses anew.
                now_at = so_far if number == so_far.sent else Progress(number)
                return (yield from self._failed(parcel, here, now_at, outcome))
        return self._done(parcel, outcome)

    def _sheet(self, parcel: Parcel, here: Reference, so_far: Progress) -> Steps:
        case_id = str(load(parcel.text)["case"])
        if so_far.posted:
            return (
                yield from self._posted(parcel, here, case_id, so_far, Outcome("accepted", id=so_far.posted))
            )
        drawn, shown = yield Chore(partial(self._drawn, parcel, case_id, here.id))
        if drawn is None:
            return Delivered(parcel.id, DELIVERED, error="nothing to be shown, or shown by the next")
        message = calls.activity(drawn)
        if shown:
            outcome = yield from self._asked(here, calls.change(here, shown, message))
            if outcome.kind == "accepted":
                return self._done(parcel, outcome)
            if outcome.kind not in STALE_CARD:
                return (yield from self._failed(parcel, here, so_far, outcome))
            log.info("teams_card_gone", outbox=parcel.id, status=outcome.status)
        outcome = yield from self._asked(here, calls.say(here, message))
        if outcome.kind != "accepted":
            return (yield from self._failed(parcel, here, so_far, outcome))
        return (yield from self._posted(parcel, here, case_id, so_far, outcome))

    def _drawn(self, parcel: Parcel, case_id: str, reference_id: str) -> tuple[str | None, str | None]:
        """Return the sheet as it is to be shown now, and the message that shows it so far.

        Where the same waits once more behind it, only that one is sent: it would look no different.
        """
        with database.read(self.engine) as conn:
            shown = cards.activity(conn, case_id, reference_id)
            again = outbox.is_repeated(conn, parcel)
        return (None if again else self.draw_sheet(case_id)), shown

    def _posted(
        self, parcel: Parcel, here: Reference, case_id: str, so_far: Progress, outcome: Outcome
    ) -> Steps:
        """Note which message shows the case; until that is stored, the row remembers it."""
        try:
            yield Chore(partial(self._noted, case_id, here.id, outcome.id or None))
        except (SQLAlchemyError, TimeoutError):
            return self._waiting(parcel, replace(so_far, posted=outcome.id), DATABASE_PAUSE, "not noted")
        return self._done(parcel, outcome)

    def _noted(self, case_id: str, reference_id: str, activity_id: str | None) -> None:
        with database.write(self.engine) as conn:
            cards.keep(conn, case_id, reference_id, activity_id)

    def _asked(self, here: Reference, call: Call) -> Asking[Outcome]:
        if wait := self.rate.wait(here.id, here.tenant, self.clock.now()):
            return Outcome("paced", wait=wait, detail="paced")
        return (yield from self.gateway.asked(call))

    def _failed(self, parcel: Parcel, here: Reference, so_far: Progress, outcome: Outcome) -> Steps:
        self.conversations.forget(parcel.recipient)
        if outcome.kind == "gone":
            log.warning("teams_unreachable", outbox=parcel.id, reference=here.id, status=outcome.status)
            yield from self.conversations.die(here)
        return self._after(parcel, so_far, outcome)

    def _after(self, parcel: Parcel, so_far: Progress, outcome: Outcome) -> Delivered:
        """Return what becomes of a parcel that was not accepted."""
        if outcome.kind in ENDS:
            if outcome.kind == "too_big":
                log.error("teams_too_big", outbox=parcel.id, kind=parcel.kind)
            return self._ended(parcel, f"{outcome.kind}: {outcome.detail}")
        if self.clock.now() - parcel.created_at > DAY:
            return self._ended(parcel, "not accepted within a day")
        if outcome.kind == "paced":
            return self._waiting(parcel, so_far, outcome.wait, "paced")
        after = replace(so_far, failed=so_far.failed + 1)
        return self._waiting(parcel, after, self._pause(parcel, after.failed, outcome), outcome.detail)

    def _pause(self, parcel: Parcel, failed: int, outcome: Outcome) -> int:
        """Return how long (ms) to wait, a little longer or shorter for each, so that not all come at once."""
        if outcome.kind == "token":
            if outcome.status:  # what the login says is logged where it is asked
                log.error("teams_token_refused", outbox=parcel.id, reason=outcome.detail)
            return REFUSED_PAUSE
        # What may have arrived is said again ever more rarely, so that few see it more than once or twice.
        first, factor = (2_000, 4) if outcome.kind == "unclear" else (500, 2)
        pause = min(first * factor ** min(failed - 1, 10), LONGEST_PAUSE)
        jitter = zlib.crc32(f"{parcel.retry_key}{failed}".encode()) % 1000 / 4000
        return max(int(outcome.wait * (1 + jitter)), int(pause * (1 - jitter)))

    def _waiting(self, parcel: Parcel, so_far: Progress, pause: int, reason: str) -> Delivered:
        return Delivered(parcel.id, WAITING, due=self.clock.now() + pause, error=so_far.mark(reason))

    def _done(self, parcel: Parcel, outcome: Outcome) -> Delivered:
        log.debug("teams_sent", outbox=parcel.id, status=outcome.status, request=outcome.request_id)
        return Delivered(parcel.id, DELIVERED, request_id=outcome.request_id or None)

    def _ended(self, parcel: Parcel, error: str) -> Delivered:
        log.warning("teams_not_sent", outbox=parcel.id, kind=parcel.kind, error=error)
        return Delivered(parcel.id, UNDELIVERABLE, error=error)
