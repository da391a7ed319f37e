"""Filling in the sheet of 別添3: what is asked when, and which numbers must be there (002-08, 11, 14)."""

from dataclasses import replace

import pytest

from dialogs.fields import Answers, Control, Given
from dialogs.procedures.inspection import INSPECTION
from dialogs.procedures.inspection.equipment import REGISTER_R5
from dialogs.procedures.inspection.sheet import sheet
from tests.dialogs import worlds
from tests.dialogs.procedures.inspections import CENTER, FORM, HEADER, NUMBERS, OFFICE, begun, filled, read

ROWS = sheet(REGISTER_R5).rows


def asked(answers: Answers) -> list[str]:
    return [each.key for each in FORM.missing(answers)]


def refused(answers: Answers, **raws: str) -> list[str]:
    return [*FORM.read({key: {"": text} for key, text in raws.items()}, answers, worlds.world())[1]]


def test_the_head_is_asked_first_and_the_rows_only_once_the_site_is_known() -> None:
    assert asked({}) == ["site", "day", "kind", "firm", "contract"]


@pytest.mark.parametrize(
    ("site", "rows", "numbers", "model"), [(OFFICE, 34, 5, True), (CENTER, 30, 4, False)]
)
def test_a_site_is_asked_its_own_rows_and_numbers(site: str, rows: int, numbers: int, model: bool) -> None:
    left = asked(begun(site))

    assert len([key for key in left if any(row.key == key for row in ROWS)]) == rows
    assert len([key for key in left if any(number[0] == key for number in NUMBERS)]) == numbers
    assert len(left) == rows + numbers + 1
    assert ("model" in begun(site)) is model


@pytest.mark.parametrize("site", [OFFICE, CENTER])
def test_a_sheet_without_findings_is_complete_after_one_card(site: str) -> None:
    answers = filled(site)

    assert asked(answers) == []
    assert FORM.reread(answers, worlds.world()) == (answers, {})


def test_a_finding_is_asked_its_remark_and_urgency_and_then_a_photo() -> None:
    answers = filled(CENTER, pc3_noise_damage="finding")
    by_key = FORM.by_key

    assert asked(answers) == [
        "pc3_noise_damage_remark",
        "pc3_noise_damage_severity",
        "pc3_noise_damage_photo",
    ]
    assert [by_key[key].required for key in asked(answers)] == [True, True, False]
    given = Given(worlds.world(), answers)
    assert by_key["pc3_noise_damage_photo"].inputs(given)[0].control is Control.PHOTO
    assert by_key["pc3_noise_damage_remark"].hint == "異音・外部の破損などはないか"


def test_a_finding_that_was_none_takes_its_remark_along() -> None:
    found = filled(OFFICE, server_raid="finding")
    told = read({"server_raid_remark": {"": "縮退"}, "server_raid_severity": {"": "urgent"}}, found)

    mended = read({"server_raid": {"": "normal"}}, told)

    assert told["server_raid_remark"] == "縮退"
    assert not any(key.startswith("server_raid_") for key in mended)


def test_rows_of_the_other_site_are_forgotten_when_the_site_changes() -> None:
    moved = read({"site": {"": CENTER}}, filled(OFFICE))

    assert {*moved} == {"site", "day", "kind", "firm", "contract", "notes"}


@pytest.mark.parametrize(("number", "row", "unit", "most", "decimals"), NUMBERS)
@pytest.mark.parametrize("result", ["normal", "finding"])
def test_a_row_that_was_looked_at_must_have_its_number(
    number: str, row: str, unit: str, most: float, decimals: int, result: str
) -> None:
    site = OFFICE if FORM.by_key[row].when == FORM.by_key["server_raid"].when else CENTER

    assert refused(filled(site), **{row: result, number: ""}) == [number]
    assert refused(filled(site), **{row: result, number: str(most)}) == []
    assert refused(filled(site), **{row: result, number: str(most + 10**-decimals)}) == [number]
    assert refused(filled(site), **{row: result, number: "-1"}) == [number]
    assert FORM.by_key[number].show(1, worlds.JAPANESE) == f"1{unit}"


def test_a_row_that_was_not_looked_at_needs_no_number() -> None:
    answers = filled(OFFICE, server_disk_hdd1="not_applicable", server_disk_hdd1_free="")

    assert asked(answers) == []
    assert answers["server_disk_hdd1_free"] is None


def test_a_number_left_empty_is_asked_again_once_its_row_counts() -> None:
    empty = filled(OFFICE, server_disk_c="not_applicable", server_disk_c_free="")

    answers, told = FORM.read({"server_disk_c": {"": "normal"}}, empty, worlds.world())

    assert [*told] == ["server_disk_c_free"]
    assert asked(answers) == ["server_disk_c_free"]
    assert asked(FORM.reread({**empty, "server_disk_c": "normal"}, worlds.world())[0]) == [
        "server_disk_c_free"
    ]


def test_terabytes_have_two_decimals() -> None:
    assert filled(OFFICE, server_disk_hdd1_free="1.25TB")["server_disk_hdd1_free"] == 1.25
    assert refused(filled(OFFICE), server_disk_hdd1_free="1.255") == ["server_disk_hdd1_free"]


def test_an_inspection_is_never_reported_before_it_was_made() -> None:
    assert refused({}, day="2027-06-08") == ["day"]
    assert refused({}, day="2027-06-07") == []


def test_several_inspections_a_month_differ_in_their_kind() -> None:
    assert [option.key for option in getattr(FORM.by_key["kind"], "options", ())] == [
        "monthly",
        "call_out",
        "other",
    ]


def test_last_time_is_that_of_the_same_site_and_nothing_is_personal() -> None:
    assert FORM.compare_by == "site"
    assert not any(each.personal for each in FORM.fields)
    assert not any(page.private for page in FORM.pages)


@pytest.mark.parametrize("site", [OFFICE, CENTER])
def test_what_was_filed_can_be_given_again_and_is_the_same(site: str) -> None:
    answers = filled(site)

    again, told = FORM.read(FORM.raw(answers), {}, worlds.world())

    # What was left empty has no raw; everything else comes back as it was.
    assert told == {}
    assert {**again, **{key: None for key in answers if key not in again}} == answers


def test_the_edition_in_force_is_that_of_the_register() -> None:
    assert INSPECTION.form(worlds.TODAY) is FORM
    assert INSPECTION.edition("R5") is FORM
    assert replace(FORM, edition="R6").sentence is FORM.sentence
    assert {*HEADER} < {each.key for each in FORM.fields}
