"""``madoguchi meeting``: a meeting is checked, kept, opened, changed and called off at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.meetings import command
from bot.meetings.command import MeetingFileRefused
from dialogs.meetings import State
from tests.support.meetings import KEY, Participant, opened
from tests.support.service import StandingClock, make

FILE = """
key = "r9-koryukai"
title = "見本区 町内会活動交流会"
day = 2027-07-15
place = "見本メディアプラザ（見本）"
closes = 2027-06-30
seats_on_site = {seats}

[[parts]]
key = "talk"
title = "講演"
starts = "13:30"
ends = "14:00"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "meeting.toml"
    written.write_text(FILE.format(seats=4), encoding="utf-8")
    return written


def test_a_meeting_is_kept_as_a_draft_opened_shown_closed_and_called_off(
    sqlite_url: str, tmp_path: Path, path: Path
) -> None:
    clock = StandingClock()
    service = make(sqlite_url, tmp_path, clock)
    settings = service.settings

    said = [*command.check(path), *command.add(settings, path, clock)]
    for state in (State.OPEN, State.CLOSED, State.CANCELLED):
        said += command.put(settings, KEY, state, clock)
    listed, shown = [*command.listed(settings)], [*command.shown(settings, KEY)]

    assert "kept as a draft" in said[1]
    assert said[2:] == [f"{KEY}: open", f"{KEY}: closed", f"{KEY}: cancelled"]
    assert "cancelled" in listed[0]
    assert "on_site   0 of 4 seats taken, 0 people wait" in shown
    with pytest.raises(MeetingFileRefused, match="いまの状態からは"):
        list(command.put(settings, KEY, State.OPEN, clock))
    service.engine.dispose()


def test_fewer_seats_than_are_taken_are_refused(sqlite_url: str, tmp_path: Path, path: Path) -> None:
    clock = StandingClock()
    service = make(sqlite_url, tmp_path, clock)
    opened(service)
    Participant(service).registers(2)
    path.write_text(FILE.format(seats=2), encoding="utf-8")

    with pytest.raises(MeetingFileRefused, match="seats_on_site: もう 3席"):
        list(command.add(service.settings, path, clock))
    path.write_text(FILE.format(seats=3), encoding="utf-8")
    assert "changed" in str([*command.add(service.settings, path, clock)])
    service.engine.dispose()


def test_a_broken_file_and_an_unknown_meeting_are_refused_with_what_to_do(
    sqlite_url: str, tmp_path: Path, path: Path
) -> None:
    clock = StandingClock()
    service = make(sqlite_url, tmp_path, clock)
    path.write_text("key = ", encoding="utf-8")

    for broken in (command.check(path), command.add(service.settings, path, clock)):
        with pytest.raises(MeetingFileRefused, match="no TOML"):
            list(broken)
    for unknown in (
        command.shown(service.settings, "x"),
        command.put(service.settings, "x", State.OPEN, clock),
    ):
        with pytest.raises(MeetingFileRefused):
            list(unknown)
    assert "no meeting yet" in str([*command.listed(service.settings)])
    path.write_text(FILE.format(seats=0), encoding="utf-8")
    with pytest.raises(MeetingFileRefused, match="seats_on_site"):
        list(command.check(path))
    service.engine.dispose()
