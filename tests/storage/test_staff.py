"""Who may act on which day, and as what."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import staff, turns
from storage.staff import Member, Overlap
from tests.storage.make import NOW

TENANT, OTHER_TENANT = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
ACCOUNT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
ANOTHER = "ffffffff-bbbb-4ccc-8ddd-eeeeeeeeeeee"
FIRST, LAST = date(2027, 4, 1), date(2028, 3, 31)
CLERK = Grant("fence_loan", Role.STAFF)
DEPUTY = Grant("fence_loan", Role.CHIEF, deputy=True)
MANAGER = Grant("*", Role.MANAGER)


def _new(*grants: Grant, object_id: str = ACCOUNT, name: str = "見本 一郎") -> Member:
    return Member("", TENANT, object_id, name, "city", grants)


def _added(
    engine: Engine, *grants: Grant, since: date = FIRST, until: date | None = LAST, **given: str
) -> Member:
    with database.write(engine) as conn:
        return staff.add(conn, _new(*grants, **given), since, until, NOW)


def _member(engine: Engine, day: date, tenant: str = TENANT, object_id: str = ACCOUNT) -> Member | None:
    with database.read(engine) as conn:
        return staff.member(conn, tenant, object_id, day)


def test_a_member_comes_back_with_every_grant(engine: Engine) -> None:
    added = _added(engine, CLERK, DEPUTY, MANAGER)

    found = _member(engine, FIRST)

    assert found
    assert (found.id, found.name, found.organisation) == (added.id, "見本 一郎", "city")
    assert set(found.grants) == {CLERK, DEPUTY, MANAGER}
    assert found.account == f"{TENANT}/{ACCOUNT}"


@pytest.mark.parametrize(
    ("day", "is_there"),
    [
        (date(2027, 3, 31), False),
        (FIRST, True),
        (LAST, True),
        (date(2028, 4, 1), False),
    ],
)
def test_access_begins_with_the_first_day_and_ends_with_the_last(
    engine: Engine, day: date, *, is_there: bool
) -> None:
    _added(engine, CLERK)

    assert (_member(engine, day) is not None) is is_there


def test_without_a_last_day_access_goes_on(engine: Engine) -> None:
    _added(engine, CLERK, until=None)

    assert _member(engine, date(2099, 1, 1))


def test_the_same_account_of_another_tenant_is_nobody(engine: Engine) -> None:
    _added(engine, CLERK)

    assert _member(engine, FIRST, tenant=OTHER_TENANT) is None
    assert _member(engine, FIRST, object_id=ANOTHER) is None


def test_ids_are_the_same_in_upper_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        staff.add(
            conn, Member("", TENANT.upper(), ACCOUNT.upper(), "見本", "city", (CLERK,)), FIRST, None, NOW
        )

    found = _member(engine, FIRST, tenant=TENANT.upper())

    assert found
    assert found.account == f"{TENANT}/{ACCOUNT}"


def test_who_has_no_role_is_a_member_who_may_do_nothing(engine: Engine) -> None:
    _added(engine)

    found = _member(engine, FIRST)

    assert found
    assert found.grants == ()


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (FIRST, LAST),
        (FIRST, None),
        (LAST, None),
        (date(2027, 1, 1), FIRST),
        (date(2027, 6, 1), date(2027, 6, 2)),
        (date(2020, 1, 1), None),
    ],
)
def test_an_account_is_on_the_roster_once_a_day(engine: Engine, since: date, until: date | None) -> None:
    _added(engine, CLERK)

    with database.write(engine) as conn, pytest.raises(Overlap):
        staff.add(conn, _new(MANAGER), since, until, NOW)


def test_a_second_spell_may_follow_the_first(engine: Engine) -> None:
    _added(engine, CLERK)
    _added(engine, MANAGER, since=date(2028, 4, 1), until=None)

    now, later = _member(engine, LAST), _member(engine, date(2028, 4, 1))

    assert now
    assert later
    assert (now.grants, later.grants) == ((CLERK,), (MANAGER,))


def test_who_was_removed_is_nobody_at_once_and_stays_in_the_records(engine: Engine) -> None:
    _added(engine, CLERK)

    with database.write(engine) as conn:
        ended = staff.remove(conn, TENANT, ACCOUNT, FIRST, NOW + 5)

    assert [each.member.name for each in ended] == ["見本 一郎"]
    assert _member(engine, FIRST) is None
    with database.read(engine) as conn:
        [kept] = staff.everybody(conn)
        assert staff.everybody(conn, FIRST) == []
    assert kept.removed_at == NOW + 5
    assert kept.member.grants == (CLERK,)
    assert not kept.is_active(FIRST)


def test_who_was_removed_by_mistake_can_be_added_again_the_same_day(engine: Engine) -> None:
    _added(engine, CLERK)
    with database.write(engine) as conn:
        staff.remove(conn, TENANT, ACCOUNT, FIRST, NOW)

    _added(engine, MANAGER)

    found = _member(engine, FIRST)
    assert found
    assert found.grants == (MANAGER,)


def test_a_last_day_can_be_set_later(engine: Engine) -> None:
    _added(engine, CLERK, until=None)

    with database.write(engine) as conn:
        [changed] = staff.end_on(conn, TENANT, ACCOUNT, LAST, FIRST)

    assert changed.until is None  # as it was before
    assert _member(engine, LAST)
    assert _member(engine, date(2028, 4, 1)) is None


def test_a_spell_that_is_over_is_not_changed_any_more(engine: Engine) -> None:
    _added(engine, CLERK)

    with database.write(engine) as conn:
        assert staff.end_on(conn, TENANT, ACCOUNT, date(2029, 1, 1), date(2028, 4, 1)) == []
        assert staff.remove(conn, TENANT, ACCOUNT, date(2028, 4, 1), NOW) == []


def test_a_member_reads_the_language_that_they_chose_and_who_is_none_has_no_card(engine: Engine) -> None:
    member = _added(engine)
    with database.write(engine) as conn:
        assert staff.locale(conn, TENANT, ACCOUNT.upper(), FIRST) == ""
        turns.create(conn, staff.CHANNEL, member.account, "en", NOW)

    with database.read(engine) as conn:
        assert staff.locale(conn, TENANT, ACCOUNT, LAST) == "en"
        assert staff.locale(conn, TENANT, ACCOUNT, date(2028, 4, 1)) is None
        assert staff.locale(conn, TENANT, ANOTHER, FIRST) is None
