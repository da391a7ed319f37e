"""A button does what it was made for, for the person it was made for, and nothing else."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.postback import PostbackCodec
from dialogs.events import Action, Do

KEY, OLD, FOREIGN = b"k" * 32, b"o" * 32, b"f" * 32
PERSON, OTHER = "9f" * 16, "a0" * 16
CODEC = PostbackCodec(KEY)
SHORT = Action(Do.ANSWER, "0c" * 16, "reason", "", "damaged")
LONG = Action(Do.ANSWER, "0c" * 16, "applicant_address", "town", "窓口の見本の町名" * 12 + "終わり。。")

IDS = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=32)
ACTIONS = st.builds(
    Action, st.sampled_from(Do), conversation=IDS, key=IDS, part=IDS, value=st.text(max_size=100)
)
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(ACTIONS)
def test_what_was_sealed_opens_as_it_was(action: Action) -> None:
    assert CODEC.open(PERSON, CODEC.seal(PERSON, action)) == action


@pytest.mark.parametrize("value", ["窓" * 100, "ｶﾞ" * 50, "𠮷" * 80, "損傷あり（見本）" * 12, "x" * 200])
def test_data_fits_into_a_button(value: str) -> None:
    data = CODEC.seal(PERSON, Action(Do.ANSWER, "0c" * 16, "installation_site_address", "town", value))

    assert len(data.encode("utf-16-le")) // 2 <= 300


def test_data_of_usual_length_is_base64url() -> None:
    assert set(CODEC.seal(PERSON, SHORT)) <= set(BASE64)


def test_data_that_no_button_can_hold_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        CODEC.seal(PERSON, Action(Do.ANSWER, value="窓" * 400))


def test_an_id_with_a_nul_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="NUL"):
        CODEC.seal(PERSON, Action(Do.ANSWER, key="a\0b"))


@pytest.mark.parametrize("action", [SHORT, LONG], ids=["base64url", "kanji"])
def test_no_changed_character_opens(action: Action) -> None:
    data = CODEC.seal(PERSON, action)
    letters = {*BASE64, *data, "=", "+", "/", " ", "\0", "窓", "\u5000", "\u8fff", "\ud800", "𠮷"}

    opened = [
        (place, letter)
        for place in range(len(data))
        for letter in letters - {data[place]}
        if CODEC.open(PERSON, data[:place] + letter + data[place + 1 :])
    ]

    assert opened == []


@pytest.mark.parametrize("action", [SHORT, LONG], ids=["base64url", "kanji"])
def test_nothing_left_out_or_added_opens(action: Action) -> None:
    data = CODEC.seal(PERSON, action)
    cut = [data[:place] for place in range(len(data))]
    grown = [data + more for more in ("A", "=", "==", "\n", " ", "\0", "窓", "\u5000", "\ud800")]
    grown += [more + data for more in ("A", " ", "\n", "\ufeff", "窓")]

    assert [each for each in cut + grown if CODEC.open(PERSON, each)] == []


@pytest.mark.parametrize("stranger", [OTHER, "", PERSON[:-1], PERSON + "0", PERSON.upper(), "\ud800"])
def test_another_persons_button_does_nothing(stranger: str) -> None:
    assert CODEC.open(stranger, CODEC.seal(PERSON, SHORT)) is None


def test_the_end_of_an_id_cannot_pass_for_the_beginning_of_the_data() -> None:
    inner = "q\0\0\0\0"
    sealed = urlsafe_b64decode(CODEC.seal("a", Action(Do.START, value=inner)) + "=")
    head, payload = sealed[:13], sealed[13:]
    moved = urlsafe_b64encode(head + inner.encode()).rstrip(b"=").decode()

    assert CODEC.open("a" + payload.removesuffix(inner.encode()).decode(), moved) is None


def test_a_button_sealed_with_another_key_does_nothing() -> None:
    assert CODEC.open(PERSON, PostbackCodec(FOREIGN).seal(PERSON, SHORT)) is None


def test_buttons_outlive_a_change_of_keys() -> None:
    data = PostbackCodec(OLD).seal(PERSON, SHORT)

    assert PostbackCodec(KEY, OLD).open(PERSON, data) == SHORT
    assert PostbackCodec(KEY).open(PERSON, data) is None


def test_new_buttons_are_sealed_with_the_new_key() -> None:
    assert CODEC.open(PERSON, PostbackCodec(KEY, OLD).seal(PERSON, SHORT)) == SHORT


def test_a_key_too_short_to_protect_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        PostbackCodec(b"short")


@pytest.mark.parametrize("key", [b"k" * 64 + b"1", b"k" * 200])
def test_a_long_key_counts_whole(key: bytes) -> None:
    data = PostbackCodec(key).seal(PERSON, SHORT)

    assert PostbackCodec(key).open(PERSON, data) == SHORT
    assert PostbackCodec(key[:-1] + b"2").open(PERSON, data) is None


def test_a_button_that_does_what_is_done_no_more_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = CODEC.seal(PERSON, SHORT)
    monkeypatch.delitem(Do._value2member_map_, Do.ANSWER.value)

    assert CODEC.open(PERSON, data) is None


MADE_UP = st.text(max_size=400) | st.text(BASE64, max_size=300) | st.text("\u5000\u8fff窓口", max_size=300)


@given(MADE_UP)
def test_nothing_made_up_opens_or_breaks(data: str) -> None:
    assert CODEC.open(PERSON, data) is None


@given(st.text(st.characters(categories=["Cs", "Lo", "Ll"]), max_size=320))
def test_half_characters_break_nothing(data: str) -> None:
    assert CODEC.open(PERSON, data) is None
