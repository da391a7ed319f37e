"""Inspections leave the desk as they were filed: one row each, and one row for each item in the order of 別添3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import day_of
from bot.exports.datasets import datasets, keys
from bot.service import Service
from dialogs.events import Action, Do, Filled, Parts, Tapped, Typed
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.standing import Grant
from storage import accesslog, caselist, submissions, turns
from storage import engine as database
from storage.caselist import Wanted
from storage.staff import CHANNEL
from tests.bot.exports.test_signatures import of, written
from tests.dialogs.procedures.inspections import CENTER, CENTER_ROWS, NUMBERS, OFFICE, OFFICE_ROWS
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import StandingClock, make

INSPECTOR = "見本 点検員"
HEADER = {"day": "2027-06-07", "kind": "monthly", "firm": "見本システム株式会社", "contract": "", "model": ""}
FINDINGS = {
    "pc3_noise_damage": "finding",
    "pc3_noise_damage_remark": "=ファン異音",
    "pc3_noise_damage_severity": "minor",
    "center_dot_print_test": "finding",
    "center_dot_print_test_remark": "印字がかすれる",
    "center_dot_print_test_severity": "urgent",
    "pc4_sign_in": "not_applicable",
}


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


@pytest.fixture
def members(service: Service) -> Members:
    found = Members(service).office()
    found.join(INSPECTOR, Grant("*", Role.CONTRACTOR))
    return found


def talk(service: Service, members: Members) -> str:
    """Return the inspector's half-filled sheet, "" for none."""
    with database.read(service.engine) as conn:
        person = turns.load(conn, CHANNEL, members.account(INSPECTOR))
    return person.current if person else ""


def inspect(service: Service, members: Members, site: str, **given: str) -> str:
    """File an inspection of *site*: all normal, every number 1, but for what is *given*; return its reference."""
    [form] = [each.forms[-1] for each in REGISTER.procedures if each.key == "inspection"]
    normal = {each.key: "normal" if each.key in rows_of(site) else "1" for each in form.fields}
    said = {**normal, "notes": "見本の記入欄", "site": site, **HEADER, **given}
    asked = {key: value for key, value in said.items() if not key.endswith("_photo")}
    fields: dict[str, Parts] = {key: {"": value} for key, value in asked.items()}
    members.hear(INSPECTOR, Tapped(Action(Do.START, key="inspection")))
    members.hear(INSPECTOR, Filled({"site": {"": site}}, talk(service, members)))
    for _again in range(3):  # what is asked of a finding stands on a second card
        members.hear(INSPECTOR, Filled(fields, talk(service, members)))
    for _finding in (each for each in given.values() if each == "finding"):
        members.hear(INSPECTOR, Typed("なし"))  # no photo
    members.hear(INSPECTOR, Tapped(Action(Do.CONFIRM, talk(service, members))))
    with database.read(service.engine) as conn:
        [newest] = caselist.newest(conn, Wanted("inspection"), limit=1)
    return newest.reference


def rows_of(site: str) -> list[str]:
    from dialogs.procedures.inspection.rules import ROWS

    return [row.key for row in ROWS.values() if row.site == site]


def opened(service: Service, folder: Path) -> list[str]:
    """Return the incidents in the order of their numbers: those of one turn were opened at the same moment."""
    return sorted(each["reference"] for each in written(service, "incident", folder))


def test_the_datasets_of_inspections_are_named(service: Service) -> None:
    steps = {step.form.key for each in service.register.procedures for step in each.steps if step.form}
    assert tuple(key for key in keys(service.register) if key not in steps) == (
        "fence_loan", "loans", "checks", "parts", "part_moves", "install_guidance", "visits",
        "inspection", "inspection_items", "incident", "exchange_meeting", "signatures", "questions",
    )  # fmt: skip
    world = service.world(day_of(service.clock.now()))
    personal = {each.key: each.personal for each in datasets(service.register, service.words["ja"], world)}
    named = [key for key, is_personal in personal.items() if is_personal]
    assert named == ["fence_loan", "install_guidance", "exchange_meeting"]


@pytest.mark.parametrize(("site", "rows"), [(OFFICE, OFFICE_ROWS), (CENTER, CENTER_ROWS)])
def test_a_sheet_comes_back_with_the_rows_of_the_paper_in_their_order(
    service: Service, members: Members, tmp_path: Path, site: str, rows: tuple[tuple[str, str, str], ...]
) -> None:
    reference = inspect(service, members, site)

    found = written(service, "inspection_items", tmp_path)

    assert [(each["section"], each["group"], each["wording"]) for each in found] == list(rows)
    assert [each["place"] for each in found] == [str(number) for number in range(1, len(rows) + 1)]
    assert {(each["reference"], each["day"], each["result"]) for each in found} == {
        (reference, "2027-06-07", "正常")
    }


def test_what_the_database_keeps_of_a_sheet_stands_in_its_rows(
    service: Service, members: Members, tmp_path: Path
) -> None:
    inspect(service, members, CENTER, **FINDINGS, pc1_disk_c_free="21.5")
    with database.read(service.engine) as conn:
        [case] = caselist.oldest(conn, Wanted("inspection"))
        answers = submissions.of_case(conn, case.id)[0].answers

    found = {each["item"]: each for each in written(service, "inspection_items", tmp_path)}

    labels = {"normal": "正常", "finding": "指摘", "not_applicable": "対象外"}
    assert {key: each["result"] for key, each in found.items()} == {
        key: labels[answers[key]] for key in rows_of(CENTER)
    }
    kept = {row: str(answers[number]) for number, row, *_ in NUMBERS if row in found}
    assert {key: each["number"] for key, each in found.items() if each["number"]} == kept
    assert (found["pc1_disk_c"]["number"], found["pc1_disk_c"]["unit"]) == ("21.5", "GB")
    assert found["pc3_noise_damage"]["remark"] == "'=ファン異音"
    assert found["center_dot_print_test"]["severity"] == "緊急"


def test_all_64_rows_and_9_numbers_of_both_sites_come_back(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    inspect(service, members, OFFICE)
    clock.advance(timedelta(hours=1))
    inspect(service, members, CENTER)

    found = written(service, "inspection_items", tmp_path)

    assert len(found) == 64
    assert len([each for each in found if each["number"]]) == 9
    assert [each["item"] for each in found if each["number"]] == [row for _number, row, *_ in NUMBERS]


def test_an_inspection_is_one_row_with_its_head_its_numbers_and_how_many_items_came_to_what(
    service: Service, members: Members, tmp_path: Path
) -> None:
    reference = inspect(service, members, CENTER, **FINDINGS, pc1_disk_c_free="21.5")

    [row] = written(service, "inspection", tmp_path)

    assert (row["reference"], row["site"], row["day"]) == (reference, "札幌市クリーンセンター", "2027-06-07")
    assert (row["kind"], row["firm"], row["notes"]) == (
        "定期点検（毎月）",
        "見本システム株式会社",
        "見本の記入欄",
    )
    assert (row["normal"], row["findings"], row["not_applicable"]) == ("27", "2", "1")
    assert (row["pc1_disk_c_free"], row["server_disk_c_free"]) == ("21.5", "")
    assert row["flags"] == "指摘あり、緊急の指摘あり"
    assert not {"pc3_noise_damage", "pc3_noise_damage_remark"} & set(row)


def test_the_signatures_of_an_inspection_stand_in_its_row_and_among_all_others(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    reference = inspect(service, members, OFFICE)
    for name, level in ((CLERK, "checked"), (CHIEF, "chief_signed"), (MANAGER, "confirmed")):
        clock.advance(timedelta(minutes=1))
        members.press(name, reference, level)

    [row] = written(service, "inspection", tmp_path)
    signed = written(service, "signatures", tmp_path)

    assert (row["confirmed.by"], row["confirmed.role"], row["confirmed.at"]) == (
        MANAGER, "所長", "2027-06-07 10:03",
    )  # fmt: skip
    assert [(each["procedure"], each["step"], each["by"]) for each in signed] == [
        ("保守点検", "係の確認", CLERK),
        ("保守点検", "係長の確認", CHIEF),
        ("保守点検", "所長の確認", MANAGER),
    ]


def test_each_finding_says_what_became_of_it(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    inspect(service, members, CENTER, **FINDINGS)
    first, second = opened(service, tmp_path)
    clock.advance(timedelta(hours=2))
    done = {"repaired_work": "見本の作業", "repaired_day": "2027-06-07"}
    members.press(INSPECTOR, first, "repaired", "file", **done)
    inspect(service, members, CENTER, **FINDINGS)  # the same findings once more are others

    found = written(service, "inspection_items", tmp_path)

    followed = [
        (each["item"], each["follow_up"], each["follow_up_outcome"], each["follow_up_at"])
        for each in found[:30]
        if each["result"] == "指摘"
    ]
    assert followed == [
        ("pc3_noise_damage", first, "復旧", "2027-06-07 12:00"),
        ("center_dot_print_test", second, "", ""),
    ]
    assert {each["follow_up"] for each in found[30:]} & {first, second} == set()
    assert len({each["follow_up"] for each in found[30:]} - {""}) == 2
    assert all(not each["follow_up"] for each in found if each["result"] != "指摘")


def test_an_incident_is_one_row_with_what_was_done_about_it(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    reference = inspect(service, members, CENTER, **FINDINGS)
    first, second = opened(service, tmp_path)
    clock.advance(timedelta(hours=2))
    done = {"stopgap_work": "見本の応急処置", "stopgap_day": "2027-06-07", "stopgap_remains": "部品の交換"}
    members.press(INSPECTOR, first, "stopgap", "file", **done)

    rows = written(service, "incident", tmp_path)

    row = of(rows, first)
    assert (row["inspection"], row["symptom"], row["urgency"]) == (reference, "'=ファン異音", "軽微")
    assert row["state"] == "応急処置をしました。復旧の作業が残っています。"
    assert (row["stopgap.by"], row["stopgap.at"]) == (INSPECTOR, "2027-06-07 12:00")
    assert [row[key] for key in done] == list(done.values())
    assert (row["repaired.by"], row["repaired_work"]) == ("", "")
    assert of(rows, second)["stopgap.by"] == ""


def test_nothing_of_it_opens_the_vault(service: Service, members: Members, tmp_path: Path) -> None:
    inspect(service, members, CENTER, **FINDINGS)

    for name in ("inspection", "inspection_items", "incident", "signatures"):
        written(service, name, tmp_path)

    with database.read(service.engine) as conn:
        assert {each.kind for each in accesslog.entries(conn)} == {"export"}
