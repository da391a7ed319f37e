"""フリガナ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.kana import read_kana
from tests.nasty import NASTY


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("みほん たろう", "ミホン　タロウ"),
        ("ミホン　タロウ", "ミホン　タロウ"),
        ("ﾐﾎﾝ ﾀﾛｳ", "ミホン　タロウ"),
        ("ﾊﾟﾋﾟﾌﾞ", "パピブ"),
        ("か\u3099く", "ガク"),
        ("カ゛ク", "ガク"),
        ("サトー", "サトー"),
        ("ｻﾄｰ", "サトー"),
        ("ジャン・ピエール", "ジャン・ピエール"),
        ("ヴァン", "ヴァン"),
        ("ゔぁん", "ヴァン"),
        (" ミホン  \n タロウ ", "ミホン　タロウ"),
        ("ミホン", "ミホン"),
        ("アㇷ゚", None),
        ("シㇼ", "シㇼ"),
        ("見本 タロウ", None),
        ("mihon", None),
        ("ﾐﾎﾝ1", None),
        ("ー", None),
        ("・", None),
        ("", None),
        ("　", None),
        ("ミホン-タロウ", None),
        ("ミホン😀", None),
    ],
)
def test_a_reading_is_kana_or_nothing(typed: str, kana: str | None) -> None:
    assert read_kana(typed) == kana


@given(st.text("ぁあがぱんゔゝアァヴヵーｱﾊﾟﾞｰ・ヽ゛゜\u3099 　\n"))
def test_a_reading_once_read_stays_as_it_is(text: str) -> None:
    read = read_kana(text)

    assert read is None or read_kana(read) == read


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_the_reading_of_kana(text: str) -> None:
    read_kana(text)


@given(st.text())
def test_no_text_at_all_breaks_the_reading_of_kana(text: str) -> None:
    read_kana(text)
