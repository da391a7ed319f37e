"""E-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.email import read_email
from tests.nasty import NASTY


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mihon@example.jp", "mihon@example.jp"),
        (" Mihon@Example.JP ", "Mihon@example.jp"),
        ("ｍｉｈｏｎ＠ｅｘａｍｐｌｅ．ｊｐ", "mihon@example.jp"),
        ("mihon+tag@sub.example.co.jp", "mihon+tag@sub.example.co.jp"),
        ("mihon..taro.@example.ne.jp", "mihon..taro.@example.ne.jp"),
        ("mihon@xn--eckwd4c7c.xn--zckzah", "mihon@xn--eckwd4c7c.xn--zckzah"),
        ("a@b.jp", "a@b.jp"),
        ("a" * 64 + "@example.jp", "a" * 64 + "@example.jp"),
    ],
)
def test_an_address_keeps_its_name_and_lowers_its_domain(typed: str, address: str) -> None:
    assert read_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mihon",
        "@example.jp",
        "mihon@",
        "mihon@example",
        "mihon@@example.jp",
        "a@b@example.jp",
        ".mihon@example.jp",
        "mihon@-example.jp",
        "mihon@example-.jp",
        "mihon@example..jp",
        "mihon@example.j",
        "mihon@example.123",
        "mihon@127.0.0.1",
        "mi hon@example.jp",
        "mihon@exa mple.jp",
        "mihon@example.jp\nBcc: a@example.jp",
        "見本@example.jp",
        "mihon@見本.jp",
        "a²@example.jp",
        "<mihon@example.jp>",
        "a" * 65 + "@example.jp",
        "mihon@" + "a" * 64 + ".jp",
        "mihon@" + "abc." * 62 + "jp",
    ],
)
def test_what_cannot_be_an_address_is_not_read(typed: str) -> None:
    assert read_email(typed) is None


@given(st.emails())
def test_an_address_once_read_stays_as_it_is(address: str) -> None:
    read = read_email(address)

    assert read is None or read_email(read) == read


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    read_email(text)


@given(st.text())
def test_no_text_at_all_breaks_the_reading_of_addresses(text: str) -> None:
    read_email(text)
