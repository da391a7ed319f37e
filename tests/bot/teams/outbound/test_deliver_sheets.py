"""Sheets of cases: drawn when they are sent, one message a conversation, changed in its place ever after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.delivery.port import Steps
from storage import engine as database
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING
from storage.teams import cards
from storage.teams.references import Reference
from tests.bot.teams.outbound.sending import Sending
from tests.support.connector import Connector, answer, reset, taken_then
from tests.support.service import outage


@pytest.fixture
def here(sending: Sending) -> Reference:
    return sending.chat()


@pytest.fixture
def case(sending: Sending) -> str:
    made = sending.case()
    sending.sheets[made] = "受付"
    return made


def shown(sending: Sending, case: str, here: Reference) -> str | None:
    with database.read(sending.engine) as conn:
        return cards.activity(conn, case, here.id)


def said(teams: Connector) -> Sequence[tuple[str, str]]:
    """Return which message says what, in the order in which it was said."""
    return [(each.id, each.text) for each in teams.taken]


def test_the_first_sheet_is_sent_and_every_later_one_takes_its_place(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.put_sheet(here, case)
    sending.settle()
    sending.sheets[case] = "係の確認済み"
    sending.put_sheet(here, case)
    sending.settle()

    assert said(teams) == [("1", "受付"), ("1", "係の確認済み")]
    assert [each.method for each in teams.calls()] == ["POST", "PUT"]
    assert teams.calls()[1].json["id"] == "1"
    assert shown(sending, case, here) == "1"


def test_a_sheet_shows_the_case_as_it_is_when_it_is_sent(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    teams.will(answer(503))
    sending.put_sheet(here, case)
    sending.settle()
    sending.sheets[case] = "決裁済み"

    sending.pass_time(seconds=5)

    assert said(teams) == [("1", "決裁済み")]


def test_a_change_to_a_sheet_that_was_never_sent_sends_it(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    teams.will(answer(400))
    sending.put_sheet(here, case)
    sending.settle()
    sending.put_sheet(here, case)
    sending.settle()

    assert sending.states() == [UNDELIVERABLE, DELIVERED]
    assert said(teams) == [("1", "受付")]


def test_each_conversation_has_a_message_of_its_own(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    team = sending.channel()
    for _ in range(2):
        for each in (here, team):
            sending.put_sheet(each, case)
        sending.settle()

    assert sorted(each.method for each in teams.calls()) == ["POST", "POST", "PUT", "PUT"]
    assert {shown(sending, case, here), shown(sending, case, team)} == {"1", "2"}


def test_of_sheets_that_waited_for_each_other_only_the_last_is_sent(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    other = sending.case()
    sending.sheets[other] = "別"
    for each in (case, other, case, case):
        sending.put_sheet(here, each)

    sending.settle()

    assert sending.states() == [DELIVERED] * 4
    assert [each.text for each in teams.taken] == ["別", "受付"]


def test_a_sheet_of_a_case_that_is_gone_is_not_sent(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.sheets.clear()
    sending.put_sheet(here, case)

    sending.settle()

    assert sending.states() == [DELIVERED]
    assert teams.calls() == []


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_message_that_somebody_deleted_is_sent_anew(
    sending: Sending, teams: Connector, case: str, here: Reference, status: int
) -> None:
    sending.put_sheet(here, case)
    sending.settle()
    teams.will(answer(status))
    sending.put_sheet(here, case)

    sending.settle()

    assert [each.method for each in teams.calls()] == ["POST", "PUT", "POST"]
    assert shown(sending, case, here) == "2"
    assert sending.known(here).dead_at is None


def test_where_a_message_can_neither_be_changed_nor_sent_nobody_is_reached(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.put_sheet(here, case)
    sending.settle()
    teams.gone.add(here.conversation_id)
    sending.put_sheet(here, case)

    sending.settle()

    assert sending.states() == [DELIVERED, UNDELIVERABLE]
    assert sending.known(here).dead_at is not None


@pytest.mark.parametrize("act", [answer(500), reset], ids=["told otherwise", "the connection broke"])
def test_a_change_that_may_have_arrived_is_made_again_without_a_second_message(
    sending: Sending, teams: Connector, case: str, here: Reference, act: object
) -> None:
    sending.put_sheet(here, case)
    sending.settle()
    teams.will(*[taken_then(act)] * 3)  # type: ignore[arg-type]
    sending.put_sheet(here, case)

    sending.settle()
    sending.pass_time(seconds=60, times=3)

    assert sending.states() == [DELIVERED, DELIVERED]
    assert {each.id for each in teams.taken} == {"1"}


def test_killed_between_its_acceptance_and_our_noting_it_a_sheet_stands_there_twice_at_most(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.put_sheet(here, case)
    (parcel,) = sending.claim()
    steps = sending.delivery.steps(parcel)
    assert steps
    with pytest.raises(KeyboardInterrupt):
        sending.gateway.run(_killed_after_the_call(steps))
    assert shown(sending, case, here) is None

    sending.pass_time(seconds=36)
    sending.sheets[case] = "決裁済み"
    sending.put_sheet(here, case)
    sending.settle()

    assert said(teams) == [("1", "受付"), ("2", "受付"), ("2", "決裁済み")]


def _killed_after_the_call(steps: Steps) -> Steps:
    """Go through *steps* until the connector has taken the message, and no further."""
    wanted = next(steps)
    while True:
        came = yield wanted
        if getattr(came, "status", 0) == 201:
            raise KeyboardInterrupt
        wanted = steps.send(came)


def test_killed_after_noting_it_a_sheet_stands_there_once(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.put_sheet(here, case)
    sending.sent(sending.claim())

    sending.pass_time(seconds=36)

    assert [each.id for each in teams.taken] == ["1", "1"]
    assert sending.states() == [DELIVERED]


def test_while_the_database_is_away_the_row_remembers_the_message_that_was_sent(
    sending: Sending, teams: Connector, case: str, here: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending.put_sheet(here, case)
    parcels = sending.claim()
    keep = sending.delivery._noted  # noqa: SLF001 -- the moment between the answer and the note

    def interrupted(*arguments: str) -> None:
        with outage(sending.engine):
            keep(*arguments)

    monkeypatch.setattr(sending.delivery, "_noted", interrupted)
    sending.finish(*sending.sent(parcels))
    assert sending.states() == [WAITING]
    monkeypatch.undo()

    sending.pass_time(seconds=5)

    assert shown(sending, case, here) == "1"
    assert len(teams.calls()) == 1
    assert sending.states() == [DELIVERED]


def test_a_database_that_is_away_costs_nothing_but_time(
    sending: Sending, teams: Connector, case: str, here: Reference
) -> None:
    sending.put_sheet(here, case)
    for _ in range(10):
        parcels = sending.claim()
        with outage(sending.engine):
            done = sending.sent(parcels)
        sending.finish(*done)
        sending.clock.advance(timedelta(seconds=2))

    assert sending.states() == [WAITING]
    sending.settle()

    assert sending.states() == [DELIVERED]
    assert said(teams) == [("1", "受付")]
