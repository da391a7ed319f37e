"""Registering for an exchange meeting on LINE, changing one's mind, waiting for a seat, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.service import Service
from storage import engine as database
from storage import stocktaking
from tests.support.meetings import KEY, Participant, at, opened, seats
from tests.support.service import StandingClock, make

ON_SITE, ONLINE = f"seats/{KEY}/on_site", f"seats/{KEY}/online"


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Service:
    return make(database_url, tmp_path, StandingClock())


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
    from tests.support.applying import fill_page
    from tests.support.meetings import PAGE

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
