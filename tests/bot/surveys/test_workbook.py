"""What is understood of a workbook."""

from __future__ import annotations

import pytest

from bot.words import words_for
from dialogs.surveys import Kind, from_json, survey_form, to_json
from dialogs.surveys.conditions import Compare, Every, Selected, Unless
from tests.support.workbooks import asking, question, workbook
from tests.support.workbooks_read import remarked, survey_of


def test_a_workbook_is_a_survey_in_its_languages() -> None:
    survey = survey_of(
        asking(
            question(
                "select_one yes_no", "knows", label__en="Do you know it?", hint__ja="どちらか", required="yes"
            ),
            question(
                "select_multiple how",
                "ways",
                label__en="How do you come?",
                constraint="count-selected(.) <= 2",
            ),
            question(
                "integer",
                "age",
                label__en="Age",
                constraint=". >= 0 and . <= 120",
                constraint_message__ja="0から120",
            ),
            question("decimal", "far", label__en="Distance"),
            question("range", "mark", label__en="Mark", parameters="start=1 end=5 step=1"),
            question("date", "on", label__en="Day", constraint=". <= today()"),
            question("text", "why", label__en="Why", appearance="multiline"),
            question("string", "line", label__en="Line"),
        )
    )

    assert (survey.key, survey.languages, survey.default_language) == ("sample", ("ja", "en"), "ja")
    assert survey.edition.startswith("1-")
    assert [each.kind for each in survey.questions] == [
        Kind.SELECT_ONE,
        Kind.SELECT_MULTIPLE,
        Kind.INTEGER,
        Kind.DECIMAL,
        Kind.RANGE,
        Kind.DATE,
        Kind.TEXT,
        Kind.TEXT,
    ]
    knows = survey.by_key["knows"]
    assert knows.required
    assert words_for("en").text(knows.label) == "Do you know it?"
    assert words_for("ja@easy").text(knows.label) == "knowsの質問"
    assert words_for("en").text(knows.options[0].label) == "Yes"
    assert words_for("en").text(knows.hint) == "どちらか"
    assert survey.by_key["why"].long
    assert from_json(to_json(survey)) == survey
    assert len(survey_form(survey).fields) == 8


def test_the_same_workbook_is_the_same_edition_and_other_words_are_another() -> None:
    first, again, other = (
        survey_of(asking(question("text", "q", hint__ja=hint))) for hint in ("あ", "あ", "い")
    )

    assert first.edition == again.edition
    assert first.edition != other.edition


@pytest.mark.parametrize(
    ("column", "locale"),
    [
        ("label", "ja"),
        ("label::ja", "ja"),
        ("label:Japanese", "ja"),
        ("label::日本語", "ja"),
        ("Label :: Japanese (ja)", "ja"),
        ("label::やさしい日本語", "ja@easy"),
        ("label::ja-easy", "ja@easy"),
        ("label::English (en)", "en"),
        ("label::中国語（簡体字）", "zh_Hans"),
        ("label::Chinese (zh-Hant)", "zh_Hant"),
        ("label::한국어", "ko"),
        ("label::Tiếng Việt", "vi"),
    ],
)
def test_a_language_is_known_by_whatever_workbooks_call_it(column: str, locale: str) -> None:
    choices = [("list_name", "name", column)]
    survey = survey_of(workbook([("type", "name", column), ("text", "q", "x")], choices, [("form_title",)]))

    assert survey.languages == (locale,)
    assert survey.default_language == locale


def test_conditions_of_groups_and_questions_come_together() -> None:
    survey = survey_of(
        asking(
            question("select_one yes_no", "comes"),
            question("select_multiple how", "ways", relevant="${comes} = 'yes'"),
            question("begin_group", "outer", relevant="${comes} != 'no'"),
            question("begin group", "inner", label__ja="", relevant="not(selected(${ways}, 'car'))"),
            question("text", "why", relevant="${comes} = 'yes' and selected(${ways}, 'bus')"),
            {"type": "end group"},
            {"type": "end_group"},
        )
    )

    assert survey.by_key["ways"].relevant == Compare("comes", "=", "yes")
    assert survey.by_key["why"].relevant == Every(
        (
            Compare("comes", "!=", "no"),
            Unless(Selected("ways", "car")),
            Every((Compare("comes", "=", "yes"), Selected("ways", "bus"))),
        )
    )
    assert [(group.key, str(group.label)) for group in survey.groups] == [
        ("top", ""),
        ("inner", "outerの質問"),
    ]


def test_questions_of_one_list_in_a_group_are_a_table() -> None:
    survey = survey_of(
        asking(
            question("begin_group", "marks", appearance="field-list"),
            question("select_one how", "head", appearance="label"),
            question("select_one how", "room", appearance="list-nolabel"),
            question("select_one how", "food", appearance="list-nolabel"),
            {"type": "end_group"},
            question("select_one how", "after"),
        )
    )

    assert [(group.matrix, [each.key for each in group.questions]) for group in survey.groups] == [
        (True, ["room", "food"]),
        (False, ["after"]),
    ]


def test_or_other_asks_for_the_words() -> None:
    survey = survey_of(asking(question("select_one how or_other", "ways")))

    assert [each.key for each in survey.questions] == ["ways", "ways_other"]
    assert [each.key for each in survey.by_key["ways"].options] == ["walk", "bus", "car", "other"]
    assert survey.by_key["ways_other"].relevant == Selected("ways", "other")


def test_notes_are_said_before_the_next_question_and_the_last_one_at_the_end() -> None:
    survey = survey_of(
        asking(
            question("note", "n1", relevant="", label__en="One"),
            question("note", "n2"),
            question("text", "q"),
            question("note", "n3"),
        )
    )

    assert survey.by_key["q"].note.endswith("n1の質問\n\nn2の質問")
    assert words_for("en").text(survey.by_key["q"].note) == "One\n\nn2の質問"
    assert words_for("ja").text(survey.thanks) == "n3の質問"


def test_who_answers_is_not_recorded_and_names_are_made_keys() -> None:
    data = asking(
        {"type": "start", "name": "start"},
        {"type": "deviceid", "name": "deviceid"},
        question("text", " Q-1 ", guidance_hint="x", default="はい"),
        question("text", "no", disabled="yes"),
    )

    assert [each.key for each in survey_of(data).questions] == ["q_1"]
    assert remarked(data) == [
        "1 D: この列は使いません。",
        "2 A: 回答した人がわかるおそれがあるので、記録しません。",
        "3 A: 回答した人がわかるおそれがあるので、記録しません。",
        "4 B: 「Q-1」は「q_1」として扱います。",
        "4 E: はじめから入れておく答えは使いません（答えが偏るため）。",
        "5 : disabled の行なので読みません。",
    ]
