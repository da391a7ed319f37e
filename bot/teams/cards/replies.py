"""Replies as Teams shows them: plain messages where there is nothing to press, otherwise cards.

A channel draws controls and never kinds of field.  No personal answer is ever drawn: a review says only that it
was received.
"""

from __future__ import annotations

from typing import assert_never

from bot.teams.cards.actions import open_url
from bot.teams.cards.elements import LARGE, QUIET, Json, heading, message, picture, prose
from bot.teams.cards.forms import draw_form, sending
from bot.teams.cards.inputs import draw_refusal
from bot.teams.cards.lists import draw_listing, draw_review
from bot.teams.cards.messages import message_answer, shown, wording
from bot.teams.cards.pen import Pen
from bot.teams.cards.rows import Question, Rows, drawable
from bot.teams.cards.sheets import sheet_card, summary
from dialogs.events import Action, Do
from dialogs.fields.base import Control
from dialogs.replies import Ask, AskCard, AskPage, CaseSheet, Listing, Receipt, Reply, Review, Said
from dialogs.words import _
from storage.asjson import encode


def draw(reply: Reply, pen: Pen, rows: Rows) -> str:
    """Return *reply* as one activity, as JSON."""
    match reply:
        case AskCard():
            return _around(draw_form(reply, pen, rows), pen.say(reply.form.title))
        case Ask():
            return encode(_ask(reply, pen, rows))
        case Review():
            return draw_review(reply, pen)
        case Listing():
            return draw_listing(reply, pen)
        case _:
            return encode(_drawn(reply, pen))


def _drawn(reply: Said | AskPage | Receipt | CaseSheet, pen: Pen) -> Json:
    match reply:
        case Said():
            return _said(reply, pen)
        case AskPage():
            return _page(reply, pen)
        case Receipt():
            return _receipt(reply, pen)
        case CaseSheet():
            return _sheet(reply, pen)
        case _:
            assert_never(reply)


def _around(made: str, title: str) -> str:
    """Return the activity that shows the card *made*, which is JSON already."""
    return encode(message({}, title)).replace('"content":{}', f'"content":{made}', 1)


def _said(said: Said, pen: Pen) -> Json:
    text = pen.say(said.message)
    if not said.offers:
        return message_answer(text)
    return shown(prose(text), pen.buttons(said.offers), wording(said.message, pen, _("お知らせ")), pen)


# --- one question


def _ask(ask: Ask, pen: Pen, rows: Rows) -> Json:
    question = Question(ask.field, drawable([ask.input]), {ask.input.part: ask.picked} if ask.picked else {})
    title = pen.say(ask.field.question or ask.field.label)
    body = [*_place(ask.position, ask.form.page_of(ask.field).title, pen), *heading(title, size="Medium")]
    if ask.refused:
        body = [*draw_refusal(ask.refused, pen.words), *body]
    if question.inputs:
        return shown([*body, *rows.elements(question, pen.words)], _sending(ask, question, pen), title, pen)
    for hint in dict.fromkeys((ask.field.hint, ask.input.hint)):
        body += prose(pen.say(hint), QUIET) if hint else []
    if ask.input.control is Control.PHOTO:
        body += prose(pen.text(_("写真をこのチャットに貼りつけるか、添付して送ってください。")))
    return shown(body, [*_kept(ask, pen), *pen.buttons(ask.offers)], title, pen)


def _sending(ask: Ask, question: Question, pen: Pen) -> list[Json]:
    return [sending(ask.conversation, [question], pen), *_kept(ask, pen), *pen.buttons(ask.offers)]


def _kept(ask: Ask, pen: Pen) -> list[Json]:
    """Return the button that takes the former answer again; a personal one is not repeated."""
    if ask.kept is None:
        return []
    same = pen.text(_("前の答えのまま"))
    label = same if ask.field.personal else pen.text(_("このまま: {answer}"), answer=ask.kept)
    return [pen.button(label, Action(Do.KEEP, ask.conversation, ask.field.key))]


def _place(at: tuple[int, int], title: str, pen: Pen) -> list[Json]:
    number, count = at
    page = pen.say(title)
    text = pen.text(_("{number}/{count} ・ {page}"), number=number, count=count, page=page) if count else page
    return prose(text, QUIET) if text else []


def _page(ask: AskPage, pen: Pen) -> Json:
    title = pen.say(ask.page.title)
    asked = [
        block for each in ask.page.fields if each.when is None for block in prose(f"• {pen.say(each.label)}")
    ]
    body = [
        *_place(ask.position, ask.form.title, pen),
        *heading(title),
        *(prose(pen.say(ask.page.intro)) if ask.page.intro else []),
        *prose(pen.text(_("うかがうこと")), QUIET),
        *asked,
    ]
    link = open_url(pen.text(_("ページを開いて入力する")), pen.page_link(ask.conversation))
    return shown(body, [link, *pen.buttons(ask.offers)], title, pen)


# --- the receipt, and the sheet of a case


def _receipt(receipt: Receipt, pen: Pen) -> Json:
    title, form = pen.say(receipt.title), pen.say(receipt.form.title)
    number = pen.text(_("受付番号"))
    body = [
        *heading(title),
        *prose(form),
        *_code(receipt.code, pen),
        *(
            [*prose(number, QUIET), *prose(receipt.reference, LARGE, spacing="None")]
            if receipt.reference
            else []
        ),
        *prose(pen.words.day(receipt.day), QUIET),
        *(block for each in receipt.notes for block in prose(pen.say(each), spacing="Medium")),
    ]
    return shown(body, pen.buttons(receipt.offers), wording(receipt.title, pen, _("お知らせ")), pen)


def _code(code: str, pen: Pen) -> list[Json]:
    """Return a number to be shown at a counter: in large digits, and as a picture for the camera of who asks for it."""
    if not code:
        return []
    digits = [*prose(pen.text(_("通知番号")), QUIET), *prose(code, LARGE, spacing="None")]
    text = pen.text(_("通知番号のQRコード"))
    return [*digits, picture(pen.picture(code), text)] if pen.picture else digits


def _sheet(sheet: CaseSheet, pen: Pen) -> Json:
    made = sheet_card(sheet, pen.words, pen.seal_for(sheet.reference), pen.console_link(sheet.reference))
    return message(made, summary(sheet, pen.words))
