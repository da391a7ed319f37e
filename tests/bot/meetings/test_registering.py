"""Registering for an exchange meeting on LINE, changing one's mind, waiting for a seat, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.admin.casefile import Reading
from bot.clock import day_of
from bot.service import Service
from dialogs.meetings import State
from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING
from storage import cases, meetings, stocktaking, submissions
from storage import engine as database
from tests.support.applying import fill_page
from tests.support.meetings import KEY, PAGE, Participant, at, opened, seats
from tests.support.service import StandingClock, make

ON_SITE, ONLINE = f"seats/{KEY}/on_site", f"seats/{KEY}/online"


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    made = make(database_url, tmp_path, StandingClock())
    yield made
    made.engine.dispose()


def test_a_registration_takes_its_seats_and_says_what_comes_next(service: Service) -> None:
    opened(service)
    person = Participant(service)

    said = person.registers(2)

    assert "席を用意しました" in said
    assert person.reference == "KR9-0001"
    assert person.steps() == ["application", "seated"]
    assert seats(service) == {ON_SITE: 3}


def test_whoever_watches_takes_one_seat_there_and_is_not_asked_for_company(service: Service) -> None:
    opened(service)
    person = Participant(service)

    said = person.registers(online=True)

    assert "見るためのアドレス" in said
    assert seats(service) == {ONLINE: 1}


def test_not_coming_is_kept_too_and_can_be_changed_until_the_closing_date(service: Service) -> None:
    opened(service)
    person = Participant(service)
    person.types("メニュー", "交流会に申し込む", "参加しません")
    assert fill_page(service, person.phone.user_id, PAGE) is None
    assert "「参加しません」とうかがいました" in person.types("申し込む")
    assert (person.steps(), seats(service)) == (["application", "absent"], {})


def test_a_full_room_offers_its_next_free_seats_to_the_first_whole_group_in_time(service: Service) -> None:
    opened(service)
    people = [Participant(service, number) for number in range(1, 5)]
    people[0].registers(3)
    waits = people[1].registers(2)
    people[2].registers(1)
    people[3].registers(0)
    assert "キャンセル待ち" in waits

    people[0].types("申請状況", "1")
    people[0].taps("交流会への参加を取りやめる")
    said = people[0].types("はい")
    assert "取り消しました" in said
    at(service, 6, 7, 10, 30)

    offered = [each.heard() for each in people]
    assert ["席が空きました" in each for each in offered] == [False, True, False, True]
    assert "6月10日" in offered[1]
    assert "までに「受ける」か「見送る」" in offered[1]
    assert "席を用意しました" in people[1].taps("受ける")
    assert "席は、次の方におゆずりします" in (people[3].taps("見送る"), people[3].types("はい"))[1]
    at(service, 6, 7, 10, 40)
    assert people[2].steps() == ["application", "queued"]  # two do not fit where one is free
    assert seats(service) == {ON_SITE: 3}
    with database.read(service.engine) as conn:
        assert list(stocktaking.wrong(conn, "")) == []


def test_a_smaller_group_gives_its_seats_to_whoever_waits(service: Service) -> None:
    opened(service)
    first, second = Participant(service, 1), Participant(service, 2)
    first.registers(3)
    second.registers(0)

    first.types("申請状況", "1")
    first.taps("内容を訂正する")
    first.types("7", "1")
    said = first.types("訂正を送る")
    at(service, 6, 7, 10, 30)

    assert "訂正を受け付けました" in said
    assert first.steps() == ["application", "seated", "correction", "seated"]
    assert seats(service) == {ON_SITE: 3}
    assert second.steps() == ["application", "queued", "offered"]


def test_word_comes_before_the_meeting_by_day_and_the_number_for_the_door_the_day_before(
    service: Service,
) -> None:
    opened(service)
    here, there = Participant(service, 1), Participant(service, 2)
    here.registers()
    there.registers(online=True)

    at(service, 7, 8, 9)
    assert "あと1週間です" in here.heard()
    at(service, 7, 14, 9)

    assert "受付でこの画面を見せてください" in here.heard()
    assert "https://watch.example.jp/live" not in here.heard()
    assert "https://watch.example.jp/live" in there.heard()
    assert "参加者の交流" not in there.heard().replace("参加者どうしの交流", "")
    at(service, 7, 16, 9)
    assert "アンケート" in there.heard()


def test_an_offer_that_nobody_answers_goes_to_the_next_by_day(service: Service) -> None:
    opened(service, seats_on_site=1)
    people = [Participant(service, number) for number in range(1, 4)]
    for each in people:
        each.registers()
    people[0].types("申請状況", "1")
    people[0].taps("交流会への参加を取りやめる")
    people[0].types("はい")
    at(service, 6, 7, 10, 30)

    at(service, 6, 10, 11)

    assert people[1].steps()[-1] == "lapsed"
    assert "キャンセル待ちが終わりました" in people[1].heard()
    assert people[2].steps()[-1] == "offered"
    assert seats(service) == {ON_SITE: 1}


def test_at_night_nothing_is_offered(service: Service) -> None:
    opened(service, seats_on_site=1)
    people = [Participant(service, number) for number in range(1, 3)]
    for each in people:
        each.registers()
    people[0].types("申請状況", "1")
    people[0].taps("交流会への参加を取りやめる")
    people[0].types("はい")

    at(service, 6, 7, 21)
    assert people[1].steps() == ["application", "queued"]
    at(service, 6, 8, 9)
    assert people[1].steps() == ["application", "queued", "offered"]


def test_everybody_is_told_once_that_a_meeting_moves_and_that_it_is_called_off(service: Service) -> None:
    held = opened(service)
    comes = Participant(service)
    comes.registers(1)
    moved = opened(service, day="2027-07-16")

    at(service, 6, 8, 10)
    at(service, 6, 8, 11)
    assert comes.heard().count("交流会の日時か場所が変わりました") == 1
    assert seats(service) == {ON_SITE: 2}
    with database.write(service.engine) as conn:
        assert meetings.known(conn).get(KEY) == moved != held
        assert meetings.put(conn, KEY, State.CANCELLED, "見本 係", service.clock.now())
    at(service, 6, 9, 10)
    at(service, 6, 9, 11)

    assert comes.heard().count("交流会が中止になりました") == 1
    assert comes.steps() == ["application", "seated", "rescheduled", "called_off"]
    assert seats(service) == {}


def test_what_somebody_needs_is_hidden_from_whoever_opens_the_case(service: Service) -> None:
    opened(service)
    person = Participant(service)
    person.registers(accommodation={"": "入口に近い席"})
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, person.reference)
        assert case
        filed = submissions.of_case(conn, case.id)
    world = service.world(day_of(service.clock.now()))
    personal = {filed[0].vault_id or "": {"name": "見本 一郎", "accommodation": "入口に近い席"}}

    page = Reading(EXCHANGE_MEETING, service.words["ja"], world).file(case, filed, personal)

    shown = [each.shown for section in page.sections for each in section.answers]
    assert "見本 一郎" in shown
    assert "入口に近い席" not in shown
