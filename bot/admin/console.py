"""What all pages of the console share: who is signed in, how a page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import structlog
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.clock import day_of, moment
from bot.service import Service
from bot.visits import Door, Visit, Visits
from bot.words import html_lang
from dialogs.procedure import Role
from dialogs.words import Message, Words, _, say
from dialogs.world import World

HOUR = 3600 * 1000
DOOR = Door("console", Role.ADMIN, life=8 * HOUR, idle=HOUR // 2, same_site="Strict")

OFFICE = (Role.STAFF, Role.CHIEF, Role.MANAGER, Role.ADMIN)
"""Those who work on cases."""

READERS = (*OFFICE, Role.AUDITOR)
"""Those who may see the console at all."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Console:
    """Draws the console's pages for whoever is signed in."""

    service: Service

    @property
    def visits(self) -> Visits:
        """Return the visits to the console."""
        return Visits(self.service, DOOR)

    @property
    def words(self) -> Words:
        """Return the language of the console."""
        return self.service.words["ja"]

    @property
    def now(self) -> int:
        """Return the time (ms)."""
        return self.service.clock.now()

    @property
    def world(self) -> World:
        """Return the world of today."""
        return self.service.world(day_of(self.now))

    def drawn(self, template: str, visit: Visit | None, *, status: int = 200, **values: object) -> Response:
        """Return the page *template* with *values*."""
        page = render_template(
            f"admin/{template}",
            _=self.words.text,
            say=self.words.say,
            day=self.words.day,
            at=lambda when: f"{moment(when):%Y-%m-%d %H:%M}",
            lang=html_lang(self.words.locale),
            office=self.service.office,
            visit=visit,
            seal=self.visits.seal(visit) if visit else "",
            **values,
        )
        return make_response(page, status)

    def refused(self, visit: Visit | None, status: int, message: Message) -> Response:
        """Return a page that says why something was not done."""
        return self.drawn("refused.html", visit, status=status, message=message)


def to(endpoint: str, **values: Any) -> Response:
    """Return the way to another page, taken with GET."""
    return make_response(redirect(url_for(f"admin.{endpoint}", **values), 303))


class Pages(Protocol):
    """A group of pages of the console."""

    @property
    def console(self) -> Console: ...


Self = TypeVar("Self", bound=Pages)
P = ParamSpec("P")
View = Callable[Concatenate[Self, Visit, P], AnyResponse]


def signed_in(*roles: Role) -> Callable[[View[Self, P]], Callable[Concatenate[Self, P], AnyResponse]]:
    """Let only those of *roles* call a page; its forms (POST) only from its own pages."""

    def declared(view: View[Self, P]) -> Callable[Concatenate[Self, P], AnyResponse]:
        @wraps(view)
        def called(self: Self, /, *args: P.args, **values: P.kwargs) -> AnyResponse:
            visits = self.console.visits
            visit = visits.current()
            if visit is None:
                return to("sign_in")
            if visit.session.role not in roles:
                log.warning("console_refused", route=str(request.url_rule), reason="role")
                return self.console.refused(visit, 403, say(_("この画面を見る権限がありません。")))
            if request.method == "POST" and not visits.is_sealed(visit, request.form.get("seal", "")):
                log.warning("console_refused", route=str(request.url_rule), reason="seal")
                return self.console.refused(visit, 403, _stale())
            return view(self, visit, *args, **values)

        called.callers = frozenset(roles)  # type: ignore[attr-defined]  # read by the walker of all routes
        return called

    return declared


def open_to_all(
    view: Callable[Concatenate[Self, P], AnyResponse],
) -> Callable[Concatenate[Self, P], AnyResponse]:
    """Let everybody call a page: it shows nothing but the way in."""
    view.callers = frozenset({"everybody"})  # type: ignore[attr-defined]  # read by the walker of all routes
    return view


def _stale() -> Message:
    return say(_("画面が古いため、何もしませんでした。前の画面を開き直して、もう一度お試しください。"))
