import pytest

from dialogs.fields import Choice, Consent, Email, Invalid, Is, Number, Option, Raw, Text
from dialogs.fields.base import only, part_of, sealed, skipped
from tests.dialogs.fields.asked import given
from tests.dialogs.worlds import JAPANESE

MAY_STAY_EMPTY = Email("email", "メールアドレス", required=False)


@pytest.mark.parametrize(
    "raw",
    [
        "なし",
        "特になし",
        "無し",
        "スキップ",
        "skip",
        "None",
        "NO",
        "ありません。",
        {"": ""},
        {"": " "},
        {"": []},
        {},
    ],
)
def test_an_optional_question_is_skipped_by_a_word_or_by_leaving_it_empty(raw: Raw) -> None:
    assert MAY_STAY_EMPTY.take(raw, given()) is None


def test_an_optional_question_still_takes_an_answer() -> None:
    assert MAY_STAY_EMPTY.take("mihon@example.jp", given()) == "mihon@example.jp"


@pytest.mark.parametrize("raw", ["なし", {"": ""}])
def test_a_required_question_cannot_be_skipped(raw: Raw) -> None:
    with pytest.raises(Invalid):
        Email("email", "メールアドレス").take(raw, given())


def test_a_word_from_a_page_is_an_answer_and_no_skip() -> None:
    assert Text("note", "備考", required=False).take({"": "なし"}, given()) == "なし"


def test_an_option_worded_like_a_skip_is_an_answer() -> None:
    damage = Choice("damage", "被害", (Option("some", "あり"), Option("none", "なし")), required=False)

    assert damage.take("なし", given()) == "none"
    assert damage.take("スキップ", given()) is None


def test_a_list_of_parts_is_skipped_only_where_all_are_empty() -> None:
    assert skipped({"": ["", " "]})
    assert not skipped({"": ["", "damaged"]})


def test_the_one_text_of_an_answer_is_found_wherever_it_stands() -> None:
    assert only("見本") == "見本"
    assert only({"": "見本"}) == "見本"
    assert only({"": ["見本", "二つ目"]}) == "見本"
    assert only({"": []}) == ""
    assert part_of({"rest": "1-2"}, "area") == ""


def test_a_field_is_drawn_as_its_first_input_and_has_one_column_by_default() -> None:
    text = Text("note", "備考")

    assert text.pending(given()) == text.inputs(given())[0]
    assert [(column.key, column.label) for column in text.columns()] == [("", "備考")]
    assert text.cells("見本", JAPANESE) == ("見本",)
    assert text.cells(None, JAPANESE) == (None,)
    assert text.outline("見本") == {}
    assert text.remark("見本", given()) is None
    assert text.is_complete("見本")
    assert text.renewed("見本") == "見本"


def test_a_condition_looks_at_one_answer_or_among_several() -> None:
    condition = Is("reason", "other", "more")

    assert condition({"reason": "other"})
    assert condition({"reason": ["damaged", "more"]})
    assert not condition({"reason": "damaged"})
    assert not condition({})


def test_only_the_mark_of_the_vault_is_sealed() -> None:
    assert sealed({"sealed": True, "ward": "南区"})
    assert not sealed({"ward": "南区"})
    assert not sealed("sealed")


def test_nothing_of_these_kinds_echoes_a_tap() -> None:
    assert not Number("sets", "セット数", least=1, most=5).echoes_taps
    assert not Consent("upkeep", "維持管理", statement="自ら行います。").echoes_taps
