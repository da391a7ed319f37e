"""The roster as somebody at a terminal keeps it."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bot import roster
from bot.cli import main
from bot.clock import day_of
from bot.roster import Account, Order, RosterRefused
from bot.settings import PREFIX
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.standing import Grant
from storage import accesslog, staff
from storage import engine as database
from storage.staff import Member
from tests.support.service import BEGIN, StandingClock

TENANT, OBJECT = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
WHO = Account(TENANT, OBJECT)
TODAY = BEGIN.date()
CLERK = Order("見本 一郎", "city", ("fence_loan:staff",), ("fence_loan:chief",))
ADD = (
    *("staff", "add", "--tenant", TENANT, "--object-id", OBJECT, "--name", "見本 一郎"),
    *("--organisation", "city", "--role", "fence_loan:staff", "--role", "*:manager"),
)


def _member(engine: Engine, day: date = TODAY) -> Member | None:
    with database.read(engine) as conn:
        return staff.member(conn, TENANT, OBJECT, day)


def _refused(engine: Engine, order: Order, clock: StandingClock) -> str:
    with pytest.raises(RosterRefused) as refused:
        roster.add(engine, REGISTER, WHO, order, clock)
    return str(refused.value)


def test_somebody_added_may_act_from_today(engine: Engine) -> None:
    told = roster.add(engine, REGISTER, WHO, CLERK, StandingClock())

    found = _member(engine)
    assert found
    assert set(found.grants) == {
        Grant("fence_loan", Role.STAFF),
        Grant("fence_loan", Role.CHIEF, deputy=True),
    }
    assert told == "added: 見本 一郎 (city), fence_loan:chief (deputy) fence_loan:staff, from 2027-06-07"
    assert _member(engine, TODAY - timedelta(days=1)) is None


def test_who_has_a_role_is_no_deputy_of_it(engine: Engine) -> None:
    order = Order("見本", "city", ("fence_loan:chief",), ("fence_loan:chief",))

    roster.add(engine, REGISTER, WHO, order, StandingClock())

    found = _member(engine)
    assert found
    assert found.grants == (Grant("fence_loan", Role.CHIEF),)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (Order("見本", "city", ("fence_lone:staff",)), "there are fence_loan"),
        (Order("見本", "city", ("fence_loan:boss",)), "there are contractor, staff, chief"),
        (Order("見本", "city", ("fence_loan:resident",)), "there is no role resident"),
        (Order("見本", "city", (), ("staff",)), "for example --deputy fence_loan:staff"),
        (Order("見本", "city"), "for example --role fence_loan:staff"),
        (Order("見本", "ward", ("*:staff",)), "write city or contractor"),
        (Order("  ", "city", ("*:staff",)), "--name: write the name"),
        (Order("見本\u0007", "city", ("*:staff",)), "--name: write the name"),
        (
            Order("見本", "city", ("*:staff",), since=TODAY, until=TODAY - timedelta(days=1)),
            "the last day comes after the first",
        ),
    ],
)
def test_a_mistake_is_told_with_what_to_write_instead(engine: Engine, order: Order, says: str) -> None:
    assert says in _refused(engine, order, StandingClock())
    assert _member(engine) is None


@pytest.mark.parametrize(
    "typed", ["", "見本", "00000000-0000-0000-0000-000000000000", OBJECT[:-1], OBJECT + "0"]
)
def test_what_is_no_guid_is_told_with_where_to_find_it(typed: str) -> None:
    with pytest.raises(RosterRefused, match="copy it from the Entra admin center"):
        roster.account(TENANT, typed)
    with pytest.raises(RosterRefused, match="--tenant"):
        roster.account(typed, OBJECT)


def test_a_guid_may_be_typed_in_upper_case_and_in_braces() -> None:
    assert roster.account(f"{{{TENANT.upper()}}}", OBJECT.upper()) == WHO


def test_who_is_there_already_is_told_how_to_be_changed(engine: Engine) -> None:
    roster.add(engine, REGISTER, WHO, CLERK, StandingClock())

    told = _refused(engine, CLERK, StandingClock())

    assert "見本 一郎" in told
    assert f"madoguchi staff remove --tenant {TENANT} --object-id {OBJECT}" in told


def test_access_can_be_ended_at_once_and_begin_anew(engine: Engine) -> None:
    clock = StandingClock()
    roster.add(engine, REGISTER, WHO, CLERK, clock)

    [told] = roster.remove(engine, WHO, None, clock)

    assert "access ends now" in told
    assert _member(engine) is None
    roster.add(engine, REGISTER, WHO, CLERK, clock)
    assert _member(engine)


def test_access_can_be_made_to_end_later(engine: Engine) -> None:
    clock, last = StandingClock(), TODAY + timedelta(days=30)
    roster.add(engine, REGISTER, WHO, CLERK, clock)

    list(roster.remove(engine, WHO, last, clock))

    assert _member(engine, last)
    assert _member(engine, last + timedelta(days=1)) is None


def test_what_cannot_be_ended_is_told(engine: Engine) -> None:
    clock = StandingClock()
    with pytest.raises(RosterRefused, match="nobody to remove"):
        list(roster.remove(engine, WHO, None, clock))

    roster.add(engine, REGISTER, WHO, CLERK, clock)

    with pytest.raises(RosterRefused, match="has gone by"):
        list(roster.remove(engine, WHO, TODAY - timedelta(days=1), clock))
    assert _member(engine)


def test_every_change_stands_in_the_access_log(engine: Engine) -> None:
    clock = StandingClock()
    roster.add(engine, REGISTER, WHO, CLERK, clock)
    added = _member(engine)
    list(roster.remove(engine, WHO, None, clock))

    with database.read(engine) as conn:
        last, first = accesslog.entries(conn)
    assert added
    assert (first.by, first.why, first.record) == ("terminal", "staff added", added.id)
    assert first.detail == "fence_loan:chief (deputy) fence_loan:staff from 2027-06-07"
    assert (last.by, last.why, last.record, last.detail) == (
        "terminal",
        "staff removed",
        added.id,
        "ends now",
    )


def test_a_refused_change_leaves_no_entry(engine: Engine) -> None:
    roster.add(engine, REGISTER, WHO, CLERK, StandingClock())
    _refused(engine, CLERK, StandingClock())

    with database.read(engine) as conn:
        assert len(accesslog.entries(conn)) == 1


def _listed(engine: Engine, clock: StandingClock, kind: str = "table", *, everybody: bool = False) -> str:
    return "\n".join(roster.listed(engine, clock, everybody=everybody, kind=kind))


def test_the_list_names_who_may_act_now_and_later(engine: Engine) -> None:
    clock = StandingClock()
    ended = Account(TENANT, "0" + OBJECT[1:])
    later = Account(TENANT, "1" + OBJECT[1:])
    past = Order(
        "見本 二郎", "city", ("*:staff",), since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1)
    )
    roster.add(engine, REGISTER, WHO, CLERK, clock)
    roster.add(engine, REGISTER, ended, past, clock)
    roster.add(
        engine,
        REGISTER,
        later,
        Order("見本 三郎", "contractor", ("*:contractor",), since=TODAY + timedelta(days=1)),
        clock,
    )

    shown, everybody = _listed(engine, clock), _listed(engine, clock, everybody=True)

    assert "見本 一郎" in shown
    assert "not yet" in shown
    assert "見本 二郎" not in shown
    assert "見本 二郎" in everybody
    assert "ended" in everybody


def test_the_list_as_csv_can_be_read_back_and_holds_no_formula(engine: Engine) -> None:
    clock = StandingClock()
    roster.add(engine, REGISTER, WHO, Order("=見本, 一郎", "city", ("*:staff",)), clock)

    header, row = csv.reader(io.StringIO(_listed(engine, clock, "csv")))

    found = dict(zip(header, row, strict=True))
    assert found["name"] == "'=見本, 一郎"
    assert (found["tenant"], found["object id"], found["roles"]) == (TENANT, OBJECT, "*:staff")
    assert (found["from"], found["until"], found["state"]) == ("2027-06-07", "", "active")


# --- as it is typed


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def _run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={f"{PREFIX}DATABASE_URL": url})


@pytest.mark.usefixtures("_bare")
def test_the_commands_add_list_and_remove(database_url: str, engine: Engine) -> None:
    added = _run(database_url, *ADD, "--until", "2099-03-31")
    listed = _run(database_url, "staff", "list")
    removed = _run(database_url, "staff", "remove", "--tenant", TENANT, "--object-id", OBJECT)
    left = _run(database_url, "staff", "list", "--format", "csv")

    assert [each.exit_code for each in (added, listed, removed, left)] == [0, 0, 0, 0]
    assert "until 2099-03-31" in added.output
    assert "*:manager fence_loan:staff" in listed.output
    assert "the row stays for the records" in removed.output
    assert len(left.output.splitlines()) == 1
    with database.read(engine) as conn:
        [kept] = staff.everybody(conn)
    assert kept.removed_at
    assert day_of(kept.removed_at) == day_of(kept.added_at)


@pytest.mark.usefixtures("_bare")
def test_a_command_that_is_refused_says_so_in_one_line(database_url: str) -> None:
    refused = _run(database_url, *ADD, "--role", "fence_loan:boss")

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: --role fence_loan:boss: there is no role boss")
    assert len(refused.output.splitlines()) == 1
