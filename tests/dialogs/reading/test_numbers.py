"""Amounts and ordinals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.kanji import below_ten_thousand
from dialogs.reading.numbers import read_number, read_ordinals
from tests.nasty import NASTY


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("40", "m", "40"),
        ("４０", "m", "40"),
        ("40ｍ", "m", "40"),
        ("40 m", "m", "40"),
        ("40M", "m", "40"),
        ("40メートル", "m", "40"),
        ("４０ﾒｰﾄﾙ", "m", "40"),
        ("40㍍", "m", "40"),
        ("四十", "m", "40"),
        ("四十メートル", "m", "40"),
        ("四〇", "m", "40"),
        ("約40m", "m", "40"),
        ("およそ４０", "m", "40"),
        ("だいたい 40m", "m", "40"),
        ("40mくらいです", "m", "40"),
        ("40ぐらい", "m", "40"),
        ("40mです。", "m", "40"),
        ("12.5", "m", "12.5"),
        ("１２．５ｍ", "m", "12.5"),
        ("1,200", "", "1200"),
        ("1,234,567", "", "1234567"),
        ("１，２００円", "円", "1200"),
        ("千二百", "", "1200"),
        ("千", "", "1000"),
        ("二千三百四十五", "", "2345"),
        ("1万2千", "", "12000"),
        ("1万2000", "", "12000"),
        ("一億二千万", "", "120000000"),
        ("3億", "", "300000000"),
        ("1.5万", "", "15000"),
        ("3千5百", "", "3500"),
        ("五〇", "", "50"),
        ("十二", "", "12"),
        ("二十", "", "20"),
        ("百", "", "100"),
        ("零", "", "0"),
        ("弐拾", "", "20"),
        ("二〇二七", "", "2027"),
        ("一五", "", "15"),
        ("-5", "m", "-5"),
        ("−５", "m", "-5"),
        ("007", "", "7"),
        ("3人", "人", "3"),
        ("三名", "人", "3"),
        ("2 sets", "セット", "2"),
        ("210ギガ", "GB", "210"),
        ("1.25テラ", "TB", "1.25"),
        ("十二分間", "分", "12"),
        ("6000V", "V", "6000"),
        ("6000ボルト", "V", "6000"),
        ("50㎡", "m2", "50"),
        ("5冊", "冊", "5"),
        ("40。", "", "40"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, unit: str, number: str) -> None:
    assert read_number(typed, unit) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "m",
        "たくさん",
        "40〜50",
        "40から50",
        "40-50",
        "40m×30m",
        "4 0",
        "1,5",
        "12,34",
        "1.2.3",
        ".5",
        "²",
        "4²",
        "①",
        "٣",
        "४",
        "½",
        "Ⅲ",
        "1_0",
        "NaN",
        "inf",
        "1e5",
        "0x10",
        "40人",
        "40km",
        "二三",
        "二三百",
        "十十",
        "万",
        "1万万",
        "1万20000",
        "40千",
        "1二",
        "1.5.5万",
        "9" * 16,
        "40ですか",
        "五〇、六〇",
    ],
)
def test_what_is_not_plainly_one_number_is_not_read(typed: str) -> None:
    assert read_number(typed, "m") is None


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_every_number_is_read_as_it_is_written(number: int) -> None:
    assert read_number(str(number)) == number
    assert read_number(f"{number:,}") == number


@given(st.decimals(0, 10**6, places=2))
def test_every_decimal_is_read_as_it_is_written(number: Decimal) -> None:
    assert read_number(str(number)) == number


@given(st.integers(0, 9999))
def test_every_kanji_number_is_read(number: int) -> None:
    digits = "〇一二三四五六七八九"
    places = zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
    written = "".join(f"{digits[int(digit)]}{place}" for digit, place in places if digit != "0")

    assert below_ten_thousand(written or "〇") == number


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1", (1,)),
        ("１", (1,)),
        ("①", (1,)),
        ("㉑", (21,)),
        ("㊱", (36,)),
        ("1️⃣", (1,)),
        ("一", (1,)),
        ("十二", (12,)),
        ("13", (13,)),
        ("1番", (1,)),
        ("1番目", (1,)),
        ("一つ目", (1,)),
        ("3ばん", (3,)),
        ("1.", (1,)),
        ("1番でお願いします", (1,)),
        ("2がいいです", (2,)),
        ("1,3", (1, 3)),
        ("１，３", (1, 3)),
        ("1と3", (1, 3)),
        ("1 3", (1, 3)),
        ("1\n3", (1, 3)),
        ("①③", (1, 3)),
        ("①と③", (1, 3)),
        ("1、2、3", (1, 2, 3)),
        ("1､2", (1, 2)),
        ("1・2", (1, 2)),
        ("1番と3番", (1, 3)),
        ("1 and 3", (1, 3)),
        ("3,1,3", (3, 1)),
        ("01", (1,)),
    ],
)
def test_ordinals_are_read_in_the_order_typed_and_each_once(typed: str, chosen: tuple[int, ...]) -> None:
    assert read_ordinals(typed) == chosen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "0",
        "1,0",
        "全部",
        "all",
        "1〜3",
        "1-3",
        "1か3",
        "1.3",
        "一三",
        "1と",
        "-1",
        "1000",
        "²",
        "٣",
        "1m",
        "1番は何ですか",
        "1番ですか",
        "1e1",
    ],
)
def test_anything_else_among_ordinals_refuses_them(typed: str) -> None:
    assert read_ordinals(typed) is None


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    read_number(text, "m")
    read_ordinals(text)


@given(st.text())
def test_no_text_at_all_breaks_the_reading_of_numbers(text: str) -> None:
    read_number(text)
    read_ordinals(text)


@given(st.text("0123456789一二十百千万億.,約②¹です番m", max_size=8))
def test_no_likely_text_breaks_the_reading_of_numbers(text: str) -> None:
    read_number(text, "m")
    read_ordinals(text)
