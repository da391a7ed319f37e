"""What a member of the staff is told is waiting agrees with what the procedures say is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot import signing
from bot.clock import day_of
from bot.samples import file_samples
from bot.service import Service
from bot.staffroom import StaffRoom
from dialogs.events import Action, Do
from dialogs.procedure import Role
from dialogs.standing import Grant, Standing, Waiting
from dialogs.upcoming import Errand
from dialogs.words import say
from storage import caselist, submissions, unreached
from storage import engine as database
from storage.caselist import Wanted
from storage.cases import by_reference
from tests.bot.admin.conftest import CORRECTED, ENGLISH, FIRST, URGENT, WITHDRAWN
from tests.bot.admin.filing import lend
from tests.support.members import CHIEF, CLERK, Members
from tests.support.service import StandingClock

ALL = (Grant("*", Role.STAFF), Grant("*", Role.CHIEF), Grant("*", Role.MANAGER))


@pytest.fixture
def members(service: Service, clock: StandingClock) -> Members:
    """Return an office with an application at each place it can be at."""
    file_samples(service, clock.now())
    found = Members(service).office()
    found.press(CLERK, FIRST, "checked")
    clock.advance(timedelta(minutes=1))
    found.press(CLERK, CORRECTED, "checked")
    found.press(CHIEF, CORRECTED, "chief_signed", "return", fields=["sets"], reason="見本の理由")
    found.press(CLERK, ENGLISH, "checked")
    found.press(CHIEF, ENGLISH, "chief_signed")
    found.approve(URGENT)
    return found


def waiting(service: Service, *grants: Grant) -> Sequence[Waiting]:
    room = StaffRoom(service.register, service.office, lambda *_asked: None, service.world)
    with database.read(service.engine) as conn:
        standing = Standing("ja", grants=grants)
        return room.handed(conn, standing, Action(Do.QUEUE), day_of(service.clock.now())).waiting


def test_what_waits_is_what_is_due(service: Service, members: Members) -> None:
    with database.read(service.engine) as conn:
        cases = caselist.oldest(conn, Wanted())
        filed = {each.reference: submissions.of_case(conn, each.id) for each in cases}
    due = {}
    for case in cases:
        procedure = service.register.of(case.procedure)
        assert procedure
        for each in procedure.due(signing.view(case, filed[case.reference]), service.office.calendar):
            if each.opens <= day_of(service.clock.now()) and each.step.role is not Role.RESIDENT:
                due[case.reference] = (say(each.step.title), each.by)

    found = {each.reference: (each.what.facts["step"], each.by) for each in waiting(service, *ALL)}

    assert found == due
    assert set(found) & {FIRST, ENGLISH} == {FIRST, ENGLISH}
    assert not set(found) & {URGENT, WITHDRAWN}


def test_what_waits_for_others_is_not_the_reader_s(service: Service, members: Members) -> None:
    mine = {each.reference: each.mine for each in waiting(service, Grant("fence_loan", Role.CHIEF))}

    assert mine[FIRST] is True
    assert mine[ENGLISH] is False


def test_whoever_has_to_do_with_another_procedure_sees_nothing_of_it(
    service: Service, members: Members
) -> None:
    assert waiting(service, Grant("inspection", Role.STAFF)) == ()


def test_what_was_erased_waits_for_nothing_and_stops_nobody(service: Service, members: Members) -> None:
    lend(service, URGENT)
    with database.write(service.engine) as conn:
        conn.exec_driver_sql("UPDATE submissions SET answers = '{}', vault_id = NULL")

    assert waiting(service, *ALL) == ()
    assert standing(service, Action(Do.ROUND, value="6/14"), *ALL).round == ()


def standing(service: Service, asked: Action, *grants: Grant) -> Standing:
    """Return what somebody with *grants* is handed for what they ask."""
    room = StaffRoom(service.register, service.office, lambda *_asked: None, service.world)
    with database.read(service.engine) as conn:
        return room.handed(conn, Standing("ja", grants=grants), asked, day_of(service.clock.now()))


def test_the_round_holds_the_days_stops_of_ones_own_procedures(service: Service, members: Members) -> None:
    lend(service, URGENT)
    worker = Grant("fence_loan", Role.CONTRACTOR)

    [leg] = standing(service, Action(Do.ROUND, value="6/14"), worker).round
    assert (leg.reference, leg.procedure, leg.stop.kind, leg.stop.step) == (
        URGENT,
        "fence_loan",
        Errand.PICKUP,
        "handed_over",
    )
    for value in ("", "6/15", "いつか"):
        assert standing(service, Action(Do.ROUND, value=value), worker).round == ()
    for grant in (Grant("inspection", Role.CONTRACTOR), Grant("install_guidance", Role.CONTRACTOR)):
        assert standing(service, Action(Do.ROUND, value="6/14"), grant).round == ()


def test_the_office_sees_how_many_nobody_has_reached_and_a_contractor_does_not(
    service: Service, members: Members
) -> None:
    with database.write(service.engine) as conn:
        case = by_reference(conn, FIRST)
        assert case
        for number in range(3):
            unreached.note(conn, case.person_id, f"event{number}", "blocked", service.clock.now())
    queue = Action(Do.QUEUE)
    before = standing(service, queue, Grant("*", Role.STAFF)).unreached

    assert before >= 3
    assert standing(service, queue, Grant("inspection", Role.STAFF)).unreached >= 3  # they are about no case
    assert standing(service, queue, Grant("*", Role.CONTRACTOR)).unreached == 0
    with database.write(service.engine) as conn:
        unreached.settle(conn, unreached.waiting(conn)[0].id, "見本 花子", "letter", service.clock.now())
    assert standing(service, queue, Grant("*", Role.STAFF)).unreached == before - 1
