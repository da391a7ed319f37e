"""The Japanese calendar eras."""

from datetime import date

import pytest

from dialogs.reading.wareki import ERAS, to_western, wareki, wareki_year


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2027, 6, 7), "令和9年6月7日(月)"),
        (date(2019, 5, 1), "令和元年5月1日(水)"),
        (date(2019, 4, 30), "平成31年4月30日(火)"),
        (date(1989, 1, 8), "平成元年1月8日(日)"),
        (date(1989, 1, 7), "昭和64年1月7日(土)"),
        (date(1926, 12, 25), "昭和元年12月25日(土)"),
        (date(1926, 12, 24), "大正15年12月24日(金)"),
        (date(1912, 7, 29), "明治45年7月29日(月)"),
        (date(1868, 1, 25), "明治元年1月25日(土)"),
        (date(1868, 1, 24), "西暦1868年1月24日(金)"),
        (date(1, 1, 1), "西暦1年1月1日(月)"),
    ],
)
def test_a_day_is_written_as_official_papers_write_it(day: date, written: str) -> None:
    assert wareki(day) == written


def test_the_year_of_an_era_counts_from_one() -> None:
    assert wareki_year(date(2027, 6, 7)) == ("令和", 9)


@pytest.mark.parametrize("era", ["令和", "令", "R", "r", "㋿", "Ｒ"])
def test_an_era_is_known_by_its_name_and_its_letter(era: str) -> None:
    assert to_western(era, 9) == 2027


@pytest.mark.parametrize(
    ("era", "year", "western"),
    [
        ("平成", 31, 2019),
        ("平成", 32, 2020),
        ("平成", 33, None),
        ("昭和", 64, 1989),
        ("昭和", 65, 1990),
        ("昭和", 66, None),
        ("昭和", 100, None),
        ("大正", 15, 1926),
        ("明治", 1, 1868),
        ("令和", 99, 2117),
        ("令和", 100, None),
        ("令和", 0, None),
        ("令和", -1, None),
        ("慶応", 1, None),
        ("", 1, None),
    ],
)
def test_an_era_is_read_a_year_past_its_end_and_no_further(era: str, year: int, western: int | None) -> None:
    assert to_western(era, year) == western


def test_every_era_begins_in_its_first_year() -> None:
    assert all(wareki_year(era.first) == (era.name, 1) for era in ERAS)
