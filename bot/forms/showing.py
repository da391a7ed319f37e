"""What the pages of a form show: its questions, its answers for a last look, what to know before it is begun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.forms.fields import Question, name_of, questions
from bot.forms.trips import Sheet
from dialogs.events import Parts
from dialogs.fields import Photo
from dialogs.fields.base import Control, Field, Given, Invalid, Is, sealed, skipped
from dialogs.form import Form, Page
from dialogs.standing import Entry
from dialogs.words import Message, Words, _, say

A_MINUTE = 2
"""Questions that people answer in a minute: two, most of them being ticks."""


_EMPTY: Mapping[Control | None, str] = {
    Control.ONE_OF: _("どれか1つを選んでください。"),
    Control.MANY_OF: _("1つ以上選んでください。"),
    Control.PHOTO: _("写真を1枚選んでください。"),
}
"""What is said of a question that was left empty."""


@dataclass(frozen=True)
class Row:
    """One answer: *shown*, what to know of it, and where it is put right: on which page, at which input."""

    label: str
    shown: str
    notes: tuple[str, ...] = ()
    page: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Section:
    """The answers of one page."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Before:
    """What to know before the form is begun: how many *minutes* it takes, what to have at hand, its parts."""

    minutes: int
    documents: tuple[tuple[str, str], ...]
    parts: tuple[str, ...]


def drawn(
    sheet: Sheet, page: Page, sent: Mapping[str, Parts], refused: Mapping[str, Invalid]
) -> tuple[Question, ...]:
    """Return the questions of *page* for drawing, those out of sight as well that an answer on it may call for."""
    fields = [each for each in page.fields if each in sheet.visible or _waits_here(each, page)]
    found = questions(fields, sheet.given, sent, refused, sheet.words)
    return tuple(_placed(each, page, sheet) for each in found)


def _placed(question: Question, page: Page, sheet: Sheet) -> Question:
    when = question.field.when
    if not isinstance(when, Is) or not _waits_here(question.field, page):
        return question
    hidden = question.field not in sheet.visible and not question.error
    return replace(question, waits=(when.key, when.values), hidden=hidden)


def _waits_here(each: Field, page: Page) -> bool:
    """Return whether *each* is asked by an answer that is given on the same page, which a script can see."""
    return isinstance(each.when, Is) and any(each.when.key == other.key for other in page.fields)


def on_a_page(
    sheet: Sheet, fields: Mapping[str, Parts], refused: Mapping[str, Invalid]
) -> Mapping[str, Invalid]:
    """Return why *fields* were *refused*, in the words of a page: nothing is sent as a number there."""
    return {key: _chosen(sheet, key, fields.get(key, {}), reason) for key, reason in refused.items()}


def _chosen(sheet: Sheet, key: str, parts: Parts, reason: Invalid) -> Invalid:
    asked = sheet.form.field(key)
    control = asked.inputs(sheet.given)[0].control if asked else None
    return Invalid(_EMPTY[control], reason.part) if control in _EMPTY and skipped(parts) else reason


def review(sheet: Sheet) -> tuple[Section, ...]:
    """Return every answer for a last look; personal ones as far as they are opened."""
    return tuple(
        Section(sheet.words.text(page.title), tuple(_row(sheet, each, page) for each in sheet.fields(page)))
        for page in sheet.pages
    )


def _row(sheet: Sheet, each: Field, page: Page) -> Row:
    value, given = sheet.talk.answers.get(each.key), sheet.given
    return Row(
        sheet.words.text(each.label),
        shown(each, value, sheet.words),
        tuple(_notes(each, value, given)),
        page.key,
        name_of(each, each.inputs(given)[0]),
    )


def shown(each: Field, value: object, words: Words) -> str:
    """Return the answer *value* for a reader."""
    if value is None:
        return words.text(_("（なし）"))
    if sealed(value):
        return words.text(_("受け取りました"))
    return each.show(value, words)


def _notes(each: Field, value: object, given: Given) -> Iterator[str]:
    words = given.words
    if value is None or sealed(value) or words is None:
        return
    found: tuple[Message | None, ...] = (each.advised(given), each.remark(value, given))
    yield from (words.say(note) for note in found if note)


def before(entry: Entry, form: Form, words: Words) -> Before:
    """Return what to know before *form* is begun."""
    asked = [each for each in form.fields if each.when is None]
    minutes = 5 * -(-len(asked) // (5 * A_MINUTE))
    return Before(
        minutes,
        tuple(_documents(entry, form, words)),
        tuple(words.text(page.title) for page in form.pages),
    )


def _documents(entry: Entry, form: Form, words: Words) -> Iterator[tuple[str, str]]:
    for each in form.fields:
        if isinstance(each, Photo):
            optional = say(_("{label}（あれば）"), label=say(each.label))
            yield words.say(each.label if each.required else optional), ""
        elif each.key == entry.procedure.grant:
            yield words.text(each.label), words.text(each.hint) if each.hint else ""
