"""A sheet shows what matters of a case as it stands now, and never what is personal or was written freely."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import vault_keys
from bot.casesheets import CaseSheets, console_path
from bot.desk import Arrival
from bot.service import Service
from bot.teams.cards.sheets import sheet_card
from dialogs.conversation import Conversation
from dialogs.effects import Effect, File, Sign
from dialogs.events import Action, Do, Joined
from dialogs.procedure import Role
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.procedures.incident import INCIDENT
from dialogs.procedures.inspection.rules import ROWS
from dialogs.procedures.premises import Site
from dialogs.replies import CaseSheet
from dialogs.standing import Grant, Register, Standing, Turn
from storage import cases, erasures, turns
from storage import engine as database
from storage.erasures import CASE, Subject
from storage.staff import CHANNEL
from tests.support.applying import (
    APPLICANT,
    SECRETS,
    TYPED,
    apply,
    fill_page,
    person_of,
    references,
    type_all,
)
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import BEGIN, StandingClock, Webhooks, door_of, make, rows, settings
from tests.support.service import post as posted
from tests.support.teams import TENANT, oid

TODAY = BEGIN.date()
FREELY = ("見本の事情で", "見本公園の東側")
WRITTEN = ("個人", "40", "1", "6月10日", "7月20日", "1と3", FREELY[0], "3")
URGENT = (*WRITTEN, FREELY[1], "はい", "はい", "はい", "はい")


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    vault_keys.complete(settings(database_url, tmp_path).vault_keys_file)
    made = make(database_url, tmp_path, StandingClock())
    yield made
    made.engine.dispose()


@pytest.fixture
def members(service: Service) -> Members:
    return Members(service).office()


def sheet(service: Service, reference: str) -> CaseSheet:
    sheets = CaseSheets(service.register, service.world, service.vault)
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        found = sheets.sheet(conn, case.id, TODAY)
    assert found
    return found


def facts(service: Service, found: CaseSheet) -> Mapping[str, str]:
    words = service.words["ja"]
    return {words.say(label): text for label, text in found.facts}


def said(service: Service, found: CaseSheet) -> list[str]:
    """Return every text of the sheet, as staff read it."""
    words = service.words["ja"]
    changes = [words.say(text) for each in found.changes for text in (each.label, each.before, each.after)]
    signed = [f"{words.say(each.title)} {each.by} {words.say(each.outcome)}" for each in found.signed]
    shown = [words.say(each) for each in (found.title, found.state, *found.flags)]
    return [*shown, *facts(service, found), *facts(service, found).values(), *changes, *signed]


def written(service: Service, phone: Webhooks) -> str:
    """Return the reference of an urgent application in which as much as possible was written freely."""
    type_all(service, phone, "メニュー", "電気柵の貸出を申請する", *URGENT)
    assert fill_page(service, phone.user_id) is None
    type_all(service, phone, "申請する")
    return references(service, phone.user_id)[-1]


def test_a_sheet_shows_what_the_application_asks_for_at_a_glance(service: Service) -> None:
    found = sheet(service, apply(service, Webhooks()))

    shown = facts(service, found)
    assert shown["設置場所の周囲長"] == "40m"
    assert shown["希望するセット数"].startswith("1")
    assert shown["必要なセット数の目安"].startswith("1セット（角4つで、長いポール（黒）6本、")
    assert [*shown].index("必要なセット数の目安") == [*shown].index("設置場所の周囲長") + 1
    assert "6月20日" in shown["貸出期間"]
    assert "7月20日" in shown["貸出期間"]
    assert shown["申請理由"] == "家庭菜園がヒグマの被害にあう可能性が高いため"
    assert shown["設置場所住所"] == "南区"
    assert (found.reference, found.opened, found.seen) == ("R9-0001", TODAY, 1)
    assert service.words["ja"].say(found.state) == "係の確認待ち"
    assert [each.step for each in found.deeds] == ["checked", "checked", "taken_up"]
    assert console_path(found.reference) == "/admin/cases/R9-0001"


def test_a_sheet_says_what_staff_should_notice(service: Service) -> None:
    found = sheet(service, written(service, Webhooks()))

    words = service.words["ja"]
    assert [words.say(each) for each in found.flags] == [
        "使用開始まで1週間未満（要確認）",
        "急ぎの貸出を希望",
    ]


def test_nothing_personal_and_nothing_written_freely_stands_on_a_sheet(
    service: Service, members: Members
) -> None:
    reference = written(service, Webhooks())
    members.press(CLERK, reference, "checked")
    found = sheet(service, reference)

    everything = json.dumps(said(service, found), ensure_ascii=False)
    drawn = json.dumps(
        sheet_card(
            found, service.words["ja"], lambda _: "sealed", "https://desk.example.jp/admin/cases/R9-0001"
        ),
        ensure_ascii=False,
    )
    assert "その他" in everything
    for secret in (*SECRETS[:1], *SECRETS[2:], *FREELY, "藤野", "061-2285", "0612285"):
        assert secret not in everything
        assert secret not in drawn


def test_a_photo_is_said_to_be_there_and_promises_are_not_repeated(service: Service) -> None:
    shown = facts(service, sheet(service, apply(service, Webhooks())))

    assert not {"維持管理", "返却", "終了後の対策"} & set(shown)


def test_signatures_stand_on_the_sheet_in_order(service: Service, members: Members) -> None:
    reference = apply(service, Webhooks())

    members.approve(reference)

    found = sheet(service, reference)
    words = service.words["ja"]
    assert [(words.say(each.title), each.by, each.day) for each in found.signed] == [
        ("係", CLERK, TODAY),
        ("係長", CHIEF, TODAY),
        ("課長", MANAGER, TODAY),
    ]
    assert {each.step for each in found.deeds} == {"handed_over", "pickup_booked", "cancelled"}
    assert words.say(found.state) == "引き渡し待ち"


# --- sent back and corrected


def sent_back(service: Service, members: Members, phone: Webhooks, *fields: str) -> str:
    reference = written(service, phone)
    members.press(CLERK, reference, "checked")
    members.press(CHIEF, reference, "chief_signed", "return", fields=list(fields), reason="見本の理由")
    return reference


def test_after_a_return_the_sheet_says_what_was_changed(service: Service, members: Members) -> None:
    phone = Webhooks()
    reference = sent_back(service, members, phone, "perimeter", "trace_place")
    assert sheet(service, reference).changes == ()
    assert [each.by for each in sheet(service, reference).signed] == [CHIEF]

    type_all(service, phone, "申請状況", "1", "1", "60", "見本橋のたもと", "申請する")

    found = sheet(service, reference)
    words = service.words["ja"]
    assert found.seen == 4
    assert [
        [words.say(text) for text in (each.label, each.before, each.after)] for each in found.changes
    ] == [
        ["設置場所の周囲長", "40m", "60m"],
        ["被害や痕跡の場所", "", "変わりました（内容は管理画面で）"],
    ]
    assert "見本橋" not in "".join(said(service, found))


def test_of_personal_answers_the_sheet_says_which_changed_and_not_to_what(
    service: Service, members: Members
) -> None:
    phone = Webhooks()
    reference = sent_back(service, members, phone, "phone")
    before = rows(service, "SELECT count(*) AS n FROM access_log WHERE role <> 'resident'")[0].n

    type_all(service, phone, "申請状況", "1", "1")
    changed = {**APPLICANT, "phone": {"": "011-211-2879"}, "site": {"same": "yes"}}
    assert fill_page(service, phone.user_id, changed, "again") is None
    type_all(service, phone, "申請する")

    found = sheet(service, reference)
    words = service.words["ja"]
    assert [
        (words.say(each.label), words.say(each.before), words.say(each.after)) for each in found.changes
    ] == [("電話", "", "変更あり")]
    assert "211-2879" not in "".join(said(service, found))
    assert rows(service, "SELECT count(*) AS n FROM access_log WHERE role <> 'resident'")[0].n == before


def test_a_correction_before_anything_was_sent_back_is_no_change_to_be_pointed_at(
    service: Service,
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    type_all(service, phone, "申請状況", "1", "1")
    reopen = Action(Do.REOPEN, person_of(service, phone.user_id).current, "perimeter")
    assert posted(service, phone.postback(door_of(service).codec.seal(phone.user_id, reopen))) == 200
    type_all(service, phone, "60", "申請する")

    found = sheet(service, reference)

    assert found.changes == ()
    assert (facts(service, found)["設置場所の周囲長"], found.seen) == ("60m", 2)


# --- what is gone, and what is another procedure's


def test_what_was_erased_can_be_looked_up_and_not_signed(service: Service, members: Members) -> None:
    reference = apply(service, Webhooks())
    members.press(CLERK, reference, "checked")
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        there = erasures.survey(conn, Subject(CASE, case.id), service.vault)
        assert there
        erasures.erase(conn, there, service.clock.now())

    found = sheet(service, reference)

    assert (found.facts, found.flags, found.deeds, found.seen) == ((), (), (), 0)
    assert [each.by for each in found.signed] == [CLERK]


def test_an_answer_that_was_taken_back_is_pointed_at(service: Service) -> None:
    phone = Webhooks()
    event = phone.text("40")
    type_all(service, phone, "メニュー", "電気柵の貸出を申請する", "個人")
    assert posted(service, event) == 200
    type_all(service, phone, *TYPED[2:])
    assert fill_page(service, phone.user_id) is None
    type_all(service, phone, "申請する")
    assert posted(service, phone.unsend(event["message"]["id"])) == 200

    found = sheet(service, references(service, phone.user_id)[-1])
    assert "送信を取り消された回答があります" in said(service, found)


def test_a_case_of_no_procedure_of_ours_has_no_sheet(service: Service) -> None:
    apply(service, Webhooks())
    sheets = CaseSheets(Register((INCIDENT,)), service.world, service.vault)
    case = rows(service, "SELECT id FROM cases")[0].id

    with database.read(service.engine) as conn:
        assert sheets.sheet(conn, case, TODAY) is None
        assert sheets.sheet(conn, "unknown", TODAY) is None


def test_a_procedure_may_choose_what_stands_on_its_sheet(service: Service) -> None:
    def glance(_answers: Mapping[str, Any]) -> tuple[str, ...]:
        return ("reason_other", "phone", "upkeep")

    reference = written(service, Webhooks())
    sheets = CaseSheets(Register((replace(FENCE_LOAN, glance=glance),)), service.world, service.vault)
    with database.read(service.engine) as conn:
        found = sheets.sheet(conn, rows(service, "SELECT id FROM cases")[0].id, TODAY)

    assert found
    assert found.reference == reference
    assert facts(service, found) == {"その他の理由": FREELY[0]}, "what is personal never stands there"


# --- what staff and contractors file


def of_contractor(service: Service, *effects: Effect) -> str:
    account, now = f"{TENANT}/{oid()}", service.clock.now()
    with database.write(service.engine) as conn:
        person = turns.load(conn, CHANNEL, account) or turns.create(conn, CHANNEL, account, "ja", now)
        grants = (Grant("*", Role.CONTRACTOR),)
        done = Turn(Standing("ja", grants=grants, name="見本 業者", member="m"), effects=effects)
        arrival = Arrival(uuid.uuid4().hex, CHANNEL, account, Joined())
        return service.desk.filer.carry_out(conn, person, done, arrival, now, service.desk)[1]


def test_the_sheet_of_an_incident_shows_what_was_found_and_what_was_done(service: Service) -> None:
    report = {
        "site": "clean_center",
        "what": "PC3",
        "symptom": "ファン異音",
        "since": "2027-06-07",
        "urgency": "urgent",
        "origin": "call",
    }
    talk = Conversation("c1", "incident", report)
    reference = of_contractor(service, File("incident", "report", "R5", talk))
    assert [each.step for each in sheet(service, reference).deeds] == ["repaired", "stopgap"]

    done = {"outcome": "file", "seen": 1, "repaired_work": "ファンを交換", "repaired_day": "2027-06-07"}
    of_contractor(service, Sign("incident", reference, "repaired", "file", done))

    found = sheet(service, reference)
    shown = facts(service, found)
    assert (shown["対象の機器・項目"], shown["障害の内容"]) == ("PC3", "ファン異音")
    assert shown["行った作業"] == "ファンを交換"
    assert service.words["ja"].say(found.flags[0]) == "緊急"
    assert found.deeds == ()


def test_the_sheet_of_an_inspection_shows_its_head_its_numbers_and_its_findings(service: Service) -> None:
    rows_ = [row for row in ROWS.values() if row.site == Site.CENTER]
    first, measured = rows_[0], next(row for row in rows_ if row.amount)
    assert measured.amount
    answers: dict[str, Any] = {row.key: "normal" for row in rows_}
    answers |= {"site": "clean_center", "day": "2027-06-07", "kind": "monthly", "firm": "見本システム"}
    answers |= {first.key: "finding", first.remark: "異音がする", first.severity: "minor"}
    answers[measured.amount.key] = 99
    talk = Conversation("c2", "inspection", answers)

    reference = of_contractor(service, File("inspection", "inspection", "R5", talk))

    found = sheet(service, reference)
    shown = facts(service, found)
    assert shown["点検実施業者"] == "見本システム"
    assert {label.rpartition("：")[2]: text for label, text in shown.items()}["指摘の内容"] == "異音がする"
    assert [text for label, text in shown.items() if label.endswith(first.wording)] == ["指摘"]
    assert "99" in "".join(shown.values())
    assert len(found.facts) < 20, "what is normal is not listed row by row"
    assert service.words["ja"].say(found.flags[0]) == "指摘あり"
