"""Who may have borrowed before is known again, however it is written, and after everything else was erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import vault_keys
from bot.casesheets import CaseSheets
from bot.prints import HOME, PHONE, traits
from bot.service import Service
from dialogs.events import Parts
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.words import Message
from storage import cases, erasures, prints
from storage import engine as database
from storage.erasures import PERSON, Subject
from storage.keyring import PRINTS, load_keyring
from storage.tables_staff import case_prints
from tests.support.applying import (
    APPLICANT,
    SECRETS,
    fill_page,
    person_of,
    references,
    to_the_page,
    type_all,
)
from tests.support.members import Members
from tests.support.service import BEGIN, StandingClock, Webhooks, make, rows, settings, user

TODAY = BEGIN.date()
HOME_HERE = {
    "prefecture": "北海道",
    "city": "札幌市",
    "ward": "南区",
    "town": "藤野五条",
    "rest": "3丁目1-2",
    "in_city": True,
}
SAMPLE: Mapping[str, Any] = {"name": "見本 太郎", "phone": "090-1234-5678", "address": HOME_HERE}


def of(**changes: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, text in traits(FORM_R6, {**SAMPLE, **changes}):
        found.setdefault(kind, []).append(text)
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "見本　太郎"},
        {"name": "見本太郎"},
        {"phone": "０９０−１２３４−５６７８"},
        {"phone": "09012345678"},
        {"address": {**HOME_HERE, "rest": "３丁目１−２"}},
        {"address": {**HOME_HERE, "rest": "3丁目1番地2号"}},
        {"address": {**HOME_HERE, "rest": "3-1-2"}},
        {"site": HOME_HERE},
        {"note": "見本"},
    ],
)
def test_the_same_person_is_the_same_however_it_is_written(changes: Mapping[str, Any]) -> None:
    assert of(**changes) == of()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"phone": "090-1234-5679"}, PHONE),
        ({"name": "見本 次郎"}, HOME),
        ({"address": {**HOME_HERE, "rest": "3丁目1-3"}}, HOME),
        ({"address": {**HOME_HERE, "town": "藤野六条"}}, HOME),
    ],
)
def test_somebody_else_is_not_the_same(changes: Mapping[str, Any], kind: str) -> None:
    assert of(**changes)[kind] != of()[kind]


def test_where_the_fence_stands_counts_as_a_home_too() -> None:
    elsewhere = {**HOME_HERE, "rest": "9-9"}

    assert len(of(site=elsewhere)[HOME]) == 2


def test_what_was_not_answered_is_no_trait() -> None:
    assert list(traits(FORM_R6, {"name": "見本", "phone": None, "address": {"postcode": "0612285"}})) == []


# --- at the desk


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    vault_keys.complete(settings(database_url, tmp_path).vault_keys_file)
    made = make(database_url, tmp_path, StandingClock())
    yield made
    made.engine.dispose()


def applied(service: Service, number: int, **changes: Parts) -> str:
    """Return the reference of an application by the resident *number*."""
    phone = Webhooks(user(number))
    to_the_page(service, phone)
    once = str(len(references(service, phone.user_id)))
    assert fill_page(service, phone.user_id, {**APPLICANT, **changes}, once) is None
    type_all(service, phone, "申請する")
    return references(service, phone.user_id)[-1]


def other(number: int) -> dict[str, Parts]:
    """Return what makes an applicant somebody else."""
    return {"name": {"": f"見本 {number}号"}, "phone": {"": f"090-1111-00{number:02}"}}


def flags(service: Service, reference: str) -> list[str]:
    """Return what the sheet of the case says of earlier cases."""
    sheets = CaseSheets(service.register, service.world, service.vault)
    words = service.words["ja"]
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        sheet = sheets.sheet(conn, case.id, TODAY)
    assert sheet
    said: list[Message] = [each for each in sheet.flags if "reference" in each.facts]
    return [words.say(each) for each in said]


def test_a_case_of_the_same_telephone_is_a_candidate_with_its_reason(service: Service) -> None:
    first = applied(service, 1)
    Members(service).office().approve(first)

    second = applied(service, 2, name={"": "見本 花子"})

    assert flags(service, second) == [f"以前の貸出の可能性：{first}（電話が同じ）"]
    assert flags(service, first) == [f"同じ方の別の申請の可能性：{second}（電話が同じ）"]


def test_a_case_of_the_same_name_and_home_is_a_candidate(service: Service) -> None:
    first = applied(service, 1)

    second = applied(service, 2, phone={"": "090-9999-0000"})

    assert flags(service, second) == [f"同じ方の別の申請の可能性：{first}（氏名と住所が同じ）"]


def test_somebody_else_is_no_candidate(service: Service) -> None:
    applied(service, 1)

    assert flags(service, applied(service, 2, **other(2))) == []


def test_a_case_that_came_to_nothing_is_no_candidate(service: Service) -> None:
    applied(service, 1)
    type_all(service, Webhooks(user(1), iter(range(500, 600))), "申請状況", "1", "2", "はい")

    assert flags(service, applied(service, 2)) == []


def test_a_candidate_is_known_again_after_everything_of_it_was_erased(service: Service) -> None:
    first = applied(service, 1)
    Members(service).office().approve(first)
    subject = Subject(PERSON, person_of(service, user(1)).id)
    with database.write(service.engine) as conn:
        there = erasures.survey(conn, subject, service.vault)
        assert there
        erasures.erase(conn, there, service.clock.now())

    second = applied(service, 2)

    assert flags(service, second) == [f"以前の貸出の可能性：{first}（氏名と住所が同じ、電話が同じ）"]


def test_the_newest_candidates_are_named_and_no_more_than_fit(service: Service) -> None:
    earlier = [applied(service, number) for number in range(1, 6)]

    named = flags(service, applied(service, 6))

    assert [each for each in reversed(earlier) if any(each in one for one in named)] == earlier[:1:-1]
    assert len(named) == 3


def test_a_fingerprint_says_nothing_and_nobody_is_noted_as_a_reader(service: Service) -> None:
    applied(service, 1)

    with database.read(service.engine) as conn:
        kept = conn.execute(select(case_prints)).mappings().all()
    assert {each["kind"] for each in kept} == {PHONE, HOME}
    assert not any(secret in str(each) for each in kept for secret in (*SECRETS, "09012345678"))
    assert {each.role for each in rows(service, "SELECT role FROM access_log")} <= {"resident"}


def test_with_another_key_the_same_answers_give_other_fingerprints(
    service: Service, database_url: str, tmp_path: Path
) -> None:
    applied(service, 1)
    elsewhere = tmp_path / "elsewhere"
    vault_keys.complete(settings(database_url, elsewhere).vault_keys_file)
    again = make(database_url, elsewhere, StandingClock())

    assert flags(again, applied(again, 2)) == []
    again.engine.dispose()


def test_without_a_key_everything_goes_on_and_nothing_is_kept(database_url: str, tmp_path: Path) -> None:
    service = make(database_url, tmp_path, StandingClock())
    assert PRINTS not in load_keyring(service.settings.vault_keys_file).current

    reference = applied(service, 1)

    assert flags(service, reference) == []
    assert rows(service, "SELECT 1 FROM case_prints") == []
    service.engine.dispose()


def test_a_corrected_number_is_known_beside_the_first(service: Service) -> None:
    reference = applied(service, 1)

    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        before = prints.counts(conn, case.id)
        prints.keep(conn, case.id, [prints.Print(PHONE, "f" * 64, "k1")])
        prints.keep(conn, case.id, [prints.Print(PHONE, "f" * 64, "k1")])

        assert prints.counts(conn, case.id) == {**before, PHONE: before[PHONE] + 1}
