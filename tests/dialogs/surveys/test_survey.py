"""A survey as a value: what it asks, how it is kept, and which form it becomes."""

from dataclasses import replace
from typing import Any

import pytest

from dialogs.fields import Choice, Choices, Day, Given, Invalid, Is, LongText, Option, Text
from dialogs.surveys import Bounds, Group, Kind, Question, Survey, from_json, survey_form, to_json
from dialogs.surveys.asked import Amount
from dialogs.surveys.conditions import (
    Compare,
    Either,
    Every,
    Selected,
    Unless,
    looked_for,
    restored,
    stored,
    together,
)
from dialogs.words import OwnText
from tests.dialogs import worlds

GIVEN = Given(worlds.world(), words=worlds.JAPANESE)


def own(text: str, english: str) -> OwnText:
    return OwnText(text, {"ja": text, "en": english})


YES_NO = (Option("yes", own("はい", "Yes")), Option("no", own("いいえ", "No")))
KNOWN = Question("known", Kind.SELECT_ONE, own("知っていますか。", "Do you know it?"), options=YES_NO)
AGE = Question(
    "age",
    Kind.INTEGER,
    own("何歳ですか。", "How old are you?"),
    bounds=Bounds(least=0, most=120, message=own("0から120までです。", "From 0 to 120.")),
)
REASONS = Question(
    "reasons",
    Kind.SELECT_MULTIPLE,
    own("理由", "Reasons"),
    required=True,
    relevant=Every((Compare("age", ">=", "18"), Unless(Selected("known", "no")))),
    options=(Option("cost", own("費用", "Cost")), Option("other", "その他")),
    bounds=Bounds(most=1),
)
MORE = Question(
    "reasons_other", Kind.TEXT, "その他", relevant=Selected("reasons", "other"), follows="reasons"
)
COMFORT = Question("comfort", Kind.SELECT_ONE, own("会場", "Venue"), choices="yn", options=YES_NO)
SOUND = replace(COMFORT, key="sound", label=own("音", "Sound"))
CLOSING = Question(
    "on", Kind.DATE, own("日にち", "Day"), note=own("さいごに", "Finally"), bounds=Bounds(last="today")
)

SURVEY = Survey(
    "sample",
    own("見本のアンケート", "Sample survey"),
    "1",
    (
        Group("start", "", (replace(KNOWN, note="はじめに"), AGE)),
        Group("more", own("くわしく", "Details"), (REASONS, MORE)),
        Group(
            "marks", own("満足しましたか。", "Were you content with"), (COMFORT, SOUND, CLOSING), matrix=True
        ),
    ),
    ("ja", "en"),
    thanks=own("ありがとうございました。", "Thank you."),
)
FORM = survey_form(SURVEY)


def asked(question: Question) -> Any:
    return survey_form(Survey("one", "一問", "1", (Group("g", "", (question,)),))).fields[0]


def test_a_survey_becomes_a_form_of_ordinary_questions() -> None:
    assert (FORM.key, FORM.title, FORM.edition) == ("survey_sample", SURVEY.title, "1")
    assert [type(each) for each in FORM.fields] == [Choice, Amount, Choices, Text, Choice, Choice, Day]
    assert [page.key for page in FORM.pages] == ["start", "more", "marks", "marks.2"]
    assert [page.title for page in FORM.pages] == [
        SURVEY.title,
        *(own("くわしく", "Details"),),
        *[SURVEY.groups[2].label] * 2,
    ]
    assert SURVEY.by_key["sound"] is SOUND


def test_what_is_said_before_a_question_stands_above_it_on_pages_and_in_talks() -> None:
    last = FORM.pages[-1]

    assert last.intro == CLOSING.note
    assert last.fields[0].question == own(
        "さいごに\n\n満足しましたか。\n\n日にち", "Finally\n\nWere you content with\n\nDay"
    )
    assert FORM.fields[0].question == own("はじめに\n\n知っていますか。", "はじめに\n\nDo you know it?")
    assert FORM.fields[1].question == ""
    assert asked(replace(AGE, note="はじめに", label="年齢")).question == "はじめに\n\n年齢"


def test_a_row_of_a_table_is_asked_with_the_question_of_the_table() -> None:
    assert FORM.by_key["sound"].question == own("満足しましたか。\n\n音", "Were you content with\n\nSound")


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({"known": "yes", "age": 30}, "reasons"),
        ({"known": "yes", "age": None}, "comfort"),
        ({"known": "no", "age": 30}, "comfort"),
        ({"known": "yes", "age": 30, "reasons": ["other"]}, "reasons_other"),
        ({"known": "yes", "age": 30, "reasons": ["cost"]}, "comfort"),
        ({"known": "yes"}, "age"),
    ],
)
def test_a_question_is_asked_where_earlier_answers_say_so(answers: dict[str, Any], missing: str) -> None:
    assert FORM.missing(FORM.kept(answers))[0].key == missing


def test_a_survey_that_asks_backwards_is_no_form() -> None:
    with pytest.raises(ValueError, match="reasons depends on age, which is not before it"):
        survey_form(replace(SURVEY, groups=(Group("more", "", (KNOWN, REASONS, AGE)),)))


def test_a_survey_comes_back_from_its_json_as_it_was() -> None:
    kept = to_json(SURVEY)

    assert from_json(kept) == SURVEY
    assert to_json(from_json(kept.encode())) == kept


@pytest.mark.parametrize("text", ["[]", "{}", '{"version":2}', "{"])
def test_what_a_later_version_wrote_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- of JSON or of ours
        from_json(text)


# --- amounts


def refusal(field: Any, raw: str) -> str:
    with pytest.raises(Invalid) as refused:
        field.read(raw, GIVEN)
    return str(worlds.JAPANESE.say(refused.value.message))


def test_an_amount_outside_is_refused_in_the_words_of_the_survey() -> None:
    age = FORM.by_key["age"]

    assert age.read("３０", GIVEN) == 30
    assert refusal(age, "121") == "0から120までです。"
    assert "読み取れません" in refusal(age, "たくさん")


def test_an_amount_without_limits_may_be_anything_up_to_a_thousand_millions() -> None:
    amount = asked(Question("kwh", Kind.DECIMAL, "使用量"))

    assert amount.read("-12.5", GIVEN) == -12.5
    assert "大きすぎます" in refusal(amount, "1000000001")


def test_a_range_goes_in_steps_and_a_short_one_is_tapped() -> None:
    scale = asked(Question("scale", Kind.RANGE, "評価", bounds=Bounds(0, 3, 0.5)))

    assert scale.suggest == (0, 0.5, 1, 1.5, 2, 2.5, 3)
    assert scale.read("2.5", GIVEN) == 2.5
    assert refusal(scale, "2.2") == "0.5きざみの数で入力してください。例：0"
    assert asked(Question("far", Kind.RANGE, "距離", bounds=Bounds(0, 100, 1))).suggest == ()
    assert asked(Question("open", Kind.RANGE, "距離", bounds=Bounds(least=0))).suggest == ()
    assert asked(Question("ten", Kind.RANGE, "評価", bounds=Bounds(1, 5))).suggest == (1, 2, 3, 4, 5)


# --- texts, choices, days


def test_limits_of_a_survey_are_those_of_its_fields() -> None:
    line, paragraph = Question("line", Kind.TEXT, "一行"), Question("lines", Kind.TEXT, "感想", long=True)

    assert asked(line).longest == 200
    assert isinstance(asked(paragraph), LongText)
    assert asked(replace(line, bounds=Bounds(most=50))).longest == 50
    assert (FORM.by_key["reasons"].least, FORM.by_key["reasons"].most) == (1, 1)  # type: ignore[attr-defined]
    assert asked(replace(REASONS, relevant=None, bounds=Bounds())).most is None


def test_a_day_may_end_today_or_on_a_day_of_the_calendar() -> None:
    assert "までの日" not in refusal(FORM.by_key["on"], "2027-06-08")
    assert FORM.by_key["on"].read("2027-06-07", GIVEN) == "2027-06-07"
    fixed = asked(Question("on", Kind.DATE, "日", bounds=Bounds(first="2027-01-01", last="2027-01-31")))
    assert "2027年" not in refusal(fixed, "2027-02-01") or fixed.read("2027-01-31", GIVEN) == "2027-01-31"


# --- conditions


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (Compare("q", "=", "a"), {"q": "a"}, True),
        (Compare("q", "=", ""), {}, True),
        (Compare("q", "!=", "a"), {"q": None}, True),
        (Compare("q", "=", "1"), {"q": "01"}, False),
        (Compare("q", "=", "1.0"), {"q": 1}, True),
        (Compare("q", "!=", "x"), {"q": 1}, True),
        (Compare("q", "=", "a b"), {"q": ["a", "b"]}, True),
        (Compare("q", "<", "10"), {"q": 9}, True),
        (Compare("q", ">=", "3"), {"q": "3"}, True),
        (Compare("q", "<=", "9"), {}, False),
        (Compare("q", ">", "2027-01-01"), {"q": "2027-06-01"}, True),
        (Selected("q", "a"), {"q": ["b", "a"]}, True),
        (Selected("q", "a"), {"q": "a"}, True),
        (Selected("q", "a"), {"q": ["b"]}, False),
        (Either((Selected("q", "a"), Compare("p", "=", "1"))), {"p": 1}, True),
        (Either((Selected("q", "a"), Compare("p", "=", "1"))), {}, False),
        (Unless(Selected("q", "a")), {}, True),
    ],
)
def test_a_condition_compares_an_answer(condition: Any, answers: dict[str, Any], holds: bool) -> None:
    assert condition(answers) is holds
    assert restored(stored(condition)) == condition


def test_conditions_are_put_together() -> None:
    one, two = Selected("a", "1"), Compare("b", "=", "2")

    assert together([None, None]) is None
    assert together([None, one]) is one
    assert together([one, two]) == Every((one, two))
    assert Unless(Either((one, two))).keys == {"a", "b"}


@pytest.mark.parametrize("kept", [[], ["~", "a", "b"], ["selected", "a"], ["=", "a", 1]])
def test_what_is_no_condition_is_not_restored(kept: list[Any]) -> None:
    with pytest.raises(ValueError, match="no condition"):
        restored(kept)


def test_a_condition_of_a_procedure_is_none_of_a_survey() -> None:
    with pytest.raises(TypeError, match="Is"):
        stored(Is("known", "yes"))


def test_a_condition_says_which_comparisons_it_is_made_of() -> None:
    one, two, three = Selected("a", "1"), Compare("b", "=", "2"), Selected("c", "3")

    assert looked_for(Every((one, Unless(Either((two, three)))))) == [one, two, three]


def test_kinds_know_whether_they_are_numbers_or_options() -> None:
    assert [each for each in Kind if each.is_number] == [Kind.INTEGER, Kind.DECIMAL, Kind.RANGE]
    assert [each for each in Kind if each.has_options] == [Kind.SELECT_ONE, Kind.SELECT_MULTIPLE]
