"""CSV and workbooks hold what they were given, whatever it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell as XlsxCell

from bot.exports import csv_file, xlsx_file
from bot.exports.characters import Fit, Fitted, cp932, sound
from bot.exports.columns import Content, Heading, Kind
from bot.exports.guard import MARK
from bot.exports.losses import Loss
from bot.words import words_for
from tests.nasty import NASTY

WORDS = words_for("ja")
HEADINGS = (
    Heading("reference", "受付番号", Kind.TEXT),
    Heading("said", "自由記述", Kind.TEXT),
    Heading("phone", "電話", Kind.CODE, personal=True, editions="R9"),
    Heading("amount", "本数", Kind.NUMBER),
    Heading("on", "希望日", Kind.DAY),
    Heading("filed_at", "申請日時", Kind.MOMENT),
)
LABELS = tuple(each.label for each in HEADINGS)
NASTY_ROWS: list[list[Content]] = [
    [f"R{number}", text, "011-211-2879", -5, date(2027, 6, 7), datetime(2027, 6, 7, 10, 5)]  # noqa: DTZ001 -- a cell
    for number, text in enumerate(NASTY)
]


def written(rows: Iterable[Sequence[Content]], encoding: str = "utf-8-sig") -> tuple[bytes, list[Loss]]:
    losses: list[Loss] = []
    return b"".join(csv_file.written(HEADINGS, rows, encoding, LABELS, losses.append)), losses


def read(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    # Counted for the whole process: whoever reads after us must find what was there.
    before = csv.field_size_limit(1_000_000)
    try:
        return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))
    finally:
        csv.field_size_limit(before)


def book(
    folder: Path, rows: Iterable[Sequence[Content]], most_rows: int = xlsx_file.MOST_ROWS
) -> tuple[Path, list[Loss]]:
    losses: list[Loss] = []
    path = folder / "book.xlsx"
    made = xlsx_file.Book("木の配布", HEADINGS, LABELS, WORDS, folder, most_rows)
    xlsx_file.write(path, made, rows, losses.append)
    return path, losses


def cells(path: Path, sheet: int = 0) -> list[tuple[XlsxCell, ...]]:
    workbook = load_workbook(path)
    found = list(workbook.worksheets[sheet].iter_rows())
    workbook.close()
    return found  # type: ignore[return-value]  # no cell of ours is merged


def test_a_csv_begins_with_the_mark_excel_needs_and_ends_its_lines_as_excel_does() -> None:
    content, _ = written([["R1", "見本", None, 1, None, None]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith("R1,見本,,1,,\r\n".encode())


def test_a_csv_in_shift_jis_has_no_mark() -> None:
    content, _ = written([["R1", "見本", None, 1, None, None]], "cp932")

    assert content.startswith("受付番号".encode("cp932"))


def test_every_nasty_text_comes_out_of_a_csv_as_it_went_in() -> None:
    content, _ = written(NASTY_ROWS)

    back = [row[1].removeprefix(MARK) for row in read(content)[1:]]
    assert back == [sound(str(row[1])).text for row in NASTY_ROWS]


def test_every_nasty_text_comes_out_of_a_csv_in_shift_jis_as_the_report_says() -> None:
    content, losses = written(NASTY_ROWS, "cp932")

    back = [row[1].removeprefix(MARK) for row in read(content, "cp932")[1:]]
    assert back == [cp932(str(row[1])).text for row in NASTY_ROWS]
    changed = {str(row[0]) for row in NASTY_ROWS if cp932(str(row[1])).changes}
    assert {each.reference for each in losses} == changed


def test_no_cell_of_a_csv_runs_as_a_formula() -> None:
    for encoding in csv_file.ENCODINGS:
        content, _ = written(NASTY_ROWS, encoding)
        for row in read(content, encoding):
            assert row[1].lstrip()[:1] not in {"=", "@", "＝", "＠", "＋", "－"}
            if row[1].lstrip()[:1] in {"+", "-"}:
                assert re.fullmatch(r"[-+][0-9.]+", row[1])


def test_days_times_numbers_and_telephone_numbers_survive_a_csv() -> None:
    content, _ = written(NASTY_ROWS[:1])

    assert read(content)[1][2:] == ["011-211-2879", "-5", "2027-06-07", "2027-06-07 10:05"]


def test_a_loss_names_the_case_the_column_the_character_and_what_stands_there_now() -> None:
    _, losses = written([["R9-0001", "𠮷野", None, None, None, None]], "cp932")

    assert losses == [Loss("R9-0001", "自由記述", "𠮷", "吉")]
    line = losses[0].line(WORDS)
    assert line == "R9-0001 自由記述：「𠮷」（U+20BB7）を「吉」にしました"


def test_a_csv_is_written_while_its_rows_are_read() -> None:
    taken = 0

    def rows() -> Iterable[Sequence[Content]]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield ["R1", "見本", None, None, None, None]

    pieces = csv_file.written(HEADINGS, rows(), "utf-8-sig", LABELS, lambda _: None)
    next(pieces)
    next(pieces)

    assert taken < 1000


@pytest.fixture(scope="module")
def nasty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, _ = book(tmp_path_factory.mktemp("xlsx"), NASTY_ROWS)
    return path


def test_every_nasty_text_comes_out_of_a_workbook_as_it_went_in(nasty_book: Path) -> None:
    back = [row[1].value or "" for row in cells(nasty_book)[1:]]

    assert back == [_in_xml(str(row[1])) for row in NASTY_ROWS]


def _in_xml(text: str) -> str:
    held = sound(text).text
    if len(held.encode("utf-16-le")) // 2 > xlsx_file.LONGEST:
        held = held.encode("utf-16-le")[: 2 * (xlsx_file.LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return re.sub("\r\n?", "\n", held)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(nasty_book: Path) -> None:
    for row in cells(nasty_book):
        for cell in row:
            assert cell.data_type != "f"
            assert cell.hyperlink is None


def test_days_times_and_numbers_are_real_in_a_workbook_and_telephone_numbers_are_text(
    nasty_book: Path,
) -> None:
    _, _, phone, amount, on, filed_at = cells(nasty_book)[1]

    assert (phone.value, phone.number_format) == ("011-211-2879", "@")
    assert (amount.value, amount.data_type) == (-5, "n")
    assert on.value == datetime(2027, 6, 7)  # noqa: DTZ001 -- a cell has no time zone
    assert filed_at.value == datetime(2027, 6, 7, 10, 5)  # noqa: DTZ001


def test_a_workbook_has_a_bold_frozen_header_with_filters(nasty_book: Path) -> None:
    workbook = load_workbook(nasty_book)
    sheet = workbook.worksheets[0]

    assert sheet.title == "木の配布"
    assert [cell.value for cell in sheet[1]] == list(LABELS)
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:F{len(NASTY) + 1}"
    workbook.close()


def test_the_last_sheet_explains_the_columns(nasty_book: Path) -> None:
    explained = [[cell.value for cell in row] for row in cells(nasty_book, -1)]

    assert explained[0] == ["項目のキー", "項目名", "種類", "個人情報", "様式の版"]
    assert explained[3] == ["phone", "電話", "文字（先頭の0もそのまま）", "個人情報", "R9"]


def test_what_does_not_fit_a_sheet_stands_on_the_next(tmp_path: Path) -> None:
    rows: list[list[Content]] = [[f"R{n}", "", None, n, None, None] for n in range(5)]

    path, _ = book(tmp_path, rows, most_rows=2)

    workbook = load_workbook(path)
    assert workbook.sheetnames == ["木の配布", "木の配布 (2)", "木の配布 (3)", "項目の説明"]
    assert [[row[0].value for row in sheet.iter_rows()] for sheet in workbook.worksheets[:3]] == [
        ["受付番号", "R0", "R1"],
        ["受付番号", "R2", "R3"],
        ["受付番号", "R4"],
    ]
    workbook.close()


def test_a_text_too_long_for_a_cell_is_cut_and_told(tmp_path: Path) -> None:
    path, losses = book(tmp_path, [["R1", "あ" * 40_000, None, None, None, None]])

    assert len(str(cells(path)[1][1].value)) == xlsx_file.LONGEST
    assert [(each.reference, each.replacement) for each in losses] == [("R1", "…")]


def test_a_number_too_long_for_a_workbook_keeps_all_its_digits_as_text(tmp_path: Path) -> None:
    path, _ = book(tmp_path, [["R1", "", None, 12345678901234567890, None, None]])

    assert cells(path)[1][3].value == "12345678901234567890"


@pytest.mark.parametrize("fit", [*csv_file.FITS.values(), xlsx_file.FIT])
def test_what_a_file_holds_in_one_look_it_holds_text_by_text(fit: Fit) -> None:
    for text, other in zip(NASTY, NASTY[7:] + NASTY[:7], strict=True):
        for each in (text, other):
            if fit.holds(text + other):
                assert fit.fitted(each) == Fitted(each)
        if fit.fitted(text).changes:
            assert not fit.holds(f"見本{text}")
