"""What the demo prepares before it serves."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from bot import demo
from bot.clock import TOKYO
from bot.demo_staff import employ
from bot.simulator.teams.config import MEMBERS, STRANGER, VISITOR
from dialogs.procedures import REGISTER
from storage import engine as database
from storage import staff

BEGIN = datetime(2027, 6, 7, 10, 0, tzinfo=TOKYO)
TODAY = date(2027, 6, 7)


def test_teams_leads_to_this_machine_alone(tmp_path: Path) -> None:
    settings = demo.prepare(tmp_path, 8123)

    assert settings.has_teams()
    assert settings.service_hosts() == ("127.0.0.1",)
    for address in (settings.teams_openid_metadata_url, settings.teams_token_url):
        assert address.startswith("http://127.0.0.1:8123/simulator/teams/")


def test_a_folder_of_an_earlier_version_keeps_its_keys_and_gets_credentials_for_teams(tmp_path: Path) -> None:
    before = demo.prepare(tmp_path, 8123)
    kept = tmp_path / "demo.json"
    known = json.loads(kept.read_text())
    kept.write_text(json.dumps({name: known[name] for name in known if not name.startswith("teams")}))

    after = demo.prepare(tmp_path, 8123)

    assert after.secret_key == before.secret_key
    assert after.has_teams()
    assert demo.prepare(tmp_path, 8123).teams_app_id == after.teams_app_id


def test_the_sample_staff_are_on_the_roster_once_and_the_others_are_not(tmp_path: Path) -> None:
    service = demo.furnish(tmp_path, 8123, BEGIN)
    tenant = service.settings.tenants()[0]
    employ(service.engine, tenant, service.clock.now())

    with database.read(service.engine) as conn:
        found = {each.name: staff.member(conn, tenant, each.object_id, TODAY) for each in MEMBERS}
    service.engine.dispose()

    assert [name for name, member in found.items() if member is None] == [STRANGER.name, VISITOR.name]


@pytest.mark.parametrize("procedure", REGISTER.procedures, ids=lambda each: each.key)
def test_every_step_of_every_procedure_can_be_filed_by_somebody_of_the_sample_staff(
    tmp_path: Path, procedure: object
) -> None:
    from dialogs.procedure import Procedure, Role

    assert isinstance(procedure, Procedure)
    service = demo.furnish(tmp_path, 8123, BEGIN)
    with database.read(service.engine) as conn:
        members = [
            staff.member(conn, service.settings.tenants()[0], each.object_id, TODAY) for each in MEMBERS
        ]
    service.engine.dispose()
    held = {
        each.role for member in members if member for each in member.grants if each.procedure == procedure.key
    }

    needed = {step.role for step in procedure.steps} - {Role.RESIDENT}
    assert needed <= held
