"""The datasets of whole lives: loans, their checks, guidance, and where every part went (003-18, 19, 21…26, 37)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from bot.clock import day_of
from bot.exports.datasets import dataset, keys
from bot.exports.export import Export, Wish
from bot.exports.source import Days, Reader, Source
from bot.service import Service
from dialogs.fields import Answers
from dialogs.parts import SET_PARTS
from dialogs.procedures import REGISTER
from storage import accesslog, stock
from storage import engine as database
from storage.stock import Cause, Place
from tests.bot.exports.test_signatures import of, written
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import (
    ANSWERS,
    FIRST,
    LAST,
    NUMBER,
    PARTS,
    decided,
    filed,
    picked_up,
    slot,
)
from tests.support.lives import lived
from tests.support.service import StandingClock, make

DAY = timedelta(days=1)
CHECKED: Answers = {"power": "on", "voltage": 7200, "weeds": "clear", "tension": "tight", "plate": "yes"}
APPLIED: Answers = {
    **ANSWERS,
    "applicant_type": "person",
    "perimeter": 60,
    "reason": ["damaged", "at_risk"],
}
UPKEEP: Answers = {**CHECKED, "voltage": 4000, "result": "upkeep", "instructions": ["weeds", "battery"]}


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


@pytest.fixture
def whole(service: Service) -> Service:
    """Return a service with a loan from its application to its questionnaire."""
    back = {**PARTS, "clip": PARTS["clip"] - 2}
    history = (
        filed("application", by=""),
        decided(),
        filed("pickup_booked", by="", **slot(FIRST)),
        picked_up(),
        filed("checked_on_site", FIRST + 14 * DAY, **CHECKED, result="good"),
        filed("checked_on_site", FIRST + 29 * DAY, **UPKEEP),
        filed("understood", FIRST + 30 * DAY, by=""),
        filed("checked_on_site", FIRST + 43 * DAY, **CHECKED, result="fault", fault="=見本の故障"),
        filed("swapped", FIRST + 44 * DAY, swapped="unit", broken="見本", voltage_after=7000),
        filed("extension_asked", LAST - 5 * DAY, by="", reasons=["bears"], until="2027-09-20"),
        filed("extended", LAST - 4 * DAY, extended_until=None),
        filed("taken_back", LAST + 20 * DAY, parts_in=back, damage="slight", damaged="見本", works="yes"),
        filed("settled", LAST + 34 * DAY, replenish="yes", replenish_what="クリップ 2個"),
        filed(
            "questionnaire", LAST + 35 * DAY, by="", effect="kept_out", setting_up="easy", upkeep_was="fair"
        ),
    )
    with database.write(service.engine) as conn:
        lived(conn, "fence_loan", "R9-0001", history, APPLIED)
        lived(conn, "fence_loan", "R9-0002", (filed("application", by=""),), APPLIED)
    return service


def test_a_loan_is_one_row_with_all_its_dates(whole: Service, tmp_path: Path) -> None:
    row = of(written(whole, "loans", tmp_path), "R9-0001")

    assert row["applied_at"] == "2027-06-07 09:00"
    assert (row["ward"], row["perimeter"], row["sets_asked"], row["sets_planned"]) == ("南区", "60", "1", "2")
    assert (row["decided_on"], row["notice"], row["document"]) == ("2027-06-07", f"'{NUMBER}", "札幌対第12号")
    assert (row["first"], row["last"]) == (str(FIRST), str(LAST))
    assert (row["pickup"], row["pickup_place"]) == (f"{FIRST} 10:00", "南区 受渡場所（見本）")
    assert (row["handed_over_on"], row["sets_lent"]) == (str(FIRST), "1")
    assert (row["checks"], row["faults"], row["swaps"]) == ("3", "1", "1")
    assert row["last_check_on"] == str(FIRST + 43 * DAY)
    assert (row["extension_asked_on"], row["extension_until"]) == (str(LAST - 5 * DAY), "2027-09-20")
    assert (row["extended_on"], row["extended_until"]) == (str(LAST - 4 * DAY), "2027-09-20")
    assert (row["taken_back_on"], row["days_lent"]) == (str(LAST + 20 * DAY), str((LAST - FIRST).days + 21))
    assert row["missing"] == "クリップ2個"
    assert row["replenish"] == "クリップ 2個"
    assert row["questionnaire.effect"] == "来たが、入らなかった"
    assert row["reason"] == "家庭菜園がヒグマの被害にあったため、家庭菜園がヒグマの被害にあう可能性が高いため"


def test_a_loan_that_has_just_begun_leaves_later_dates_empty(whole: Service, tmp_path: Path) -> None:
    row = of(written(whole, "loans", tmp_path), "R9-0002")

    assert row["checks"] == "0"
    empty = ("decided_on", "pickup", "pickup_place", "handed_over_on", "last_check_on", "extension_until")
    assert [row[each] for each in (*empty, "extended_until", "days_lent", "missing", "replenish")] == [
        ""
    ] * 10


def test_each_check_is_a_row_with_what_became_of_it(whole: Service, tmp_path: Path) -> None:
    first, second, third = written(whole, "checks", tmp_path)

    assert [each["number"] for each in (first, second, third)] == ["1", "2", "3"]
    assert [each["days"] for each in (first, second, third)] == ["14", "15", "14"]
    assert (first["by"], first["result"], first["voltage"]) == ("見本 一郎", "良好", "7200")
    assert second["instructions"].startswith("ワイヤーにふれている草を刈ってください。、電池")
    assert (second["understood_on"], second["swapped_on"]) == (str(FIRST + 30 * DAY), "")
    assert (third["understood_on"], third["swapped_on"]) == ("", str(FIRST + 44 * DAY))
    assert third["fault"] == "'=見本の故障", "a formula is written as a text"


def test_no_personal_answer_is_opened_for_them(whole: Service, tmp_path: Path) -> None:
    for key in ("loans", "checks", "parts", "part_moves", "visits"):
        written(whole, key, tmp_path)

    with database.read(whole.engine) as conn:
        assert {each.kind for each in accesslog.entries(conn)} == {"export"}


def test_guidance_is_one_row_from_the_wish_to_the_result_that_was_told(
    service: Service, tmp_path: Path
) -> None:
    visit = date(2027, 6, 20)
    state: Answers = {**CHECKED, "earth": "deep"}
    history = (
        filed("application", by=""),
        filed("proposed", slot={"day": "2027-06-20", "time": "10:00"}),
        filed("agreed", worlds.TODAY + DAY, by=""),
        filed("instructed", worlds.TODAY + 2 * DAY),
        filed(
            "visited",
            visit,
            visited_on=str(visit),
            present="holder",
            explained=["setting"],
            **state,
            confirmed="yes",
        ),
        filed(
            "rechecked",
            visit + 22 * DAY,
            checked_on=str(visit + 22 * DAY),
            **state,
            result="good",
            told_by="not_yet",
        ),
        filed(
            "told",
            visit + 23 * DAY,
            later_told_by="phone",
            later_told_to="household",
            later_told_on=str(visit + 23 * DAY),
        ),
    )
    answers: Answers = {
        "number": "R9-0012",
        "relation": "holder",
        "installed": "no",
        "topics": ["setting", "danger"],
        "wish": {"day": "2027-06-19", "time": "09:00"},
        "site": {"sealed": True, "ward": "南区"},
    }
    with database.write(service.engine) as conn:
        lived(conn, "install_guidance", "SD9-0001", history, answers)
        lived(conn, "install_guidance", "SD9-0002", history[:1], answers)

    rows = written(service, "visits", tmp_path)
    row = of(rows, "SD9-0001")

    assert (row["number"], row["wish"], row["ward"]) == ("R9-0012", "2027-06-19 09:00", "南区")
    assert (row["proposed_on"], row["agreed_on"], row["instructed_on"]) == (
        "2027-06-07",
        "2027-06-08",
        "2027-06-09",
    )
    assert (row["visited_on"], row["certified_on"], row["recheck_due"]) == (
        "2027-06-20",
        "2027-06-20",
        "2027-07-11",
    )
    assert (row["rechecked_on"], row["result"]) == ("2027-07-12", "良好")
    assert (row["told_on"], row["told_by"], row["told_to"]) == ("2027-07-13", "電話", "同じ世帯の方")
    waiting = of(rows, "SD9-0002")
    assert (waiting["slot"], waiting["visited_on"], waiting["recheck_due"], waiting["told_by"]) == (
        "2027-06-19 09:00",
        "",
        "",
        "",
    )


@pytest.fixture
def stocked(service: Service) -> Service:
    """Return a service with two sets: one was lent and came back without two clips, and poles were brought."""
    bill = {each.key: each.count for each in SET_PARTS}
    now = service.clock.now()
    with database.write(service.engine) as conn:
        case_id = lived(conn, "fence_loan", "R9-0001", (filed("application", by=""),), APPLIED)
        stock.open_places(conn, 20)
        stock.bring_in(conn, (1, 2), bill, Cause("begin", "見本 係", now))
        stock.lend(conn, 1, bill, Cause("lend", "見本 一郎", now + 1, case_id))
        back = {**bill, "clip": bill["clip"] - 2}
        stock.take_back(conn, None, back, Cause("back", "見本 一郎", now + 2, case_id))
        stock.replenish(conn, {"long_pole": 3, "old_pole": 1}, Place.STORE, Cause("more", "見本 係", now + 3))
    return service


def test_each_part_is_a_row_with_where_it_is_and_what_is_missing(stocked: Service, tmp_path: Path) -> None:
    rows = {each["part"]: each for each in written(stocked, "parts", tmp_path)}

    assert list(rows) == [*(each.key for each in SET_PARTS), "old_pole"]
    clip = rows["clip"]
    assert (clip["name"], clip["unit"], clip["per_set"]) == ("クリップ", "個", "88")
    assert (clip["owned"], clip["city"], clip["store"], clip["lent"], clip["missing"]) == (
        "176",
        "88",
        "86",
        "2",
        "2",
    )
    pole = rows["long_pole"]
    assert (pole["owned"], pole["store"], pole["missing"], pole["brought"]) == ("19", "11", "0", "19")
    assert (rows["old_pole"]["name"], rows["old_pole"]["owned"]) == ("", "1")


def test_every_move_is_a_row_with_its_case(stocked: Service, tmp_path: Path) -> None:
    rows = written(stocked, "part_moves", tmp_path)

    sets = [each for each in rows if each["kind"] == "セット"]
    assert [(each["what"], each["from"], each["to"]) for each in sets] == [
        ("1", "在庫の外", "市"),
        ("2", "在庫の外", "市"),
        ("1", "市", "貸出中"),
        ("1", "貸出中", "受託者の保管場所"),
    ]
    assert [each["reference"] for each in sets] == ["", "", "R9-0001", "R9-0001"]
    clips = [each for each in rows if each["what"] == "clip"]
    assert [(each["name"], each["amount"], each["by"]) for each in clips] == [
        ("クリップ", "176", "見本 係"),
        ("クリップ", "88", "見本 一郎"),
        ("クリップ", "86", "見本 一郎"),
    ]


def test_moves_are_of_the_days_that_are_asked_for(stocked: Service, tmp_path: Path) -> None:
    before = Wish(header="keys", days=Days(last=worlds.TODAY - DAY))
    today = Wish(header="keys", days=Days(worlds.TODAY, worlds.TODAY))

    assert written(stocked, "part_moves", tmp_path, before) == []
    assert len(written(stocked, "part_moves", tmp_path, today)) == len(
        written(stocked, "part_moves", tmp_path)
    )


def test_an_empty_stock_shows_the_bill_with_nothing_anywhere(service: Service, tmp_path: Path) -> None:
    rows = written(service, "parts", tmp_path)

    assert {each["owned"] for each in rows} == {"0"}


def test_all_of_them_are_offered_and_read_back_as_workbooks(whole: Service, tmp_path: Path) -> None:
    offered = keys(whole.register)

    assert {"loans", "checks", "parts", "part_moves", "visits"} <= set(offered)
    found = dataset("loans", whole.register, whole.words["ja"], whole.world(day_of(whole.clock.now())))
    assert found
    source = Source(whole.engine, whole.vault, whole.clock, found, Reader("見本 職員", "admin"))
    made = tmp_path / "loans.xlsx"
    made.write_bytes(b"".join(Export(source, Wish("xlsx"), tmp_path).pieces()))
    sheet = openpyxl.load_workbook(made).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    [number] = [cell.row for cell in sheet["A"] if cell.value == "R9-0001"]
    assert sheet.cell(number, titles.index("引き渡した日") + 1).value.date() == FIRST  # type: ignore[union-attr]
    assert sheet.cell(number, titles.index("点検の回数") + 1).value == 3
