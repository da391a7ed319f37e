"""A form's questions are counted by what kind of answer they take."""

from __future__ import annotations

from bot.tabulation.counting import tally
from bot.tabulation.of_form import questions_of
from bot.tabulation.questions import Kind
from bot.words import FOLDER, Catalog
from dialogs.fields import Choice, Choices, Consent, Day, Is, LongText, Name, Number, Option
from dialogs.form import Form, Page
from dialogs.words import OwnText
from tests.bot.tabulation.ballots import Paper, data

YES = (Option("yes", "はい"), Option("no", "いいえ"))
FORM = Form(
    "survey_sample",
    "見本",
    "R9",
    (
        Page(
            "a",
            "はじめに",
            (
                Choice("came", OwnText("来ましたか", {"en": "Did you come?"}), YES),
                Choices("liked", "よかったもの", YES, when=Is("came", "yes"), required=False),
                Number("people", "人数", unit="人", least=0, most=9),
                Day("day", "日"),
            ),
        ),
        Page(
            "b",
            "おわりに",
            (
                LongText("more", "ご意見", required=False),
                Name("name", "氏名", personal=True),
                Consent("agreed", "同意", statement="同意します"),
            ),
        ),
    ),
)
ENGLISH = Catalog(FOLDER).words("en")


def test_each_kind_of_field_is_counted_in_its_own_way() -> None:
    found = questions_of(FORM, ENGLISH)

    assert [(each.key, each.kind) for each in found] == [
        ("came", Kind.ONE),
        ("liked", Kind.MANY),
        ("people", Kind.NUMBER),
        ("day", Kind.DAY),
        ("more", Kind.TEXT),
        ("agreed", Kind.ONE),
    ]
    assert found[0].label == "Did you come?"
    assert found[-1].options[0].key == "True"
    assert found[0].title == "はじめに Did you come?"


def test_who_was_not_asked_is_known_by_the_forms_own_condition() -> None:
    answers = data(
        [
            Paper({"came": "no"}),
            Paper({"came": "yes", "liked": None}),
            Paper({"came": "yes", "liked": ["no"]}),
        ],
        questions_of(FORM, ENGLISH),
    )
    liked = answers.question("liked")

    assert liked
    done = tally(answers, liked)
    assert (done.away, done.nothing.count, done.answered) == (1, 1, 1)
