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
from dialogs.words import say
from storage import caselist, submissions
from storage import engine as database
from storage.caselist import Wanted
from tests.bot.admin.conftest import CORRECTED, ENGLISH, FIRST, URGENT, WITHDRAWN
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
