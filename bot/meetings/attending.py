"""That somebody took part, filed on their registration when the door closes: until then a mistake is undone freely."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.following import Filed, follow
from bot.meetings.registrations import PROCEDURE
from bot.service import Service
from bot.signing import view
from dialogs.procedure import Role
from dialogs.procedures.exchange_meeting.registration import Registration
from storage import caselist, cases, checkins, submissions
from storage.cases import CaseRow

STEP, CHANNEL = "attended", "console"


def file_attended(conn: Connection, service: Service, meeting: str, by: str, now: int) -> int:
    """File that they took part for everybody who was checked in and of whom nobody has said so; return how many."""
    came = [each.case_id for each in checkins.came(conn, meeting) if each.case_id]
    found = [case for each in sorted(came) if (case := cases.by_id(conn, each))]
    return sum(_filed(conn, service, case, by, now) for case in found)


def _filed(conn: Connection, service: Service, case: CaseRow, by: str, now: int) -> bool:
    procedure = service.register.of(PROCEDURE)
    if procedure is None:
        return False
    caselist.lock(conn, case.id)
    seen = view(case, submissions.of_case(conn, case.id))
    registration = Registration(seen)
    if registration.was_there or registration.is_over:
        return False
    event = f"attended/{case.id}"
    submissions.file(
        conn,
        case_id=case.id,
        step=STEP,
        form="",
        edition="",
        answers={},
        vault_id=None,
        filed_by=by,
        role=Role.STAFF,
        channel=CHANNEL,
        locale="ja",
        event_id=event,
        now=now,
    )
    follow(conn, Filed(procedure, case, seen, STEP, {}, event), service.desk, now)
    return True
