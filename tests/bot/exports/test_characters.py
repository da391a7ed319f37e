"""What a file cannot hold is replaced, and told."""

import pytest

from bot.exports.characters import ALIKE, GETA, UNKNOWN, cp932, sound
from tests.nasty import NASTY


def test_no_pair_of_the_table_is_for_nothing() -> None:
    assert [character for character in ALIKE if cp932(character).text == character] == []
    assert [plain for plain in ALIKE.values() if cp932(plain).changes] == []


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("𠮷野", "吉野"),
        ("10時〜11時", "10時～11時"),
        ("あ—い", "あ―い"),
        ("葛\U000e0100城", "葛城"),
        ("㍿見本", "株式会社見本"),
        ("Müller", "Muller"),
        ("²", "2"),
        ("🐻", GETA),
        ("김철수", GETA * 3),
        ("見\u200b本", "見本"),
        ("a\x00b", f"a{GETA}b"),
    ],
)
def test_what_shift_jis_lacks_is_replaced(given: str, written: str) -> None:
    assert cp932(given).text == written


@pytest.mark.parametrize(
    "name", ["髙橋", "﨑山", "德永", "瀨戸", "濵田", "邉", "福\ufa1b", "㈱見本", "①", "Ⅲ", "ﾐﾎﾝ"]
)
def test_names_that_cp932_has_stay(name: str) -> None:
    assert cp932(name).text == name
    assert cp932(name).changes == ()


def test_a_mark_written_apart_is_joined_without_a_loss() -> None:
    fitted = cp932("か\u3099き")

    assert (fitted.text, fitted.changes) == ("がき", ())


def test_each_changed_character_is_told_once() -> None:
    assert cp932("𠮷🐻𠮷").changes == (("𠮷", "吉"), ("🐻", GETA))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_whatever_is_given_can_be_written_and_read_again(text: str) -> None:
    in_cp932, in_utf8 = cp932(text).text, sound(text).text

    assert in_cp932.encode("cp932").decode("cp932") == in_cp932
    assert in_utf8.encode().decode() == in_utf8


def test_a_sound_text_stays_and_an_unsound_one_shows_where() -> None:
    assert sound("一行目\n二行目\t見本").text == "一行目\n二行目\t見本"
    assert sound("a\x00b\ud800").text == f"a{UNKNOWN}b{UNKNOWN}"
    assert sound("a\x00b\x00").changes == (("\x00", UNKNOWN),)
