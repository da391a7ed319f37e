from dataclasses import replace
from datetime import date, time

import pytest

from dialogs.calendar import OfficeCalendar
from dialogs.office import (
    Days,
    Handover,
    Hours,
    Office,
    Part,
    PickupPoint,
    Privacy,
    Resets,
    Series,
    Stock,
    Ward,
)
from dialogs.parts import SET_PARTS, PartKind
from dialogs.reading.address import Town

MINAMI = Ward("minami", "南区", "Minami Ward")
NISHI = Ward("nishi", "西区", "Nishi Ward")
POINT = PickupPoint(
    "minami", "minami", "南区 受渡場所（見本）", "Minami Ward pick-up point (sample)", "札幌市南区（見本）"
)
OFFICE = Office(
    key="sapporo",
    city="札幌市",
    city_en="Sapporo",
    prefecture="北海道",
    wards=(MINAMI, NISHI),
    postal_codes=("005", "0028"),
    postal_codes_elsewhere=("0028089",),
    section="環境共生担当課",
    section_en="Environmental Coexistence Section",
    section_address="札幌市中央区北1条西2丁目",
    addressee="札幌市環境局環境管理担当部長",
    telephone="011-211-2879",
    area_code="011",
    reception=Hours(time(9), time(16), Days.EVERY_DAY),
    telephone_hours=Hours(time(8, 45), time(17, 15), Days.BUSINESS_DAYS),
    calendar=OfficeCalendar(closed=frozenset({(12, 29)})),
    series=(Series("loan", "{era}{era_year}-{number:04}", Resets.FISCAL_YEAR),),
    handover=Handover.POINTS,
    points=(POINT,),
    stock=Stock(owned=50, store=20),
    lead_days=7,
    privacy=Privacy("目的のためだけに使います。", "Used for nothing else.", ""),
)
FUJINO = Town("0612285", "北海道", "札幌市", "南区", "藤野五条", "フジノ５ジョウ", "")


def test_a_town_of_the_city_is_served_and_its_ward_is_known() -> None:
    assert OFFICE.serves(FUJINO)
    assert OFFICE.ward_of(FUJINO) == MINAMI


@pytest.mark.parametrize(
    "town", [replace(FUJINO, city="北広島市", ward=""), replace(FUJINO, prefecture="青森県")]
)
def test_a_town_of_another_city_or_of_a_namesake_is_not_served(town: Town) -> None:
    assert not OFFICE.serves(town)
    assert OFFICE.ward_of(town) is None


def test_a_city_without_wards_knows_none() -> None:
    assert replace(OFFICE, wards=()).ward_of(FUJINO) is None


@pytest.mark.parametrize(
    ("postcode", "served"), [("0050001", True), ("0028071", True), ("0028089", False), ("0600001", False)]
)
def test_postal_codes_are_served_but_for_those_of_a_neighbour(postcode: str, *, served: bool) -> None:
    assert OFFICE.serves(postcode) is served


def test_a_ward_and_its_pick_up_points_are_found_by_its_key() -> None:
    assert OFFICE.ward("nishi") == NISHI
    assert OFFICE.ward("unknown") is None
    assert OFFICE.points_in("minami") == (POINT,)
    assert OFFICE.points_in("nishi") == ()


def test_a_series_is_found_by_its_key_and_a_missing_one_is_named() -> None:
    assert OFFICE.numbers("loan").key == "loan"
    with pytest.raises(LookupError, match="decision"):
        OFFICE.numbers("decision")


def test_its_names_are_known_in_other_languages_and_stay_as_they_are_in_japanese() -> None:
    english = OFFICE.catalog("en")

    assert english["南区"] == "Minami Ward"
    assert english["札幌市"] == "Sapporo"
    assert english[POINT.name] == POINT.name_en
    assert english[OFFICE.privacy.text] == "Used for nothing else."
    assert OFFICE.catalog("zh_Hans") == english
    assert OFFICE.catalog("ja") == OFFICE.catalog("ja@easy") == {}


def test_hours_are_shown_as_on_a_door() -> None:
    assert OFFICE.telephone_hours.span == "8:45〜17:15"


@pytest.mark.parametrize(
    ("pattern", "resets", "day", "expected"),
    [
        ("{era}{era_year}-{number:04}", Resets.FISCAL_YEAR, date(2027, 6, 7), "R9-0012"),
        ("{era}{era_year}-{number:04}", Resets.FISCAL_YEAR, date(2028, 3, 31), "R9-0012"),
        ("{era}{era_year}-{number:04}", Resets.FISCAL_YEAR, date(2028, 4, 1), "R10-0012"),
        ("{era}{era_year}-{number:04}", Resets.YEAR, date(2028, 3, 31), "R10-0012"),
        ("{era}{era_year}-{number}", Resets.FISCAL_YEAR, date(2019, 4, 1), "R1-12"),
        ("{year}/{number:03}", Resets.YEAR, date(2027, 1, 1), "2027/012"),
        ("{year}/{number}", Resets.FISCAL_YEAR, date(2027, 1, 1), "2026/12"),
        ("札幌対第{number}号", Resets.NEVER, date(2027, 6, 7), "札幌対第12号"),
    ],
)
def test_a_number_is_written_with_the_year_its_series_counts_in(
    pattern: str, resets: Resets, day: date, expected: str
) -> None:
    assert Series("loan", pattern, resets).format(12, day) == expected


@pytest.mark.parametrize(
    ("resets", "day", "expected"),
    [
        (Resets.NEVER, date(2028, 3, 31), ""),
        (Resets.YEAR, date(2028, 3, 31), "2028"),
        (Resets.FISCAL_YEAR, date(2028, 3, 31), "2027"),
        (Resets.FISCAL_YEAR, date(2028, 4, 1), "2028"),
    ],
)
def test_a_count_belongs_to_its_period(resets: Resets, day: date, expected: str) -> None:
    assert Series("decision", "{year}-{number}", resets).period(day) == expected


def test_two_days_with_one_written_year_share_one_count() -> None:
    series = Series("loan", "{era}{era_year}-{number}", Resets.FISCAL_YEAR)
    days = [date.fromordinal(n) for n in range(date(2018, 1, 1).toordinal(), date(2030, 1, 1).toordinal())]

    counts = {(series.format(1, day), series.period(day)) for day in days}

    assert len({number for number, _ in counts}) == len(counts) == len({period for _, period in counts})


def test_a_number_that_comes_again_is_allowed_beside_its_date() -> None:
    assert Series("decision", "札幌対第{number}号", Resets.FISCAL_YEAR, dated=True).format(
        1, date(2027, 6, 7)
    )


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("R9", "no {number}"),
        ("{era}-{number}", "the same numbers would come again"),
        ("{year}-{serial}", "{serial} is unknown"),
        ("{year}-{number}-{}", "{} is unknown"),
        ("{year}-{number.real}", "unknown"),
        ("{year}-{number:>4}", "unknown way"),
        ("{year}-{number:{year}}", "unknown way"),
        ("{year:04}-{number}", "unknown way"),
        ("{year}-{number!r}", "unknown way"),
        ("{year}-{number", "brace"),
    ],
)
def test_a_pattern_that_cannot_be_written_or_doubles_numbers_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Series("loan", pattern, Resets.YEAR)


def test_the_parts_of_a_set_are_named_in_latin_letters_for_readers_of_other_scripts() -> None:
    wire = Part("wire", "ワイヤー", "Wire", 210, "m", kind=PartKind.WIRE)

    assert replace(OFFICE, set_parts=(wire,)).catalog("en")["ワイヤー"] == "Wire"


def test_an_office_that_lists_no_parts_has_those_of_the_handling_guide() -> None:
    assert OFFICE.set_parts == SET_PARTS
    assert {part.kind for part in SET_PARTS} == {*PartKind} - {PartKind.OTHER}
