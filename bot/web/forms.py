"""The public web forms: every procedure that a resident may open, page by page, without any account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.clock import day_of
from bot.forms import showing, trips
from bot.forms.sent import ROOM
from bot.forms.trips import Trip
from bot.forms.walk import Walk, to
from bot.sealing import Opener
from bot.service import Service
from bot.visits import Visit
from bot.web.allowance import Allowance
from bot.web.formvisits import HOUR, IDLE, visits_to
from bot.words import NAMES, html_lang, negotiate
from dialogs.lobby import closed
from dialogs.standing import Entry
from dialogs.words import Message, Words
from dialogs.world import World
from storage import engine as database
from storage import turns

GONE = 410
STARTS = 60
"""Forms that may be begun from one address in an hour: a school or a ward office has one address for all."""

STARTS_OF_ALL = 3000
"""Forms that may be begun in an hour in one process, whoever comes."""

SENT = 400
"""Pages that one visit may send."""

LOOKUPS = 60
"""How often one visit may ask for the town of a postal code."""

_PLACES = {"another": "start"}
_FOREIGN = {"cross-site", "same-site"}


@dataclass(frozen=True)
class WebFrame:
    """The pages of one visit, with the city's name above them."""

    service: Service
    trip: Trip
    visit: Visit

    def address(self, place: str, **values: Any) -> str:
        """Return the address of a page of the form."""
        return url_for(f"forms.{_PLACES.get(place, place)}", form=self.trip.form, **values)

    def drawn(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return the page *template*, sealed for this visit."""
        known = {
            "address": self.address,
            "seal": visits_to(self.service, self.trip.form).seal(self.visit),
            "hours": IDLE,
        }
        return drawn(self.service, template, self.trip.words, status=status, **known, **values)

    def over(self) -> Response:
        """Return that there is nothing to go on with."""
        return over(self.service, self.trip.form, self.trip.words)

    def thanked(self, message: Message) -> Response:
        """Return the thanks for a survey; the visit is over."""
        return self._ended(thanks=self.trip.words.say(message))

    def left(self) -> Response:
        """Return that nothing is remembered any more."""
        return self._ended()

    def _ended(self, thanks: str = "") -> Response:
        visits = visits_to(self.service, self.trip.form)
        visits.end(self.visit)
        shown: dict[str, Any] = {"again": self.address("start"), "left": not thanks, "thanks": thanks}
        return visits.forget(drawn(self.service, "form_over.html", self.trip.words, **shown))


@dataclass(frozen=True)
class FormPages:
    """The routes of the public forms."""

    service: Service
    starts: Allowance = field(default_factory=lambda: Allowance(STARTS))
    starts_of_all: Allowance = field(default_factory=lambda: Allowance(STARTS_OF_ALL))
    sent: Allowance = field(default_factory=lambda: Allowance(SENT))
    lookups: Allowance = field(default_factory=lambda: Allowance(LOOKUPS))

    def blueprint(self) -> Blueprint:
        """Return the routes; GET begins nothing and sets no cookie."""
        pages = Blueprint("forms", __name__)
        one = "/forms/<form>"
        pages.add_url_rule(one, "start", self._start, methods=["GET"])
        pages.add_url_rule(one, "begin", self._begin, methods=["POST"])
        walks: tuple[tuple[str, str, str, Callable[..., AnyResponse]], ...] = (
            ("/page/<page>", "page", "GET", self._page),
            ("/page/<page>", "send", "POST", self._send),
            ("/review", "review", "GET", self._review),
            ("/review", "file", "POST", self._file),
            ("/receipt", "receipt", "GET", self._receipt),
            ("/discard", "discard", "POST", self._discard),
            ("/postcode", "postcode", "GET", self._postcode),
        )
        for path, name, method, view in walks:
            pages.add_url_rule(one + path, name, view, methods=[method])
        return pages

    def _entry(self, form: str) -> Entry:
        entry = self.service.register.entry(form)
        if entry is None or not trips.is_for_residents(entry):
            abort(404)
        return entry

    def _start(self, form: str) -> AnyResponse:
        entry = self._entry(form)
        words = self.service.words.get(request.args.get("lang", "")) or self._readers
        return self._first(entry, words)

    def _first(self, entry: Entry, words: Words, status: int = 200) -> Response:
        world = self._world(entry)
        opening = entry.procedure.opening(world)
        asked = entry.in_force(world.today)
        visits = visits_to(self.service, entry.key)
        visit = visits.current()
        return drawn(
            self.service,
            "form_start.html",
            words,
            status=status,
            key=entry.key,
            form=asked,
            poll=entry.procedure.poll,
            opening=opening,
            why="" if opening.is_open else words.say(closed(entry.procedure, opening).message),
            before=showing.before(entry, asked, words),
            languages={key: name for key, name in NAMES.items() if key in self.service.words},
            locale=words.locale,
            half=bool(visit and trips.opened(self.service, self._trip(visit, entry), personal=False)),
            address=lambda place, **values: url_for(f"forms.{place}", form=entry.key, **values),
            seal=visits.seal(visit) if visit else "",
            hours=IDLE,
        )

    def _begin(self, form: str) -> AnyResponse:
        entry = self._entry(form)
        if request.headers.get("Sec-Fetch-Site", "") in _FOREIGN:
            abort(403)
        words = self.service.words.get(request.form.get("lang", "")) or self._readers
        if not entry.procedure.opening(self._world(entry)).is_open:
            return self._first(entry, words, 409)
        self._spare()
        visits = visits_to(self.service, form)
        visit = visits.current()
        if visit:
            visits.leave(visit)
        token = visits.start(entry, words.locale)
        first = entry.in_force(self._today).pages[0]
        return visits.remember(to(url_for("forms.page", form=form, page=first.key)), token)

    def _spare(self) -> None:
        """Refuse whoever begins form after form."""
        hour = self.service.clock.now() // HOUR
        if not (self.starts.use(f"{_client()}/{hour}") and self.starts_of_all.use(str(hour))):
            abort(429)

    def _walk(self, form: str, *, sends: bool = False) -> Walk | Response:
        """Return the walk of the request's visit, or that it is over."""
        entry = self._entry(form)
        visits = visits_to(self.service, form)
        visit = visits.current()
        if visit is None:
            return over(self.service, form, self._readers)
        if sends:
            request.max_content_length = ROOM  # not before somebody is known to have begun
            if not self.sent.use(visit.token):
                abort(429)
            if not visits.is_sealed(visit, request.form.get("seal", "")):
                abort(403)
        return Walk(WebFrame(self.service, self._trip(visit, entry), visit))

    def _trip(self, visit: Visit, entry: Entry) -> Trip:
        person_id = visit.session.subject
        with database.read(self.service.engine) as conn:
            person = turns.load_person(conn, person_id)
        words = self.service.words[person.locale] if person else self._readers
        return Trip(person_id, entry.key, Opener("web form"), words)

    def _page(self, form: str, page: str) -> AnyResponse:
        walk = self._walk(form)
        return walk.page(page) if isinstance(walk, Walk) else walk

    def _send(self, form: str, page: str) -> AnyResponse:
        walk = self._walk(form, sends=True)
        return walk.send(page) if isinstance(walk, Walk) else walk

    def _review(self, form: str) -> AnyResponse:
        walk = self._walk(form)
        return walk.review() if isinstance(walk, Walk) else walk

    def _file(self, form: str) -> AnyResponse:
        walk = self._walk(form, sends=True)
        return walk.file() if isinstance(walk, Walk) else walk

    def _receipt(self, form: str) -> AnyResponse:
        walk = self._walk(form)
        return walk.receipt() if isinstance(walk, Walk) else walk

    def _discard(self, form: str) -> AnyResponse:
        walk = self._walk(form, sends=True)
        return walk.discard() if isinstance(walk, Walk) else walk

    def _postcode(self, form: str) -> AnyResponse:
        visit = visits_to(self.service, form).current()
        if visit is None:
            abort(403)
        if not self.lookups.use(visit.token):
            abort(429)
        walk = self._walk(form)
        return walk.postcode() if isinstance(walk, Walk) else walk

    def _world(self, entry: Entry) -> World:
        with database.read(self.service.engine) as conn:
            return trips.world_of(conn, self.service, entry, self.service.clock.now())

    @property
    def _today(self) -> date:
        return day_of(self.service.clock.now())

    @property
    def _readers(self) -> Words:
        """Return the language of a reader who has chosen none."""
        return self.service.words[negotiate(request.accept_languages.best)]


def drawn(service: Service, template: str, words: Words, *, status: int = 200, **values: object) -> Response:
    """Return the page *template* with the city's name above it."""
    page = render_template(
        template,
        frame="page.html",
        _=words.text,
        say=words.say,
        day=words.day,
        lang=html_lang(words.locale),
        office=service.office,
        **values,
    )
    return make_response(page, status)


def over(service: Service, form: str, words: Words) -> Response:
    """Return that there is nothing to go on with, and where to begin anew."""
    return drawn(
        service, "form_over.html", words, status=GONE, again=url_for("forms.start", form=form), left=False
    )


def _client() -> str:
    """Return whose request it is: the address that the proxy before us saw, else the caller's own."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded or request.remote_addr or ""
