"""Telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.phone import looks_like_phone, read_phone
from tests.nasty import NASTY


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0112112879", "011-211-2879"),
        ("011-211-2879", "011-211-2879"),
        ("０１１－２１１－２８７９", "011-211-2879"),
        ("011ー211ー2879", "011-211-2879"),
        ("011‐211‐2879", "011-211-2879"),
        ("011–211—2879", "011-211-2879"),
        ("011･211･2879", "011-211-2879"),
        ("(011)211-2879", "011-211-2879"),
        ("（０１１）２１１－２８７９", "011-211-2879"),
        ("011 211 2879", "011-211-2879"),
        ("+81 11-211-2879", "011-211-2879"),
        ("＋８１１１２１１２８７９", "011-211-2879"),
        ("09012345678", "090-1234-5678"),
        ("090-1234-5678", "090-1234-5678"),
        ("+81 90 1234 5678", "090-1234-5678"),
        ("050-1234-5678", "050-1234-5678"),
        ("0120-444-444", "0120-444-444"),
        ("電話番号：011-211-2879", "011-211-2879"),
        ("TEL 011-211-2879", "011-211-2879"),
        ("☎️ 011-211-2879", "011-211-2879"),
    ],
)
def test_a_number_is_written_as_at_home(typed: str, number: str) -> None:
    assert read_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110",
        "119",
        "#7119",
        "188",
        "211-2879",
        "2112879",
        "011-211-287",
        "011-211-28790",
        "090-1234-567",
        "+1 650 253 0000",
        "+999 12345678",
        "00000000000",
        "²112112879",
        "٠١١٢١١٢٨٧٩",
        "電話は011-211-2879です",
        "011-211-2879 内線5",
        "060-8611",
        "ありません",
        "1" * 25,
    ],
)
def test_what_no_subscriber_can_have_is_not_read(typed: str) -> None:
    assert read_phone(typed) is None


@pytest.mark.parametrize("typed", ["211-2879", "2112879", "２１１－２８７９", "211 2879"])
def test_a_local_number_is_completed_with_the_area_code(typed: str) -> None:
    assert read_phone(typed, "011") == "011-211-2879"


@pytest.mark.parametrize(
    ("typed", "number"), [("022-214-0007", "022-214-0007"), ("110", None), ("119", None)]
)
def test_an_area_code_changes_no_other_number(typed: str, number: str | None) -> None:
    assert read_phone(typed, "011") == number


@given(
    st.sampled_from(("011", "022", "090", "080", "050", "0123", "0570")),
    st.from_regex("[0-9]{6,8}", fullmatch=True),
)
def test_a_number_once_read_stays_as_it_is(start: str, rest: str) -> None:
    read = read_phone(start + rest)

    assert read is None or read_phone(read) == read


@pytest.mark.parametrize(
    "typed",
    [
        "電話は011-211-2879です",
        "０９０１２３４５６７８",
        "tel09012345678まで",
        "連絡先　090ー1234ー5678",
        "090\u200b1234\u200b5678",
        "+81 90 1234 5678",
        "call +1 650 253 0000",
    ],
)
def test_a_number_is_seen_inside_a_text(typed: str) -> None:
    assert looks_like_phone(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "40m", "2027-06-15", "20270615", "R9-0001", "060-8611", "9:00-16:00", "123456789012", "0000000000"],
)
def test_other_numbers_are_not_taken_for_telephones(typed: str) -> None:
    assert not looks_like_phone(typed)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_the_reading_of_telephones(text: str) -> None:
    read_phone(text, "011")
    looks_like_phone(text)


@given(st.text() | st.text("0123456789-+() ー", max_size=20))
def test_no_text_at_all_breaks_the_reading_of_telephones(text: str) -> None:
    read_phone(text)
    read_phone(text, "011")
    looks_like_phone(text)
