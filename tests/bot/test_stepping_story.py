"""Steps with forms of their own, from end to end: a resident books on LINE, a contractor writes down in Teams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.desk import Arrival
from dialogs.events import Action, Do, Event, Tapped, Typed
from dialogs.fields.base import SEALED
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage.staff import CHANNEL
from storage.teams.references import identity
from tests.dialogs.stepped import REGISTER
from tests.support.applying import person_of, type_all
from tests.support.office import Office, Person, _found, office, shown
from tests.support.service import StandingClock, Webhooks, rows, user
from tests.support.stepping import (
    HOST,
    REFERENCE,
    apply,
    at_once,
    book,
    booked,
    chat,
    contractor,
    heard,
    held,
    steps,
    to_the_record,
    to_the_review,
    view,
)


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock, register=REGISTER) as made:
        yield made


@pytest.fixture
def worker(house: Office) -> Person:
    return contractor(house, "見本 作業員")


# --- the resident


def test_a_resident_books_from_the_menu_and_what_is_personal_lies_in_the_vault(house: Office) -> None:
    phone = booked(house)

    receipt = heard(house.service)[-1]
    case = view(house.service)
    [filed] = rows(house.service, "SELECT answers, vault_id FROM submissions WHERE step = 'booked'")

    assert "「訪問の予約」を受け付けました" in receipt
    assert steps(house.service) == [("application", "resident"), ("booked", "resident")]
    assert held(house.service) == ["2027-06-14T10:00"]
    assert case.history[1].said == {"at": {"day": "2027-06-14", "time": "10:00"}}
    assert (case.answers, case.newest) == ({"length": 40}, 1)  # the case's own answers are its application's
    assert json.loads(filed.answers)["host"][SEALED] is True
    assert HOST not in "".join(each.body for each in rows(house.service, "SELECT body FROM outbox"))
    with database.write(house.service.engine) as conn:
        opened = house.service.vault.open(conn, filed.vault_id, by="m", role="staff", why="test", now=1)
    assert opened == {"host": HOST}
    assert person_of(house.service, phone.user_id).conversations == ()


def test_a_booking_that_is_moved_gives_the_first_time_back(house: Office) -> None:
    phone = booked(house)

    book(house.service, phone, "13時", "2")

    assert held(house.service) == ["2027-06-14T13:00"]
    assert [step for step, _role in steps(house.service)] == ["application", "booked", "booked"]


def test_what_was_booked_is_given_up_after_one_question(house: Office) -> None:
    phone = booked(house)

    type_all(house.service, phone, "メニュー", "訪問を取りやめる")
    before = len(steps(house.service))
    type_all(house.service, phone, "はい")

    assert before == 2
    assert steps(house.service)[-1] == ("given_up", "resident")
    assert held(house.service) == []


def test_the_last_place_goes_to_one_and_the_other_is_asked_for_another_time(house: Office) -> None:
    """Two visits are made at once, not three: who confirms third is told, and keeps all that was answered."""
    phones = [Webhooks(user(number)) for number in range(3)]
    for phone in phones:
        apply(house.service, phone)
        to_the_review(house.service, phone)

    for phone in phones:
        type_all(house.service, phone, "予約する")

    assert held(house.service) == ["2027-06-14T10:00"] * 2
    assert [len(steps(house.service, f"R9-000{number}")) for number in (1, 2, 3)] == [2, 2, 1]
    [talk] = person_of(house.service, phones[2].user_id).conversations
    assert "at" not in talk.answers
    assert "host" in talk.answers
    assert "10:00 はもう空いていません" in heard(house.service)[-1]
    type_all(house.service, phones[2], "6月14日 11時", "予約する")
    assert held(house.service)[-1] == "2027-06-14T11:00"


def test_of_three_at_the_same_moment_two_get_the_place_and_nobody_s_turn_fails(house: Office) -> None:
    phones = [Webhooks(user(number)) for number in range(3)]
    for phone in phones:
        apply(house.service, phone)
        to_the_review(house.service, phone)

    at_once(*(partial(type_all, house.service, each, "予約する") for each in phones))

    assert held(house.service) == ["2027-06-14T10:00"] * 2
    assert rows(house.service, "SELECT event_id FROM inbox WHERE state <> 'done'") == []


# --- the contractor


def test_a_contractor_opens_the_form_from_the_sheet_files_it_and_the_resident_is_told(
    house: Office, worker: Person
) -> None:
    booked(house)
    worker.types(f"検索 {REFERENCE}")
    sheet = worker.cards[-1]
    worker.press("訪問", sheet)
    form = shown(worker.cards[-1])

    worker.press("送信", voltage="6500")
    worker.types("なし")
    worker.press("記録する")

    assert "電圧" in form
    assert steps(house.service)[-1] == ("visited", "contractor")
    assert view(house.service).history[-1].by == "見本 作業員"
    house.service.delivery.run_until_idle()
    assert any("6,500Vでした。" in each for each in heard(house.service))
    worker.types(f"検索 {REFERENCE}")
    assert "6,500" in shown(worker.cards[-1])
    assert "定期の点検" in shown(worker.cards[-1])


def test_a_form_begun_in_a_channel_comes_in_the_member_s_own_chat(house: Office, worker: Person) -> None:
    booked(house)
    worker.sends(worker.says.mention("ここに届ける"))
    before = len(worker.cards)
    sheet = house.door.sheet(REFERENCE, worker.says.account)
    assert sheet
    _around, action = _found(sheet, "訪問")

    worker.sends(worker.says.in_channel(worker.says.execute(action["data"])))

    assert len(worker.cards) == before + 1
    assert "電圧" in shown(worker.cards[-1])


def test_somebody_without_the_role_gets_no_form(house: Office, worker: Person) -> None:
    booked(house)
    worker.types(f"検索 {REFERENCE}")
    sheet = worker.cards[-1]
    auditor = house.member("見本 監査", Grant("stepped", Role.AUDITOR))
    elsewhere = house.member("見本 別課", Grant("other", Role.CONTRACTOR))

    auditor.press("訪問", sheet)
    elsewhere.press("訪問", sheet)

    assert "「訪問」を記録する役割がありません。" in chat(auditor)
    assert "その手続きは見つかりません。" in chat(elsewhere)
    assert [each.form for each in rows(house.service, "SELECT form FROM conversations")] == []


def test_a_role_that_was_taken_away_meanwhile_files_nothing(house: Office, worker: Person) -> None:
    booked(house)
    to_the_record(worker)
    with database.write(house.service.engine) as conn:
        conn.exec_driver_sql("UPDATE staff_roles SET role = 'auditor'")

    worker.press("記録する")

    assert len(steps(house.service)) == 2


def test_of_two_who_file_the_same_step_one_wins_and_the_other_is_told(house: Office, worker: Person) -> None:
    booked(house)
    other = contractor(house, "見本 同僚")
    to_the_record(worker)
    to_the_record(other)
    review, late = worker.cards[-1], other.cards[-1]

    worker.press("記録する", review)
    other.press("記録する", late)

    assert [step for step, _role in steps(house.service)] == ["application", "booked", "visited"]
    assert "見本 作業員さんが先に記録しました" in chat(other)
    assert rows(house.service, "SELECT id FROM conversations") == []


def test_of_two_at_the_same_moment_one_wins(house: Office, worker: Person) -> None:
    booked(house)
    other = contractor(house, "見本 同僚")
    for each in (worker, other):
        to_the_record(each)
    desk, now = house.service.desk, house.clock.now()

    def confirm(person: Person, event: Event) -> None:
        where = identity(person.says.thread)
        desk.hear(
            Arrival(f"e/{person.says.user_id}", CHANNEL, person.says.account, event, conversation=where), now
        )

    # One presses the button, for which the case is locked; the other types, for which its number alone decides.
    at_once(partial(confirm, worker, Tapped(Action(Do.CONFIRM))), partial(confirm, other, Typed("記録する")))

    assert [step for step, _role in steps(house.service)] == ["application", "booked", "visited"]


def test_what_a_resident_gives_up_meanwhile_is_not_recorded_as_done(house: Office, worker: Person) -> None:
    phone = booked(house)
    to_the_record(worker)

    type_all(house.service, phone, "メニュー", "訪問を取りやめる", "はい")
    worker.press("記録する")

    assert steps(house.service)[-1] == ("given_up", "resident")
    assert "いまはできません。（いまの状態：取りやめました。）" in chat(worker)


def test_staff_write_down_what_a_resident_says_by_telephone_and_the_resident_hears_of_it(
    house: Office,
) -> None:
    phone = Webhooks()
    apply(house.service, phone)
    clerk = house.member("見本 係員", Grant("stepped", Role.STAFF))
    clerk.types(f"検索 {REFERENCE}")

    clerk.press("訪問の予約")
    clerk.press("送信", **{"at/day": "2027-06-14", "at/time": "11:00", "host": HOST})
    clerk.press("予約する")

    assert steps(house.service)[-1] == ("booked", "staff")
    assert held(house.service) == ["2027-06-14T11:00"]
    assert any("担当者が予約を受けました。" in each for each in heard(house.service))
