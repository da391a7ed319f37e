"""``madoguchi export``: the console's rows, written by the command."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

from sqlalchemy import Engine

from bot.clock import Clock, SystemClock, day_of
from bot.exports.datasets import dataset, keys
from bot.exports.export import Export, Wish
from bot.exports.rooms import Rooms
from bot.exports.source import Days, Reader, Source
from bot.office import load_office
from bot.postal import load_postal_table
from bot.progress import Told, bar
from bot.settings import Settings
from bot.words import words_for
from dialogs.procedures import REGISTER
from dialogs.standing import Register
from dialogs.words import Words, _
from dialogs.world import World
from storage import engine as database
from storage.vault import Vault, load_keyring


@dataclass(frozen=True)
class Order:
    """What the command was asked for.  *since* and *until* are days in Asia/Tokyo, both included.

    A *quiet* command tells nothing but what went wrong.
    """

    dataset: str
    kind: str
    encoding: str
    header: str
    since: date | None
    until: date | None
    out: Path | None
    quiet: bool = False


def datasets(register: Register = REGISTER) -> list[str]:
    """Return the names of the datasets."""
    return list(keys(register))


def write(
    settings: Settings, order: Order, register: Register = REGISTER, clock: Clock | None = None
) -> Iterator[str]:
    """Write the file of *order* and yield lines for the person who waits: losses and a summary.

    Whoever waits at a terminal sees a bar meanwhile.  A file appears under its name only when it is complete, and
    nothing goes to standard output before that.
    """
    engine = database.create(settings.database_url, pool_size=2)
    try:
        with Rooms(settings.exports_folder).lent() as room, ExitStack() as stack:
            source = _source(settings, order, register, engine, clock or SystemClock())
            watch = _Watch(stack, source.dataset.words, order)
            wish = Wish(order.kind, order.encoding, order.header, Days(order.since, order.until))
            export = Export(source, wish, room, watch)
            lines = _write(export, order, room, source.dataset.words)
            yield from _after(stack, lines) if watch.draws else lines
    finally:
        engine.dispose()


class _Watch:
    """Draws how far it went, from the first page on, where somebody looks."""

    def __init__(self, stack: ExitStack, words: Words, order: Order) -> None:
        self._stack, self._words = stack, words
        self._told: Told | None = None
        self._rows = 0
        self.draws = sys.stderr.isatty() and not order.quiet

    def __call__(self, rows: int, total: int) -> None:
        if self.draws and self._told is None:
            self._told = self._stack.enter_context(bar(self._words.text(_("書き出し")), total))
        if self._told:
            self._told(rows - self._rows)
        self._rows = rows


def _after(stack: ExitStack, lines: Iterator[str]) -> Iterator[str]:
    """Yield *lines* once the bar is gone, through which they would be drawn."""
    held = list(lines)
    stack.close()
    yield from held


def _source(settings: Settings, order: Order, register: Register, engine: Engine, clock: Clock) -> Source:
    office = load_office(settings.office_file)
    world = World(
        day_of(clock.now()),
        office,
        load_postal_table(office),
        season=settings.season(),
        opens=settings.fence_opens,
    )
    found = dataset(order.dataset, register, words_for("ja"), world)
    if found is None:
        raise LookupError(order.dataset)
    vault = Vault(load_keyring(settings.vault_keys_file))
    reader = Reader(f"command line: {getpass.getuser()}", "admin")
    return Source(engine, vault, clock, found, reader)


def _write(export: Export, order: Order, room: Path, words: Words) -> Iterator[str]:
    losses = 0
    with _target(order.out, room) as target, _report(order, room) as report:
        for piece in export.pieces():
            target.write(piece)
            for line in export.lines():
                losses += 1
                report.write(f"{line}\n".encode())
                if not order.quiet:
                    yield line
    if not order.quiet:
        told = _("{rows}件を書き出しました。置きかえた文字：{losses}")
        yield words.text(told, rows=export.rows, losses=losses)


@contextmanager
def _target(out: Path | None, room: Path) -> Iterator[IO[bytes]]:
    """Yield what to write to; it goes to *out*, or to standard output, at the end and as a whole."""
    # It has no name until then: a killed export leaves nothing that looks like a file, and a shell's "> file" would
    # look whole from the first byte on.  Nor does whoever reads slowly keep the database's moment open.
    with TemporaryFile(dir=room) as whole:
        yield whole
        whole.seek(0)
        if out is None:
            shutil.copyfileobj(whole, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            _put(whole, out)


def _put(whole: IO[bytes], out: Path) -> None:
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
        try:
            shutil.copyfileobj(whole, file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(out)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextmanager
def _report(order: Order, room: Path) -> Iterator[IO[bytes]]:
    """Yield where the losses are kept beside the file: only Shift_JIS has any to speak of."""
    if order.out is None or order.encoding != "cp932" or order.kind != "csv":
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 -- a device, not a path
            yield nowhere
        return
    with _target(order.out.with_name(f"{order.out.name}.report.txt"), room) as report:
        yield report
