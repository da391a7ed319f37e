"""People are found through their accounts."""

import pytest
from sqlalchemy import Engine, insert

from storage import engine as database
from storage import people
from storage.tables import identities
from tests.storage import make
from tests.storage.make import NOW


def test_an_account_leads_to_its_person(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn, "U1")

        assert people.find(conn, "line", "U1") == person
        assert people.find(conn, "teams", "U1") is None
        assert people.find(conn, "line", "U2") is None


def test_a_person_leads_to_the_account_they_came_with_last(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn, "U1")
        conn.execute(
            insert(identities).values(channel="teams", external_id="T1", person_id=person, seen_at=NOW + 1)
        )

        assert people.account(conn, person) == ("teams", "T1")


def test_somebody_without_an_account_cannot_be_reached(engine: Engine) -> None:
    with database.write(engine) as conn, pytest.raises(LookupError):
        people.account(conn, "nobody")


def test_a_blocked_account_is_blocked_until_it_is_not(engine: Engine) -> None:
    with database.write(engine) as conn:
        make.person(conn, "U1")
        make.person(conn, "U2")
        seen = [people.is_blocked(conn, "line", "U1")]
        people.set_blocked(conn, "line", "U1", NOW)
        seen.append(people.is_blocked(conn, "line", "U1"))
        other = people.is_blocked(conn, "line", "U2")
        people.set_blocked(conn, "line", "U1", None)
        seen.append(people.is_blocked(conn, "line", "U1"))

    assert (seen, other) == ([False, True, False], False)
