"""The sample staff of the demo: who of the people in its Teams may act for the sample city, and as what."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from sqlalchemy import Engine

from bot.simulator.teams.config import (
    CHECKER,
    CHIEF,
    CLERK,
    DIRECTOR,
    INSPECTOR,
    LENDER,
    MANAGER,
    SampleMember,
)
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import staff

SINCE = date(2020, 4, 1)
"""Long before any day to which the demo's clock is turned."""

FENCES = ("fence_loan", "install_guidance")
MEETING = "exchange_meeting"

_PEOPLE: tuple[tuple[SampleMember, str, tuple[Grant, ...]], ...] = (
    (
        CLERK,
        staff.CITY,
        tuple(Grant(each, Role.STAFF) for each in (*FENCES, "inspection", "incident", MEETING)),
    ),
    (CHIEF, staff.CITY, tuple(Grant(each, Role.CHIEF) for each in (*FENCES, "inspection", MEETING))),
    (MANAGER, staff.CITY, tuple(Grant(each, Role.MANAGER) for each in FENCES)),
    (LENDER, staff.CONTRACTOR, tuple(Grant(each, Role.CONTRACTOR) for each in FENCES)),
    (CHECKER, staff.CONTRACTOR, tuple(Grant(each, Role.CONTRACTOR) for each in FENCES)),
    (
        INSPECTOR,
        staff.CONTRACTOR,
        (Grant("inspection", Role.CONTRACTOR), Grant("incident", Role.CONTRACTOR)),
    ),
    (DIRECTOR, staff.CITY, (Grant("inspection", Role.MANAGER),)),
)


def employ(engine: Engine, tenant: str, now: int) -> None:
    """Put the sample staff of *tenant* on the roster at *now* (ms); who is on it already stays as they are.

    The stranger and the guest of the demo's Teams stay off it.
    """
    for sample, organisation, grants in _PEOPLE:
        new = staff.Member("", tenant, sample.object_id, sample.name, organisation, grants)
        with suppress(staff.Overlap), database.write(engine) as conn:
            staff.add(conn, new, SINCE, None, now)
