"""The private page: where personal answers go straight into the city's own database, never through LINE."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.clock import day_of
from bot.desk import Refusal
from bot.service import Service
from bot.web.fields import entered, private_fields, questions
from bot.web.visits import Visit, Visits
from bot.words import html_lang
from dialogs.conversation import Conversation
from dialogs.events import Filled, Parts
from dialogs.fields.base import Given, Invalid
from dialogs.form import Form
from dialogs.reading.address import read_postcode
from dialogs.standing import Standing
from dialogs.words import Words
from storage import engine as database
from storage import turns

GONE = 410


@dataclass(frozen=True)
class Sheet:
    """What one visit's page is drawn from."""

    visit: Visit
    form: Form
    talk: Conversation
    words: Words


@dataclass(frozen=True)
class PrivatePages:
    """The routes of the private page."""

    service: Service

    def blueprint(self) -> Blueprint:
        """Return the routes; the token stands only in the first address, and GET uses nothing up."""
        pages = Blueprint("private", __name__)
        pages.add_url_rule("/f/<token>", "door", self._door, methods=["GET"])
        pages.add_url_rule("/f/<token>", "enter", self._enter, methods=["POST"])
        pages.add_url_rule("/page", "page", self._page, methods=["GET"])
        pages.add_url_rule("/page", "send", self._send, methods=["POST"])
        pages.add_url_rule("/page/done", "done", self._done, methods=["GET"])
        pages.add_url_rule("/page/postcode", "postcode", self._postcode, methods=["GET"])
        return pages

    @property
    def _visits(self) -> Visits:
        return Visits(self.service)

    def _door(self, token: str) -> AnyResponse:
        if self._visits.look(token) is None:
            return self._over()
        return self._drawn("private_door.html", self._words(token), token=token)

    def _enter(self, token: str) -> AnyResponse:
        visit = self._visits.begin(token)
        if visit is None:
            return self._over()
        return self._visits.remember(_to("private.page"), visit)

    def _over(self) -> Response:
        if self._visits.current():
            return _to("private.page")
        return self._drawn("private_over.html", self.service.words["ja"], status=GONE)

    def _page(self) -> AnyResponse:
        sheet = self._sheet()
        return self._form(sheet, {}, {}) if sheet else self._over_for_good()

    def _over_for_good(self) -> Response:
        return self._drawn("private_over.html", self.service.words["ja"], status=GONE)

    def _send(self) -> AnyResponse:
        sheet = self._sheet()
        if sheet is None:
            return self._over_for_good()
        if not self._visits.is_sealed(sheet.visit, request.form.get("seal", "")):
            return self._over_for_good()
        world = self.service.world(day_of(self.service.clock.now()))
        sent = entered(private_fields(sheet.form, sheet.talk.answers), world, request.form)
        refusal = self._fill(sheet, sent)
        if refusal:
            return self._form(sheet, sent, refusal.fields)
        self._visits.end(sheet.visit)
        return self._visits.forget(_to("private.done", lang=sheet.words.locale))

    def _fill(self, sheet: Sheet, sent: Mapping[str, Parts]) -> Refusal | None:
        # The page's own number makes a second press of the button harmless.
        once = request.form.get("once", "")[:40] or secrets.token_hex(16)
        cause = f"page/{sheet.talk.id[:12]}/{once}"
        return self.service.desk.fill(
            sheet.visit.person_id, sheet.talk.id, Filled(sent), cause, self.service.clock.now()
        )

    def _form(self, sheet: Sheet, sent: Mapping[str, Parts], refused: Mapping[str, Invalid]) -> Response:
        world = self.service.world(day_of(self.service.clock.now()))
        given = Given(world, sheet.talk.answers, words=sheet.words)
        fields = private_fields(sheet.form, sheet.talk.answers)
        page = sheet.form.page_of(fields[0])
        return self._drawn(
            "private_page.html",
            sheet.words,
            status=422 if refused else 200,
            page=page,
            questions=questions(fields, given, sent, refused, sheet.words),
            seal=self._visits.seal(sheet.visit),
            once=request.form.get("once") or secrets.token_hex(16),
        )

    def _sheet(self) -> Sheet | None:
        visit = self._visits.current()
        if visit is None:
            return None
        now = self.service.clock.now()
        with database.write(self.service.engine) as conn:
            person = turns.load_person(conn, visit.person_id)
            stored = (
                next((each for each in person.conversations if each.id == visit.conversation), None)
                if person
                else None
            )
            if person is None or stored is None:
                return None
            sealer = self.service.desk.sealer
            standing = Standing(person.locale, (sealer.talk(stored, ""),))
            opened = sealer.opened(conn, person, standing, stored.id, "private page", now)
        talk = opened.conversations[0]
        procedure = self.service.register.of(talk.form)
        form = procedure.form(day_of(now)) if procedure else None
        if form is None or not private_fields(form, talk.answers):
            return None
        return Sheet(visit, form, talk, self.service.words[person.locale])

    def _words(self, token: str) -> Words:
        link = self._visits.look(token)
        with database.read(self.service.engine) as conn:
            person = turns.load_person(conn, link.subject) if link else None
        return self.service.words[person.locale if person else "ja"]

    def _done(self) -> Response:
        locale = request.args.get("lang", "ja")
        return self._drawn("private_done.html", self.service.words.get(locale, self.service.words["ja"]))

    def _postcode(self) -> AnyResponse:
        code = read_postcode(request.args.get("code", ""))
        if self._visits.current() is None or code is None:
            return jsonify([])
        world = self.service.world(day_of(self.service.clock.now()))
        return jsonify(
            [f"{town.prefecture}{town.city}{town.ward}{town.town}" for town in world.postal.towns(code)][:20]
        )

    def _drawn(self, template: str, words: Words, *, status: int = 200, **values: object) -> Response:
        page = render_template(
            template,
            _=words.text,
            say=words.say,
            lang=html_lang(words.locale),
            office=self.service.office,
            **values,
        )
        return make_response(page, status)


def _to(endpoint: str, lang: str | None = None) -> Response:
    answer = make_response(redirect(url_for(endpoint, lang=lang), 303))
    answer.headers["Cache-Control"] = "no-store"
    return answer
