"""The answers laid out before they are filed, and the choice of the one to be corrected."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.conversation import Conversation
from dialogs.events import Action, Do
from dialogs.fields.base import Field, Invalid, sealed
from dialogs.form import Form
from dialogs.reading.numbers import read_ordinals
from dialogs.reading.text import fold
from dialogs.replies import Item, Listing, Offer, Review, Row
from dialogs.words import Message, Words, _, say


def review(
    form: Form, talk: Conversation, words: Words, refused: Mapping[str, Invalid], file: str = ""
) -> Review:
    """Return all answers of *talk* for a last look; each row reopens its question.

    *file* is what the button says that files them, "" for what the form says.
    """
    rows = tuple(
        Row(
            say(each.label),
            shown(each, talk, words),
            Action(Do.REOPEN, talk.id, each.key),
            form.page_of(each).title,
        )
        for each in _rows(form, talk)
    )
    notes = tuple(reason.message for reason in refused.values())
    return Review(form, rows, talk.id, notes, ways_on(form, talk, file))


def ways_on(form: Form, talk: Conversation, file: str = "") -> tuple[Offer, ...]:
    """Return what may be done at the review."""
    label = say(file or form.file or (_("送る") if talk.case else _("申請する")))
    return (
        Offer(label, Action(Do.CONFIRM, talk.id), _("申請する")),
        Offer(say(_("直す")), Action(Do.PICK, talk.id), ""),
        Offer(say(_("中止")), Action(Do.QUIT, talk.id), _("中止")),
    )


def _rows(form: Form, talk: Conversation) -> tuple[Field, ...]:
    return tuple(each for each in form.visible(talk.answers) if each.key in talk.answers)


def shown(each: Field, talk: Conversation, words: Words) -> Message | None:
    """Return the answer as a talk may show it; None for a personal one, which was received and is not said."""
    value = talk.answers[each.key]
    if value is None:
        return say(_("（なし）"))
    if sealed(value) or each.personal:
        return None
    return say("{answer}", answer=each.show(value, words))


def to_correct(form: Form, talk: Conversation, words: Words) -> Listing:
    """Return the numbered list of answers, to choose the one to be corrected."""
    items = tuple(
        Item(say(each.label), Action(Do.REOPEN, talk.id, each.key), shown(each, talk, words))
        for each in _rows(form, talk)
    )
    offers = (Offer(say(_("直さずに確認へ")), Action(Do.RESUME, talk.id), _("続ける")),)
    return Listing(say(_("直したい項目をえらんでください。")), items, offers)


def chosen(form: Form, talk: Conversation, text: str, words: Words) -> Field | None:
    """Return the question that *text* names at the review: by its number or its label."""
    rows = _rows(form, talk)
    numbers = read_ordinals(text)
    if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(rows):
        return rows[numbers[0] - 1]
    wanted = fold(text)
    named = [each for each in rows if wanted in {fold(each.label), fold(words.text(each.label))}]
    return named[0] if len(named) == 1 else None
