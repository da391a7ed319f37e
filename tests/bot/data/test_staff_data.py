"""The roster, the cards and the fingerprints in backups, and what an erasure leaves of signatures."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Table, func, select, update

from bot.clock import day_of
from bot.service import Service
from bot.settings import Settings
from storage import backup_rows, erasures, staff, submissions
from storage import engine as database
from storage.erasures import PERSON, SIGNED, Subject
from storage.outbox import WAITING
from storage.tables import cases, outbox
from storage.tables_staff import (
    case_prints,
    staff_roles,
    teams_cards,
    teams_files,
    teams_references,
)
from storage.tables_staff import staff as roster
from storage.teams import cards, references
from tests.support.applying import person_of
from tests.support.kept import back_up, bring_back, desk, lived_in
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import StandingClock, rows
from tests.support.teams import TENANT, oid

TABLES = (case_prints, roster, staff_roles, teams_cards, teams_files, teams_references)
REASON = "見本 太郎さんの申請のため"


def _count(service: Service, *tables: Table) -> list[int]:
    with database.read(service.engine) as conn:
        return [conn.execute(select(func.count()).select_from(each)).scalar_one() for each in tables]


def test_every_table_of_staff_is_in_the_backup() -> None:
    assert {each.name for each in TABLES} <= {shape.name for shape in backup_rows.shapes()}


def test_a_member_may_act_and_a_card_is_known_after_a_restore(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, empty_database_url: str
) -> None:
    lived_in(service)
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, empty_database_url, moved=True)

    restored = desk(empty_database_url, tmp_path, clock)
    assert _count(restored, *TABLES) == _count(service, *TABLES)
    with database.read(restored.engine) as conn:
        found = staff.member(conn, TENANT, oid(99), day_of(clock.now()))
        chat = references.personal(conn, TENANT, oid(99))
        case = conn.execute(select(cases.c.id).order_by(cases.c.reference)).scalars().first()
        assert found
        assert chat
        assert case
        assert len(found.grants) == 2
        assert any(each.deputy for each in found.grants)
        assert cards.activity(conn, case, chat.id) == "1700000000000"
    restored.stop()


def test_a_sheet_that_waited_at_the_backup_is_still_sent(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path, into: str
) -> None:
    lived_in(service)
    Members(service).office().press(CLERK, "R9-0001", "checked")
    with database.write(service.engine) as conn:
        conn.execute(
            update(outbox).where(outbox.c.kind == "sheet").values(state=WAITING, created_at=1, done_at=None)
        )
    path = back_up(chosen, clock, tmp_path / "a.backup")

    bring_back(chosen, clock, path, into)

    restored = desk(into, tmp_path, clock)
    states = {each.state for each in rows(restored, "SELECT state FROM outbox WHERE kind = 'sheet'")}
    assert states == {WAITING}
    restored.stop()


def test_of_signatures_an_erasure_leaves_who_decided_under_which_number_and_not_why(
    service: Service, clock: StandingClock
) -> None:
    phone = lived_in(service)
    members = Members(service).office()
    members.press(CLERK, "R9-0001", "checked")
    members.press(CHIEF, "R9-0001", "chief_signed")
    members.press(MANAGER, "R9-0001", "decision", "refuse", reason=REASON)
    before = _count(service, case_prints)
    person = person_of(service, phone.user_id).id

    with database.write(service.engine) as conn:
        there = erasures.survey(conn, Subject(PERSON, person), service.vault)
        assert there
        erasures.erase(conn, there, clock.now())

    with database.read(service.engine) as conn:
        case = conn.execute(select(cases.c.id).where(cases.c.reference == "R9-0001")).scalar_one()
        filed = submissions.of_case(conn, case)
    assert filed[0].answers == {}
    decision = filed[-1]
    assert decision.answers["document"] == "札幌対第1号"
    assert decision.filed_by == MANAGER
    assert set(decision.answers) <= set(SIGNED)
    assert REASON not in str(rows(service, "SELECT answers FROM submissions WHERE role <> 'resident'"))
    assert _count(service, case_prints) == before
