"""A visit to a private page: who may see it, and how long."""

from __future__ import annotations

from dataclasses import dataclass

from bot import visits
from bot.service import Service

HOURS = 2
"""How long an opened page can be filled in.  The link to it lives far shorter; but who writes slowly, or with
help, must not lose what they wrote."""

LIFE = HOURS * 60 * 60 * 1000
DOOR = visits.Door("page", "resident", life=LIFE, idle=LIFE, same_site="Lax")


@dataclass(frozen=True)
class Visit(visits.Visit):
    """One open private page."""

    @property
    def person_id(self) -> str:
        """Return whose page it is."""
        return self.session.subject

    @property
    def conversation(self) -> str:
        """Return which conversation the page belongs to."""
        return self.session.detail


class Visits(visits.Visits):
    """Begins, finds and ends visits to private pages."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, DOOR)

    def current(self) -> Visit | None:
        """Return the visit of the request's browser."""
        found = super().current()
        return Visit(found.session, found.token) if found else None
