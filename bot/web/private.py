"""The private page: where personal answers go straight into the city's own database, never through LINE."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from bot.clock import day_of
from bot.desk import ConversationOver
from bot.forms.fields import entered, questions
from bot.service import Service
from bot.web.allowance import Allowance
from bot.web.sheets import Sheet, Sheets
from bot.web.visits import HOURS, Visit, Visits
from bot.words import html_lang, negotiate
from dialogs.events import Filled, Parts
from dialogs.fields.base import Given, Invalid
from dialogs.reading.address import read_postcode
from dialogs.words import Words
from storage import engine as database
from storage import inbox, turns

GONE = 410
LOOKUPS = 60
"""How often one visit may ask for the town of a postal code."""

_TOWNS = 20
_ONCE = re.compile(r"[0-9a-f]{32}")
_FOREIGN = {"cross-site", "same-site"}


@dataclass(frozen=True)
class PrivatePages:
    """The routes of the private page."""

    service: Service
    lookups: Allowance = field(default_factory=lambda: Allowance(LOOKUPS))

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
        link = self._visits.look(token)
        if link is None:
            return self._closed()
        if self.service.settings.liff_id:
            # Only LINE can tell whose hands a link is in, so there is no second door beside LIFF's.
            return redirect(f"https://liff.line.me/{self.service.settings.liff_id}?t={token}", 303)
        return self._drawn("private_door.html", self._words_of(link.subject), token=token)

    def _enter(self, token: str) -> AnyResponse:
        # Another site must not lead somebody into a page that is not theirs.
        if self.service.settings.liff_id or request.headers.get("Sec-Fetch-Site", "") in _FOREIGN:
            abort(403)
        begun = self._visits.begin(token)
        if begun is None:
            return self._closed()
        return self._visits.remember(_to("private.page"), begun)

    def _closed(self) -> Response:
        return _to("private.page") if self._visits.current() else self._over()

    def _page(self) -> AnyResponse:
        visit = self._visits.current()
        if visit is None:
            return self._over()
        sheet = Sheets(self.service).open(visit)
        return self._form(sheet, {}, {}) if sheet else self._ended(visit)

    def _send(self) -> AnyResponse:
        visit = self._visits.current()
        if visit is None:
            return self._already() or self._over()
        if not self._visits.is_sealed(visit, request.form.get("seal", "")):
            abort(403)
        sheet = Sheets(self.service).open(visit)
        return self._taken(sheet) if sheet else self._ended(visit)

    def _taken(self, sheet: Sheet) -> AnyResponse:
        sent = entered(sheet.fields, sheet.world, request.form)
        try:
            refusal = self.service.desk.fill(
                sheet.visit.person_id, sheet.talk.id, Filled(sent), _cause(), self.service.clock.now()
            )
        except ConversationOver:  # cancelled in the talk since the page was read
            return self._ended(sheet.visit)
        if refusal:
            return self._form(sheet, sent, refusal.fields)
        self._visits.end(sheet.visit)
        return self._visits.forget(_to("private.done", lang=sheet.words.locale))

    def _already(self) -> Response | None:
        """Return the way to the thanks where this very page was taken before: its button was pressed twice."""
        with database.read(self.service.engine) as conn:
            known = bool(_once()) and inbox.knows(conn, _cause())
        return _to("private.done", lang=self._readers.locale) if known else None

    def _form(self, sheet: Sheet, sent: Mapping[str, Parts], refused: Mapping[str, Invalid]) -> Response:
        given = Given(sheet.world, sheet.talk.answers, words=sheet.words)
        return self._drawn(
            "private_page.html",
            sheet.words,
            status=422 if refused else 200,
            form=sheet.form,
            page=sheet.page,
            refused=bool(refused),
            questions=questions(sheet.fields, given, sent, refused, sheet.words),
            seal=self._visits.seal(sheet.visit),
            once=_once() or secrets.token_hex(16),
            hours=HOURS,
        )

    def _over(self) -> Response:
        return self._drawn("private_over.html", self._readers, status=GONE, ended=False)

    def _ended(self, visit: Visit) -> Response:
        self._visits.end(visit)
        words = self._words_of(visit.person_id)
        return self._visits.forget(self._drawn("private_over.html", words, status=GONE, ended=True))

    @property
    def _readers(self) -> Words:
        """Return the language of a reader who is not known."""
        return self.service.words[negotiate(request.accept_languages.best)]

    def _words_of(self, person_id: str) -> Words:
        with database.read(self.service.engine) as conn:
            person = turns.load_person(conn, person_id)
        return self.service.words[person.locale] if person else self._readers

    def _done(self) -> Response:
        locale = request.args.get("lang", "")
        return self._drawn("private_done.html", self.service.words.get(locale) or self._readers)

    def _postcode(self) -> AnyResponse:
        visit = self._visits.current()
        if visit is None:
            abort(403)
        if not self.lookups.use(visit.token):
            abort(429)
        code = read_postcode(request.args.get("code", ""))
        world = self.service.world(day_of(self.service.clock.now()))
        towns = dict.fromkeys(town.address for town in world.postal.towns(code)) if code else {}
        return jsonify(list(towns)[:_TOWNS])

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


def _once() -> str:
    """Return the page's own number, by which a second press of its button is known; "" where it is not ours."""
    given = request.form.get("once", "")
    return given if _ONCE.fullmatch(given) else ""


def _cause() -> str:
    return f"page/{_once() or secrets.token_hex(16)}"


def _to(endpoint: str, lang: str | None = None) -> Response:
    return make_response(redirect(url_for(endpoint, lang=lang), 303))
