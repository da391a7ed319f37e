"""The demo begins with a survey that is over, so that there is something to count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bot import demo_survey, vault_keys
from bot.service import Service
from bot.serving import make_app
from dialogs.surveys import survey_form
from storage import ballots, surveys
from storage import engine as database
from tests.support.service import BEGIN, StandingClock, make
from tests.support.staff import Staff


@pytest.fixture
def played(database_url: str, tmp_path: Path) -> Iterator[Service]:
    vault_keys.complete(tmp_path / "vault-keys.json")
    service = make(database_url, tmp_path, StandingClock())
    demo_survey.play(service, BEGIN)
    yield service
    service.stop()


def test_the_sample_survey_is_over_and_counted(played: Service) -> None:
    survey = demo_survey.sample()

    with database.read(played.engine) as conn:
        row, cast = surveys.get(conn, survey.key), list(ballots.read(conn, survey.key))
    assert row
    assert (row.state, len(cast)) == ("closed", demo_survey.BALLOTS)
    assert {each.channel for each in cast} == {"line", "web", "paper"}
    page = Staff(played, make_app(played)).sign_in().page(f"/admin/tabulation/{survey.key}")
    assert str(survey.title) in page
    assert str(demo_survey.BALLOTS) in page


def test_sample_people_answer_what_they_are_asked_and_nothing_else() -> None:
    survey, dice = demo_survey.sample(), Random(3)
    form = survey_form(survey)

    for _ in range(50):
        found = demo_survey.answers(survey, dice)
        assert [*found] == [each.key for each in form.visible(found)]
        assert all(found[each.key] is not None for each in form.visible(found) if each.required)
