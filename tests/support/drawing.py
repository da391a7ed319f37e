"""Replies as plain text: what a person sees on any telephone, without its looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from dialogs.events import Action, Do
from dialogs.fields.base import Control
from dialogs.replies import (
    Ask,
    AskCard,
    AskPage,
    CaseSheet,
    Item,
    Listing,
    Offer,
    Receipt,
    Reply,
    Review,
    Said,
)
from dialogs.words import Message, Words


@dataclass(frozen=True)
class Drawn:
    """One message: its lines, and its buttons as (label, action)."""

    lines: list[str]
    buttons: list[tuple[str, Action]]


def numbered(reply: Reply, reference: str) -> Reply:
    """Return *reply*, a receipt with the *reference* that storage gave."""
    return replace(reply, reference=reply.reference or reference) if isinstance(reply, Receipt) else reply


def draw(reply: Reply, words: Words) -> Drawn:
    """Return *reply* as a clerk reads it in the language of *words*."""
    pen = _Pen(words, [])
    lines = [line for block in _blocks(reply, pen) for line in block.split("\n")]
    return Drawn([f"{'  ' if at else '< '}{line}".rstrip() for at, line in enumerate(lines)], pen.buttons)


@dataclass(frozen=True)
class _Pen:
    words: Words
    buttons: list[tuple[str, Action]]

    def say(self, message: Message | str) -> str:
        return self.words.say(message)

    def button(self, message: Message | str, action: Action) -> str:
        label = self.say(message)
        self.buttons.append((label, action))
        return f"[{label}]"

    def offer(self, offer: Offer) -> str:
        drawn = self.button(offer.label, offer.action)
        word = self.words.text(offer.word) if offer.word else ""
        return drawn if not word or word.casefold() == drawn[1:-1].casefold() else f"{drawn} = {word}"


def _blocks(reply: Reply, pen: _Pen) -> Iterator[str]:
    match reply:
        case Said():
            yield pen.say(reply.message)
        case Ask():
            yield from _ask(reply, pen)
        case AskPage():
            yield f"({reply.position[0]}/{reply.position[1]}) {pen.say(reply.page.title)}"
            yield pen.say(reply.page.intro)
            yield f"(page) {', '.join(each.key for each in reply.page.fields if each.when is None)}"
        case AskCard():
            yield f"{pen.say(reply.form.title)}: {', '.join(each.key for each in reply.fields)}"
            yield from (f"⚠ {key}: {pen.say(reason)}" for key, reason in reply.refused.items())
            return
        case Review():
            yield from _review(reply, pen)
        case Receipt():
            yield from _receipt(reply, pen)
        case Listing() | CaseSheet():
            yield from _list(reply, pen) if isinstance(reply, Listing) else _sheet(reply, pen)
        case _:
            assert_never(reply)
    yield from _offers(getattr(reply, "offers", ()), pen)


def _list(listing: Listing, pen: _Pen) -> Iterator[str]:
    yield pen.say(listing.title)
    yield from (_item(number, item, pen) for number, item in enumerate(listing.items, 1))


def _sheet(sheet: CaseSheet, pen: _Pen) -> Iterator[str]:
    yield f"{sheet.reference} {pen.say(sheet.title)} ({sheet.seen})"
    yield pen.say(sheet.state)
    yield from (f"! {pen.say(flag)}" for flag in sheet.flags)
    yield from (f"{pen.say(label)}: {text}" for label, text in sheet.facts)
    for each in sheet.signed:
        deputy = " (deputy)" if each.deputy else ""
        yield f"{pen.say(each.title)}: {each.by}{deputy} {pen.say(each.outcome)}"
    for change in sheet.changes:
        yield f"{pen.say(change.label)}: {pen.say(change.before)} -> {pen.say(change.after)}"
    yield "  ".join(f"[{pen.say(each.label)}]" for each in sheet.deeds)


def _offers(offers: Sequence[Offer], pen: _Pen) -> Iterator[str]:
    if offers:
        yield "  ".join(pen.offer(each) for each in offers)


def _item(number: int, item: Item, pen: _Pen) -> str:
    detail = f" {pen.say(item.detail)}" if item.detail else ""
    return f"{number} {pen.button(item.label, item.action)}{detail}"


def _ask(ask: Ask, pen: _Pen) -> Iterator[str]:
    part = ask.input
    if ask.refused:
        yield f"⚠ {pen.say(ask.refused)}"
    yield f"({ask.position[0]}/{ask.position[1]}) {pen.say(ask.field.question or ask.field.label)}"
    if part.label not in {"", ask.field.label, ask.field.question}:
        yield pen.say(part.label)
    yield from (pen.say(each) for each in dict.fromkeys((ask.field.hint, part.hint)) if each)
    if part.example:
        yield pen.words.text("例：{example}", example=pen.say(part.example))
    yield from _control(ask, pen)
    if ask.kept is not None:
        same = pen.words.text("このまま: {answer}", answer=ask.kept)
        yield pen.button(Message("{same}", {"same": same}), Action(Do.KEEP, ask.conversation, ask.field.key))


def _control(ask: Ask, pen: _Pen) -> Iterator[str]:
    part = ask.input
    match part.control:
        case Control.ONE_OF | Control.MANY_OF:
            adding = "add" if ask.several or ask.picked else part.part
            for number, option in enumerate(part.options, 1):
                tick = "☑ " if option.key in ask.picked else ""
                yield f"{tick}{number} {pen.button(option.label, _answer(ask, adding, option.key))}"
            if part.control is Control.MANY_OF:
                yield from _many(ask, pen)
        case Control.TICK:
            yield pen.button(pen.words.text("確認しました"), _answer(ask, part.part, "yes"))
        case Control.DATE:
            pen.buttons.append(("(calendar)", _answer(ask, part.part, "")))
            yield f"(calendar {part.least} – {part.most}, {part.initial})"
        case Control.PHOTO | Control.PLACE:
            yield f"({part.control.value})"
        case Control.LINE | Control.LINES | Control.NUMBER:
            yield from _suggested(ask, pen)
        case _:
            assert_never(part.control)


def _suggested(ask: Ask, pen: _Pen) -> Iterator[str]:
    part = ask.input
    if part.options:
        yield "  ".join(pen.button(each.label, _answer(ask, part.part, each.key)) for each in part.options)


def _many(ask: Ask, pen: _Pen) -> Iterator[str]:
    if ask.picked:
        yield pen.button("えらび終わる", _answer(ask, "done", "1"))
    elif not ask.several:
        yield pen.button("2つ以上えらぶ", _answer(ask, "several", "1"))


def _answer(ask: Ask, part: str, value: str) -> Action:
    return Action(Do.ANSWER, ask.conversation, ask.field.key, part, value)


def _review(review: Review, pen: _Pen) -> Iterator[str]:
    yield pen.words.text("内容の確認")
    for number, row in enumerate(review.rows, 1):
        shown = pen.say(row.shown) if row.shown else pen.words.text("受け取りました")
        label = pen.button(row.label, row.reopen) if row.reopen else pen.say(row.label)
        yield f"{number} {label} {shown}"
    yield from (f"⚠ {pen.say(note)}" for note in review.notes)


def _receipt(receipt: Receipt, pen: _Pen) -> Iterator[str]:
    yield pen.say(receipt.title)
    yield f"{receipt.reference}  {pen.say(receipt.form.title)}  {pen.words.day(receipt.day)}"
    yield from (pen.say(note) for note in receipt.notes)
