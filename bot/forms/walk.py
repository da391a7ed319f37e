"""The walk through a form, one page after the other, up to the receipt: the same for residents and for staff."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot import paged
from bot.clock import day_of
from bot.desk import ConversationOver
from bot.forms import sent, showing
from bot.forms.receipt import receipt
from bot.forms.sent import Answered, cause, once
from bot.forms.trips import Sheet, Trip, opened
from bot.paged import Sent
from bot.service import Service
from dialogs.events import Filled, Parts
from dialogs.fields.base import Invalid, Raw
from dialogs.form import Page
from dialogs.reading.address import read_postcode
from dialogs.replies import AskCard, Receipt, Reply, Said, Thanked
from dialogs.words import Message
from storage import engine as database
from storage import passersby

CONFLICT = 409
REFUSED = 422
_TOWNS = 20


class Frame(Protocol):
    """Where the pages of a trip stand: their addresses, and what is drawn around them."""

    @property
    def service(self) -> Service: ...
    @property
    def trip(self) -> Trip: ...

    def address(self, place: str, **values: Any) -> str:
        """Return the address of the *place* ``page``, ``send``, ``review``, ``receipt`` … of this trip."""
        ...

    def drawn(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return the page *template* with *values*."""
        ...

    def over(self) -> Response:
        """Return that the form was given up, or that its time is over."""
        ...

    def thanked(self, message: Message) -> Response:
        """Return the thanks for a survey, to which no number and no receipt belongs."""
        ...

    def left(self) -> Response:
        """Return what follows when the form was given up just now."""
        ...


@dataclass(frozen=True)
class Walk:
    """The pages of one trip."""

    frame: Frame

    @property
    def _service(self) -> Service:
        return self.frame.service

    @property
    def _trip(self) -> Trip:
        return self.frame.trip

    def page(self, key: str) -> AnyResponse:
        """Return the page *key* with what was answered; another where nobody has come to it yet."""
        sheet, page = self._at(key)
        if sheet is None:
            return self._lost()
        if page is None:
            return self._on(sheet)
        return self._asked(sheet, page)

    def send(self, key: str) -> AnyResponse:
        """Take what the page *key* sent, and go on; what cannot be taken is asked again beside what could be."""
        sheet, page = self._at(key)
        if sheet is None or page is None:
            return self._lost() if sheet is None else self._on(sheet)
        answered = sent.answered(self._service, sheet, page, self._trip.person_id)
        try:
            refused = self._taken(sheet, answered)
        except ConversationOver:  # filed or given up in another tab meanwhile
            return self._lost()
        if request.form.get("go") == "back":
            before = sheet.before(page)
            return self._to("page", page=before.key if before else page.key)
        if refused:
            again = opened(self._service, self._trip, personal=_is_personal(page)) or sheet
            return self._asked(again, page, answered.fields, refused)
        return self.on(after=page.key)

    def _at(self, key: str) -> tuple[Sheet | None, Page | None]:
        """Return the form as it stands and its page *key*; personal answers are opened where the page asks for some."""
        sheet = opened(self._service, self._trip, personal=False)
        page = sheet.page(key) if sheet else None
        if page and _is_personal(page):
            sheet = opened(self._service, self._trip, personal=True)
        return sheet, page

    def _taken(self, sheet: Sheet, answered: Answered) -> Mapping[str, Invalid]:
        """Return what could not be taken; all else is stored, so that nobody has to give it twice."""
        refused = self._filled(sheet, answered.taken, cause())
        if refused:
            rest = {key: parts for key, parts in answered.taken.items() if key not in refused}
            self._filled(sheet, rest, f"form/{secrets.token_hex(16)}")
        if answered.gone:
            with database.write(self._service.engine) as conn:
                sent.forget(conn, self._trip.person_id, answered.gone)
        return {**refused, **answered.faults}

    def _filled(self, sheet: Sheet, fields: Mapping[str, Parts], why: str) -> Mapping[str, Invalid]:
        if not fields:
            return {}
        refusal = paged.fill(self._service.desk, self._sent(sheet, why), Filled(fields), self._now)
        return showing.on_a_page(sheet, fields, refusal.fields) if refusal else {}

    def _sent(self, sheet: Sheet, why: str) -> Sent:
        trip = self._trip
        return Sent(trip.person_id, sheet.talk.id, why, trip.opener, trip.channel)

    def on(self, after: str = "") -> AnyResponse:
        """Return the way to what comes next: a page with open questions, or the review."""
        sheet = opened(self._service, self._trip, personal=False)
        return self._on(sheet, after) if sheet else self._lost()

    def _on(self, sheet: Sheet, after: str = "") -> Response:
        if sheet.next is None:
            return self._to("review")
        more = {"more": "1"} if sheet.next.key == after else {}
        return self._to("page", page=sheet.next.key, **more)

    def review(self) -> AnyResponse:
        """Return every answer for a last look."""
        sheet = opened(self._service, self._trip, personal=True)
        if sheet is None:
            return self._lost()
        return self._on(sheet) if sheet.next else self._looked(sheet)

    def file(self) -> AnyResponse:
        """File the form; where that cannot be, say why and ask what is to be asked again."""
        sheet = opened(self._service, self._trip, personal=False)
        if sheet is None:
            return self._lost()
        try:
            said = paged.file(self._service.desk, self._sent(sheet, cause("file")), self._now)
        except ConversationOver:
            return self._lost()
        if not said or any(isinstance(each, Receipt) for each in said):
            return self._to("receipt")
        thanked = next((each for each in said if isinstance(each, Thanked)), None)
        return self.frame.thanked(thanked.message) if thanked else self._unfiled(said, sheet)

    def _unfiled(self, said: Sequence[Reply], before: Sheet) -> AnyResponse:
        """Return why it was not filed; what no longer holds is asked again beside what was answered *before*."""
        sheet = opened(self._service, self._trip, personal=True)
        if sheet is None:
            return self._lost()
        notices = tuple(each.message for each in said if isinstance(each, Said))
        card = next((each for each in said if isinstance(each, AskCard)), None)
        if card is None or sheet.next is None:
            return self._looked(sheet, notices, CONFLICT)
        refused = {key: Invalid(message) for key, message in card.refused.items()}
        given = before.form.raw(before.talk.answers)
        former = {key: _parts(given[key]) for key in refused if key in given}
        return self._asked(sheet, sheet.form.page_of(card.fields[0]), former, refused, notices)

    def receipt(self) -> AnyResponse:
        """Return the proof that it was filed."""
        found = receipt(self._service, self._trip)
        if found is None:
            return self.on() if opened(self._service, self._trip, personal=False) else self.frame.over()
        return self.frame.drawn("form_receipt.html", receipt=found)

    def discard(self) -> AnyResponse:
        """Throw away everything that was entered; of who never filed anything nothing is left."""
        with database.write(self._service.engine) as conn:
            passersby.leave(conn, self._trip.person_id, self._trip.form)
        return self.frame.left()

    def postcode(self) -> AnyResponse:
        """Return the towns of a postal code, for a script that fills them in."""
        code = read_postcode(request.args.get("code", ""))
        world = self._service.world(day_of(self._now))
        towns = dict.fromkeys(town.address for town in world.postal.towns(code)) if code else {}
        return jsonify(list(towns)[:_TOWNS])

    def _asked(
        self,
        sheet: Sheet,
        page: Page,
        fields: Mapping[str, Parts] | None = None,
        refused: Mapping[str, Invalid] | None = None,
        notices: Sequence[Message] = (),
    ) -> Response:
        found = showing.drawn(sheet, page, fields or {}, refused or {})
        known = any(each.field.key in (refused or {}) for each in found)
        return self.frame.drawn(
            "form_page.html",
            status=REFUSED if refused else CONFLICT if notices else 200,
            form=sheet.form,
            page=page,
            at=sheet.pages.index(page) + 1,
            count=len(sheet.pages),
            back=sheet.before(page),
            questions=found,
            refused=known,
            notices=notices,
            more="more" in request.args,
            once=(once() if refused else "") or secrets.token_hex(16),
            personal=_is_personal(page),
            send=self.frame.address("send", page=page.key),
            postcode=self.frame.address("postcode"),
        )

    def _looked(self, sheet: Sheet, notices: Sequence[Message] = (), status: int = 200) -> Response:
        return self.frame.drawn(
            "form_review.html",
            status=status,
            form=sheet.form,
            sections=showing.review(sheet),
            back=sheet.pages[-1],
            notices=notices,
            once=secrets.token_hex(16),
        )

    def _lost(self) -> AnyResponse:
        """Return the receipt where it was filed meanwhile, and that it is over where it was not."""
        filed = receipt(self._service, self._trip)
        return self._to("receipt") if filed else self.frame.over()

    def _to(self, place: str, **values: str) -> Response:
        return to(self.frame.address(place, **values))

    @property
    def _now(self) -> int:
        return self._service.clock.now()


def to(address: str) -> Response:
    """Return the way to another page, taken with GET."""
    return make_response(redirect(address, 303))


def _parts(raw: Raw) -> Parts:
    return {"": raw} if isinstance(raw, str) else raw


def _is_personal(page: Page) -> bool:
    return any(each.personal for each in page.fields)
