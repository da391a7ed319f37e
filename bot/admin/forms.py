"""代理入力: a member keys in an application that came by telephone, paper, fax, mail or at the counter.

It is the form that residents fill in themselves, page by page, with the same checks, the same number and the same
receipt.  The case belongs to a new person, who has no account; that the member has filed it is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in, to
from bot.clock import day_of
from bot.exports.columns import CHANNELS
from bot.forms import trips
from bot.forms.sent import ROOM
from bot.forms.trips import Trip
from bot.forms.walk import Walk
from bot.sealing import Opener
from bot.service import Service
from bot.visits import Visit
from bot.words import html_lang
from dialogs.lobby import closed
from dialogs.standing import Entry
from dialogs.words import Message, _, say
from storage import engine as database
from storage import people, sessions
from storage.passersby import KEYED

DAY = 24 * 3600 * 1000
KIND = "keyed"
WHY = "keyed in"

WAYS: Mapping[str, str] = {way: CHANNELS[way] for way in KEYED}
"""How an application came, in the order in which it is offered."""


@dataclass(frozen=True)
class KeyedFrame:
    """The pages of one application that a member keys in, within the console."""

    console: Console
    trip: Trip
    visit: Visit
    way: str

    @property
    def service(self) -> Service:
        """Return the process of the desk."""
        return self.console.service

    def address(self, place: str, **values: Any) -> str:
        """Return the address of a page of the form."""
        if place == "another":
            return url_for("admin.forms")
        if place == "postcode":
            return url_for("admin.keyed_postcode")
        whose: dict[str, Any] = {"form": self.trip.form, "person": self.trip.person_id}
        return url_for(f"admin.keyed_{place}", **whose, **values)

    def drawn(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return the page *template* as a page of the console."""
        words = self.trip.words
        page = render_template(
            template,
            frame="admin/layout.html",
            _=words.text,
            say=words.say,
            day=words.day,
            lang=html_lang(words.locale),
            office=self.service.office,
            visit=self.visit,
            seal=self.console.visits.seal(self.visit),
            address=self.address,
            ways={way: words.text(label) for way, label in WAYS.items()},
            keyed=words.text(_("代理入力（{way}）"), way=say(WAYS[self.way])),
            **values,
        )
        return make_response(page, status)

    def over(self) -> Response:
        """Return that there is nothing to go on with."""
        return self.drawn("form_over.html", status=410, again=url_for("admin.forms"), left=False)

    def thanked(self, message: Message) -> Response:
        """Return the thanks for a survey."""
        thanks = self.trip.words.say(message)
        return self.drawn("form_over.html", again=url_for("admin.forms"), thanks=thanks)

    def left(self) -> Response:
        """Return that everything was removed."""
        return self.drawn("form_over.html", again=url_for("admin.forms"), left=True)


@dataclass(frozen=True)
class FormPages:
    """The routes of 代理入力."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/forms/", "forms", self._choice, methods=["GET"])
        blueprint.add_url_rule("/forms/", "begin_form", self._begin, methods=["POST"])
        blueprint.add_url_rule("/forms/postcode", "keyed_postcode", self._postcode, methods=["GET"])
        blueprint.add_url_rule("/forms/<form>", "form", self._choice, methods=["GET"])
        walks: tuple[tuple[str, str, str, Callable[..., AnyResponse]], ...] = (
            ("page/<page>", "page", "GET", self._page),
            ("page/<page>", "send", "POST", self._send),
            ("review", "review", "GET", self._review),
            ("review", "file", "POST", self._file),
            ("receipt", "receipt", "GET", self._receipt),
            ("discard", "discard", "POST", self._discard),
        )
        for path, name, method, view in walks:
            address = f"/forms/<form>/<person>/{path}"
            blueprint.add_url_rule(address, f"keyed_{name}", view, methods=[method])
        blueprint.before_request(_make_room)

    @signed_in(*OFFICE)
    def _choice(self, visit: Visit, form: str = "") -> AnyResponse:
        if form:
            self._entry(form)
        return self._chosen(visit, {"form": form, "way": request.args.get("way", "")})

    def _chosen(
        self,
        visit: Visit,
        chosen: Mapping[str, str],
        faults: Mapping[str, Message] | None = None,
        status: int = 200,
    ) -> Response:
        service = self.console.service
        return self.console.drawn(
            "forms.html",
            visit,
            status=status,
            form_options=[(each.key, each.form.title) for each in trips.offered(service.register)],
            way_options=list(WAYS.items()),
            chosen=chosen,
            faults=faults or {},
            halves=self._halves(visit),
        )

    def _halves(self, visit: Visit) -> list[tuple[str, Entry, str]]:
        """Return what the member has begun and not filed: (address, form, how it came)."""
        found = []
        with database.read(self.console.service.engine) as conn:
            kept = sessions.of_detail(conn, KIND, visit.session.subject, self.console.now)
            came = [(each.subject, people.known_account(conn, each.subject)) for each in kept]
        for person, account in came:
            for entry in trips.offered(self.console.service.register) if account else ():
                trip = self._trip(visit, person, entry.key)
                if account and trips.opened(self.console.service, trip, personal=False):
                    address = url_for("admin.keyed_review", form=entry.key, person=person)
                    found.append((address, entry, WAYS.get(account[0], "")))
        return found

    @signed_in(*OFFICE)
    def _begin(self, visit: Visit) -> AnyResponse:
        form, way = request.form.get("form", ""), request.form.get("way", "")
        faults: dict[str, Message] = {}
        entry = self.console.service.register.entry(form)
        if entry is None or not trips.is_for_residents(entry):
            faults["form"] = say(_("手続をえらんでください。"))
        if way not in WAYS:
            faults["way"] = say(_("どのように受け付けたかをえらんでください。"))
        if entry is None or faults:
            return self._chosen(visit, {"form": form, "way": way}, faults, 422)
        now, session = self.console.now, visit.session
        with database.write(self.console.service.engine) as conn:
            world = trips.world_of(conn, self.console.service, entry, now)
            opening = entry.procedure.opening(world)
            if opening.is_open:
                came = (way, self.console.words.locale)
                person = trips.begin(conn, self.console.service, entry, came, now)
                sessions.begin(conn, KIND, person, session.subject, session.role, DAY, now)
        if not opening.is_open:
            why = closed(entry.procedure, opening).message
            return self._chosen(visit, {"form": form, "way": way}, {"form": why}, 409)
        first = entry.in_force(day_of(self.console.now)).pages[0].key
        return to("keyed_page", form=form, person=person, page=first)

    def _entry(self, form: str) -> Entry:
        entry = self.console.service.register.entry(form)
        if entry is None or not trips.is_for_residents(entry):
            abort(404)
        return entry

    def _trip(self, visit: Visit, person: str, form: str) -> Trip:
        opener = Opener(WHY, visit.session.subject, visit.session.role)
        return Trip(person, form, opener, self.console.words)

    def _walk(self, visit: Visit, form: str, person: str) -> Walk:
        """Return the walk through what this member keys in; it is nobody else's."""
        entry, session = self._entry(form), visit.session
        if not (person.isascii() and person.isalnum()):
            abort(404)
        with database.read(self.console.service.engine) as conn:
            held = sessions.is_held(conn, KIND, person, session.subject, self.console.now)
            account = people.known_account(conn, person) if held else None
        if account is None or account[0] not in WAYS:
            abort(404)
        return Walk(KeyedFrame(self.console, self._trip(visit, person, entry.key), visit, account[0]))

    @signed_in(*OFFICE)
    def _page(self, visit: Visit, form: str, person: str, page: str) -> AnyResponse:
        return self._walk(visit, form, person).page(page)

    @signed_in(*OFFICE)
    def _send(self, visit: Visit, form: str, person: str, page: str) -> AnyResponse:
        return self._walk(visit, form, person).send(page)

    @signed_in(*OFFICE)
    def _review(self, visit: Visit, form: str, person: str) -> AnyResponse:
        return self._walk(visit, form, person).review()

    @signed_in(*OFFICE)
    def _file(self, visit: Visit, form: str, person: str) -> AnyResponse:
        return self._walk(visit, form, person).file()

    @signed_in(*OFFICE)
    def _receipt(self, visit: Visit, form: str, person: str) -> AnyResponse:
        return self._walk(visit, form, person).receipt()

    @signed_in(*OFFICE)
    def _discard(self, visit: Visit, form: str, person: str) -> AnyResponse:
        return self._walk(visit, form, person).discard()

    @signed_in(*OFFICE)
    def _postcode(self, visit: Visit) -> AnyResponse:
        trip = self._trip(visit, "", "")
        return Walk(KeyedFrame(self.console, trip, visit, KEYED[0])).postcode()


def _make_room() -> None:
    """Let a page with a photo in it be read: who may send it is known before its body is."""
    if request.endpoint == "admin.keyed_send":
        request.max_content_length = ROOM
