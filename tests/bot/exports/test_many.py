"""Applications written in bulk are what residents file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import day_of
from bot.exports.cases import Cases
from bot.exports.source import Days, Reader, Source
from bot.service import Service
from dialogs.procedures import REGISTER
from dialogs.procedures.fence_loan import FENCE_LOAN
from storage.asjson import load
from tests.support import many
from tests.support.service import StandingClock, make


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


@pytest.fixture
def source(service: Service) -> Source:
    dataset = Cases(FENCE_LOAN, service.words["ja"], service.world(day_of(service.clock.now())))
    return Source(service.engine, service.vault, service.clock, dataset, Reader("見本 職員", "admin"))


def test_every_one_answers_the_whole_form_as_a_resident_could(service: Service, source: Source) -> None:
    many.applications(service.engine, service.vault, 120)

    for record in source.records(Days()):
        assert record.file.filled
        answers = {**load(record.file.filled.answers), **record.personal}
        assert many.FORM.missing(answers) == []
        given = {key: many.FORM.by_key[key].raw(value) for key, value in answers.items() if value is not None}
        world = service.world(day_of(record.case.opened_at) - timedelta(days=1))
        again, refused = many.FORM.read(given, {}, world)
        assert {key for key in refused if key != "period"} == set(), "a season is not for every day of a year"
        assert {**again, "period": None} == {key: answers[key] for key in again} | {"period": None}


def test_more_can_be_added_to_those_there_are(service: Service, source: Source) -> None:
    many.applications(service.engine, service.vault, 2)
    many.applications(service.engine, service.vault, 2, first=3)

    assert [each.case.reference for each in source.records(Days())] == [
        f"M-{number:07}" for number in range(1, 5)
    ]
