"""Workbooks as files: hidden things in them, things that are none, and the shapes that others have published."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.surveys import workbook as reading
from dialogs.surveys import survey_form
from tests.support import workbooks
from tests.support.workbooks import asking, question, saved, with_part, workbook
from tests.support.workbooks_read import JAPANESE, one, said, survey_of


def edited(change: Callable[[Any], None], data: bytes = b"") -> bytes:
    book = load_workbook(io.BytesIO(data or asking(question("text", "a"), question("text", "b"))))
    change(book)
    return saved(book)


def test_formulas_and_error_values_are_refused_where_they_stand() -> None:
    one(asking(question("text", "a", hint__ja='="x"&"y"')), "survey 2 D", "数式")

    def broken(book: Any) -> None:
        book["survey"]["C2"] = "#REF!"
        book["survey"]["C2"].data_type = "e"

    assert any(each.startswith("survey 2 C: エラー値") for each in said(edited(broken)))


def test_merged_cells_and_hidden_rows_are_refused() -> None:
    one(edited(lambda book: book["survey"].merge_cells("D2:D3")), "survey 2 D", "結合")

    def hide(book: Any) -> None:
        book["survey"].row_dimensions[3].hidden = True

    one(edited(hide), "survey 3 ", "隠れています")


def test_blank_rows_and_columns_of_ones_own_are_passed_over() -> None:
    def spread(book: Any) -> None:
        book["survey"].insert_rows(2, 3)
        book["survey"]["H1"], book["survey"]["H5"] = "$kuid", "abc"
        book["survey"]["J9"] = "　"

    data = edited(spread)
    assert [each.key for each in survey_of(data).questions] == ["a", "b"]


def test_a_workbook_without_its_sheets_says_which() -> None:
    found = said(edited(lambda book: setattr(book["survey"], "title", "Sheet1")))
    assert len(found) == 1
    assert "survey という名前のシートがありません" in found[0]
    assert survey_of(edited(lambda book: setattr(book["survey"], "title", " SURVEY"))).questions
    assert "2つあります" in said(edited(lambda book: setattr(book.create_sheet("x"), "title", "Survey ")))[0]


def test_doubled_and_missing_columns_are_told() -> None:
    found = said(workbook([("type", "name", "label", "label::ja"), ("text", "a", "x", "y")]))
    assert found == ["survey 1 D: 「label::ja」の列が2つあります。1つにしてください。"]
    assert "survey 1 A: label の列がありません。1行目に label か label::ja と書いてください。" in said(
        workbook([("type", "name"), ("text", "a")])
    )


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "Excelのブック（.xlsx）ではありません"),
        ("type,name,label\ntext,a,質問".encode(), "CSVなどは"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "古い形式"),
        (b"PK\x03\x04" + bytes(600), "読めません"),
        (b"PK\x03\x04" + bytes(10_000_000), "大きすぎます"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(data: bytes, part: str) -> None:
    (problem,) = reading.examine(data).problems

    assert part in JAPANESE.say(problem.message)


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("xl/vbaProject.bin", b"x", "マクロ"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "リンク"),
        ("xl/embeddings/oleObject1.bin", b"x", "埋め込まれています"),
        ("content.xml", b"<x/>", "OpenDocument"),
        ("xl/sharedStrings.xml", b"<!DOCTYPE x []><x/>", "読めません"),
        ("xl/worksheets/sheet1.xml", b"<nonsense", "読めません"),
        ("xl/bomb.xml", bytes(16_000_000), "中身が大きすぎます"),
    ],
)
def test_a_workbook_that_brings_more_than_sheets_is_refused(part: str, content: bytes, told: str) -> None:
    (problem,) = reading.examine(with_part(asking(question("text", "a")), part, content)).problems

    assert told in JAPANESE.say(problem.message)


def test_ten_thousand_rows_are_refused_after_the_first_three_thousand() -> None:
    book = Workbook(write_only=True)
    for name in ("survey", "choices"):
        sheet = book.create_sheet(name)
        sheet.append(("type", "name", "label"))
        for number in range(10_000 if name == "survey" else 0):
            sheet.append(("text", f"q{number}", "質問"))

    assert any("survey 3002 " in each and "3,000行まで" in each for each in said(saved(book)))


def test_a_cell_as_long_as_a_book_is_refused() -> None:
    assert any("3,000文字まで" in each for each in said(asking(question("text", "a", hint__ja="長" * 3001))))


# --- shapes of workbooks that others have published


@pytest.mark.parametrize("shape", [workbooks.participation, workbooks.widgets])
def test_workbooks_of_this_shape_are_read(shape: Callable[[], bytes]) -> None:
    survey_form(survey_of(shape()))


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (
            workbooks.workshop,
            {"survey 7 A": "計算", "survey 10 A": "時刻", "survey 11 A": "順位"},
        ),
        (
            workbooks.plots,
            {
                "survey 1 C": "Swahili",
                "survey 3 F": "半角",
                "survey 4 A": "ほかのファイル",
                "survey 5 A": "位置",
                "survey 6 A": "くり返し",
                "survey 7 E": "yes か no",
                "survey 7 G": "「limit」",
                "survey 8 A": "くり返し",
                "choices 1 C": "Swahili",
                "settings 2 A": "Swahili",
                "settings 2 B": "数式",
            },
        ),
        (
            workbooks.household,
            {
                "survey 1 D": "Tigrinya",
                "survey 3 A": "計算",
                "survey 4 G": "note だけに条件",
                "survey 5 G": "答えのある質問ではありません",
                "survey 6 C": "前の答え",
                "survey 6 I": "regex",
                "survey 7 A": "くり返し",
                "choices 1 F": "Oromo",
            },
        ),
        (workbooks.markup, {"survey 3 C": "HTML"}),
    ],
)
def test_workbooks_of_this_shape_are_refused_where_they_ask_too_much(
    shape: Callable[[], bytes], told: dict[str, str]
) -> None:
    found = dict(each.split(": ", 1) for each in said(shape()))

    assert {place: part for place, part in told.items() if part not in found.get(place, "")} == {}
