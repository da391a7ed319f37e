"""Columns follow from the forms, over all their editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import millis
from bot.exports.cases import Cases
from bot.exports.columns import Kind
from bot.exports.datasets import datasets
from bot.exports.rows import Rows
from bot.exports.source import Days, Source
from bot.service import Service
from dialogs.fields import Text
from dialogs.form import Form, Page
from dialogs.procedures import REGISTER
from storage import engine as database
from tests.bot.exports.procedures import GARDEN, NEW, OLD, TREES_PROCEDURE, apply, step
from tests.support.service import BEGIN

OWN = ["reference", "state", "filed_at", "channel", "language", "edition", "corrections", "withdrawn_at",
       "taken_up_at", "flags"]  # fmt: skip


def cases_of(source: Source) -> Cases:
    assert isinstance(source.dataset, Cases)
    return source.dataset


def keyed(source: Source) -> list[dict[str, object]]:
    keys, row = [each.key for each in source.dataset.headings()], Rows(cases_of(source).columns).row
    return [dict(zip(keys, row(each), strict=True)) for each in source.records(Days())]


def test_the_columns_are_those_of_every_edition_in_the_order_of_the_newest(source: Source) -> None:
    keys = [each.key for each in source.dataset.headings()]

    assert keys == [
        *OWN,
        "amount",
        "on",
        "why",
        "colour",
        "kinds",
        "urgent",
        "name",
        "phone",
        "garden.postcode",
        "garden.address",
        "garden.ward",
        "key_code",
    ]


def test_a_heading_says_what_it_holds(source: Source) -> None:
    found = {each.key: each for each in source.dataset.headings()}

    assert (found["garden.postcode"].label, found["garden.postcode"].kind) == (
        "植える場所（郵便番号）",
        Kind.CODE,
    )
    assert (found["phone"].kind, found["phone"].personal) == (Kind.CODE, True)
    assert (found["on"].kind, found["amount"].kind) == (Kind.DAY, Kind.NUMBER)
    assert found["kinds"].kind is Kind.OPTION
    assert (found["why"].editions, found["colour"].editions, found["on"].editions) == ("R8、R9", "R8", "R9")


def test_a_case_gives_one_row_as_it_stands(source: Source, service: Service) -> None:
    at = millis(BEGIN)
    with database.write(service.engine) as conn:
        answers = {
            "amount": 2,
            "on": "2027-06-20",
            "why": "庭のため",
            "kinds": ["oak", "birch"],
            "urgent": "no",
        }
        private = {"name": "見本 太郎", "phone": "011-211-2879", "garden": GARDEN}
        case = apply(conn, service, "R1", {**answers, **private}, at, locale="en")
        mended = {**answers, **private, "amount": 7}
        step(conn, service, case.id, "correction", mended, at + 60_000, locale="en")

    [row] = keyed(source)

    day = datetime(2027, 6, 20).date()  # noqa: DTZ001 -- a day
    assert row == {
        "reference": "R1",
        "state": "訂正を受け付けました。",
        "filed_at": datetime(2027, 6, 7, 10),  # noqa: DTZ001 -- Tokyo's, as a cell
        "channel": "LINE",
        "language": "English",
        "edition": "R9",
        "corrections": 1,
        "withdrawn_at": None,
        "taken_up_at": None,
        "flags": "本数が多い",
        "amount": 7,
        "on": day,
        "why": "庭のため",
        "colour": None,
        "kinds": "ナラ、シラカバ",
        "urgent": "いいえ",
        "name": "見本 太郎",
        "phone": "011-211-2879",
        "garden.postcode": "060-0001",
        "garden.address": "北海道札幌市中央区北一条西2丁目",
        "garden.ward": "中央区",
        "key_code": None,
    }


def test_an_old_edition_stands_under_the_columns_of_the_new_one(source: Source, service: Service) -> None:
    with database.write(service.engine) as conn:
        answers = {"amount": 1, "reason": "昔の理由", "colour": "赤", "name": "見本 花子"}
        apply(conn, service, "R0", answers, millis(BEGIN), form=OLD)

    [row] = keyed(source)

    assert (row["edition"], row["why"], row["colour"], row["name"]) == ("R8", "昔の理由", "赤", "見本 花子")


def test_the_times_of_withdrawal_and_take_up_are_tokyo_s(source: Source, service: Service) -> None:
    late = millis(BEGIN.replace(hour=23, minute=30))
    with database.write(service.engine) as conn:
        case = apply(conn, service, "R1", {"amount": 1, "name": "見本"}, late)
        step(conn, service, case.id, "taken_up", {}, late + 60_000)
        step(conn, service, case.id, "withdrawal", {}, late + int(timedelta(hours=1).total_seconds() * 1000))

    [row] = keyed(source)

    assert str(row["filed_at"]) == "2027-06-07 23:30:00"
    assert str(row["taken_up_at"]) == "2027-06-07 23:31:00"
    assert str(row["withdrawn_at"]) == "2027-06-08 00:30:00"


def test_erased_personal_answers_leave_their_cells_empty(source: Source, service: Service) -> None:
    with database.write(service.engine) as conn:
        case = apply(conn, service, "R1", {"amount": 1, "name": "見本", "garden": GARDEN}, millis(BEGIN))
        record = step(conn, service, case.id, "correction", {"amount": 2, "name": "見本"}, millis(BEGIN) + 1)
        assert record
        service.vault.forget(conn, record)

    [row] = keyed(source)

    assert (row["amount"], row["name"]) == (2, None)


def test_a_question_may_not_take_the_key_of_a_column_that_is_always_there(source: Source) -> None:
    clash = Form("trees", "木", "R10", (Page("p", "p", (Text("state", "県"),)),), since=NEW.since)
    procedure = replace(TREES_PROCEDURE, forms=(clash,))

    with pytest.raises(ValueError, match="give another key to state"):
        replace(cases_of(source), of=procedure).headings()


def test_every_dataset_of_the_desk_calls_its_columns_by_different_names(source: Source) -> None:
    for each in datasets(REGISTER, source.dataset.words, cases_of(source).world):
        labels = [heading.label for heading in each.headings()]
        assert len(labels) == len(set(labels)), f"{each.key}: two columns are called the same"


def test_numbers_that_are_equal_are_still_written_as_they_were_given(
    source: Source, service: Service
) -> None:
    with database.write(service.engine) as conn:
        for number, amount in enumerate((1, 1.0, True, 1)):
            apply(conn, service, f"R{number}", {"amount": amount, "name": "見本"}, millis(BEGIN) + number)

    assert [str(row["amount"]) for row in keyed(source)] == ["1", "1.0", "True", "1"]
