"""The cells of a workbook that somebody uploaded, whatever it may be: opened with care, and read cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.surveys.findings import Findings, Place
from dialogs.reading.text import clean
from dialogs.words import _

MOST_BYTES = 5_000_000
MOST_ROWS = 3000
MOST_COLUMNS = 60
LONGEST_CELL = 3000
SHEETS = ("survey", "choices", "settings")

_MOST_XML = (
    15_000_000  # bytes of the parts that are read: three thousand rows in seven languages have five million
)
_MOST_PARTS = 1000
_LOOKED_AT = 4096
_LAST_ROW = 12_000  # sheets are often coloured far below their last row
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_TYPES = tuple(
    text.encode(code) for text in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})([0-9]{1,7})[:\"]")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"([0-9]{1,7})\"")


@dataclass(frozen=True)
class Cell:
    """What is written in a cell, and where."""

    text: str
    place: Place


@dataclass
class Sheet:
    """The rows of a sheet, each its cells by the number of their column (from 1); *header* is the first."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)


def opened(data: bytes, found: Findings) -> Mapping[str, Sheet]:
    """Return the sheets of the workbook *data* that a survey is made of, by their name; none where it is refused."""
    refusal = _refusal(data)
    if refusal:
        found.refuse(Place(), refusal, size=MOST_BYTES // 1_000_000)
        return {}
    try:
        return _sheets(data, found)
    except Exception:  # noqa: BLE001 -- a workbook made to do harm makes its reader raise anything
        found.refuse(Place(), _UNREADABLE)
        return {}


_UNREADABLE = _("Excelのブックとして読めません。Excelで開き、.xlsx で保存し直してください。")
_HARMFUL = (
    ("vbaproject.bin", _("マクロが入っています。マクロのない .xlsx で保存し直してください。")),
    (
        "xl/externallinks/",
        _("ほかのブックへのリンクが入っています。リンクを解除し、値だけにして保存し直してください。"),
    ),
    ("xl/embeddings/", _("ほかのファイルが埋め込まれています。取り除いて保存し直してください。")),
    ("content.xml", _("Excelのブックではありません（OpenDocument）。.xlsx で保存し直してください。")),
)


def _refusal(data: bytes) -> str | None:
    """Return why *data* is not opened at all."""
    if len(data) > MOST_BYTES:
        return _("ファイルが大きすぎます。{size}MBまでにしてください。")
    if data.startswith(_OLD):
        return _(
            "古い形式（.xls）か、パスワードのついたファイルです。パスワードなしの .xlsx で保存してください。"
        )
    if not data.startswith(_ZIP):
        return _("Excelのブック（.xlsx）ではありません。CSVなどは、Excelで開き、.xlsx で保存してください。")
    try:
        return _inside(data)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return _UNREADABLE


def _inside(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        listed = parts.infolist()
        read = [each for each in listed if each.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if len(listed) > _MOST_PARTS or sum(each.file_size for each in read) > _MOST_XML:
            return _("中身が大きすぎます。必要な3つのシートだけを新しいブックに写して保存してください。")
        names = [each.filename.lower() for each in listed]
        harm = [text for part, text in _HARMFUL if any(part in name for name in names)]
        if harm:
            return harm[0]
        for each in read:
            with parts.open(each) as part:
                if any(kind in part.read(_LOOKED_AT) for kind in _TYPES):
                    return _UNREADABLE
    return None


def _sheets(data: bytes, found: Findings) -> Mapping[str, Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow to import, and needed a few times a year

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheets: dict[str, Sheet] = {}
        for each in book.worksheets:
            name = each.title.strip().casefold()
            if name not in SHEETS:
                found.remark(Place(each.title), _("このシートは読みません。"))
            elif name in sheets:
                found.refuse(Place(each.title), _("同じ名前のシートが2つあります。1つにしてください。"))
            else:
                sheets[name] = _sheet(each, name, found)
                _laid_out(data, each, name, found)
        # Of a sheet without end nobody wants to know what is wrong in each row.
        return sheets if all(len(each.rows) <= MOST_ROWS + 1 for each in sheets.values()) else {}
    finally:
        book.close()


def _sheet(source: Any, name: str, found: Findings) -> Sheet:
    sheet = Sheet(name)
    source.reset_dimensions()  # what a workbook says of its own size may be anything
    for cells in source.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS):
        row = list(_written(cells, name, found))
        if row:
            sheet.rows.append(row)
            if len(sheet.rows) > MOST_ROWS + 1:
                found.refuse(
                    Place(name, row[0].place.row),
                    _("行が多すぎます。{count}行までにしてください。"),
                    count=MOST_ROWS,
                )
                break
    return sheet


def _written(cells: Any, sheet: str, found: Findings) -> Iterator[Cell]:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- as above

    for cell in cells:
        if cell.value is None:
            continue
        place = Place(sheet, cell.row, get_column_letter(cell.column))
        if cell.data_type == "f":
            found.refuse(place, _("数式です。値にして貼り付け直してください。"))
        elif cell.data_type == "e":
            found.refuse(place, _("エラー値（#REF! など）です。値を入力し直してください。"))
        elif text := _text(cell.value):
            if len(text) > LONGEST_CELL:
                found.refuse(place, _("長すぎます。{most}文字までにしてください。"), most=LONGEST_CELL)
            yield Cell(text[:LONGEST_CELL], place)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def _laid_out(data: bytes, source: Any, name: str, found: Findings) -> None:
    """Refuse what hides something from whoever looks at the sheet: merged cells, hidden rows."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        text = parts.read(source._worksheet_path)  # noqa: SLF001 -- openpyxl reads neither when it reads row by row
    for match in _MERGED.finditer(text):
        place = Place(name, int(match[2]), match[1].decode())
        found.refuse(place, _("セルが結合されています。結合を解除し、すべてのセルに入力してください。"))
    for match in _HIDDEN.finditer(text):
        found.refuse(
            Place(name, int(match[1])),
            _("行が隠れています。表示するか、削除してください（フィルターも解除してください）。"),
        )
