"""A visit to the public forms: begun with the first page, without any link, and kept by one cookie."""

from __future__ import annotations

from dataclasses import dataclass

from bot import visits
from bot.forms import trips
from bot.service import Service
from dialogs.standing import Entry
from storage import engine as database
from storage import passersby, sessions
from storage.passersby import WEB

HOUR = 60 * 60 * 1000
IDLE = 2
"""Hours after which nobody goes on with a form that was left open: the browser may stand in a public place."""

DOOR = visits.Door("form", "resident", life=12 * HOUR, idle=IDLE * HOUR, same_site="Lax")


@dataclass(frozen=True)
class FormVisits(visits.Visits):
    """Begins, finds and ends visits to the public form *form*: each form has a visit, and a person, of its own."""

    form: str = ""

    @property
    def cookie(self) -> str:
        """Return the cookie's name; two forms in two tabs do not get into each other's way."""
        return f"{super().cookie}-{self.form}"

    def current(self) -> visits.Visit | None:
        """Return the visit of the request's browser to this form."""
        found = super().current()
        return found if found and found.session.detail == self.form else None

    def start(self, entry: Entry, locale: str) -> str:
        """Return the token of a visit of a new person who has the form open."""
        now, door = self.service.clock.now(), self.door
        with database.write(self.service.engine) as conn:
            person = trips.begin(conn, self.service, entry, (WEB, locale), now)
            return sessions.begin(conn, door.kind, person, self.form, door.role, door.life, now)

    def leave(self, visit: visits.Visit) -> None:
        """Remove what is half-filled in the visit, and end it."""
        with database.write(self.service.engine) as conn:
            passersby.leave(conn, visit.session.subject, self.form)
            sessions.end(conn, visit.token)


def visits_to(service: Service, form: str) -> FormVisits:
    """Return the visits to *form*."""
    return FormVisits(service, DOOR, form)
