"""The round of a day on paper: where somebody goes, and, for who may know it, to whom.

Names, addresses and telephone numbers stand on it only once they were asked for; each that is opened is logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot import tours
from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.clock import day_of
from bot.signing import latest
from bot.visits import Visit
from dialogs import rounds
from dialogs.fields import Name, Phone, PostalAddress
from dialogs.fields.base import Answers, Field
from dialogs.procedure import Procedure
from dialogs.upcoming import Leg
from dialogs.words import Message, _, say
from storage import cases, submissions
from storage import engine as database

WHY = "round"
"""Why the access log says that personal answers were opened."""

NEEDED = (Name, Phone, PostalAddress)
"""The kinds of personal questions whose answers one needs to go there; the others stay closed."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StopLine:
    """One stop on the paper; *personal* are the labels and answers that were opened, in the order of the form."""

    leg: Leg
    ward: str
    at: str
    kind: str
    place: str
    is_late: bool
    personal: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RoundPages:
    """The routes of the round."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/rounds/<day>"
        blueprint.add_url_rule("/rounds/", "rounds", self._today, methods=["GET"])
        blueprint.add_url_rule(one, "round", self._round, methods=["GET"])
        blueprint.add_url_rule(f"{one}/personal", "round_personal", self._personal, methods=["POST"])

    @signed_in(*READERS)
    def _today(self, visit: Visit) -> AnyResponse:  # noqa: ARG002 -- who may call it is what counts
        asked = _day(request.args.get("day", "")) or day_of(self.console.now)
        return to("round", day=asked.isoformat())

    @signed_in(*READERS)
    def _round(self, visit: Visit, day: str) -> AnyResponse:
        asked = _day(day) or abort(404)
        with database.read(self.console.service.engine) as conn:
            legs = self._legs(conn, asked)
        return self._drawn(visit, asked, legs, {})

    @signed_in(*OFFICE)
    def _personal(self, visit: Visit, day: str) -> AnyResponse:
        asked = _day(day) or abort(404)
        with database.write(self.console.service.engine) as conn:
            legs = self._legs(conn, asked)
            opened = self._opened(conn, legs, visit)
        return self._drawn(visit, asked, legs, opened, opened=True)

    def _legs(self, conn: Connection, day: date) -> tuple[Leg, ...]:
        service, world = self.console.service, self.console.world
        found = tours.legs(conn, service.register.procedures, world)
        return rounds.of_day(found, day, world.today, service.office)

    def _opened(
        self, conn: Connection, legs: Sequence[Leg], visit: Visit
    ) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return what was opened of each case of *legs*, by its reference; every record is logged once."""
        found = [case for key in {leg.reference for leg in legs} if (case := cases.by_reference(conn, key))]
        filed = submissions.of_cases(conn, [each.id for each in found])
        newest = {each: latest(filed.get(each.id, ())) for each in found}
        records = sorted({row.vault_id for row in newest.values() if row and row.vault_id})
        session = visit.session
        said = self.console.service.vault.open_many(
            conn, records, by=session.subject, role=session.role, why=WHY, now=self.console.now
        )
        return {
            case.reference: tuple(self._needed(case.procedure, row.edition, said[row.vault_id]))
            for case, row in newest.items()
            if row and row.vault_id and row.vault_id in said
        }

    def _needed(self, key: str, edition: str, answers: Answers) -> Iterator[tuple[str, str]]:
        procedure = self.console.service.register.of(key)
        words = self.console.words
        for field in _asked(procedure, edition) if procedure else ():
            value = answers.get(field.key)
            if value is not None:
                yield words.text(field.label), field.show(value, words)

    def _drawn(
        self,
        visit: Visit,
        day: date,
        legs: Sequence[Leg],
        personal: Mapping[str, tuple[tuple[str, str], ...]],
        *,
        opened: bool = False,
    ) -> AnyResponse:
        return self.console.drawn(
            "round.html",
            visit,
            asked=day,
            before=day - _DAY,
            after=day + _DAY,
            stops=[self._line(each, personal) for each in legs],
            opened=opened,
            may_open=visit.session.role in OFFICE,
        )

    def _line(self, leg: Leg, personal: Mapping[str, tuple[tuple[str, str], ...]]) -> StopLine:
        stop, office, words = leg.stop, self.console.service.office, self.console.words
        point = rounds.point_of(stop, office)
        return StopLine(
            leg,
            words.text(rounds.ward_of(stop, office) or _("区は案件で確認")),
            rounds.clock(stop.time) if stop.time else words.say(_until(leg)),
            words.text(rounds.NAMES[stop.kind]),
            f"{point.name}（{point.address}）" if point else "",  # untranslated: brackets around an address
            rounds.is_late(stop, self.console.world.today),
            personal.get(leg.reference, ()),
        )


def _until(leg: Leg) -> Message:
    """Return until when a stop without an hour may be made."""
    return say(_("{day}まで"), day=leg.stop.day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _asked(procedure: Procedure, edition: str) -> tuple[Field, ...]:
    """Return the personal questions of a case's own form that one needs answered to go there."""
    form = procedure.edition(edition) or procedure.forms[-1]
    return tuple(each for each in form.fields if each.personal and type(each) in NEEDED)
