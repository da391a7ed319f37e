"""Opening and closing a survey, and the word that goes to those it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import quota
from bot.service import Service
from bot.surveys import audience, opening
from bot.surveys.opening import SurveyRefused
from dialogs.polls import Poll
from storage import ballots, survey_talks, surveys, values
from storage import engine as database
from storage.keyring import VaultKeyMissing
from storage.tables import conversations
from storage.tables_surveys import survey_invitations, survey_marks
from tests.storage import make as rows_of
from tests.support import polls
from tests.support.service import StandingClock, count, make, rows

HOUR = 3_600_000


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(sqlite_url, tmp_path, clock)
    yield made
    made.stop()


def _taking_part(service: Service, many: int, kind: str = "resident", channel: str = "line") -> list[str]:
    found = []
    with database.write(service.engine) as conn:
        for number in range(many):
            person = rows_of.person(conn, f"U-{kind}-{number}", channel)
            case = rows_of.case(conn, f"M-{kind}-{number}", person, procedure="exchange_meeting")
            said = {"meeting": "m1", "kind": kind, "coming": "yes"}
            rows_of.filed(conn, case, form="exchange_meeting", answers=said)
            found.append(person)
    return found


def test_a_kind_of_which_there_are_few_stands_on_no_ballot(service: Service) -> None:
    _taking_part(service, audience.ENOUGH)
    _taking_part(service, audience.ENOUGH - 1, "press")

    with database.read(service.engine) as conn:
        assert audience.kinds(conn, Poll("s", "meeting:m1")) == {"resident"}
        assert len(audience.participants(conn, Poll("s", "meeting:m1"))) == 2 * audience.ENOUGH - 1
        assert audience.participants(conn, Poll("s")) == {}


def test_without_its_key_no_survey_opens(service: Service) -> None:
    polls.put(service)

    with database.write(service.engine) as conn, pytest.raises(VaultKeyMissing):
        opening.open_(conn, service.vault, "meeting")


def test_only_a_draft_opens_and_only_an_open_one_closes(service: Service) -> None:
    polls.opened(service)

    with database.write(service.engine) as conn:
        with pytest.raises(SurveyRefused):
            opening.open_(conn, service.vault, "meeting")
        opening.close(conn, "meeting")
        with pytest.raises(SurveyRefused):
            opening.close(conn, "meeting")


def test_closing_forgets_who_has_answered_and_counts_what_is_half_filled(service: Service) -> None:
    polls.opened(service)
    with database.write(service.engine) as conn:
        person = rows_of.person(conn)
        rows_of.talk(conn, person, "c1", form="survey_meeting", asked="why")
        ballots.cast(conn, "meeting", "a mark", ballots.new({"good": "yes"}, "line"))
        opening.close(conn, "meeting")

    with database.read(service.engine) as conn:
        assert ballots.counts(conn, "meeting") == ballots.Counts(0, 1, 2, {"why": 1})
        assert survey_talks.half_filled(conn, "meeting") == []
    assert [count(service, each) for each in (survey_marks, conversations)] == [0, 0]


def test_a_survey_closes_by_itself_the_day_after_its_last(service: Service, clock: StandingClock) -> None:
    polls.opened(service, closes="2027-06-07")
    service.jobs.tick()
    with database.read(service.engine) as conn:
        assert [each.state for each in surveys.listed(conn)] == ["open"]

    clock.advance(timedelta(days=1))
    service.jobs.tick()

    with database.read(service.engine) as conn:
        assert [each.state for each in surveys.listed(conn)] == ["closed"]


def _told(service: Service) -> list[str]:
    found = rows(service, "SELECT recipient, body FROM outbox WHERE cause LIKE 'survey/%' ORDER BY id")
    return [
        each.recipient
        for each in found
        if "ご協力ください" in json.dumps(json.loads(each.body), ensure_ascii=False)
    ]


def test_everybody_who_takes_part_and_can_be_told_is_invited_once(
    service: Service, clock: StandingClock
) -> None:
    _taking_part(service, 25)
    _taking_part(service, 2, "fax", "fax")
    polls.opened(service, "resident", audience="meeting:m1")
    with database.write(service.engine) as conn:
        conn.exec_driver_sql("UPDATE identities SET blocked_at = 1 WHERE external_id = 'U-resident-3'")

    for _minute in range(3):
        service.jobs.tick()
        clock.advance(timedelta(minutes=20))

    assert len(_told(service)) == len(set(_told(service))) == 24
    assert "U-resident-3" not in _told(service)
    assert count(service, survey_invitations) == 24


def test_nobody_is_invited_at_night_before_it_opens_or_where_everybody_may_answer(
    service: Service, clock: StandingClock
) -> None:
    _taking_part(service, 2)
    polls.opened(service, audience="meeting:m1", opens="2027-06-08")
    service.jobs.tick()
    clock.advance(timedelta(hours=15))  # one in the night
    service.jobs.tick()
    assert _told(service) == []

    clock.advance(timedelta(hours=9))
    service.jobs.tick()

    assert len(_told(service)) == 2


def test_a_survey_for_everybody_is_pushed_to_nobody(service: Service) -> None:
    _taking_part(service, 2)
    polls.opened(service)

    service.jobs.tick()

    assert _told(service) == []


def test_the_months_pushes_are_not_used_up_by_a_survey(service: Service, clock: StandingClock) -> None:
    _taking_part(service, 5)
    polls.opened(service, audience="meeting:m1")
    with database.write(service.engine) as conn:
        kept = {"at": clock.now(), "limit": 200, "used": 200 - 52}
        values.put(conn, quota.KEY, json.dumps(kept))

    service.jobs.tick()

    assert len(_told(service)) == 2


def test_what_another_process_opened_is_known_here_before_long(
    service: Service, clock: StandingClock
) -> None:
    service.jobs.tick()
    polls.put(service)
    with database.write(service.engine) as conn:
        surveys.open_(conn, "meeting", ())
    assert service.register.of("survey_meeting") is None

    clock.advance(timedelta(minutes=1))
    service.jobs.tick()

    assert service.register.of("survey_meeting")
