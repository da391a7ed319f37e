"""Showing somebody the menu that fits what they can do now: the errand that does it, and what it looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine

from bot import signing
from bot.clock import Clock
from bot.line.gateway import LineGateway, Outcome
from bot.line.richmenus.atline import ALIAS
from bot.line.richmenus.definition import BEGINNING, alias, key
from bot.line.richmenus.menus import Menu, fitting
from dialogs.procedure import Role
from dialogs.standing import CaseView, Register
from storage import cases, outbox, richmenus, submissions
from storage import engine as database
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered, Parcel

log = structlog.get_logger()

MOST_TRIES = 20
LONGEST_PAUSE = 300_000
"""How long (ms) to wait at most before the next try: an outage of an hour is outlived."""

_GONE = 404


def menu_for(register: Register, cases_: Iterable[CaseView]) -> Menu:
    """Return the menu of a resident with these cases: it follows from the steps that they may file now."""
    return fitting({step for case in cases_ for step in _open_to_resident(register, case)})


def _open_to_resident(register: Register, case: CaseView) -> Iterable[str]:
    procedure = register.of(case.procedure)
    if procedure is None:
        return ()
    mine = (each.key for each in procedure.steps if Role.RESIDENT in {each.role, *each.also})
    return [each for each in mine if procedure.may_file(each, case)]


@dataclass(frozen=True)
class Linking:
    """Runs the errands that link a menu to somebody."""

    engine: Engine
    gateway: LineGateway
    register: Register
    clock: Clock

    def run(self, parcel: Parcel) -> Delivered:
        """Return what became of the errand *parcel*; LINE is called only where the menu is another than before."""
        with database.read(self.engine) as conn:
            if outbox.is_repeated(conn, parcel):  # only the newest counts
                return Delivered(parcel.id, DELIVERED, error="overtaken")
            seen = richmenus.seen(conn, parcel.recipient)
            wanted = self._wanted(conn, seen) if seen else BEGINNING
        if seen is None or seen.blocked:
            return Delivered(parcel.id, DELIVERED, error="not there")
        if wanted == (seen.menu or BEGINNING) and not parcel.body.get("anew"):
            return Delivered(parcel.id, DELIVERED, error="as it was")
        return self._ended(parcel, wanted, self._link(parcel.recipient, wanted))

    def _wanted(self, conn: Connection, seen: richmenus.Seen) -> str:
        found = cases.of_person(conn, seen.person_id)
        filed = submissions.of_cases(conn, [each.id for each in found])
        views = [signing.view(each, filed.get(each.id, ())) for each in found]
        return key(menu_for(self.register, views), seen.locale)

    def _link(self, user: str, wanted: str) -> Outcome:
        if wanted == BEGINNING:
            return self.gateway.ask("DELETE", f"/v2/bot/user/{user}/richmenu")
        found = self.gateway.ask("GET", f"{ALIAS}/{alias(wanted)}")
        if found.kind != "delivered":
            return found
        return self.gateway.ask("POST", f"/v2/bot/user/{user}/richmenu/{found.data.get('richMenuId')}")

    def _ended(self, parcel: Parcel, wanted: str, outcome: Outcome) -> Delivered:
        if outcome.kind == "delivered":
            with database.write(self.engine) as conn:
                richmenus.linked(conn, parcel.recipient, None if wanted == BEGINNING else wanted)
            return Delivered(parcel.id, DELIVERED, request_id=outcome.request_id or None)
        if parcel.attempts >= MOST_TRIES or (outcome.kind == "permanent" and outcome.status != _GONE):
            log.warning("line_menu_not_linked", outbox=parcel.id, error=outcome.kind)
            return Delivered(parcel.id, UNDELIVERABLE, error=outcome.kind)
        # A menu that is gone was just replaced by its next edition, which its alias will name.
        pause = min(500 * (1 << min(parcel.attempts, 10)), LONGEST_PAUSE)
        return Delivered(parcel.id, WAITING, due=self.clock.now() + pause, error=outcome.kind)
