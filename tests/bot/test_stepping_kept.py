"""What steps with forms of their own leave behind: tables, a page of the console, books that agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exports.datasets import dataset
from bot.exports.source import Days, Reader, Source
from bot.serving import make_app
from tests.dialogs.stepped import REGISTER, VISITING
from tests.support.applying import type_all
from tests.support.office import Office, Person, office
from tests.support.service import StandingClock
from tests.support.staff import Staff
from tests.support.staff import said as said_by
from tests.support.stepping import HOST, REFERENCE, booked, compared, contractor, steps, to_the_record, view


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock, register=REGISTER) as made:
        yield made


@pytest.fixture
def worker(house: Office) -> Person:
    return contractor(house, "見本 作業員")


def test_each_form_is_a_table_of_its_own_with_the_number_of_the_case(house: Office, worker: Person) -> None:
    booked(house)
    to_the_record(worker)
    worker.press("記録する")
    service = house.service

    def table(key: str) -> list[dict[str, object]]:
        made = dataset(key, service.register, service.words["ja"], service.desk.world(view(service).opened))
        assert made
        source = Source(service.engine, service.vault, service.clock, made, Reader("m", "staff"))
        headings, of = [each.key for each in made.headings()], made.rows()
        return [
            dict(zip(headings, row, strict=True)) for record in source.records(Days()) for row in of(record)
        ]

    [booking], [visit], [whole] = table("stepped_booking"), table("stepped_visit"), table("stepped")

    assert (booking["reference"], booking["filing"], booking["filed_by"]) == (REFERENCE, 2, "申請者")
    assert (booking["at.time"], booking["host"]) == ("10:00", HOST)
    assert (visit["filed_by"], visit["voltage"], visit["edition"]) == ("見本 作業員", 6500, VISITING.edition)
    assert whole["length"] == 40


def test_the_books_agree_in_the_middle_and_after_a_whole_life(house: Office, worker: Person) -> None:
    phone = booked(house)
    to_the_record(worker)
    half = compared(house)
    worker.press("記録する")
    type_all(house.service, phone, "メニュー", "内容を確かめました")
    house.service.delivery.run_until_idle()

    assert (
        half == compared(house) == {"silent_event": 1}
    )  # that the app was installed, which asks for no answer
    assert steps(house.service)[-1] == ("agreed", "resident")


def test_a_case_s_page_shows_each_form_that_was_filled_in_and_no_correction_where_none_was(
    house: Office, worker: Person
) -> None:
    booked(house)
    to_the_record(worker)
    worker.press("記録する")
    clerk = Staff(house.service, make_app(house.service)).sign_in()
    address = f"/admin/cases/{REFERENCE}"

    closed = clerk.page(address)
    opened = said_by(clerk.post(f"{address}/personal", {"why": "check"}))

    assert "訪問の予約（令和9年6月7日(月)）" in closed
    assert "訪問（令和9年6月7日(月)） 電圧 6,500V" in closed
    assert "長さ 40m" in closed
    assert "→" not in closed
    assert HOST not in closed
    assert HOST in opened
