"""One export: its bytes, its report, and its line in the access log."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.clock import millis
from bot.exports import source as sources
from bot.exports.export import Export, Wish
from bot.exports.source import Days, Source
from bot.service import Service
from storage import accesslog
from storage import engine as database
from storage.accesslog import Entry
from tests.bot.exports.procedures import apply
from tests.support.service import BEGIN


@pytest.fixture(autouse=True)
def two(service: Service) -> None:
    with database.write(service.engine) as conn:
        apply(conn, service, "R1", {"amount": 1, "name": "𠮷野 見本", "why": "=1+1"}, millis(BEGIN))
        apply(conn, service, "R2", {"amount": 2, "name": "見本 太郎"}, millis(BEGIN) + 1)


def exports(service: Service) -> list[Entry]:
    with database.read(service.engine) as conn:
        return [each for each in accesslog.entries(conn) if each.kind == "export"]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_export_notes_what_it_gave_out_once_it_is_finished(
    source: Source, service: Service, tmp_path: Path
) -> None:
    export = Export(source, Wish(days=Days(date(2027, 6, 1), None)), tmp_path)

    pieces = export.pieces()
    content = next(pieces)
    assert exports(service) == []
    content += b"".join(pieces)

    [entry] = exports(service)
    assert (entry.by, entry.role, entry.record) == ("見本 職員", "admin", "trees")
    digest = hashlib.sha256(content).hexdigest()
    assert entry.detail == f"csv utf-8-sig labels 2027-06-01.. rows=2 sha256={digest}"


def test_an_export_that_is_broken_off_is_noted_too(source: Source, service: Service, tmp_path: Path) -> None:
    pieces = Export(source, Wish(), tmp_path).pieces()
    next(pieces)
    pieces.close()

    assert [each.detail.split()[-1] for each in exports(service)] == ["interrupted"]


def test_a_workbook_and_a_csv_hold_the_same_rows(source: Source, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"".join(Export(source, Wish("xlsx"), tmp_path).pieces()))
    workbook = load_workbook(tmp_path / "a.xlsx")
    sheet = [["" if each is None else each for each in row] for row in workbook.worksheets[0].values]
    workbook.close()

    table = rows(b"".join(Export(source, Wish(), tmp_path).pieces()))

    assert [row[0] for row in sheet] == [row[0] for row in table]
    assert table[1][table[0].index("理由")] == "'=1+1"
    assert sheet[1][sheet[0].index("理由")] == "=1+1"


def test_keys_can_stand_in_the_first_row(source: Source, tmp_path: Path) -> None:
    [header, *_] = rows(b"".join(Export(source, Wish(header="keys"), tmp_path).pieces()))

    assert header == [each.key for each in source.dataset.headings()]


def test_the_report_says_what_shift_jis_changed(source: Source, service: Service, tmp_path: Path) -> None:
    lines = list(Export(source, Wish(encoding="cp932"), tmp_path).report())

    assert lines == ["R1 氏名：「𠮷」（U+20BB7）を「吉」にしました"]
    assert exports(service)[0].detail.startswith("report cp932")


def test_the_report_of_a_file_that_holds_everything_says_so(source: Source, tmp_path: Path) -> None:
    assert list(Export(source, Wish(), tmp_path).report()) == ["すべての文字をそのまま書き出せます。"]


def test_losses_are_handed_out_once(source: Source, tmp_path: Path) -> None:
    export = Export(source, Wish(encoding="cp932"), tmp_path)
    b"".join(export.pieces())

    assert len(list(export.lines())) == 1
    assert list(export.lines()) == []


def test_nothing_of_a_workbook_is_left_behind(source: Source, tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    there: list[int] = []

    pieces = Export(source, Wish("xlsx"), folder, lambda *_how_far: there.append(len(list(folder.iterdir()))))
    next(pieces.pieces())

    assert max(there) > 0
    assert list(folder.iterdir()) == []


def test_whoever_watches_hears_page_by_page_how_far_it_went(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PAGE", 1)
    heard: list[tuple[int, int]] = []

    b"".join(Export(source, Wish(), tmp_path, lambda rows, total: heard.append((rows, total))).pieces())

    assert heard == [(0, 2), (0, 2), (0, 2), (1, 2), (2, 2), (2, 2)]


def test_whoever_watches_can_end_it(source: Source, service: Service, tmp_path: Path) -> None:
    def enough(rows: int, _total: int) -> None:
        if rows:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        b"".join(Export(source, Wish(), tmp_path, enough).pieces())

    assert [each.detail.split()[-1] for each in exports(service)] == ["interrupted"]
