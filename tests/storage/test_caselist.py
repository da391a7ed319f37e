"""Lists of cases: filtered, counted, a page at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine

from storage import caselist
from storage import engine as database
from storage.caselist import Wanted
from storage.cases import CaseRow
from tests.storage.make import NOW, case, filed


@pytest.fixture
def four(engine: Engine) -> Engine:
    """Return a database with four cases, two of them of the same moment."""
    with database.write(engine) as conn:
        _steps(conn, case(conn, "R-1", at=NOW), "application")
        _steps(conn, case(conn, "R-2", at=NOW + 1), "application", "correction")
        _steps(conn, case(conn, "R-3", at=NOW + 1), "application", "correction", "withdrawal")
        _steps(conn, case(conn, "X_4", at=NOW + 2, procedure="survey"), "application")
    return engine


def _steps(conn: Connection, case_id: str, *steps: str) -> None:
    for step in steps:
        filed(conn, case_id, step=step, vault_id=case_id if step == "application" else None)


def references(engine: Engine, wanted: Wanted) -> set[str]:
    with database.read(engine) as conn:
        found = {each.reference for each in caselist.oldest(conn, wanted)}
        assert caselist.count(conn, wanted) == len(found)
        assert {each.reference for each in caselist.newest(conn, wanted)} == found
    return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), {"R-1", "R-2", "R-3", "X_4"}),
        (Wanted("fence_loan"), {"R-1", "R-2", "R-3"}),
        (Wanted(since=NOW + 1), {"R-2", "R-3", "X_4"}),
        (Wanted(until=NOW + 1), {"R-1"}),
        (Wanted(since=NOW + 1, until=NOW + 2), {"R-2", "R-3"}),
        (Wanted(reference="r-"), {"R-1", "R-2", "R-3"}),
        (Wanted(reference="_"), {"X_4"}),
        (Wanted(reference="%"), set()),
        (Wanted(stands="application"), {"R-1", "X_4"}),
        (Wanted(stands="correction"), {"R-2"}),
        (Wanted(filed=("correction",)), {"R-2", "R-3"}),
        (Wanted(filed=("application",), lacking=("withdrawal", "taken_up")), {"R-1", "R-2", "X_4"}),
        (Wanted("fence_loan", stands="application", reference="R-1"), {"R-1"}),
    ],
)
def test_a_list_holds_what_meets_every_condition(four: Engine, wanted: Wanted, expected: set[str]) -> None:
    assert references(four, wanted) == expected


def test_pages_follow_each_other_in_both_directions(four: Engine) -> None:
    with database.read(four) as conn:
        up: list[CaseRow] = []
        while page := caselist.oldest(conn, Wanted(), up[-1] if up else None, limit=1):
            up += page
        down: list[CaseRow] = []
        while page := caselist.newest(conn, Wanted(), down[-1] if down else None, limit=3):
            down += page

    assert [each.opened_at for each in up] == [NOW, NOW + 1, NOW + 1, NOW + 2]
    assert down == up[::-1]


def test_a_record_of_the_vault_leads_to_its_case(four: Engine) -> None:
    with database.read(four) as conn:
        found = {each.reference: each.id for each in caselist.oldest(conn, Wanted())}
        assert caselist.of_records(conn, [found["R-1"], "unknown"]) == {found["R-1"]: "R-1"}
        assert caselist.of_records(conn, []) == {}


def test_a_person_leads_to_their_newest_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        owner = caselist.oldest(conn, Wanted())[0].person_id if case(conn, "R-1") else ""
        case(conn, "R-2", owner, NOW + 5)

        assert caselist.of_people(conn, [owner, "nobody"]) == {owner: "R-2"}
