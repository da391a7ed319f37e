"""A survey by a personal link (``/s/…``): for those who take part and have no chat, or would rather use a page.

The link leads to its person, and their answers go into the same box under the same mark as those from a talk: so
whoever begins in the one can end in the other, and one answer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot import visits
from bot.clock import day_of
from bot.desk_ids import talk_id
from bot.forms.sent import ROOM
from bot.forms.trips import Trip
from bot.forms.walk import Walk, to
from bot.sealing import Opener
from bot.service import Service
from bot.surveys import marks
from bot.visits import Visit
from bot.web.forms import drawn
from bot.words import negotiate
from dialogs import balloting
from dialogs.procedure import Procedure
from dialogs.words import Message, Words, _, say
from storage import ballots, links, sessions, turns
from storage import engine as database
from storage.links import Link
from storage.passersby import WEB
from storage.surveys import FORM
from storage.turns import StoredConversation

HOUR = 60 * 60 * 1000
IDLE = 2
DOOR = visits.Door("survey", "resident", life=12 * HOUR, idle=IDLE * HOUR, same_site="Lax")
GONE = 410
_FOREIGN = {"cross-site", "same-site"}


@dataclass(frozen=True)
class LinkVisits(visits.Visits):
    """Visits by a personal link, which can be opened again until its answers count."""

    def begin(self, token: str) -> str | None:
        """Return the token of a new visit with the survey open; None where it is over or answered."""
        now, door = self.service.clock.now(), self.door
        with database.write(self.service.engine) as conn:
            link = links.look(conn, token, door.kind, now)
            if link is None or refusal(self.service, conn, link):
                return None
            _open(conn, link, now)
            return sessions.begin(conn, door.kind, link.subject, link.detail, door.role, door.life, now)


def refusal(service: Service, conn: Connection, link: Link) -> Message | None:
    """Return why the survey of *link* cannot be answered, None where it can."""
    procedure = service.register.of(f"{FORM}{link.detail}")
    if procedure is None:
        return say(_("このアンケートは終わりました。ありがとうございました。"))
    opening = procedure.opening(service.world(day_of(service.clock.now())))
    if not opening.is_open:
        return opening.message
    mark = marks.of_person(service.vault, link.detail, link.subject)
    return balloting.answered_before() if ballots.has_answered(conn, {link.detail: mark}) else None


def _open(conn: Connection, link: Link, now: int) -> None:
    """Begin the survey of *link* for its person, where they have not begun it already."""
    person, form = turns.load_person(conn, link.subject), f"{FORM}{link.detail}"
    if person is None or any(each.form == form for each in person.conversations):
        return
    talk = StoredConversation(talk_id(f"link/{link.subject}/{form}/{now}"), form, started_at=now)
    turns.store(conn, person, replace(person, conversations=(*person.conversations, talk)), now)


@dataclass(frozen=True)
class LinkFrame:
    """The pages of one visit."""

    service: Service
    trip: Trip
    visit: Visit

    def address(self, place: str, **values: str) -> str:
        """Return the address of a page of the survey."""
        given: dict[str, Any] = dict(values)
        return url_for(f"surveys.{place}", **given)

    def drawn(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return the page *template*, sealed for this visit."""
        seal = LinkVisits(self.service, DOOR).seal(self.visit)
        return drawn(
            self.service,
            template,
            self.trip.words,
            status=status,
            address=self.address,
            seal=seal,
            hours=IDLE,
            **values,
        )

    def over(self) -> Response:
        """Return that there is nothing to go on with."""
        return _said(self.service, self.trip.words, _over(), GONE)

    def thanked(self, message: Message) -> Response:
        """Return the thanks; the visit is over."""
        return self._ended(message)

    def left(self) -> Response:
        """Return that nothing is remembered any more."""
        return self._ended(say(_("ここまでの入力は、すべて消しました。")))

    def _ended(self, message: Message) -> Response:
        visits_ = LinkVisits(self.service, DOOR)
        visits_.end(self.visit)
        return visits_.forget(_said(self.service, self.trip.words, message, 200))


@dataclass(frozen=True)
class SurveyLinks:
    """The routes of personal links to surveys."""

    service: Service

    def blueprint(self) -> Blueprint:
        """Return the routes; the token stands only in the first address, and GET uses nothing up."""
        pages = Blueprint("surveys", __name__)
        pages.add_url_rule("/s/<token>", "door", self._door, methods=["GET"])
        pages.add_url_rule("/s/<token>", "enter", self._enter, methods=["POST"])
        walks: tuple[tuple[str, str, str, Callable[..., AnyResponse]], ...] = (
            ("/page/<page>", "page", "GET", lambda page: self._walk().page(page)),
            ("/page/<page>", "send", "POST", lambda page: self._walk(sends=True).send(page)),
            ("/review", "review", "GET", lambda: self._walk().review()),
            ("/review", "file", "POST", lambda: self._walk(sends=True).file()),
            ("/receipt", "receipt", "GET", lambda: self._walk().receipt()),
            ("/discard", "discard", "POST", lambda: self._walk(sends=True).discard()),
            ("/postcode", "postcode", "GET", lambda: self._walk().postcode()),
        )
        for path, name, method, view in walks:
            pages.add_url_rule(f"/survey{path}", name, view, methods=[method])
        return pages

    @property
    def _visits(self) -> LinkVisits:
        return LinkVisits(self.service, DOOR)

    def _door(self, token: str) -> AnyResponse:
        link = self._visits.look(token)
        if link is None:
            return _said(self.service, self._readers, _over(), GONE)
        words = self._words_of(link.subject)
        with database.read(self.service.engine) as conn:
            why = refusal(self.service, conn, link)
        procedure = self.service.register.of(f"{FORM}{link.detail}")
        if why or procedure is None:
            return _said(self.service, words, why or _over(), GONE)
        return drawn(self.service, "survey_door.html", words, token=token, title=procedure.title)

    def _enter(self, token: str) -> AnyResponse:
        if request.headers.get("Sec-Fetch-Site", "") in _FOREIGN:
            abort(403)
        link, begun = self._visits.look(token), self._visits.begin(token)
        if link is None or begun is None:
            return to(url_for("surveys.door", token=token))
        first = self._procedure(link.detail).forms[0].pages[0].key
        return self._visits.remember(to(url_for("surveys.page", page=first)), begun)

    def _procedure(self, survey: str) -> Procedure:
        found = self.service.register.of(f"{FORM}{survey}")
        return found or abort(404)

    def _walk(self, *, sends: bool = False) -> Walk:
        visit = self._visits.current()
        if visit is None:
            abort(_said(self.service, self._readers, _over(), GONE))
        if sends:
            request.max_content_length = ROOM
            if not self._visits.is_sealed(visit, request.form.get("seal", "")):
                abort(403)
        person = visit.session.subject
        form = f"{FORM}{visit.session.detail}"
        trip = Trip(person, form, Opener("survey link"), self._words_of(person), WEB)
        return Walk(LinkFrame(self.service, trip, visit))

    @property
    def _readers(self) -> Words:
        return self.service.words[negotiate(request.accept_languages.best)]

    def _words_of(self, person_id: str) -> Words:
        with database.read(self.service.engine) as conn:
            person = turns.load_person(conn, person_id)
        return self.service.words[person.locale] if person else self._readers


def _over() -> Message:
    return say(_("このページは使えません。時間が過ぎたか、回答がすんでいます。"))


def _said(service: Service, words: Words, message: Message, status: int) -> Response:
    return drawn(service, "survey_said.html", words, status=status, message=words.say(message))
