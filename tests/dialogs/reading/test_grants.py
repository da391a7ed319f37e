"""Two ways of writing the number of a grant, or an address, that mean the same (003-04, 003-21)."""

from __future__ import annotations

import pytest

from dialogs.reading.grants import grant_number, household


@pytest.mark.parametrize(
    "written",
    [
        "R9-0012",
        "r9-12",
        "Ｒ９－００１２",
        " R9 - 0012 ",
        "R9ー12",
        "第R9-12号",
        "令和9-12",
        "R9-12番",
        "（R9-12）",
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert grant_number(written) == "r9-12"


@pytest.mark.parametrize("other", ["R9-0013", "R8-0012", "R91-2", "R9-120", "12", "S9-12"])
def test_another_number_is_another(other: str) -> None:
    assert grant_number(other) not in {"", "r9-12"}


@pytest.mark.parametrize("nothing", ["", "   ", "第号", "わからない", "9" * 41, "9" * 100_000])
def test_what_has_no_digit_or_no_end_is_no_number(nothing: str) -> None:
    assert grant_number(nothing) == ""


@pytest.mark.parametrize(
    "written",
    [
        "北海道札幌市南区藤野五条3丁目1-2",
        "北海道札幌市南区藤野5条三丁目1番2号",
        "北海道 札幌市 南区 藤野５条３－１－２",
        "北海道札幌市南区藤野五条3丁目1の2",
    ],
)
def test_a_household_is_the_same_however_its_lot_is_written(written: str) -> None:
    assert household(written) == household("北海道札幌市南区藤野五条3丁目1番地2")


def test_next_door_is_another_household() -> None:
    assert household("北海道札幌市南区藤野五条3丁目1-3") != household("北海道札幌市南区藤野五条3丁目1-2")
