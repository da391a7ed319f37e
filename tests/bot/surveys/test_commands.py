"""``madoguchi survey``: a workbook becomes a draft, is opened and closed, and its answers come out in no order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.surveys import commands
from bot.surveys.opening import SurveyRefused
from storage import ballots
from storage import engine as database
from storage.keyring import PRINTS, create_keyring
from tests.bot.admin.test_surveys import _workbook
from tests.support.service import StandingClock, settings


def test_a_survey_goes_its_whole_way_at_a_terminal(sqlite_url: str, tmp_path: Path) -> None:
    chosen, clock = settings(sqlite_url, tmp_path), StandingClock()
    create_keyring(chosen.vault_keys_file, (PRINTS,))
    given = {"audience": "everybody", "opens": "", "closes": "2027-07-01", "identity": "none"}

    [added] = commands.add(chosen, _workbook(), clock, given)
    assert "madoguchi survey open sample" in added
    assert list(commands.open_(chosen, "sample")) == ["sample is open"]
    with pytest.raises(SurveyRefused, match="opened already"):
        list(commands.add(chosen, _workbook(), clock, given))
    with database.write(database.create(sqlite_url)) as conn:
        ballots.cast(conn, "sample", "a mark", ballots.new({"good": "yes", "why": "=1+1"}, "line"))
    assert "sample\topen\t-..2027-07-01\teverybody\tinvited 0\tbegun 1\tanswered 1\t見本アンケート" in list(
        commands.listed(chosen)
    )
    header, line = commands.export(chosen, "sample")
    assert header == "ballot,channel,kind,paper,good,why"
    assert line.endswith(",line,,0,yes,'=1+1")
    [closed] = commands.close(chosen, "sample")
    assert "closed" in closed


def test_what_is_no_survey_is_refused_with_every_place(sqlite_url: str, tmp_path: Path) -> None:
    chosen, clock = settings(sqlite_url, tmp_path), StandingClock()

    with pytest.raises(SurveyRefused, match="survey"):
        list(commands.add(chosen, _workbook("select_one nowhere"), clock, {}))
    with pytest.raises(SurveyRefused, match="there is no survey none"):
        list(commands.export(chosen, "none"))
