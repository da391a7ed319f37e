"""The check digit of the individual number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.mynumber import is_my_number
from tests.nasty import MY_NUMBERS, NASTY

OTHERS = [text for text in NASTY if text not in MY_NUMBERS]


@pytest.mark.parametrize("digits", ["123456789018", "000000000000", "987654321093"])
def test_a_number_with_its_check_digit_is_known(digits: str) -> None:
    assert is_my_number(digits)


@pytest.mark.parametrize(
    "digits",
    ["", "123456789017", "12345678901", "1234567890188", "１２３４５６７８９０１８", "1234-5678-9018"],
)
def test_anything_else_is_not(digits: str) -> None:
    assert not is_my_number(digits)


@given(st.from_regex("[0-9]{11}", fullmatch=True))
def test_each_eleven_digits_have_exactly_one_check_digit(eleven: str) -> None:
    assert sum(is_my_number(f"{eleven}{check}") for check in range(10)) == 1


@given(st.from_regex("[0-9]{11}", fullmatch=True))
def test_the_check_digit_follows_the_formula_of_the_ordinance(eleven: str) -> None:
    # P is the n-th digit from the right, Q its factor: n + 1 up to the sixth, n - 5 from the seventh on.
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1))
    check = 0 if total % 11 <= 1 else 11 - total % 11

    assert is_my_number(f"{eleven}{check}")


@pytest.mark.parametrize("text", OTHERS, ids=range(len(OTHERS)))
def test_no_text_is_taken_for_a_number(text: str) -> None:
    assert not is_my_number(text)
