"""Cases are read a page at a time, without holding anybody up, and every opening is logged."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, select

from bot.clock import millis
from bot.exports import source as sources
from bot.exports.source import Days, Source
from bot.service import Service
from storage import accesslog, cases, turns
from storage import engine as database
from storage.tables import cases as cases_table
from tests.bot.exports.procedures import apply, step
from tests.support.service import BEGIN

HOUR = 3600 * 1000


@pytest.fixture
def seven(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the references of seven cases, two of them of the same moment, read three at a time."""
    monkeypatch.setattr(sources, "PAGE", 3)
    references = [f"R{number}" for number in range(7)]
    with database.write(service.engine) as conn:
        for number, reference in enumerate(references):
            at = millis(BEGIN) + max(number, 1) * HOUR
            apply(conn, service, reference, {"amount": 1, "name": f"見本 {number}"}, at)
    return references


def test_every_case_comes_once_over_all_pages(source: Source, seven: list[str]) -> None:
    found = [each.case.reference for each in source.records(Days())]

    assert sorted(found) == seven
    assert found[2:] == seven[2:]


def test_each_opening_stands_in_the_access_log(source: Source, seven: list[str], service: Service) -> None:
    records = list(source.records(Days()))

    with database.read(service.engine) as conn:
        logged = accesslog.entries(conn)
    assert len(logged) == len(records) == 7
    assert {(each.by, each.role, each.why) for each in logged} == {("見本 職員", "admin", "export")}
    assert {each.record for each in logged} == {
        each.file.filled.sealed.id for each in records if each.file.filled and each.file.filled.sealed
    }


def test_only_the_pages_that_were_read_were_opened(
    source: Source, seven: list[str], service: Service
) -> None:
    next(source.records(Days()))

    with database.read(service.engine) as conn:
        assert len(accesslog.entries(conn)) == 3


def test_an_export_shows_one_moment_whatever_is_filed_meanwhile(
    source: Source, seven: list[str], service: Service
) -> None:
    reading = source.records(Days())
    first = next(reading)

    with database.write(service.engine) as conn:  # residents go on: nobody waits for an export
        apply(conn, service, "R8", {"amount": 1, "name": "見本"}, millis(BEGIN) + 20 * HOUR)
        last = conn.execute(select(cases_table.c.id).where(cases_table.c.reference == "R6")).scalar_one()
        step(conn, service, last, "correction", {"amount": 5, "name": "訂正後"}, millis(BEGIN) + 21 * HOUR)

    found = [first, *reading]
    assert sorted(each.case.reference for each in found) == seven
    assert (found[-1].case.reference, len(found[-1].file.filed)) == ("R6", 1)
    assert found[-1].personal == {"name": "見本 6"}


def test_while_pages_are_opened_no_transaction_stays_open(
    source: Source, seven: list[str], service: Service
) -> None:
    reading = source.records(Days())
    next(reading)

    assert service.engine.pool.status().endswith("Current Checked out connections: 0")
    assert len(list(reading)) == 6


def test_what_is_kept_of_a_moment_is_still_sealed(source: Source, seven: list[str], service: Service) -> None:
    with source.moment(Days()) as found:
        kept = found.kept.read()

    assert b"R6" in kept
    assert "見本".encode() not in kept


def test_a_page_is_handed_on_only_once_its_openings_are_stored(
    source: Source, seven: list[str], service: Service
) -> None:
    for number, _record in enumerate(source.records(Days()), start=1):
        with database.read(service.engine) as conn:
            assert len(accesslog.entries(conn)) >= number


def test_nothing_is_shown_whose_opening_cannot_be_logged(
    source: Source, seven: list[str], service: Service
) -> None:
    def refuse(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO access_log"):
            raise OSError("disk full")

    event.listen(service.engine, "before_cursor_execute", refuse)
    with pytest.raises(OSError, match="disk full"):
        next(source.records(Days()))


def test_days_are_tokyo_s_and_both_ends_count(source: Source, service: Service) -> None:
    midnight = millis(BEGIN.replace(hour=0))
    with database.write(service.engine) as conn:
        for reference, at in (
            ("before", midnight - 1),
            ("first", midnight),
            ("last", midnight + 24 * HOUR - 1),
        ):
            apply(conn, service, reference, {"amount": 1, "name": "見本"}, at)
        apply(conn, service, "after", {"amount": 1, "name": "見本"}, midnight + 24 * HOUR)

    day = date(2027, 6, 7)
    assert [each.case.reference for each in source.records(Days(day, day))] == ["first", "last"]
    assert [each.case.reference for each in source.records(Days(None, day))] == ["before", "first", "last"]
    assert [each.case.reference for each in source.records(Days(day, None))] == ["first", "last", "after"]


def test_a_case_without_submissions_is_a_row_of_its_own(source: Source, service: Service) -> None:
    with database.write(service.engine) as conn:
        person = turns.create(conn, "line", "U1", "ja", 1).id
        cases.open_case(conn, procedure="trees", reference="R1", person_id=person, channel="line", now=1)

    [record] = source.records(Days())

    assert next(iter(source.dataset.rows()(record)))[0] == "R1"


def test_cases_of_another_procedure_are_not_given_out(source: Source, service: Service) -> None:
    with database.write(service.engine) as conn:
        person = turns.create(conn, "line", "U1", "ja", 1).id
        cases.open_case(conn, procedure="other", reference="X1", person_id=person, channel="line", now=1)

    assert list(source.records(Days())) == []
