"""Replies as LINE messages: what is said, asked, listed, reviewed and confirmed.

A channel draws controls and never kinds of field.  No personal answer is ever drawn: a review says only that
it was received.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from bot.line import flex
from bot.line.drawing import Drawing, Pen, text_message, text_messages
from bot.line.flex import Json
from bot.line.questions import draw_ask, draw_page, link_to_page
from dialogs.events import Action
from dialogs.replies import (
    Ask,
    AskCard,
    AskPage,
    CaseSheet,
    Item,
    Listing,
    Receipt,
    Reply,
    Review,
    Row,
    Said,
)
from dialogs.words import Words, _

MESSAGES = 5  # of one reply or push


def render(
    replies: Sequence[Reply],
    words: Words,
    *,
    seal: Callable[[Action], str],
    page_link: Callable[[str], str],
    picture: Callable[[str], str] | None = None,
) -> list[Json]:
    """Return *replies* as at most five LINE messages, each within LINE's limits."""
    pen = Pen(words, seal, page_link, picture)
    drawings = [_draw(reply, pen) for reply in replies]
    messages = _fitted([message for drawing in drawings for message in drawing.messages])
    return _with_chips(messages, [chip for drawing in reversed(drawings) for chip in drawing.chips])


def _draw(reply: Reply, pen: Pen) -> Drawing:
    match reply:
        case Said():
            return _said(reply, pen)
        case Ask():
            return draw_ask(reply, pen)
        case AskPage():
            return draw_page(reply, pen)
        case AskCard():
            return link_to_page(reply.conversation, ["", pen.say(reply.form.title), ""], reply.fields, pen)
        case Review():
            return _review(reply, pen)
        case Receipt():
            return _receipt(reply, pen)
        case Listing() | CaseSheet():
            return _listing(reply, pen) if isinstance(reply, Listing) else _sheet(reply, pen)
        case _:
            assert_never(reply)


def _said(said: Said, pen: Pen) -> Drawing:
    content = "\n\n".join([pen.say(said.message), *pen.typable(said.offers)])
    return Drawing(text_messages(content), pen.chips(said.offers))


# --- lists


def _listing(listing: Listing, pen: Pen) -> Drawing:
    title = pen.say(listing.title)
    rows = [_item(number, item, pen) for number, item in enumerate(listing.items, 1)]
    lines = [f"{number}. {_item_line(item, pen)}" for number, item in enumerate(listing.items, 1)]
    numbers = [pen.text(_("番号を送ってもえらべます。"))] if listing.items else []
    typed = [*numbers, *pen.typable(listing.offers)]
    contents = [flex.heading(title), *rows, *map(flex.footnote, typed), *pen.buttons(listing.offers)]
    return Drawing(flex.messages([title, *lines, *typed], contents), pen.chips(listing.offers))


def _item(number: int, item: Item, pen: Pen) -> Json:
    label = pen.say(item.label)
    contents = [flex.text(label, bold=True)]
    if item.detail:
        contents.append(flex.quiet(pen.say(item.detail)))
    return flex.choice(str(number), contents, pen.tap(label, item.action))


def _item_line(item: Item, pen: Pen) -> str:
    label = pen.say(item.label)
    return f"{label} · {pen.say(item.detail)}" if item.detail else label


def _sheet(sheet: CaseSheet, pen: Pen) -> Drawing:
    """Draw what staff see of a case as plain lines: its buttons belong to the channel of the staff."""
    facts = [pen.text(_("{label}：{answer}"), label=label, answer=text) for label, text in sheet.facts]
    lines = [
        f"{sheet.reference} {pen.say(sheet.title)}",
        pen.say(sheet.state),
        *map(pen.say, sheet.flags),
        *facts,
    ]
    return Drawing(text_messages("\n".join(lines)), [])


# --- the review


def _review(review: Review, pen: Pen) -> Drawing:
    title = pen.text(_("内容の確認"))
    form = pen.say(review.form.title)
    rows = [_row(number, row, pen) for number, row in enumerate(review.rows, 1)]
    lines = [f"{number}. {_row_line(row, pen)}" for number, row in enumerate(review.rows, 1)]
    notes = [pen.say(note) for note in review.notes]
    typed = [pen.text(_("直したい番号を送ってください。")), *pen.typable(review.offers)]
    contents = [
        flex.quiet(form),
        flex.heading(title),
        *rows,
        *(flex.text(note, margin="lg") for note in notes),
        *map(flex.footnote, typed),
        *_confirming(review, pen),
    ]
    alt = [f"{title} · {form}", *notes, *lines, *typed]
    return Drawing(flex.messages(alt, contents), pen.chips(review.offers))


def _row(number: int, row: Row, pen: Pen) -> Json:
    label = pen.say(row.label)
    contents = [flex.quiet(label), flex.text(_shown(row, pen), bold=True)]
    shown = pen.text(_("{label}を直す"), label=label)
    return flex.choice(str(number), contents, pen.tap(label, row.reopen, shown=shown) if row.reopen else None)


def _row_line(row: Row, pen: Pen) -> str:
    return pen.text(_("{label}：{answer}"), label=row.label, answer=_shown(row, pen))


def _shown(row: Row, pen: Pen) -> str:
    shown = pen.say(row.shown) if row.shown else pen.text(_("受け取りました"))
    return shown if shown.strip() else pen.text(_("（なし）"))


def _confirming(review: Review, pen: Pen) -> list[Json]:
    """Return the buttons, the first of which files the form."""
    buttons = pen.buttons(review.offers)
    return [each | {"style": "primary"} if each is buttons[0] else each for each in buttons]


# --- the receipt


def _receipt(receipt: Receipt, pen: Pen) -> Drawing:
    title, form = pen.say(receipt.title), pen.say(receipt.form.title)
    number, day = pen.text(_("受付番号")), pen.words.day(receipt.day)
    notes = [pen.say(note) for note in receipt.notes]
    typed = pen.typable(receipt.offers)
    # A number that is its own code is shown once.
    known = receipt.reference and receipt.reference != receipt.code
    reference = [f"{number} {receipt.reference}"] if known else []
    contents = [
        flex.heading(title, color=flex.ACCENT),
        flex.text(form),
        *_code(receipt, pen),
        *([flex.quiet(number, margin="lg"), _large(receipt.reference)] if reference else []),
        flex.quiet(day),
        *(flex.text(note, margin="lg") for note in notes),
        *map(flex.footnote, typed),
        *pen.buttons(receipt.offers),
    ]
    code = [f"{_called(receipt, pen)} {receipt.code}"] if receipt.code else []
    alt = [title, form, *code, *reference, day, *notes, *typed]
    return Drawing(flex.messages(alt, contents), pen.chips(receipt.offers))


def _called(receipt: Receipt, pen: Pen) -> str:
    """Return what the number is that is shown at a counter: the notice's, or the one of the receipt itself."""
    return pen.text(_("受付番号") if receipt.code == receipt.reference else _("通知番号"))


def _code(receipt: Receipt, pen: Pen) -> list[Json]:
    """Return a number to be shown at a counter: in large digits, and as a picture for the camera of who asks for it."""
    if not receipt.code:
        return []
    shown = [flex.quiet(_called(receipt, pen), margin="lg"), _large(receipt.code) | {"size": "3xl"}]
    return [*shown, flex.picture(pen.picture(receipt.code))] if pen.picture else shown


def _large(reference: str) -> Json:
    return flex.text(reference, size="xxl", bold=True) | {"wrap": False, "adjustMode": "shrink-to-fit"}


# --- the batch


def _fitted(messages: list[Json]) -> list[Json]:
    """Return *messages* in at most five: neighbouring texts become one, then early bubbles their text."""
    while len(messages) > MESSAGES:
        pair = next((at for at in range(len(messages) - 1) if _are_texts(messages[at : at + 2])), None)
        if pair is not None:
            joined = f"{messages[pair]['text']}\n\n{messages[pair + 1]['text']}"
            messages = [*messages[:pair], text_message(joined), *messages[pair + 2 :]]
        else:
            first = next(at for at, each in enumerate(messages) if each["type"] == "flex")
            messages = [*messages[:first], text_message(messages[first]["altText"]), *messages[first + 1 :]]
    return messages


def _are_texts(messages: Sequence[Json]) -> bool:
    return all(each["type"] == "text" for each in messages)


def _with_chips(messages: list[Json], chips: Sequence[Json]) -> list[Json]:
    """Return *messages* with the quick replies under the last one, the only ones that LINE shows."""
    items: list[Json] = []
    for chip in chips:
        if chip not in items:
            items.append(chip)
    if not items or not messages:
        return messages
    return [*messages[:-1], messages[-1] | {"quickReply": {"items": items[: flex.CHIPS]}}]
