"""One export from the database to the last byte, and its line in the access log."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.exports import csv_file, xlsx_file
from bot.exports.columns import Content, Heading
from bot.exports.datasets import Dataset
from bot.exports.losses import Loss
from bot.exports.rows import Row
from bot.exports.source import Days, Source, Watch, unwatched
from dialogs.words import _

KINDS = ("csv", "xlsx")
ENCODINGS = csv_file.ENCODINGS
HEADERS = ("labels", "keys")

_PIECE = 1 << 16


@dataclass(frozen=True)
class Wish:
    """How a dataset is to be written.  *header* is ``labels`` for people or ``keys`` for machines."""

    kind: str = "csv"
    encoding: str = ENCODINGS[0]
    header: str = HEADERS[0]
    days: Days = field(default_factory=Days)


class Export:
    """Makes one file, once.  *rows* counts the rows written; *losses* are those not taken yet.

    It is put together in *folder*, which must be this program's alone.
    """

    def __init__(self, source: Source, wish: Wish, folder: Path, watch: Watch = unwatched) -> None:
        self._source = source
        self._wish = wish
        self._folder = folder
        self._watch = watch
        self._headings = source.dataset.headings()
        self._losses: list[Loss] = []
        self.rows = 0

    def pieces(self) -> Generator[bytes, None, None]:
        """Yield the file.  However it ends, the access log says how far it went."""
        digest = hashlib.sha256()
        outcome = "interrupted"
        try:
            for piece in self._csv() if self._wish.kind == "csv" else self._xlsx():
                digest.update(piece)
                yield piece
            outcome = f"sha256={digest.hexdigest()}"
        finally:
            self._note(self._wish.kind, outcome)

    def report(self) -> Iterator[str]:
        """Yield, a line each, what the encoding cannot hold.  It reads all of it, so it is an export itself."""
        told = 0
        for _piece in self._csv():
            for line in self.lines():
                told += 1
                yield line
        if not told:
            yield self._source.dataset.words.text(_("すべての文字をそのまま書き出せます。"))
        self._note("report", f"losses={told}")

    def lines(self) -> Iterator[str]:
        """Yield the losses since the last call, a line each."""
        found, self._losses = self._losses, []
        return (each.line(self._source.dataset.words) for each in found)

    def _note(self, kind: str, outcome: str) -> None:
        wish = self._wish
        self._source.note(f"{kind} {wish.encoding} {wish.header} {wish.days} rows={self.rows} {outcome}")

    def _rows(self) -> Iterator[Sequence[Content]]:
        listed = self._source.listed(self._wish.days)
        if listed is not None:
            yield from self._listed(listed)
            return
        rows, read = self._source.dataset.rows(), 0
        with self._source.moment(self._wish.days, self._folder, self._watch) as found:
            for page in found.pages():
                for record in page:
                    for row in rows(record):
                        self.rows += 1
                        yield row
                read += len(page)
                self._watch(read, found.total)

    def _listed(self, rows: Iterator[Row]) -> Iterator[Sequence[Content]]:
        for row in rows:
            self.rows += 1
            yield row
        self._watch(self.rows, self.rows)

    def _csv(self) -> Iterator[bytes]:
        encoding, tell = self._wish.encoding, self._losses_append
        return csv_file.written(self._headings, self._rows(), encoding, self._header(), tell)

    def _losses_append(self, loss: Loss) -> None:
        self._losses.append(loss)

    def _xlsx(self) -> Iterator[bytes]:
        dataset = self._source.dataset
        title = dataset.words.text(dataset.title)
        book = xlsx_file.Book(title, self._headings, self._header(), dataset.words, self._folder)
        made = self._folder / "book.xlsx"
        xlsx_file.write(made, book, self._rows(), self._losses_append)
        with made.open("rb") as file:
            made.unlink()  # from here on it goes with whoever reads it
            while piece := file.read(_PIECE):
                yield piece

    def _header(self) -> tuple[str, ...]:
        return tuple(_titled(each, self._wish.header) for each in self._headings)


def file_names(dataset: Dataset, wish: Wish, day: str) -> tuple[str, str]:
    """Return the name of a file made on *day* (20270607) in ASCII and in Japanese."""
    title = dataset.words.text(dataset.title)
    return f"{dataset.key}_{day}.{wish.kind}", f"{title}_{day}.{wish.kind}"


def _titled(heading: Heading, header: str) -> str:
    return heading.key if header == "keys" else heading.label
