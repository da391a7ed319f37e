"""``madoguchi export``: the console's rows, written by the command."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from sqlalchemy import Engine

from bot.clock import Clock, SystemClock, day_of
from bot.exports.columns import Dataset
from bot.exports.export import Export, Wish
from bot.exports.source import Days, Reader, Source
from bot.office import load_office
from bot.postal import load_postal_table
from bot.settings import Settings
from bot.words import words_for
from dialogs.procedures import REGISTER
from dialogs.standing import Register
from dialogs.words import _
from dialogs.world import World
from storage import engine as database
from storage.vault import Vault, load_keyring

EVERY = 5000
"""Rows after which somebody who watches is told how far it went."""


@dataclass(frozen=True)
class Order:
    """What the command was asked for.  *since* and *until* are days in Asia/Tokyo, both included."""

    dataset: str
    kind: str
    encoding: str
    header: str
    since: date | None
    until: date | None
    out: Path | None


def datasets(register: Register = REGISTER) -> list[str]:
    """Return the names of the datasets: the keys of the procedures' forms."""
    return [each.key for each in register.procedures]


def write(
    settings: Settings, order: Order, register: Register = REGISTER, clock: Clock | None = None
) -> Iterator[str]:
    """Write the file of *order* and yield lines for the person who waits: progress, losses, a summary.

    A file appears under its name only when it is complete.
    """
    engine = database.create(settings.database_url, pool_size=1)
    try:
        wish = Wish(order.kind, order.encoding, order.header, Days(order.since, order.until))
        source = _source(settings, order, register, engine, clock or SystemClock())
        yield from _write(Export(source, wish), order, source)
    finally:
        engine.dispose()


def _source(settings: Settings, order: Order, register: Register, engine: Engine, clock: Clock) -> Source:
    procedure = register.of(order.dataset)
    if procedure is None:
        raise LookupError(order.dataset)
    office = load_office(settings.office_file)
    world = World(
        day_of(clock.now()),
        office,
        load_postal_table(office),
        season=settings.season(),
        opens=settings.fence_opens,
    )
    vault = Vault(load_keyring(settings.vault_keys_file))
    reader = Reader(f"command line: {getpass.getuser()}", "admin")
    return Source(engine, vault, clock, Dataset(procedure, words_for("ja"), world), reader)


def _write(export: Export, order: Order, source: Source) -> Iterator[str]:
    words, losses, told = source.dataset.words, 0, 0
    with _target(order.out) as target, _report(order) as report:
        for piece in export.pieces():
            target.write(piece)
            for line in export.lines():
                losses += 1
                report.write(f"{line}\n".encode())
                yield line
            if sys.stderr.isatty() and export.rows >= told + EVERY:
                told = export.rows
                yield words.text(_("{rows}件まで書き出しました"), rows=told)
    yield words.text(_("{rows}件を書き出しました。置きかえた文字：{losses}"), rows=export.rows, losses=losses)


@contextmanager
def _target(out: Path | None) -> Iterator[IO[bytes]]:
    """Yield what to write to; a file takes its name at the end, and none is left where it went wrong."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as half:
        try:
            yield half
            half.flush()
            os.fsync(half.fileno())
            Path(half.name).replace(out)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise


@contextmanager
def _report(order: Order) -> Iterator[IO[bytes]]:
    """Yield where the losses are kept beside the file: only Shift_JIS has any to speak of."""
    if order.out is None or order.encoding != "cp932" or order.kind != "csv":
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 -- a device, not a path
            yield nowhere
        return
    with _target(order.out.with_name(f"{order.out.name}.report.txt")) as report:
        yield report
