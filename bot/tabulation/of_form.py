"""The questions of a form, as tabulation knows them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.tabulation.questions import Kind, Option, Question
from dialogs.fields import Choice, Choices, Consent, Day, Field, Number
from dialogs.form import Form
from dialogs.words import Words, _

_KINDS: tuple[tuple[type[Field], Kind], ...] = (
    (Choice, Kind.ONE),
    (Consent, Kind.ONE),
    (Choices, Kind.MANY),
    (Number, Kind.NUMBER),
    (Day, Kind.DAY),
)


def questions_of(form: Form, words: Words) -> tuple[Question, ...]:
    """Return the questions of *form*, worded in *words*; personal ones are no business of tabulation."""
    return tuple(_questions(form, words))


def _questions(form: Form, words: Words) -> Iterator[Question]:
    for page in form.pages:
        for each in page.fields:
            if not each.personal:
                group = words.text(page.title) if page.title != form.title else ""
                kind = next((kind for known, kind in _KINDS if isinstance(each, known)), Kind.TEXT)
                label, options = words.text(each.label), _options(each, words)
                yield Question(each.key, label, kind, options, group=group, asked=each.when)


def _options(field: Field, words: Words) -> tuple[Option, ...]:
    if isinstance(field, Consent):
        return (Option(str(True), words.text(_("確認しました"))),)
    return tuple(Option(each.key, words.text(each.label)) for each in getattr(field, "options", ()))
