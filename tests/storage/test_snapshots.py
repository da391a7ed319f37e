"""A snapshot stays as it was made, and no two side by side tell of fewer than five people."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete

from storage import engine as database
from storage import snapshots, surveys
from storage.snapshots import Snapshot, TooAlike
from storage.surveys import SurveyRow
from storage.tables_surveys import surveys as table


def made(identity: str, count: int, day: str = "2027-06-07") -> Snapshot:
    return Snapshot("sample", identity, day, "見本 職員", count)


def test_a_snapshot_is_kept_once_and_found_by_its_id(engine: Engine) -> None:
    with database.write(engine) as conn:
        surveys.put(conn, SurveyRow("sample", "見本", "1", "{}"))
        assert snapshots.keep(conn, made("one", 10), b"\x00numbers")
        assert not snapshots.keep(conn, made("one", 10, "2027-06-08"), b"\x00numbers")
        assert snapshots.keep(conn, made("two", 15, "2027-06-09"), b"more")

        assert [each.id for each in snapshots.listed(conn, "sample")] == ["two", "one"]
        assert snapshots.find(conn, "sample", "one") == (made("one", 10), b"\x00numbers")
        assert snapshots.find(conn, "sample", "three") is None


@pytest.mark.parametrize("count", [6, 9, 11, 14])
def test_a_snapshot_that_differs_by_a_few_people_is_refused_until_the_other_is_withdrawn(
    sqlite_url: str, count: int
) -> None:
    engine = database.create(sqlite_url)
    with database.write(engine) as conn:
        surveys.put(conn, SurveyRow("sample", "見本", "1", "{}"))
        snapshots.keep(conn, made("one", 10), b"")

        with pytest.raises(TooAlike, match="one"):
            snapshots.keep(conn, made("two", count), b"")

        assert snapshots.withdraw(conn, "sample", "one")
        assert not snapshots.withdraw(conn, "sample", "one")
        assert snapshots.keep(conn, made("two", count), b"")
    engine.dispose()


def test_snapshots_go_with_their_survey(engine: Engine) -> None:
    with database.write(engine) as conn:
        surveys.put(conn, SurveyRow("sample", "見本", "1", "{}"))
        snapshots.keep(conn, made("one", 10), b"")

        conn.execute(delete(table))

        assert snapshots.listed(conn, "sample") == []
