"""A list of subsidy holders as a file: CSV or Excel, read strictly and whole, with every fault by row and column.

Only two columns are looked at, the number of the grant and the address; names and whatever else stands in the
city's list is never kept (003-04).
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.holders_xlsx import WorkbookRefused, is_workbook, workbook_rows
from dialogs.reading.grants import grant_number
from dialogs.words import Message, _, say

MOST_BYTES = 2_000_000
"""Of a file: ten thousand rows with names and telephone numbers have less."""

MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_FAULTS = 100
"""How many faults are told one by one: who has more of them has the wrong file."""

LONGEST_CELL = 300
_HEADER_WITHIN = 10

NUMBER, ADDRESS = "number", "address"
LABELS = {NUMBER: _("補助金番号"), ADDRESS: _("住所")}
"""What the two columns are called where a file is asked for."""

_TITLES: Mapping[str, tuple[str, ...]] = {
    NUMBER: ("補助金番号", "交付番号", "交付決定番号", "補助金交付番号", "番号", "number"),
    ADDRESS: ("住所", "申請者住所", "交付先住所", "address"),
}  # untranslated: what columns are called in the files of cities

Cell = object
Row = Sequence[Cell]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file: in which *row* (from 1, as a spreadsheet counts; 0 for the whole), which *column*."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class Holder:
    """One row: the number in one spelling, and the address as it was written."""

    row: int
    number: str
    address: str


@dataclass
class HolderFile:
    """What a file says, or every *fault* that keeps it from being taken; *more* are faults not told one by one."""

    holders: list[Holder] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    def refuse(self, row: int, column: str, message: Message) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, column, message))
        else:
            self.more += 1


def read(content: bytes) -> HolderFile:
    """Return what *content* says.  It is taken by what it is, whatever its name says."""
    found = HolderFile()
    if len(content) > MOST_BYTES:
        found.refuse(
            0, "", say(_("ファイルが大きすぎます。{size}MBまでにしてください。"), size=MOST_BYTES // 10**6)
        )
        return found
    try:
        rows = (
            workbook_rows(content, MOST_ROWS + _HEADER_WITHIN + 1, MOST_COLUMNS)
            if is_workbook(content)
            else _csv(content)
        )
        _read_rows(rows, found)
    except WorkbookRefused as refused:
        found.refuse(0, "", refused.message)
    except csv.Error:
        found.refuse(0, "", say(_("CSVとして読めない行があります。Excelで開き、保存し直してください。")))
    return found


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    if text is None or "\0" in text:
        raise WorkbookRefused(
            say(
                _("文字を読み取れません。Excelのブック（.xlsx）か、UTF-8またはShift_JISのCSVにしてください。")
            )
        )
    first = text.partition("\n")[0]
    tabbed = "\t" in first and "," not in first
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabbed else ",", strict=True))


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _read_rows(rows: Iterable[Row], found: HolderFile) -> None:
    numbered = enumerate(rows, 1)
    columns = _header(numbered, found)
    if columns is None:
        return
    seen: dict[str, int] = {}
    for count, (number, row) in enumerate(((at, each) for at, each in numbered if _has_text(each)), 1):
        if count > MOST_ROWS:
            found.refuse(number, "", say(_("行が多すぎます。{count}行までにしてください。"), count=MOST_ROWS))
            return
        _read_row(number, row, columns, seen, found)
    if not seen and not found.faults:
        found.refuse(0, "", say(_("1件もありません。見出しの下に、1行に1件ずつ書いてください。")))


def _header(rows: Iterator[tuple[int, Row]], found: HolderFile) -> Mapping[str, int] | None:
    """Return where the two columns stand; titles and dates may stand above the line that names them."""
    best: Mapping[str, list[int]] = {}
    for number, row in rows:
        named = {key: _titled(row, titles) for key, titles in _TITLES.items()}
        doubled = [key for key, at in named.items() if len(at) > 1]
        if all(named.values()) and not doubled:
            return {key: at[0] for key, at in named.items()}
        best = named if sum(map(bool, named.values())) > sum(map(bool, best.values())) else best
        if doubled or number >= _HEADER_WITHIN:
            break
    for key, label in LABELS.items():
        at = best.get(key, [])
        text = (
            _("「{column}」の列が2つあります。1つにしてください。")
            if len(at) > 1
            else _("「{column}」の列がありません。")
        )
        if len(at) != 1:
            found.refuse(0, label, say(text, column=say(label)))
    return None


def _titled(row: Row, titles: Sequence[str]) -> list[int]:
    """Return where in *row* the first of *titles* stands that stands in it at all."""
    plain = [_plain(each) for each in row[:MOST_COLUMNS]]
    return next((at for title in titles if (at := [n for n, each in enumerate(plain) if each == title])), [])


def _plain(cell: Cell) -> str:
    return (
        "".join(unicodedata.normalize("NFKC", cell[:LONGEST_CELL]).split()).casefold()
        if isinstance(cell, str)
        else ""
    )


def _has_text(row: Row) -> bool:
    return any(each is not None and str(each).strip() for each in row)


def _read_row(
    number: int, row: Row, columns: Mapping[str, int], seen: dict[str, int], found: HolderFile
) -> None:
    told = len(found.faults) + found.more
    given = {key: _text(number, LABELS[key], _at(row, at), found) for key, at in columns.items()}
    if len(found.faults) + found.more > told:
        return
    plain = grant_number(given[NUMBER])
    if not plain:
        text = _("番号として読めません。「R9-0012」のように、数字を入れて{most}文字までで書いてください。")
        found.refuse(number, LABELS[NUMBER], say(text, most=40))
    elif plain in seen:
        found.refuse(number, LABELS[NUMBER], say(_("{row}行目と同じ番号です。"), row=seen[plain]))
    else:
        found.holders.append(Holder(number, plain, given[ADDRESS]))
        seen[plain] = number


def _at(row: Row, at: int) -> Cell:
    return row[at] if at < len(row) else None


def _text(row: int, label: str, cell: Cell, found: HolderFile) -> str:
    """Return the text of *cell*; "" with a fault where it has none."""
    text, wrong = _read_cell(cell)
    if wrong:
        found.refuse(row, label, say(wrong))
    return text


def _read_cell(cell: Cell) -> tuple[str, str]:
    if isinstance(cell, bool | date | datetime | time):
        return "", _("日付などになっています。文字として入力し直してください。")
    if isinstance(cell, float) and not cell.is_integer():
        return "", _("小数になっています。文字として入力し直してください。")
    text = str(int(cell) if isinstance(cell, float) else "" if cell is None else cell).strip()
    if not text:
        return "", _("空です。")
    if text.startswith(("=", "@")):
        return "", _("数式になっています。値にして貼り付け直してください。")
    if (
        len(text) > LONGEST_CELL
        or not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    ):
        return "", _("長すぎるか、読めない文字が入っています。")
    return text, ""
