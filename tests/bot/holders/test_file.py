"""Files of subsidy holders: what is read, and what is refused by row and column (003-04)."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from bot import holders_file
from bot.holders_file import MOST_BYTES, MOST_FAULTS, MOST_ROWS, Fault, read
from tests.support.holders import HEADER, ROWS, SATO, SUZUKI, csv, xlsx

NUMBERS = ["r9-12", "r9-13", "r9-14"]


def told(content: bytes) -> list[tuple[int, str, str]]:
    """Return the faults of *content*: row, column, the text without its facts."""
    return [(each.row, each.column, each.message.text) for each in read(content).faults]


def only(content: bytes) -> tuple[int, str, str]:
    found = told(content)
    assert len(found) == 1, found
    return found[0]


def rezipped(content: bytes, name: str, part: bytes) -> bytes:
    """Return the workbook *content* with another *part* in the place of *name*."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, part if each == name else old.read(each))
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [csv(), csv(encoding="utf-8"), csv(encoding="cp932"), xlsx(), csv().replace(b'","', b'"\t"')],
    ids=["UTF-8 with mark", "UTF-8", "Shift_JIS", "Excel", "tabs"],
)
def test_every_kind_of_file_says_the_same(content: bytes) -> None:
    found = read(content)

    assert (found.faults, [each.number for each in found.holders]) == ([], NUMBERS)
    assert [each.address for each in found.holders] == [row[2] for row in ROWS]


def test_titles_above_the_header_and_empty_rows_are_passed_over() -> None:
    book = [
        ["令和9年度 交付者一覧"],
        [],
        ["住 所", "交付番号"],
        [SUZUKI[2], SUZUKI[0]],
        [],
        [SATO[2], SATO[0]],
    ]
    found = read(xlsx(book[1:], header=book[0]))

    assert [(each.row, each.number) for each in found.holders] == [(4, "r9-12"), (6, "r9-13")]


def test_numbers_that_a_spreadsheet_made_of_them_are_numbers() -> None:
    found = read(xlsx([[12, "", SUZUKI[2]], [13.0, "", SATO[2]]]))

    assert [each.number for each in found.holders] == ["12", "13"]


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (["", "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "空です。"),
        (["R9-0020", "", None], "住所", "空です。"),
        (["R9-0020", ""], "住所", "空です。"),
        (["なし", "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "番号として読めません。"),
        (["9" * 41, "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "番号として読めません。"),
        (["=A1&A2", "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "数式になっています。"),
        (["R9-0020", "", '=HYPERLINK("https://example.com")'], "住所", "数式になっています。"),
        ([date(2027, 9, 12), "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "日付などになっています。"),
        ([True, "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "日付などになっています。"),
        ([9.5, "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "小数になっています。"),
        (["R9-0020", "", "札" * 301], "住所", "長すぎるか、"),
        (["R9-0020", "", "札幌\u202e市"], "住所", "長すぎるか、"),
        (["R9-12号", "", "札幌市南区藤野五条3丁目1-2"], "補助金番号", "{row}行目と同じ番号です。"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_column(
    row: list[object], column: str, text: str
) -> None:
    at, where, said = only(xlsx([SUZUKI, row, SATO]))

    assert (at, where) == (3, column)
    assert said.startswith(text)


def test_a_number_that_stands_twice_says_where_it_stands_first() -> None:
    [fault] = read(csv([SUZUKI, SATO, SUZUKI])).faults

    assert (fault.row, fault.message.facts) == (4, {"row": 2})


@pytest.mark.parametrize(
    ("header", "column", "text"),
    [
        (("番号札", "氏名", "住所", "電話"), "補助金番号", "「{column}」の列がありません。"),
        (("補助金番号", "氏名", "所在", "電話"), "住所", "「{column}」の列がありません。"),
        (("補助金番号", "補助金番号", "住所", "電話"), "補助金番号", "「{column}」の列が2つあります。"),
    ],
)
def test_a_column_that_is_missing_or_doubled_is_named(
    header: tuple[str, ...], column: str, text: str
) -> None:
    at, where, said = only(csv(header=header))

    assert (at, where) == (0, column)
    assert said.startswith(text)


def test_a_file_of_something_else_lacks_both_columns() -> None:
    assert [column for _row, column, _text in told(b"a,b,c\r\n" * 30)] == ["補助金番号", "住所"]


@pytest.mark.parametrize("content", [csv([]), xlsx([]), csv([["", "", "", ""]])])
def test_a_list_without_holders_does_not_take_the_place_of_one_with_them(content: bytes) -> None:
    assert only(content)[2].startswith("1件もありません")


# --- hostile files


def test_a_file_that_is_too_large_is_not_looked_into() -> None:
    assert only(csv() + b" " * 10_000_000)[2].startswith("ファイルが大きすぎます")


def test_ten_thousand_rows_are_taken_and_one_more_is_not() -> None:
    rows = [[f"R9-{number}", "", "札幌市南区藤野五条3丁目1-2"] for number in range(1, MOST_ROWS + 2)]

    assert len(read(csv(rows[:-1])).holders) == MOST_ROWS
    at, _column, text = only(csv(rows))
    assert (at, text[:7]) == (MOST_ROWS + 2, "行が多すぎます")


def test_ten_thousand_rows_of_a_workbook_are_taken_too() -> None:
    rows = [[f"R9-{number}", "", "札幌市南区藤野五条3丁目1-2"] for number in range(1, MOST_ROWS + 1)]

    assert len(read(xlsx(rows)).holders) == MOST_ROWS


def test_of_very_many_faults_only_the_first_are_told_and_the_others_counted() -> None:
    found = read(csv([["なし", "", "札幌市"]] * 500))

    assert (len(found.faults), found.more) == (MOST_FAULTS, 500 - MOST_FAULTS)
    assert found.faults[0] == Fault(2, "補助金番号", found.faults[0].message)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe" + csv().decode("utf-8-sig").encode("utf-16-le"),
        csv().replace("見本".encode(), b"\x80\xff"),
        csv().replace(b"R9-0012", b"R9\x000012"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    ],
    ids=["UTF-16", "neither encoding", "a null", "a picture"],
)
def test_a_file_in_another_encoding_says_which_are_read(content: bytes) -> None:
    assert only(content)[2].startswith("文字を読み取れません")


def test_a_csv_with_an_open_quotation_mark_is_refused() -> None:
    assert only(csv() + b'"R9-0020,"x')[2].startswith("CSVとして読めない行")


def test_a_cell_without_end_is_refused() -> None:
    assert only(csv([["R9-1" + "x" * 200_000, "", "札幌市"]]))[2].startswith("CSVとして読めない行")


@pytest.mark.parametrize(
    "content",
    [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
    ids=["an old or locked workbook", "its first bytes"],
)
def test_an_old_or_locked_workbook_says_how_to_save_it(content: bytes) -> None:
    assert only(content)[2].startswith("古い形式")


@pytest.mark.parametrize(
    "content",
    [
        xlsx()[:400],
        b"PK\x03\x04" + b"x" * 400,
        rezipped(xlsx(), "xl/workbook.xml", b"<workbook"),
        rezipped(xlsx(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'><c r='??'/></row>"),
        rezipped(
            xlsx(), "xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
        ),
        rezipped(xlsx(), "[Content_Types].xml", b"<Types/>"),
    ],
    ids=["cut short", "no zip", "broken XML", "broken cells", "entities", "no sheets"],
)
def test_what_only_looks_like_a_workbook_is_refused_in_plain_words(content: bytes) -> None:
    assert only(content)[2].startswith("Excelのブックとして読めません")


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 70_000_000)

    assert len(made.getvalue()) < MOST_BYTES
    assert only(made.getvalue())[2].startswith("中身が大きすぎます")


def test_a_workbook_that_lies_about_its_size_is_read_as_far_as_it_goes() -> None:
    part = zipfile.ZipFile(io.BytesIO(xlsx())).read("xl/worksheets/sheet1.xml")
    lying = part.replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1:XFD1048576"')
    assert lying != part

    assert len(read(rezipped(xlsx(), "xl/worksheets/sheet1.xml", lying)).holders) == len(ROWS)


def test_only_the_first_sheet_counts() -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("住所録")
    assert first is not None
    for row in (HEADER, SUZUKI):
        first.append(list(row))
    second.append(["補助金番号", "住所"])
    made = io.BytesIO()
    book.save(made)

    assert [each.number for each in read(made.getvalue()).holders] == ["r9-12"]


def test_whatever_is_uploaded_it_is_read_or_refused() -> None:
    dice = random.Random(4)
    whole = [csv(), csv(encoding="cp932"), xlsx()]

    for _ in range(300):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.randint(1, 20)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        found = holders_file.read(bytes(content[: dice.randint(1, len(content))]))

        assert found.faults or found.holders
