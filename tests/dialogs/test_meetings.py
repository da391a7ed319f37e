"""A meeting is read from what staff wrote, or refused with everything that is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from dialogs.meetings import Meeting, Meetings, Seats, State, pool, pools_of, titled
from dialogs.meetings_reading import advice, problems, raw_of, read
from tests.dialogs.worlds import PlainWords

RAW: dict[str, Any] = {
    "key": "r9-koryukai",
    "title": "見本区 町内会活動交流会",
    "title_en": "Sample ward exchange meeting",
    "day": date(2028, 1, 15),
    "place": "見本メディアプラザ（見本）",
    "closes": date(2027, 12, 24),
    "seats_on_site": 60,
    "seats_online": 100,
    "online_link": "https://watch.example.jp/live?room=1",
    "groups": 8,
    "group_size": 7,
    "parts": [
        {"key": "talk", "title": "講演", "starts": "13:30", "ends": "14:00"},
        {
            "key": "exchange",
            "title": "参加者の交流",
            "starts": time(14, 0),
            "ends": time(14, 40),
            "who": "on_site",
        },
    ],
    "themes": [{"key": "watch", "name": "高齢者の見守り", "name_en": "Looking after the elderly"}],
    "kinds": [{"key": "group", "name": "町内会"}],
}


def meeting(**changed: Any) -> Meeting:
    found = read({**RAW, **changed})
    assert isinstance(found, Meeting)
    return replace(found, state=State.OPEN)


def said(**changed: Any) -> dict[str, str]:
    return {each.field: each.message.text for each in problems({**RAW, **changed})}


def test_a_meeting_is_read_and_can_be_kept_and_read_again() -> None:
    found = meeting()

    assert read(raw_of(found)) == replace(found, state=State.DRAFT)
    assert (found.starts, found.ends, found.slot) == (time(13, 30), time(14, 40), "2028-01-15")
    assert problems(RAW) == ()


def test_a_page_may_give_numbers_days_and_times_as_text() -> None:
    page = raw_of(meeting()) | {"seats_on_site": " 60 ", "seats_online": "100", "offer_hours": "48"}

    found = read(page)

    assert isinstance(found, Meeting)
    assert (found.seats_on_site, found.day, found.offer_hours) == (60, date(2028, 1, 15), 48)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"key": "交流会"}, "key"),
        ({"title": "  "}, "title"),
        ({"title": "二\n行"}, "title"),
        ({"title": None}, "title"),
        ({"day": "15日"}, "day"),
        ({"closes": date(2028, 1, 15)}, "closes"),
        ({"seats_on_site": 0}, "seats_on_site"),
        ({"seats_on_site": True}, "seats_on_site"),
        ({"online_link": "http://watch.example.jp"}, "online_link"),
        ({"online_link": ""}, "online_link"),
        ({"parts": []}, "parts"),
        ({"parts": "講演"}, "parts"),
        ({"parts": [{**RAW["parts"][0], "starts": "25:00"}]}, "parts[1].starts"),
        ({"parts": [{**RAW["parts"][0], "ends": "13:30"}]}, "parts[1].ends"),
        ({"parts": [{**RAW["parts"][0], "who": "all"}]}, "parts[1].who"),
        ({"parts": [{**RAW["parts"][0], "speaker": "見本"}]}, "parts[1].speaker"),
        ({"parts": RAW["parts"][1:]}, "seats_online"),
        ({"parts": RAW["parts"][:1] * 2}, "parts[2].key"),
        ({"seat": 3}, "seat"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(changed: dict[str, Any], field: str) -> None:
    assert list(said(**changed)) == [field]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert {*said(day="?", place="", groups="many")} == {"day", "place", "groups"}


def test_a_closing_date_in_the_month_of_the_meeting_is_advised_against() -> None:
    assert advice(meeting()) == ()
    assert [each.field for each in advice(meeting(closes=date(2028, 1, 5)))] == ["closes"]


def test_who_watches_may_follow_everything_but_the_exchange() -> None:
    found = meeting()

    assert [each.key for each in found.parts_for("on_site")] == ["talk", "exchange"]
    assert [each.key for each in found.parts_for("online")] == ["talk"]
    assert [found.link_of(each) for each in found.parts] == ["https://watch.example.jp/live?room=1", ""]
    assert found.ways == ("on_site", "online")
    assert meeting(seats_online=0).ways == ("on_site",)


def test_registrations_are_taken_while_it_is_open_until_its_closing_date() -> None:
    found, known = meeting(), Meetings({"r9-koryukai": meeting()})

    assert [found.takes(date(2027, 12, day)) for day in (24, 25)] == [True, False]
    assert [replace(found, state=each).takes(date(2027, 12, 1)) for each in State] == [
        False,
        True,
        False,
        False,
    ]
    assert [replace(found, state=each).is_held() for each in State] == [False, True, True, False]
    assert known.taking(date(2027, 12, 1)) == (found,)
    assert known.get("other") is None


def test_the_nearer_the_day_the_shorter_is_an_offer_kept() -> None:
    asked = [date(2027, 12, 24), date(2028, 1, 5), date(2028, 1, 10)]

    assert [meeting().hours_to_answer(each) for each in asked] == [72, 48, 24]
    assert meeting(offer_hours=6).hours_to_answer(asked[0]) == 6


def test_a_group_sits_down_where_there_is_room_and_nobody_who_waits_longer_would_fit() -> None:
    assert Seats(10, 8).has_room_for(2)
    assert not Seats(10, 8).has_room_for(3)
    assert Seats(10, 8, waiting=(3, 5)).has_room_for(2)
    assert not Seats(10, 8, waiting=(3, 2)).has_room_for(1)
    assert Seats(10, 12, mine=3).has_room_for(3)
    assert Seats(10, 12).left == 0


def test_seats_that_nobody_looked_at_are_none() -> None:
    assert Meetings(seats={pool("m", "online"): Seats(3)}).seats_of("m", "online").left == 3
    assert Meetings().seats_of("m", "on_site").left == 0


def test_readers_of_other_languages_get_the_english_name_where_there_is_one() -> None:
    assert titled(meeting(), PlainWords("en")) == "Sample ward exchange meeting"
    assert titled(meeting(title_en=""), PlainWords("en")) == "見本区 町内会活動交流会"
    assert titled(meeting(), PlainWords("ja@easy")) == "見本区 町内会活動交流会"


def test_its_seats_are_two_pools() -> None:
    assert meeting().pools == {"seats/r9-koryukai/on_site": 60, "seats/r9-koryukai/online": 100}
    assert tuple(meeting().pools) == pools_of("r9-koryukai")
