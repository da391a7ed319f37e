"""Downloading the applications as CSV or Excel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.asked import wish_of
from bot.admin.console import OFFICE, Console, signed_in, to
from bot.clock import day_of
from bot.exports.datasets import dataset as dataset_of
from bot.exports.datasets import datasets
from bot.exports.export import Export, Wish, file_names
from bot.exports.jobs import STATES, Workshop
from bot.exports.rooms import Rooms, spooled
from bot.exports.source import Reader, Source
from bot.visits import Visit
from dialogs.words import Message

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONG = 2000
"""Applications from which on a file is made in the background: some seconds, in which a person wonders."""

_ASKED = ("from", "to", "encoding", "header")
_PIECE = 1 << 16
_CHARSETS = {"utf-8-sig": "utf-8", "cp932": "Shift_JIS"}


@dataclass(frozen=True)
class DownloadPages:
    """The routes of downloads."""

    console: Console
    shop: Workshop

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/export/", "downloads", self._page, methods=["GET"])
        blueprint.add_url_rule("/export/<dataset>.report.txt", "report", self._report, methods=["GET"])
        blueprint.add_url_rule(
            "/export/<dataset>.<any(csv, xlsx):kind>", "download", self._file, methods=["GET"]
        )
        blueprint.add_url_rule(
            "/export/<dataset>.<any(csv, xlsx):kind>", "order", self._order, methods=["POST"]
        )

    @signed_in(*OFFICE)
    def _page(self, visit: Visit) -> AnyResponse:
        return self._form(visit, {})

    def _form(self, visit: Visit, faults: dict[str, Message]) -> AnyResponse:
        return self.console.drawn(
            "downloads.html",
            visit,
            status=422 if faults else 200,
            datasets=datasets(self.console.service.register, self.console.words, self.console.world),
            entered=request.form or request.args,
            faults=faults,
            jobs=self.shop.of(visit.session.subject),
            states=STATES,
        )

    @signed_in(*OFFICE)
    def _order(self, visit: Visit, dataset: str, kind: str) -> AnyResponse:
        """Give a short file at once; begin a long one, and show how far it is."""
        wish, faults = wish_of(kind, request.form)
        source = self.source(visit, dataset)
        if faults:
            return self._form(visit, faults)
        if source.count(wish.days) < LONG:
            given = {name: request.form[name] for name in _ASKED if request.form.get(name)}
            return to("download", dataset=dataset, kind=kind, **given)
        job = self.shop.ask(source, wish, self._names(source, wish), type_of(wish))
        return to("job", name=job.id)

    @signed_in(*OFFICE)
    def _file(self, visit: Visit, dataset: str, kind: str) -> AnyResponse:
        wish, faults = wish_of(kind, request.args)
        source = self.source(visit, dataset)
        if faults:
            return self._form(visit, faults)
        if request.method == "HEAD":  # nobody reads anything, so nothing is opened
            return Response(content_type=type_of(wish))
        # Whole before its first byte leaves: its length is known, so that a download that broke off is seen to
        # have, and whoever downloads slowly does not keep the database's moment open.
        with self._rooms.lent() as room:
            file = spooled(Export(source, wish, room).pieces(), room)
        return named(sent(file, type_of(wish)), self._names(source, wish))

    @signed_in(*OFFICE)
    def _report(self, visit: Visit, dataset: str) -> AnyResponse:
        wish, faults = wish_of("csv", request.args)
        source = self.source(visit, dataset)
        if faults:
            return self._form(visit, faults)
        with self._rooms.lent() as room:
            file = spooled(_lines(Export(source, wish, room)), room)
        answer = sent(file, "text/plain; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{dataset}.report.txt"'
        return answer

    @property
    def _rooms(self) -> Rooms:
        return Rooms(self.console.service.settings.exports_folder)

    def _names(self, source: Source, wish: Wish) -> tuple[str, str]:
        return file_names(source.dataset, wish, f"{day_of(self.console.now):%Y%m%d}")

    def source(self, visit: Visit, dataset: str) -> Source:
        """Return what *dataset* is read from for *visit*; a page of its own where there is none."""
        service = self.console.service
        found = dataset_of(dataset, service.register, self.console.words, self.console.world) or abort(404)
        reader = Reader(visit.session.subject, visit.session.role)
        return Source(service.engine, service.vault, service.clock, found, reader)


def _lines(export: Export) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    for line in export.report():
        yield f"{line}\r\n".encode()


def type_of(wish: Wish) -> str:
    """Return the media type of the file *wish* asks for."""
    charset = f"; charset={_CHARSETS[wish.encoding]}" if wish.kind == "csv" else ""
    return f"{TYPES[wish.kind]}{charset}"


def sent(file: IO[bytes], content_type: str) -> Response:
    """Return *file* as an answer that says how long it is."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    answer = Response(_read(file), content_type=content_type)
    answer.call_on_close(file.close)
    answer.content_length = length
    return answer


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def named(answer: Response, names: tuple[str, str]) -> Response:
    """Return *answer* as a download that is kept under the second of *names*, or the first, which is ASCII."""
    ascii_name, name = names
    # RFC 6266: the second name for everybody who reads UTF-8, the first for the rest.
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer
