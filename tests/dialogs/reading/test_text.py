"""What is kept of a text, the key it is compared by, and its lengths."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.text import clean, clip, clip_utf16, fold, graphemes, narrow, utf16
from tests.nasty import NASTY

ANY_TEXT = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("👩❤1#*\u20e3\ufe0f\ufe0e\u200d🏽葛\U000e0100\u200b\ud800\r\n\t \u3000a")
)


@pytest.mark.parametrize(
    "name",
    [
        "神\ufa19社",
        "福\ufa1b\ufa10",
        "髙橋　﨑",
        "葛\U000e0100城",
        "辻\U000e0101",
        "𠮷",
        "外字\ue000",
        "か\u3099",
        "㈱見本",
        "ﾐﾎﾝ",
        "ジャン＝ピエール",
    ],
)
def test_a_name_is_kept_exactly_as_typed(name: str) -> None:
    assert clean(name) == name


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏽‍💻", "1️⃣", "❤️", "❤︎", "👍🏽", "🇯🇵"])
def test_an_emoji_stays_in_one_piece(emoji: str) -> None:
    assert clean(emoji) == emoji


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1b\x7f\x85c", "abc"),
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\tb", "a b"),
        ("　 見本 太郎\n", "見本 太郎"),
        ("見\u200b本\ufeff\u2060\u00ad", "見本"),
        ("\u202e郎太\u2069\u200f", "郎太"),
        ("🏴\U000e0067\U000e007f", "🏴"),
        ("見\u3164本\uffa0\u115f", "見本"),
        ("a\ud800b\udfff", "ab"),
        ("a\ufdd0\uffff\U0010ffffb", "ab"),
        ("\ufff9見\ufffaみ\ufffb", "見み"),
        ("a\u200db", "ab"),
        ("👩\u200d", "👩"),
        ("\u200d👩", "👩"),
        ("👩\u200d\u200d👩", "👩👩"),
        ("1\ufe0f", "1"),
        ("a\ufe0f\U000e0100", "a"),
        ("葛\U000e0100\U000e0100", "葛\U000e0100"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
    ],
)
def test_what_cannot_be_seen_is_not_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(ANY_TEXT)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    once = clean(text)

    assert clean(once) == once


@given(ANY_TEXT)
def test_a_clean_text_holds_no_control_and_no_half_character(text: str) -> None:
    kinds = {unicodedata.category(character) for character in clean(text) if character != "\n"}

    assert not kinds & {"Cc", "Cs"}


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_can_be_cleaned_folded_and_measured(text: str) -> None:
    clean(clean(text)).encode()

    assert fold(text) == fold(clean(text))
    assert graphemes(clip(text, 20)) <= 20
    assert utf16(clip_utf16(text, 20)) <= 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("はい", " は い。"),
        ("ＯＫ", "ok!"),
        ("「メニュー」", "ﾒﾆｭｰ"),
        ("『戻る』", "戻る、"),
        ("Straße", "STRASSE"),
        ("㈱見本", "(株)見本"),
        ("'yes'", '"YES"'),
    ],
)
def test_spellings_of_one_answer_meet_in_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_hiragana_and_katakana_have_different_keys() -> None:
    assert fold("はい") != fold("ハイ")


def test_a_question_is_not_folded_into_an_answer() -> None:
    assert fold("はい？") != fold("はい")


@given(ANY_TEXT)
def test_narrowing_keeps_every_character_in_its_place(text: str) -> None:
    assert len(narrow(text)) == len(text)


def test_narrowing_makes_no_digit_of_what_is_none() -> None:
    assert narrow("４０ｍ²①．５､｡･　") == "40m²①.5、。・ "


@pytest.mark.parametrize(
    ("text", "seen", "units"),
    [
        ("", 0, 0),
        ("見本", 2, 2),
        ("👨‍👩‍👧‍👦家族", 3, 13),
        ("葛\U000e0100", 1, 3),
        ("e\u0301", 1, 2),
        ("\ud800", 1, 1),
    ],
)
def test_lengths_are_counted_as_people_and_platforms_do(text: str, seen: int, units: int) -> None:
    assert (graphemes(text), utf16(text)) == (seen, units)


@pytest.mark.parametrize(
    ("text", "most", "clipped"),
    [
        ("見本太郎", 4, "見本太郎"),
        ("見本太郎", 3, "見本…"),
        ("見本太郎", 1, "…"),
        ("見本太郎", 0, ""),
        ("見本太郎", -1, ""),
        ("👨‍👩‍👧‍👦家族です", 3, "👨‍👩‍👧‍👦家…"),
    ],
)
def test_a_text_is_clipped_between_characters(text: str, most: int, clipped: str) -> None:
    assert clip(text, most) == clipped


def test_an_ellipsis_that_does_not_fit_is_left_out() -> None:
    assert clip("見本太郎", 2, ellipsis="（略）") == "見本"
    assert clip_utf16("見本太郎", 2, ellipsis="（略）") == "見本"


@pytest.mark.parametrize(
    ("text", "most", "clipped"),
    [
        ("見本太郎", 4, "見本太郎"),
        ("見本太郎", 3, "見本…"),
        ("見本👨‍👩‍👧‍👦", 12, "見本…"),
        ("👨‍👩‍👧‍👦家族", 12, "👨‍👩‍👧‍👦…"),
        ("𠮷𠮷𠮷", 4, "𠮷…"),
        ("見本", 0, ""),
    ],
)
def test_a_text_is_clipped_to_the_units_of_a_platform(text: str, most: int, clipped: str) -> None:
    assert clip_utf16(text, most) == clipped


@given(ANY_TEXT, st.integers(0, 30))
def test_a_clipped_text_never_passes_its_limit(text: str, most: int) -> None:
    assert graphemes(clip(text, most)) <= most
    assert utf16(clip_utf16(text, most)) <= most
