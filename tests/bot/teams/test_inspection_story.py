"""An inspection from the first word to the last signature, and what becomes of its finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from dialogs.procedure import Role
from dialogs.standing import Grant
from storage.staff import CONTRACTOR
from tests.support.office import Office, Person, office, shown
from tests.support.service import StandingClock, rows

_DAY = timedelta(days=1)
HEAD = {"site": "clean_center", "day": "2027-06-07", "kind": "monthly", "firm": "見本システム株式会社"}
SENTENCE = "全部正常、PC1 C 90GB、PC2 C 80GB、PC3 C 70GB、PC4 C 60GB、PC3 ファン異音"


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock) as made:
        yield made


@pytest.fixture
def inspector(house: Office) -> Person:
    grants = Grant("inspection", Role.CONTRACTOR), Grant("incident", Role.CONTRACTOR)
    return house.member("見本 点検員", *grants, organisation=CONTRACTOR)


@pytest.fixture
def signers(house: Office) -> list[Person]:
    roles = {"見本 係員": Role.STAFF, "見本 係長": Role.CHIEF, "見本 所長": Role.MANAGER}
    return [house.member(name, Grant("inspection", role)) for name, role in roles.items()]


def begin(inspector: Person) -> None:
    """Fill in the head of the sheet."""
    inspector.types("点検")
    inspector.press("送信", **HEAD)


def file(house: Office, inspector: Person) -> str:
    """File an inspection with one finding; return its number."""
    begin(inspector)
    inspector.types(SENTENCE)
    inspector.press("送信", **dict.fromkeys(_ids(inspector, "severity"), "minor"))
    inspector.types("なし")  # no photo
    inspector.press("提出する")
    return str(
        rows(house.service, "SELECT reference FROM cases WHERE procedure = 'inspection'")[-1].reference
    )


def _ids(person: Person, ending: str) -> list[str]:
    """Return the ids of the newest card's inputs that end with *ending*."""
    whole = json.dumps(person.cards[-1])
    return [piece.split('"')[0] for piece in whole.split('"id": "') if piece.split('"')[0].endswith(ending)]


def test_a_sheet_is_filled_by_one_sentence_seen_row_by_row_filed_and_signed_by_three(
    house: Office, inspector: Person, signers: list[Person]
) -> None:
    begin(inspector)
    inspector.types(SENTENCE)
    findings = shown(inspector.cards[-1])
    inspector.press("送信", **dict.fromkeys(_ids(inspector, "severity"), "minor"))
    inspector.types("なし")
    review = shown(inspector.cards[-1])
    inspector.press("提出する")
    receipt = shown(inspector.cards[-1])

    assert "重要度" in findings
    assert review.split("\n").count("正常") == 29
    assert "ファン異音" in review
    assert "提出しました" in receipt
    for person, deed in zip(signers, ("係として確認", "係長として確認", "所長として確認"), strict=True):
        answer = person.press(deed, person.card("保守点検"))
        assert person.name in shown(answer["value"])
    assert "所長まで" in shown(inspector.cards[-1]) or "確認" in shown(signers[0].cards[-1])
    steps = [
        each.step for each in rows(house.service, "SELECT step FROM submissions ORDER BY filed_at, number")
    ]
    assert {"inspection", "checked", "chief_signed", "confirmed", "report"} <= set(steps)


def test_a_finding_opens_a_follow_up_due_by_the_next_business_day_and_closed_by_repair_or_stop_gap(
    house: Office, inspector: Person
) -> None:
    inspection = file(house, inspector)
    (opened,) = rows(house.service, "SELECT reference, id FROM cases WHERE procedure = 'incident'")
    (report,) = rows(house.service, "SELECT answers FROM submissions WHERE case_id = :case", case=opened.id)

    inspector.types("一覧")
    waiting = shown(inspector.cards[-1])
    inspector.types(f"検索 {opened.reference}")
    inspector.press(
        "応急処置",
        stopgap_work="予備の機械に替えた（見本）",
        stopgap_day="2027-06-07",
        stopgap_remains="部品を待つ",
    )

    assert json.loads(report.answers)["inspection"] == inspection
    assert opened.reference in waiting
    words = house.service.words["ja"]
    assert words.day(date(2027, 6, 8)) in waiting
    steps = rows(house.service, "SELECT step, answers FROM submissions WHERE case_id = :case ORDER BY number",
                 case=opened.id)  # fmt: skip
    assert [each.step for each in steps] == ["report", "stopgap"]
    assert json.loads(steps[1].answers)["stopgap_remains"] == "部品を待つ"


def test_a_half_filled_sheet_goes_on_tomorrow_with_last_times_numbers_beside_it(
    house: Office, inspector: Person
) -> None:
    file(house, inspector)
    begin(inspector)
    first = shown(inspector.cards[-1])
    inspector.press("送信", pc1_disk_c_free="88")
    house.clock.advance(_DAY)
    inspector.types("メニュー")
    menu = shown(inspector.cards[-1])
    inspector.types("続き")

    assert "前回" in first
    assert "90" in first
    assert "続きから" in menu
    assert "pc1_disk_c_free" not in json.dumps(inspector.cards[-1])
    assert "pc2_disk_c_free" in json.dumps(inspector.cards[-1])


def test_what_is_filed_twice_at_once_is_filed_once(house: Office, inspector: Person) -> None:
    begin(inspector)
    inspector.types(SENTENCE)
    inspector.press("送信", **dict.fromkeys(_ids(inspector, "severity"), "minor"))
    inspector.types("なし")
    review = inspector.cards[-1]

    inspector.press("提出する", review)
    inspector.press("提出する", review)

    assert len(rows(house.service, "SELECT id FROM cases WHERE procedure = 'inspection'")) == 1
    assert len(rows(house.service, "SELECT id FROM cases WHERE procedure = 'incident'")) == 1


def test_an_inspection_sent_back_is_put_right_row_by_row(
    house: Office, inspector: Person, signers: list[Person]
) -> None:
    file(house, inspector)
    clerk = signers[0]

    clerk.press("差し戻し", clerk.card("保守点検"), fields="pc1_input", reason="もう一度見てください。")
    told = shown(inspector.cards[-1])
    inspector.types("直す")
    asked = shown(inspector.cards[-1])
    inspector.press("送信", pc1_input="not_applicable")
    inspector.press("訂正を送る")

    assert "もう一度見てください。" in told
    assert "PC1" in told
    assert "キーボード・マウスの入力" in asked
    assert "PC2" not in asked
    sheet = shown(clerk.card("保守点検"))
    assert "対象外" in sheet
    assert "変わったところ" in sheet
