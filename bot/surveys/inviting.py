"""Word that a survey is open, to each of those it is for once, in small parts and by day; and what else time brings."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection, Engine, select

from bot import quota
from bot.clock import day_of
from bot.desk import Desk
from bot.surveys import audience, marks, opening
from bot.surveys.live import LiveRegister
from dialogs.events import Action, Do
from dialogs.procedure import Procedure
from dialogs.replies import Offer, Said
from dialogs.words import Message, _, say
from storage import ballots, survey_talks, surveys
from storage import engine as database
from storage.surveys import OPEN, SurveyRow
from storage.tables import identities

log = structlog.get_logger()

CHUNK = 20
"""People told in one transaction: a few hundredths of a second, in which a turn may have to wait."""

ROUND = 200
"""People told in one round of a minute."""

SPARE = 50
"""Pushes of the month that are left for what cannot wait: decisions, bookings, cancellations."""


REST = 15 * 60_000
"""After how long (ms) it is looked again for new participants, once all were told or the month's pushes are short."""

LINE = "line"


@dataclass
class Surveying:
    """What time brings about with surveys."""

    engine: Engine
    desk: Desk
    _rests: dict[str, int] = field(default_factory=dict)

    @property
    def _register(self) -> LiveRegister | None:
        known = self.desk.register
        return known if isinstance(known, LiveRegister) else None

    def look(self, now: int) -> None:
        """Let this process know what others opened or closed, where it has not looked for a while."""
        register = self._register
        if register and register.live.is_old(now):
            with database.read(self.engine) as conn:
                register.live.refresh(conn, now)

    def run(self, now: int, *, by_day: bool) -> None:
        """Blank what was said in talks that are over, close what has come to its last day, invite *by_day*."""
        register = self._register
        if register is None:
            return
        with database.write(self.engine) as conn:
            survey_talks.hush_late(conn)
            self._close_over(conn, register, now)
        for row in self._open():
            procedure = register.of(row.form)
            begun = procedure and procedure.opening(self.desk.world(day_of(now))).is_open
            if by_day and procedure and begun and opening.poll_of(row).procedure:
                self._invite(row, procedure, now)

    def _open(self) -> list[SurveyRow]:
        with database.read(self.engine) as conn:
            return [each for each in surveys.offered(conn) if each.state == OPEN]

    def _close_over(self, conn: Connection, register: LiveRegister, now: int) -> None:
        over = [
            each.key
            for each in surveys.offered(conn)
            if each.state == OPEN and each.closes and each.closes < day_of(now).isoformat()
        ]
        for key in over:
            opening.close(conn, key)
            log.info("survey_closed", name=key)
        if over:
            register.live.refresh(conn, now)

    def _invite(self, row: SurveyRow, procedure: Procedure, now: int) -> None:
        if now < self._rests.get(row.key, 0):
            return
        for _part in range(ROUND // CHUNK):
            with database.write(self.engine) as conn:
                told = self._some(conn, row, procedure, now)
            if told < CHUNK:
                self._rests[row.key] = now + REST
                break

    def _some(self, conn: Connection, row: SurveyRow, procedure: Procedure, now: int) -> int:
        """Return how many were told in this part."""
        known = surveys.invited(conn, row.key)
        wanted = [each for each in audience.participants(conn, opening.poll_of(row)) if each not in known]
        reachable = [each for each in _reachable(conn, wanted) if not self._has_answered(conn, row.key, each)]
        told = reachable[: min(CHUNK, _left(conn, now))]
        start = Offer(say(procedure.invitation), Action(Do.START, key=procedure.key), _("アンケート"))
        said = Said(invitation(procedure), (start,))
        for person in told:
            surveys.invite(conn, row.key, person)
            self.desk.tell(conn, person, (said,), f"survey/{row.key}/{person}", now)
        return len(told)

    def _has_answered(self, conn: Connection, key: str, person: str) -> bool:
        mark = marks.of_person(self.desk.sealer.vault, key, person)
        return bool(ballots.has_answered(conn, {key: mark}))


def invitation(procedure: Procedure) -> Message:
    """Return the word by which somebody is asked to answer."""
    return say(
        _(
            "「{title}」にご協力ください。このトークで答えられます。回答は1人1回です。\n"
            "名前はうかがいません。だれがどう答えたかは、市にもわかりません。"
        ),
        title=say(procedure.title),
    )


def _left(conn: Connection, now: int) -> int:
    """Return how many may be told now without using up what cannot wait needs."""
    known = quota.known(conn, now)
    left = known.left if known else None
    return CHUNK if left is None else max(0, left - SPARE)


def _reachable(conn: Connection, people: list[str]) -> list[str]:
    """Return those of *people* who have a chat account that is not blocked."""
    there = select(identities.c.person_id).where(
        identities.c.channel == LINE, identities.c.blocked_at.is_(None), identities.c.person_id.in_(people)
    )
    found = frozenset(conn.execute(there).scalars())
    return [each for each in people if each in found]
