from dataclasses import replace

import pytest

from dialogs.fields import Choice, Choices, Consent, Control, Option, Raw, Value
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE, PlainWords

WHO = Choice(
    "applicant_type",
    "申請者の区分",
    (
        Option("person", "個人"),
        Option("association", "町内会などの団体", short="町内会・団体", formerly=("group",)),
        Option("corporation", "法人（会社など）", short="法人"),
    ),
)
REASONS = Choices(
    "reason",
    "申請理由",
    (
        Option("damaged", "被害にあったため", short="被害にあった"),
        Option("at_risk", "被害にあう可能性が高いため", formerly=("risk",)),
        Option("other", "その他"),
    ),
)
URGENT = Choice("emergency", "急ぎ", (Option("yes", "当日か翌日に必要"), Option("no", "急いでいない")))
UPKEEP = Consent("upkeep", "維持管理", statement="電気柵の維持管理を自ら行います。")
ENGLISH = PlainWords("en", {"個人": "A person", "その他": "Other", "、": ", "})
NUMBERS = "1から3までの番号を送ってください。例：1"
SEVERAL_NUMBERS = "1から3までの番号を送ってください。2つ以上えらぶときは「1、3」のように送ってください。"


# -- one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        {"": "association"},
        {"": "group"},
        "2",
        "２",
        "②",
        "2番でお願いします",
        "町内会などの団体",
        "町内会・団体",
        "町内",
    ],
)
def test_a_choice_is_made_by_button_number_wording_or_its_beginning(raw: Raw) -> None:
    assert WHO.read(raw, given()) == "association"


def test_a_wording_may_be_typed_in_japanese_and_in_the_readers_language() -> None:
    assert WHO.read("a person", given(words=ENGLISH)) == "person"
    assert WHO.read("個人です", given(words=ENGLISH)) == "person"
    assert refusal(WHO, "a person") == ("", NUMBERS)


@pytest.mark.parametrize(
    "raw", ["", "4", "0", "1と2", "個", "なにか", "あ" * 501, {"": "2"}, {"": ""}, {"": "町内会"}]
)
def test_what_names_no_option_is_refused_with_the_numbers(raw: Raw) -> None:
    assert refusal(WHO, raw) == ("", NUMBERS)


def test_a_beginning_that_two_options_share_names_neither() -> None:
    assert refusal(REASONS, "被害にあ") == ("", SEVERAL_NUMBERS)


def test_a_wording_that_is_a_number_counts_before_the_position() -> None:
    sets = Choice("sets", "数", (Option("b", "2"), Option("a", "1")))

    assert sets.read("1", given()) == "a"


def test_two_options_of_one_wording_are_told_apart_by_number_only() -> None:
    twins = Choice("twins", "どちら", (Option("a", "同じ"), Option("b", "同じ")))

    assert "番号" in refusal(twins, "同じ")[1]
    assert twins.read("2", given()) == "b"


@pytest.mark.parametrize(("text", "key"), [("はい", "yes"), ("いいえ", "no"), ("yes", "yes")])
def test_yes_and_no_answer_a_question_of_yes_and_no(text: str, key: str) -> None:
    assert URGENT.read(text, given()) == key


def test_yes_is_no_answer_to_another_question() -> None:
    assert refusal(WHO, "はい") == ("", NUMBERS)


@pytest.mark.parametrize("options", [(), (Option("a", "一"), Option("b", "二", formerly=("a",)))])
def test_options_of_one_key_stop_the_program_at_import(options: tuple[Option, ...]) -> None:
    with pytest.raises(ValueError, match="field who"):
        Choice("who", "だれ", options)


def test_a_choice_is_shown_in_the_readers_language() -> None:
    assert WHO.show("person", ENGLISH) == "A person"
    assert WHO.show("group", JAPANESE) == "町内会などの団体"
    assert WHO.show("forgotten", JAPANESE) == "forgotten"
    assert WHO.cells("person", JAPANESE) == ("個人",)


def test_a_key_of_an_earlier_edition_becomes_the_one_of_today() -> None:
    assert WHO.renewed("group") == "association"
    assert WHO.renewed("forgotten") == "forgotten"
    assert REASONS.renewed(["risk", "at_risk", "other"]) == ["at_risk", "other"]
    assert REASONS.renewed({"picked": ["risk"]}) == {"picked": ["at_risk"]}


def test_a_choice_is_drawn_as_its_options() -> None:
    (drawn,) = WHO.inputs(given())

    assert (drawn.control, drawn.options) == (Control.ONE_OF, WHO.options)


# -- several at once -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "1と3",
        "３，１",
        "①③",
        "その他、被害にあった",
        "被害にあったため\nその他",
        "被害にあった、3",
        {"": ["other", "damaged"]},
    ],
)
def test_several_options_are_kept_in_the_order_of_the_form(raw: Raw) -> None:
    assert REASONS.read(raw, given()) == ["damaged", "other"]


@pytest.mark.parametrize("raw", ["2", {"": "at_risk"}, {"": "risk"}, {"": ["at_risk", ""]}, "被害にあう"])
def test_one_of_several_is_an_answer(raw: Raw) -> None:
    assert REASONS.read(raw, given()) == ["at_risk"]


@pytest.mark.parametrize("text", ["全部", "すべてです", "all", "1,2,3"])
def test_all_of_them_can_be_said_at_once(text: str) -> None:
    assert REASONS.read(text, given()) == ["damaged", "at_risk", "other"]


@pytest.mark.parametrize("raw", ["", "1と4", "その他、なにか", "、", "あ" * 501])
def test_typed_words_that_are_not_all_options_are_refused(raw: Raw) -> None:
    assert refusal(REASONS, raw) == ("", SEVERAL_NUMBERS)


def test_an_unknown_key_is_refused() -> None:
    assert refusal(REASONS, {"": ["damaged", "forgotten"]}) == ("", NUMBERS)
    assert refusal(REASONS, {"add": "forgotten"}) == ("", NUMBERS)


@pytest.mark.parametrize("raw", [{"": []}, {"": ""}, {}])
def test_too_few_are_refused(raw: Raw) -> None:
    assert refusal(REASONS, raw) == ("", "1つ以上えらんでください。番号でも答えられます。例：1")


def test_too_many_are_refused() -> None:
    two = replace(REASONS, most=2)

    assert two.read("1と2", given()) == ["damaged", "at_risk"]
    assert refusal(two, "全部") == ("", "えらべるのは2つまでです。えらび直してください。例：1")
    assert "2つまで" in refusal(two, {"add": "other"}, given({"picked": ["damaged", "at_risk"]}))[1]


# -- one after the other -------------------------------------------------------------------------------------


def test_ticking_begins_with_nothing_ticked_and_is_not_complete() -> None:
    begun = REASONS.read({"several": "1"}, given())

    assert begun == {"picked": []}
    assert not REASONS.is_complete(begun)


def test_a_tap_ticks_and_a_second_one_unticks() -> None:
    ticked = REASONS.read({"add": "other"}, given({"picked": ["damaged"]}))

    assert ticked == {"picked": ["damaged", "other"]}
    assert REASONS.read({"add": "other"}, given(ticked)) == {"picked": ["damaged"]}


def test_done_completes_what_was_ticked() -> None:
    done = REASONS.read({"done": "1"}, given({"picked": ["other"]}))

    assert done == ["other"]
    assert REASONS.is_complete(done)


def test_done_with_nothing_ticked_is_refused() -> None:
    assert "1つ以上" in refusal(REASONS, {"done": "1"}, given({"picked": []}))[1]
    assert "1つ以上" in refusal(REASONS, {"done": "1"})[1]


def test_ticking_the_last_one_left_completes_at_once() -> None:
    assert REASONS.read({"add": "other"}, given({"picked": ["damaged", "at_risk"]})) == [
        "damaged",
        "at_risk",
        "other",
    ]


def test_typing_while_ticking_completes_with_what_was_typed() -> None:
    assert REASONS.read("1と3", given({"picked": ["at_risk"]})) == ["damaged", "other"]


def test_an_old_button_reopens_the_ticking_with_what_was_chosen() -> None:
    assert REASONS.read({"add": "other"}, given(["damaged"])) == {"picked": ["damaged", "other"]}
    assert REASONS.read({"several": "1"}, given(["damaged"])) == {"picked": ["damaged"]}
    assert REASONS.read({"done": "1"}, given(["damaged"])) == ["damaged"]


@pytest.mark.parametrize("value", [["damaged", "other"], {"picked": []}, {"picked": ["other"]}])
def test_choices_complete_or_not_can_be_given_again(value: Value) -> None:
    assert REASONS.read(REASONS.raw(value), given()) == value


def test_choices_are_shown_in_the_readers_language() -> None:
    assert REASONS.show(["damaged", "other"], JAPANESE) == "被害にあったため、その他"
    assert REASONS.show(["damaged", "other"], ENGLISH) == "被害にあったため, Other"
    assert REASONS.show({"picked": ["other"]}, JAPANESE) == "その他"


def test_choices_are_drawn_as_their_options() -> None:
    (drawn,) = REASONS.inputs(given())

    assert (drawn.control, drawn.options) == (Control.MANY_OF, REASONS.options)


# -- a tick --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [{"": "yes"}, {"": "on"}, {"": "true"}, "はい", "確認しました", "同意します", "OK", "yes"]
)
def test_a_statement_is_confirmed_by_button_or_word(raw: Raw) -> None:
    assert UPKEEP.read(raw, given()) is True


@pytest.mark.parametrize("raw", ["いいえ", "大丈夫です", "", "はい" * 300, {"": "no"}, {"": ""}, {}])
def test_whoever_does_not_confirm_is_told_how_to_go_on_or_stop(raw: Raw) -> None:
    part, sentence = refusal(UPKEEP, raw)

    assert part == ""
    assert "「はい」" in sentence
    assert "「中止」" in sentence


def test_a_statement_is_drawn_with_its_tick_and_shown_as_confirmed() -> None:
    (drawn,) = UPKEEP.inputs(given())

    assert (drawn.control, drawn.label) == (Control.TICK, UPKEEP.statement)
    assert UPKEEP.show(True, JAPANESE) == "確認しました"
