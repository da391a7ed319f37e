"""What the office signed leaves with the cases, and as a table of its own; neither opens the vault for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import day_of
from bot.exports.datasets import dataset
from bot.exports.export import Export, Wish
from bot.exports.source import Reader, Source
from bot.samples import file_samples
from bot.service import Service
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.standing import Grant
from storage import accesslog, casefiles
from storage import engine as database
from storage.caselist import Wanted
from tests.bot.admin.conftest import CORRECTED, FIRST, SECRETS, URGENT
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import StandingClock, make

DEPUTY = "見本 代理"
WHY = "設置場所の図が必要です。"


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    file_samples(made, clock.now())
    yield made
    made.stop()


@pytest.fixture
def members(service: Service) -> Members:
    return Members(service).office()


def written(service: Service, name: str, folder: Path, wish: Wish | None = None) -> list[dict[str, str]]:
    """Return the rows of the dataset *name* by the keys of their columns."""
    world = service.world(day_of(service.clock.now()))
    found = dataset(name, service.register, service.words["ja"], world)
    assert found
    source = Source(service.engine, service.vault, service.clock, found, Reader("見本 職員", "admin"))
    content = b"".join(Export(source, wish or Wish(header="keys"), folder).pieces())
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def of(rows: list[dict[str, str]], reference: str) -> dict[str, str]:
    return next(each for each in rows if each["reference"] == reference)


def test_a_decision_stands_beside_the_case_with_its_numbers_and_the_exceptions_by_name(
    service: Service, members: Members, tmp_path: Path
) -> None:
    members.approve(URGENT, exceptions=["notice", "transport"])

    row = of(written(service, "fence_loan", tmp_path), URGENT)

    assert (row["decided.day"], row["decided.outcome"]) == ("2027-06-07", "承認")
    assert row["decided.number"]
    assert row["decided.exceptions"] == "通知書を省略（6条）、市が運搬（7条）"
    assert row["decided.reason"] == ""


def test_each_signature_says_who_for_which_post_when_and_seeing_what(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    members.join(DEPUTY, Grant("fence_loan", Role.CHIEF, deputy=True))
    members.press(CLERK, CORRECTED, "checked")
    clock.advance(timedelta(minutes=5))
    members.press(DEPUTY, CORRECTED, "chief_signed")

    row = of(written(service, "fence_loan", tmp_path), CORRECTED)

    assert [row[f"checked.{part}"] for part in ("by", "role", "at", "deputy", "outcome", "seen")] == [
        CLERK, "係", "2027-06-07 10:00", "", "承認", "2",
    ]  # fmt: skip
    assert [row[f"chief_signed.{part}"] for part in ("by", "role", "at", "deputy", "outcome", "seen")] == [
        DEPUTY, "係長", "2027-06-07 10:05", "代決", "承認", "2",
    ]  # fmt: skip
    assert [row[f"decision.{part}"] for part in ("by", "role", "at", "deputy", "outcome", "seen")] == [""] * 6
    assert row["decided.outcome"] == ""


def test_a_refusal_says_why(service: Service, members: Members, tmp_path: Path) -> None:
    members.press(CLERK, FIRST, "checked")
    members.press(CHIEF, FIRST, "chief_signed")
    members.press(MANAGER, FIRST, "decision", "refuse", reason="=見本の理由")

    row = of(written(service, "fence_loan", tmp_path), FIRST)

    assert (row["decided.outcome"], row["decided.reason"]) == ("不承認", "'=見本の理由")
    assert (row["decision.by"], row["decision.outcome"]) == (MANAGER, "不承認")


def test_what_a_signature_says_is_no_answer_of_the_applicant(
    service: Service, members: Members, tmp_path: Path
) -> None:
    before = of(written(service, "fence_loan", tmp_path), FIRST)
    members.approve(FIRST)
    after = of(written(service, "fence_loan", tmp_path), FIRST)

    changed = {key for key in before if before[key] != after[key]}
    assert changed - {"state"} == {key for key in changed if key.split(".")[0] in {
        "decided", "checked", "chief_signed", "decision"}}  # fmt: skip
    assert (after["perimeter"], after["name"]) == (before["perimeter"], before["name"]) != ("", "")


def test_the_table_of_signatures_has_a_row_for_each_in_the_order_of_signing(
    service: Service, members: Members, clock: StandingClock, tmp_path: Path
) -> None:
    members.press(CLERK, FIRST, "checked")
    clock.advance(timedelta(minutes=1))
    members.press(CHIEF, FIRST, "chief_signed", "return", fields=["perimeter"], reason=WHY)
    members.approve(URGENT)

    rows = written(service, "signatures", tmp_path)

    assert [(each["reference"], each["step"], each["outcome"], each["by"]) for each in rows] == [
        (FIRST, "係の確認", "承認", CLERK),
        (FIRST, "係長の承認", "差し戻し", CHIEF),
        (URGENT, "係の確認", "承認", CLERK),
        (URGENT, "係長の承認", "承認", CHIEF),
        (URGENT, "課長の決定", "承認", MANAGER),
    ]
    assert {each["procedure"] for each in rows} == {"電気柵の貸出"}
    assert {each["channel"] for each in rows} == {"Teams"}
    assert [each["at"] for each in rows[:2]] == ["2027-06-07 10:00", "2027-06-07 10:01"]


def test_what_is_filed_without_signing_is_no_signature(
    service: Service, members: Members, tmp_path: Path
) -> None:
    members.press(CLERK, FIRST, "taken_up", "file")

    assert written(service, "signatures", tmp_path) == []


def test_no_personal_answer_is_opened_for_the_signatures_nor_stands_in_them(
    service: Service, members: Members, tmp_path: Path
) -> None:
    members.approve(FIRST)
    with database.read(service.engine) as conn:
        before = len(accesslog.entries(conn))

    told = str(written(service, "signatures", tmp_path))

    with database.read(service.engine) as conn:
        logged = accesslog.entries(conn)
        kept = casefiles.bare_page(conn, Wanted(), None, 10)
    assert (len(logged) - before, logged[0].kind, logged[0].record) == (1, "export", "signatures")
    assert not any(each in told for each in SECRETS)
    assert all(each.filled and each.filled.sealed is None for each in kept)


def test_signatures_come_as_a_workbook_with_the_same_rows(
    service: Service, members: Members, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    members.approve(FIRST)
    world = service.world(day_of(service.clock.now()))
    found = dataset("signatures", service.register, service.words["ja"], world)
    assert found
    source = Source(service.engine, service.vault, service.clock, found, Reader("見本 職員", "admin"))
    file = tmp_path / "signatures.xlsx"
    file.write_bytes(b"".join(Export(source, Wish("xlsx"), tmp_path).pieces()))

    workbook = load_workbook(file)
    [header, *sheet] = [[str(cell or "") for cell in row] for row in workbook.worksheets[0].values]
    explained = [row[0] for row in workbook.worksheets[-1].values]
    workbook.close()
    table = written(service, "signatures", tmp_path, Wish())
    assert header == list(table[0])
    assert [row[:-2] for row in sheet] == [list(each.values())[:-2] for each in table]
    assert explained[1:] == [each.key for each in found.headings()]
