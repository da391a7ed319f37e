"""Lists to choose from, and the review of all answers before they are filed.

Both are cut to fit: first the texts, then the entries, and what was left out is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from bot.teams.cards import escape
from bot.teams.cards.actions import ACT, TITLE, execute, open_url
from bot.teams.cards.elements import (
    BOLD,
    MOST,
    NAME,
    QUIET,
    REFUSED,
    Json,
    columns,
    container,
    heading,
    prose,
    rich,
    size,
)
from bot.teams.cards.messages import shown, wording
from bot.teams.cards.pen import Pen
from bot.teams.listen import CHOSEN
from dialogs.events import Do
from dialogs.replies import Item, Listing, Offer, Review, Row
from dialogs.words import _
from storage.asjson import encode


def draw_listing(listing: Listing, pen: Pen) -> str:
    """Return *listing* as an activity, as JSON."""
    named = wording(listing.title, pen, _("一覧"))
    first, *more = pen.say(listing.title).split("\n", 1)
    head = [*heading(first, size="Medium"), *(prose(more[0], spacing="Small") if more else [])]
    drawn = [_item(item, pen) for item in listing.items]
    actions = [*pen.buttons(listing.offers), *_links(listing, pen)]
    while True:
        left = len(listing.items) - len(drawn)
        rest = prose(pen.text(_("ほかに {count} 件あります。"), count=left), QUIET) if left else []
        made = encode(shown([*head, *drawn, *rest], actions, named, pen))
        if size(made) <= MOST or not drawn:
            return made
        drawn = drawn[: len(drawn) * 9 // 10]


def _item(item: Item, pen: Pen) -> Json:
    label = pen.say(item.label)
    lines = prose(label, BOLD, most=_LINE)
    if item.detail:
        lines += prose(pen.say(item.detail), QUIET, most=_LINE, spacing="None")
    box = container(lines, style="emphasis", spacing="Small", selectAction=_tapped(label, item, pen))
    if item.offers:
        box["items"] += [{"type": "ActionSet", "actions": pen.buttons(item.offers)}]
    return box


def _tapped(label: str, item: Item, pen: Pen) -> Json:
    """Return what pressing the entry does: it opens its case in the console, or does what it says."""
    if item.reference and (address := pen.console_link(item.reference)):
        return open_url(pen.text(_("管理画面で見る")), address)
    tapped = execute(label, ACT, pen.data(item.action))
    tapped["fallback"] = {"type": "Action.Submit", "data": tapped["data"]}
    return tapped


def _links(listing: Listing, pen: Pen) -> list[Json]:
    found = [(pen.say(each.label), pen.console_page(each.path)) for each in listing.links]
    return [open_url(label, address) for label, address in found if address]


_LINE = 200  # UTF-16 units of one entry of a list


# --- the review


def draw_review(review: Review, pen: Pen) -> str:
    """Return *review* as an activity, as JSON."""
    title = pen.text(_("内容の確認"))
    above = [
        *prose(pen.say(review.form.title), QUIET),
        *heading(title),
        *(block for each in review.notes for block in prose(f"⚠ {pen.say(each)}", REFUSED, spacing="Medium")),
    ]
    # A sheet asks the same of many things, so that every question has its number.
    named = [(f"{number}. {pen.say(row.label)}", row) for number, row in enumerate(review.rows, 1)]
    below, actions = _reopening(named, pen), _confirming(review, pen)
    for way in _WAYS[len(review.rows) > FEW :]:
        made = encode(shown([*above, *_rows(named, pen, *way), *below], actions, title, pen))
        if size(made) <= MOST:
            break
    return made


FEW = 20
"""Rows whose answers stand in a column of their own; more take a line each."""

Named: TypeAlias = tuple[str, Row]
"""A row of a review with its question as it is shown."""

_WAYS = ((600, False), (600, True), (120, True), (30, True), (6, True))
"""How much of one answer is shown (UTF-16 units), and whether rows take one line each; the first way that fits."""


def _rows(named: Sequence[Named], pen: Pen, most: int, tight: bool) -> Iterator[Json]:  # noqa: FBT001
    for section, group in groupby(named, lambda each: each[1].section):
        if section:
            yield from heading(pen.say(section), size="Medium", spacing="Medium")
        for name, row in group:
            yield (_tight_row if tight else _row)(name, row, pen, most)


def _row(name: str, row: Row, pen: Pen, most: int) -> Json:
    return columns(("1", prose(name, NAME)), ("1", prose(_answer(row, pen), BOLD, most=most)))


def _tight_row(name: str, row: Row, pen: Pen, most: int) -> Json:
    shown = escape.one_line(_answer(row, pen), most)
    return rich([(f"{name}　", NAME), (shown, BOLD)], spacing="Small")


def _answer(row: Row, pen: Pen) -> str:
    shown = pen.say(row.shown) if row.shown else pen.text(_("受け取りました"))
    return shown if shown.strip() else pen.text(_("（なし）"))


def _reopening(named: Sequence[Named], pen: Pen) -> list[Json]:
    """Return the list of the questions with the button that asks the one chosen anew.

    The button alone is sealed, to the conversation; which question it is comes back as the list's value.
    """
    offered = [(name, row.reopen) for name, row in named if row.reopen]
    if not offered:
        return []
    choices = [{"title": escape.one_line(name, TITLE), "value": each.key} for name, each in offered]
    chosen = {
        "type": "Input.ChoiceSet",
        "id": CHOSEN,
        "label": pen.text(_("直したい項目")),
        "placeholder": pen.text(_("えらぶ")),
        "style": "compact",
        "choices": choices,
        "isRequired": True,
        "errorMessage": pen.text(_("えらんでください。")),
    }
    data = pen.data(replace(offered[0][1], key=""))
    button = execute(pen.text(_("えらんだ項目を直す")), ACT, data, with_inputs=True)
    return [chosen | {"spacing": "Large"}, {"type": "ActionSet", "actions": [button]}]


def _confirming(review: Review, pen: Pen) -> list[Json]:
    """Return the buttons, the first of which files the form; the list above takes the place of choosing a row."""
    offers = [each for each in review.offers if each.action.do is not Do.PICK or not _can_reopen(review)]
    return [_first(each, pen, is_first=at == 0) for at, each in enumerate(offers)]


def _can_reopen(review: Review) -> bool:
    return any(each.reopen for each in review.rows)


def _first(offer: Offer, pen: Pen, *, is_first: bool) -> Json:
    return pen.button(pen.say(offer.label), offer.action, style="positive" if is_first else "")
