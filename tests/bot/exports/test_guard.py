"""A spreadsheet shows every text as it is."""

import re
import unicodedata

import pytest

from bot.exports.guard import MARK, guarded
from tests.nasty import FORMULAS, NASTY


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "＝1+1",
        "＋1+1",
        "－1+1",
        "＠SUM(1)",
        " =1+1",
        "　=1+1",
        "\t=1+1",
        "\r=1+1",
        "\n見本",
        "\t見本",
        "-見本",
        "+81 11 211 2879",
    ],
)
def test_a_text_that_would_run_gets_a_mark(text: str) -> None:
    assert guarded(text) == MARK + text


@pytest.mark.parametrize("text", ["-5", "+5", "40", "0", "0.5", "-12.25", "12345678901"])
def test_a_plain_number_stays_a_number(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    "text",
    ["011-211-2879", "03-1234-5678", "0123-45-6789", "0120-12-3456", "090-1234-5678", "01267-2-1234"],
)
def test_a_telephone_number_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["060-0001", "001-0012", "061-2285"])
def test_a_postal_code_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "1-2",
        "1-2-3",
        "3/4",
        "１－２－３",
        "12-31",
        "2027-06-07",
        "6/7/2027",
        "1-2000",
        "Mar1",
        "SEP-2",
        "2 May",
        "24:60",
        "9:30",
        "9:30 pm",
        "0123",
        "００１",
        "123456789012",
        "1,234,567,890,123",
        "1e5",
        "1.2E3",
        "(5)",
        "1 1/2",
        "9" * 400,
        "0" * 20,
    ],
)
def test_a_text_that_excel_would_change_gets_a_mark(text: str) -> None:
    assert guarded(text) == MARK + text


@pytest.mark.parametrize(
    "text", ["", "見本 太郎", "3丁目1-2", "北1条西2丁目", "40m", "mihon@example.jp", "a-1", "令和9年6月7日"]
)
def test_an_ordinary_text_gets_none(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["'=1+1", "'", "''"])
def test_a_text_that_begins_with_the_mark_gets_another(text: str) -> None:
    assert guarded(text) == MARK + text


def test_the_mark_can_be_taken_off_again() -> None:
    assert [guarded(text).removeprefix(MARK) for text in NASTY] == list(NASTY)


def test_no_formula_passes() -> None:
    for text in (*FORMULAS, *NASTY):
        first = guarded(text).lstrip()[:1]
        assert first not in {"=", "@", "＝", "＋", "－", "＠"}, text
        assert first not in {"+", "-"} or guarded(text).lstrip("+-").replace(".", "").isdecimal(), text


def test_a_first_look_at_kana_and_kanji_misses_nothing() -> None:
    """Japanese Excel reads full-width signs; no kana or kanji becomes one, whatever follows it."""
    harmless = [chr(code) for code in (*range(0x3041, 0x30FF), *range(0x4E00, 0xA000))]
    changed = re.compile(r"[-+=@0-9(.a-z]", re.IGNORECASE)

    for first in harmless:
        assert not changed.match(unicodedata.normalize("NFKC", first).strip()), first
        assert not first.isspace(), first
        assert guarded(f"{first}1-2") == f"{first}1-2"
