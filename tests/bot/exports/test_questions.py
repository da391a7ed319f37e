"""The dataset of residents' questions: what was asked and answered, never by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.clock import day_of
from bot.exports.datasets import dataset
from bot.exports.export import Export, Wish
from bot.exports.source import Days, Reader, Source
from bot.service import Service
from dialogs.procedures import REGISTER
from storage import accesslog, questions, turns
from storage import engine as database
from tests.bot.exports.test_signatures import written
from tests.support.service import StandingClock, make

DAY = 24 * 3600 * 1000


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


def asked(service: Service, *texts: str) -> list[str]:
    """Return the ids of questions that somebody asked, one a day."""
    now = service.clock.now()
    with database.write(service.engine) as conn:
        person = turns.create(conn, "line", "U1", "ja", now)
        return [
            questions.ask(conn, person.id, "ja", text, "m", now + DAY * number)
            for number, text in enumerate(texts)
        ]


def source(service: Service) -> Source:
    found = dataset(
        "questions", service.register, service.words["ja"], service.world(day_of(service.clock.now()))
    )
    assert found
    return Source(service.engine, service.vault, service.clock, found, Reader("見本 職員", "admin"))


def test_each_question_is_a_row_with_what_was_said_to_it(service: Service, tmp_path: Path) -> None:
    first, second, _third = asked(service, "電池は何本ですか", "=1+1", "看板の色は？")
    now = service.clock.now()
    with database.write(service.engine) as conn:
        questions.answered(conn, first, "見本 職員", now, answer="4本です。")
        questions.answered(conn, second, "見本 職員", now, entry="sign")

    rows = written(service, "questions", tmp_path)

    assert [(row["question"], row["answer"], row["entry"], row["answered_by"]) for row in rows] == [
        ("電池は何本ですか", "4本です。", "", "見本 職員"),
        ("'=1+1", "", "危険表示板と子ども", "見本 職員"),
        ("看板の色は？", "", "", ""),
    ]
    assert rows[0]["asked_at"].startswith("2027-06-07")
    assert not any("U1" in str(row) for row in rows)


def test_only_the_questions_of_the_days_asked_for_are_exported(service: Service) -> None:
    asked(service, "一日目", "二日目", "三日目")
    days = Days(date(2027, 6, 8), date(2027, 6, 8))

    found = source(service)

    assert (found.count(Days()), found.count(days)) == (3, 1)
    assert [row[2] for row in found.listed(days) or ()] == ["二日目"]
    assert list(found.dataset.rows()(None)) == []  # type: ignore[arg-type]  # whatever case it is


def test_an_export_of_questions_is_noted_and_opens_nothing(service: Service, tmp_path: Path) -> None:
    asked(service, "電池は何本ですか")
    heard: list[tuple[int, int]] = []

    export = Export(source(service), Wish("xlsx"), tmp_path, lambda done, total: heard.append((done, total)))
    made = tmp_path / "questions.xlsx"
    made.write_bytes(b"".join(export.pieces()))

    with database.read(service.engine) as conn:
        logged = accesslog.entries(conn)
    sheet = load_workbook(made).worksheets[0]
    assert [(each.kind, each.record) for each in logged] == [("export", "questions")]
    assert (export.rows, heard, sheet["C2"].value) == (1, [(1, 1)], "電池は何本ですか")
