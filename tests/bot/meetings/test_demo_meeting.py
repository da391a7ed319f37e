"""The demo begins with a meeting for which nearly everybody has registered, and a group that waits."""

from __future__ import annotations

from pathlib import Path

from bot import demo_meeting
from bot.play.people import Stage
from dialogs.procedures.exchange_meeting.registration import Registration, Stand
from storage import engine as database
from storage import meetings, stocktaking
from tests.support.service import BEGIN, StandingClock, make


def test_the_sample_meeting_is_full_and_a_group_waits(sqlite_url: str, tmp_path: Path) -> None:
    service = make(sqlite_url, tmp_path, StandingClock())

    demo_meeting.play(service, BEGIN)

    found = [Registration(each) for each in Stage(service).cases("exchange_meeting")]
    stands = [each.stand for each in found]
    with database.read(service.engine) as conn:
        seats = meetings.with_seats(conn, meetings.known(conn)).seats_of(demo_meeting.MEETING, "on_site")
        assert list(stocktaking.wrong(conn, "")) == []
    assert (len(found), {*stands}) == (len(demo_meeting.GROUPS), {Stand.SEATED, Stand.WAITING})
    assert max(seats.waiting) > 1
    assert sum(each.has_needs for each in found) == 1
    service.engine.dispose()
