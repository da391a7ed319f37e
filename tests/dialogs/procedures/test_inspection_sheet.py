"""The sheet of 別添3: its rows, its numbers, and the register of the equipment that gives them (002-12…16)."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.fields import Choice, Number
from dialogs.procedures.inspection.differences import DIFFERENCES, Where, differences
from dialogs.procedures.inspection.equipment import REGISTER_R5, REGISTERS, Equipment, EquipmentRegister, Kind
from dialogs.procedures.inspection.form import FORMS, form, forms
from dialogs.procedures.inspection.sheet import sheet
from dialogs.procedures.premises import Site
from tests.dialogs.procedures.inspections import CENTER_ROWS, FORM, NUMBERS, OFFICE_ROWS

SHEET = sheet(REGISTER_R5)


def entered(*items: Equipment, edition: str = "R7", since: date = date(2025, 4, 1)) -> EquipmentRegister:
    """Return a register of *items* with the digest of the rows that it gives."""
    register = EquipmentRegister(edition, since, "", items)
    return replace(register, digest=sheet(register).digest)


def without(key: str) -> tuple[Equipment, ...]:
    """Return the equipment of today but *key*."""
    return tuple(each for each in REGISTER_R5.items if each.key != key)


@pytest.mark.parametrize(
    ("site", "rows", "count"), [(Site.OFFICE, OFFICE_ROWS, 34), (Site.CENTER, CENTER_ROWS, 30)]
)
def test_each_site_has_the_rows_of_its_sheet_in_their_order(
    site: Site, rows: tuple[tuple[str, str, str], ...], count: int
) -> None:
    assert len(rows) == count
    assert [(row.section, row.group, row.wording) for row in SHEET.at(site)] == list(rows)


def test_the_form_asks_the_rows_in_the_order_of_the_paper() -> None:
    asked = [(FORM.page_of(each).title, each.hint, each.label) for each in FORM.fields if _is_row(each.key)]

    assert asked == [*OFFICE_ROWS, *CENTER_ROWS]


def _is_row(key: str) -> bool:
    return any(row.key == key for row in SHEET.rows)


def test_nine_numbers_are_asked_each_beside_its_row() -> None:
    fields = list(FORM.fields)
    found = [
        (each.key, fields[at - 1].key, each.unit, each.most, each.decimals)
        for at, each in enumerate(fields)
        if isinstance(each, Number)
    ]

    assert found == list(NUMBERS)


def test_the_printed_note_stands_beside_the_number_of_the_outer_disk() -> None:
    assert [each.key for each in FORM.fields if each.hint == "USB 外付け"] == ["server_disk_hdd1_free"]


def test_every_row_is_normal_a_finding_or_not_looked_at() -> None:
    rows = [each for each in FORM.fields if isinstance(each, Choice) and _is_row(each.key)]

    assert {tuple(option.label for option in each.options) for each in rows} == {("正常", "指摘", "対象外")}
    assert len(rows) == 64


def test_one_page_stands_for_each_section_of_the_paper() -> None:
    assert [page.title for page in FORM.pages] == [
        "点検の概要",
        "本体装置",
        "周辺装置・ソフトウェア",
        "パソコン",
        "他",
        "PC1 MA7900895",
        "PC2 MA7900887",
        "PC3 MA7900883",
        "PC4 MA7900891",
        "周辺機器",
        "記入欄",
    ]


def test_the_equipment_is_that_of_the_contract() -> None:
    counted = {
        site: {kind: len(REGISTER_R5.at(site, kind)) for kind in Kind if REGISTER_R5.at(site, kind)}
        for site in Site
    }

    assert counted == {
        Site.OFFICE: {Kind.SERVER: 1, Kind.PC: 1, Kind.ROUTER: 1, Kind.LASER: 1, Kind.PROGRAM: 1},
        Site.CENTER: {Kind.PC: 4, Kind.ROUTER: 1, Kind.HUB: 1, Kind.LASER: 1, Kind.DOT: 1},
    }
    assert [each.tag for each in REGISTER_R5.items if each.tag] == [
        "MA7900895",
        "MA7900887",
        "MA7900883",
        "MA7900891",
    ]


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.edition)
def test_the_rows_of_an_edition_are_those_it_was_entered_with(register: EquipmentRegister) -> None:
    assert sheet(register).digest == register.digest


@pytest.mark.parametrize(
    "changed",
    [
        without("pc4"),
        (*REGISTER_R5.items, Equipment("pc5", Kind.PC, Site.CENTER, "見本", name="PC5")),
        tuple(replace(each, tag="MA0000000" if each.tag else "") for each in REGISTER_R5.items),
        tuple(
            replace(each, disks=tuple(replace(disk, capacity=256) for disk in each.disks))
            for each in REGISTER_R5.items
        ),
    ],
    ids=["one less", "one more", "other tags", "larger disks"],
)
def test_a_changed_register_without_a_new_edition_stops_the_program(changed: tuple[Equipment, ...]) -> None:
    with pytest.raises(ValueError, match=r"the rows of edition R5 changed .* write a new edition"):
        form(replace(REGISTER_R5, items=changed))


def test_a_new_edition_is_asked_from_its_day_and_the_old_one_stays_readable() -> None:
    newer = entered(*without("pc4"), Equipment("pc5", Kind.PC, Site.CENTER, "見本", name="PC5"))

    old, new = forms((REGISTER_R5, newer))

    assert (old.edition, new.edition, new.since) == ("R5", "R7", date(2025, 4, 1))
    assert old.field("pc4_noise_damage")
    assert new.field("pc4_noise_damage") is None
    assert [page.title for page in new.pages if page.title.startswith("PC")][-1] == "PC5"


def test_a_key_never_gets_another_meaning_in_a_later_edition() -> None:
    elsewhere = tuple(replace(each, site=Site.OFFICE) for each in REGISTER_R5.items if each.key == "pc1")

    with pytest.raises(ValueError, match="the key pc1_cpu_memory_disk has two meanings"):
        forms((REGISTER_R5, entered(*elsewhere)))


def test_a_server_at_the_other_site_brings_its_sections_and_takes_the_router_along() -> None:
    moved = tuple(
        replace(each, key="center_server", site=Site.CENTER)
        for each in REGISTER_R5.items
        if each.kind is Kind.SERVER
    )

    found = sheet(entered(*moved, *REGISTER_R5.items))

    titles = [section.title for section in found.sections if section.site is Site.CENTER]
    groups = [row.group for row in found.at(Site.CENTER) if row.section == "周辺装置・ソフトウェア"]
    assert titles[:2] == ["本体装置", "周辺装置・ソフトウェア"]
    assert titles[-1] == "他"
    assert groups[-1] == "ルータおよびHUB"


def test_a_site_without_printers_and_routers_has_no_empty_section() -> None:
    only = tuple(each for each in REGISTER_R5.items if each.key == "pc1")

    assert [section.title for section in sheet(entered(*only)).sections] == ["PC1 MA7900895"]


def test_what_the_specification_has_beyond_the_sheet_and_the_sheet_beyond_it_is_listed() -> None:
    wordings = {row.wording for row in SHEET.rows}

    assert differences() == DIFFERENCES
    assert [(each.key, each.where.value) for each in differences()] == [
        ("server_antivirus", "specification"),
        ("pc_antivirus", "specification"),
        ("office_hub", "specification"),
        ("office_dot_printer", "specification"),
        ("pc_sign_in", "sheet"),
        ("pc_disk", "sheet"),
        ("event_viewer_group", "both"),
    ]
    assert not any("パターン" in wording for wording in wordings)
    assert "サインイン時にエラーメッセージ等の表示がないか" in wordings
    assert all(each.told.text for each in differences() if each.where is not Where.BOTH)


def test_every_edition_is_an_edition_of_the_same_form() -> None:
    assert {each.key for each in FORMS} == {"inspection"}
    assert len({each.edition for each in FORMS}) == len(FORMS)
