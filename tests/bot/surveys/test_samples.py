"""The samples that come with the desk are what the program makes, and every channel draws whatever is accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.line.limits import require_valid
from bot.line.render import render
from bot.surveys.samples import FOLDER, SAMPLES
from bot.surveys.samples.making import write
from bot.surveys.workbook import examine
from bot.words import LOCALES, words_for
from dialogs.asking import ways_on
from dialogs.conversation import Conversation
from dialogs.events import Action
from dialogs.fields import Given, Value
from dialogs.form import Form
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE
from dialogs.replies import Ask
from dialogs.surveys import Kind, Survey, survey_form
from dialogs.words import OwnText
from tests.dialogs import worlds
from tests.support.cardlint import faults
from tests.support.cards import asked_at_once, card
from tests.support.workbooks import asking, question
from tests.support.workbooks_read import survey_of

LONGEST = "x" * 290
"""Of the data of a button."""


def shipped(key: str) -> Survey:
    """Return the sample *key* as it is shipped."""
    examined = examine((FOLDER / f"{key}.xlsx").read_bytes())
    assert (examined.problems, examined.remarks) == ((), ())
    assert examined.survey is not None
    return examined.survey


def cells(data: bytes) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return what stands in each sheet of a workbook."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def texts(survey: Survey) -> Iterator[str]:
    """Yield every text of *survey*."""
    yield from (survey.title, survey.thanks)
    for group in survey.groups:
        yield group.label
        for each in group.questions:
            yield from (each.label, each.hint, each.note, each.bounds.message)
            yield from (option.label for option in each.options)


def test_the_samples_are_what_the_program_writes(tmp_path: Path) -> None:
    written = write(tmp_path)

    assert sorted(each.name for each in written) == sorted(each.name for each in FOLDER.iterdir())
    for each in written:
        assert cells(each.read_bytes()) == cells((FOLDER / each.name).read_bytes()), each.name


@pytest.mark.parametrize("key", SAMPLES)
def test_a_sample_says_everything_in_three_languages(key: str) -> None:
    survey = shipped(key)

    assert survey.key == key
    assert survey.languages == ("ja", "ja@easy", "en")
    own = [each for each in texts(survey) if isinstance(each, OwnText)]
    assert {locale for each in own for locale in survey.languages if not each.wordings.get(locale)} == set()
    assert not {str(each) for each in texts(survey) if each and not isinstance(each, OwnText)} - {
        "その他",
        "「その他」の内容",
    }


def test_the_borrowers_sample_asks_what_the_desk_asks_at_the_end_of_a_loan() -> None:
    survey = shipped("loan_questionnaire")

    assert [each.key for each in survey.questions] == [each.key for each in QUESTIONNAIRE.fields]
    assert [[option.key for option in each.options] for each in survey.questions] == [
        [option.key for option in getattr(each, "options", ())] for each in QUESTIONNAIRE.fields
    ]


def test_the_meetings_sample_has_a_table_and_asks_nobodys_name() -> None:
    survey = shipped("exchange_meeting")

    assert [group.key for group in survey.groups if group.matrix] == ["satisfied"]
    assert len(survey.questions) <= 16
    assert not {"name", "address", "phone", "email"} & set(survey.by_key)


def test_the_citizens_sample_can_be_weighted_by_age_sex_and_ward() -> None:
    survey = shipped("climate_citizens")

    asked = {key: survey.by_key[key] for key in ("age", "sex", "ward")}
    assert all(each.kind is Kind.SELECT_ONE and each.required for each in asked.values())
    assert len(asked["ward"].options) == 10


# --- drawn


def largest() -> Survey:
    """Return a survey of which every text is as long, and every list as full, as a workbook may have it."""
    choices = [("list_name", "name", "label::ja"), *(("l", f"o{n}", "選" * 100) for n in range(50))]
    row = {"label__ja": "問" * 200, "hint__ja": "助" * 500}
    return survey_of(
        asking(
            question("begin_group", "g", label__ja="群" * 100),
            question("note", "n", label__ja="文" * 280),
            question("select_one l", "one", **row),
            question("select_one l", "two", **row),
            {"type": "end_group"},
            question("select_multiple l", "many", **row),
            question("range", "scale", **row, parameters="start=1 end=8"),
            question("date", "on", **row),
            question("text", "why", **row),
            choices=choices,
        )
    )


def first_answers(form: Form) -> Mapping[str, Value]:
    """Return answers to every question of *form* that is asked when the first of what is offered is chosen."""
    answers: Any = form.kept({})
    while missing := form.missing(answers):
        each = missing[0]
        given = Given(worlds.world(), answers)
        drawn = each.inputs(given)[0]
        raw = drawn.options[0].key if drawn.options else drawn.example or "2027-06-07"
        answers = form.kept({**answers, each.key: each.take({"": raw}, given)})
    return dict(answers)


def drawn_in_line(form: Form, locale: str) -> int:
    """Draw every question of *form* for LINE, and return how many messages that took at most."""
    most = 0
    for each in form.fields:
        talk = Conversation("talk", form.key, {})
        part = each.inputs(Given(worlds.world()))[0]
        ask = Ask(form, each, part, "talk", position=(1, 9), offers=ways_on(form, talk, each))
        drawn = render([ask], words_for(locale), seal=_sealed, page_link=str)
        require_valid(drawn)
        most = max(most, len(drawn))
    return most


def _sealed(_action: Action) -> str:
    return LONGEST


def test_the_fullest_question_that_is_accepted_is_drawn_in_five_messages() -> None:
    form = survey_form(largest())

    assert drawn_in_line(form, "ja") <= 5
    assert faults(card(asked_at_once(form, {}, worlds.world()))) == []


@pytest.mark.parametrize("key", SAMPLES)
def test_a_sample_is_asked_on_every_channel(key: str) -> None:
    form = survey_form(shipped(key))

    assert not form.missing(form.kept(first_answers(form)))
    for locale in LOCALES:
        drawn_in_line(form, locale)
        assert faults(card(asked_at_once(form, {}, worlds.world()), locale)) == []
