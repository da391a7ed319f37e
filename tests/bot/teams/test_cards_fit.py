"""Every form can be filled in on cards, in every language: each card is one that Teams takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.words import LOCALES
from dialogs import signing
from dialogs.fields.base import Answers, Control, Field, Input, Raw
from dialogs.form import Form
from dialogs.meetings import Meetings
from dialogs.procedure import Filing, Procedure
from dialogs.procedures import REGISTER
from dialogs.procedures.inspection.form import FORMS as INSPECTIONS
from dialogs.replies import AskCard, CaseSheet, Reply
from dialogs.standing import CaseView
from dialogs.words import placed, say
from dialogs.world import World
from tests.bot.line.test_transcripts_fit_line import turns
from tests.dialogs.procedures.registrations import meeting
from tests.support import talks
from tests.support.cardlint import faults, texts
from tests.support.cards import activities, asked_at_once, card, cards_in, inputs, node, officially
from tests.support.transcripts import FILES

FORMS = tuple(
    {
        (form.key, form.edition): form
        for form in (*INSPECTIONS, *(form for procedure in REGISTER.procedures for form in procedure.forms))
    }.values()
)
SIGNED = [(each, form) for each in REGISTER.procedures if each.signoff for form in each.forms]
WAYS = {"first": 0, "last": -1}
MOST_CARDS = 12


def _world() -> World:
    """Return the small world, in which a meeting takes registrations."""
    held = meeting()
    return talks.world(meetings=Meetings({held.key: held}))


def raw(asked: Field, drawn: Sequence[Input], way: str) -> Raw:
    """Return an answer to *asked*: the first or the last of what is offered, else the example."""
    return {each.part: _part(asked, each, WAYS[way]) for each in drawn}


def _part(asked: Field, each: Input, at: int) -> str | list[str]:
    match each.control:
        case Control.ONE_OF:
            return each.options[at].key
        case Control.MANY_OF:
            return [each.options[at].key]
        case Control.TICK:
            return "yes" if each.required else ""
        case Control.DATE:
            return ((each.least, each.most)[at] or each.initial or _world().today).isoformat()
        case Control.NUMBER:
            return str(getattr(asked, ("least", "most")[at]))
        case _:
            return each.example or asked.example or "見本"


def walk(form: Form, way: str) -> Iterator[AskCard]:
    """Yield the cards of somebody who fills in all of *form*, each after the one before came back."""
    answers: Answers = {}
    for _ in range(MOST_CARDS):
        ask = asked_at_once(form, answers, _world())
        if not ask.fields:
            return
        yield ask
        answers, refused = form.read(_raws(ask, way), answers, _world())
        assert not refused, refused
    raise AssertionError(f"{form.key} takes more than {MOST_CARDS} cards")


def _raws(ask: AskCard, way: str) -> Mapping[str, Raw]:
    shown = inputs(card(ask))
    here = {name.partition("/")[0] for name in shown}
    return {each.key: raw(each, ask.inputs[each.key], way) for each in ask.fields if each.key in here}


@cache
def asked(form: Form, way: str) -> Sequence[AskCard]:
    return tuple(walk(form, way))


def name(form: Form) -> str:
    return f"{form.key}-{form.edition}"


CASES = [*product(FORMS, WAYS, LOCALES)]
IDS = [f"{name(form)}-{way}-{locale}" for form, way, locale in CASES]


@pytest.mark.parametrize(("form", "way", "locale"), CASES, ids=IDS)
def test_every_form_can_be_filled_in_on_cards(form: Form, way: str, locale: str) -> None:
    for ask in asked(form, way):
        found = card(ask, locale)

        assert faults(found) == []
        assert inputs(found)


@pytest.mark.parametrize(
    ("form", "locale"), [*product(FORMS, LOCALES)], ids=lambda each: getattr(each, "key", each)
)
def test_every_form_can_be_shown_again_with_all_of_it_refused(form: Form, locale: str) -> None:
    for ask in asked(form, "last"):
        refused = {each.key: say("{label}を入力してください。", label=say(each.label)) for each in ask.fields}
        last = {each.key: "1234.56GB" for each in ask.fields}

        found = card(asked_at_once(form, ask.answers, _world(), refused, last=last), locale)

        assert faults(found) == []
        assert len(inputs(found)) > len(ask.fields) // 4
        assert texts(found).count("⚠") > 1


@pytest.mark.parametrize(("procedure", "form"), SIGNED, ids=lambda each: getattr(each, "edition", each.key))
def test_every_case_can_be_sent_back_on_its_sheet_and_no_two_questions_are_called_alike(
    procedure: Procedure, form: Form
) -> None:
    for way in WAYS:
        answers = asked(form, way)[-1].answers
        filed = (Filing(procedure.steps[0].key, _world().today),)
        case = CaseView("R9-0001", procedure.key, form.edition, _world().today, filed, answers, 1)
        facts = tuple((placed(form.called(each)), "見本") for each in form.visible(answers))
        deeds = signing.deeds(procedure, case, _world())

        found = card(
            CaseSheet(case.reference, say(procedure.title), case.opened, say("見本"), 1, facts, deeds=deeds)
        )

        assert faults(found) == []
        returned = inputs(found)["fields/return"]["choices"]
        assert len({each["title"] for each in returned}) == len(returned) == len(facts)


def test_every_question_of_a_form_is_asked_on_one_of_its_cards() -> None:
    for form in FORMS:
        seen = {
            name.partition("/")[0] for way in WAYS for ask in asked(form, way) for name in inputs(card(ask))
        }

        photos = {each.key for each in form.fields if "photo" in type(each).__name__.lower()}
        assert {each.key for each in form.fields if each.when is None} - seen - photos == set()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_that_is_said_in_any_transcript_fits_teams(path: Path, locale: str) -> None:
    for replies in turns(path):
        sent = activities(*replies, locale=locale)

        assert len(sent) == len(replies)
        for found in cards_in(sent):
            assert faults(found) == []


@pytest.mark.skipif(node() is None, reason="the official parser needs Node")
def test_the_official_parser_finds_nothing_wrong_with_any_card() -> None:
    said: list[tuple[Reply, ...]] = [replies for path in FILES for replies in turns(path)]
    found = [each for replies in said for each in cards_in(activities(*replies))]
    found += [card(ask) for form in FORMS for way in WAYS for ask in asked(form, way)]

    assert officially(found) == []


@pytest.mark.skipif(node() is None, reason="the official parser needs Node")
def test_the_official_parser_finds_what_is_wrong() -> None:
    wrong: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nonsense"}]}

    assert officially([wrong]) == [
        'card 0: Unknown element type "Nonsense". Fallback will be used if present.'
    ]
