"""The datasets of the desk: which tables can be exported, under which key, and what a case puts into each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.exports.columns import Columns, Heading
from bot.exports.rows import Record, Row, Rows
from bot.exports.signatures import Decided, Signatures
from dialogs.procedure import Procedure
from dialogs.standing import Register
from dialogs.words import Words
from dialogs.world import World
from storage.asjson import load


class Dataset(Protocol):
    """One table in the language *words*, made of cases one after the other.

    *procedure* is the key of the procedure whose cases it reads, "" for all.  *personal* says whether it holds
    personal answers: only then is the vault opened for it.
    """

    @property
    def key(self) -> str:
        """Return the name under which it is exported."""

    @property
    def title(self) -> str:
        """Return how people call it, as a text to be translated."""

    @property
    def words(self) -> Words:
        """Return its language."""

    @property
    def procedure(self) -> str:
        """Return whose cases it reads."""

    @property
    def sealed_as(self) -> str:
        """Return the procedure whose key of the vault seals a file of it."""

    @property
    def personal(self) -> bool:
        """Return whether it holds personal answers."""

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of one case: none, one or several."""


@dataclass(frozen=True)
class Cases:
    """The dataset of one procedure: a row for each case, as it stands."""

    of: Procedure
    words: Words
    world: World

    @property
    def key(self) -> str:
        """Return the procedure's key."""
        return self.of.key

    @property
    def title(self) -> str:
        """Return the procedure's title."""
        return self.of.title

    @property
    def procedure(self) -> str:
        """Return the procedure's key."""
        return self.of.key

    @property
    def sealed_as(self) -> str:
        """Return the procedure's key."""
        return self.of.key

    @cached_property
    def personal(self) -> bool:
        """Return whether any edition of the form asks anything personal."""
        return any(each.personal for form in self.of.forms for each in form.fields)

    @cached_property
    def columns(self) -> Columns:
        """Return the columns of the answers."""
        return Columns(self.of, self.words, self.world)

    @cached_property
    def decided(self) -> Decided:
        """Return the columns of what was signed."""
        return Decided(self.of, self.words)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns: those of every dataset, those of the form, then what was decided and signed.

        Raises:
            ValueError: A question has the key of a column that the dataset has already.
        """
        found = (*self.columns.headings(), *self.decided.headings())
        keys = [each.key for each in found]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"dataset {self.key}: give another key to {', '.join(sorted(twice))}")
        return found

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the row of a case."""
        row, decided = Rows(self.columns).row, self.decided

        def of(record: Record) -> Iterable[Row]:
            filled = record.file.filled
            signed = decided.cells(record.file.filed, load(filled.answers) if filled else {})
            return (row(record) + signed,)

        return of if self.of.signoff else lambda record: (row(record),)


def datasets(register: Register, words: Words, world: World) -> tuple[Dataset, ...]:
    """Return everything that can be exported, in the order in which it is offered."""
    return tuple(_datasets(register, words, world))


def _datasets(register: Register, words: Words, world: World) -> Iterator[Dataset]:
    for procedure in register.procedures:
        yield Cases(procedure, words, world)
    if any(each.signoff for each in register.procedures):
        yield Signatures(register, words, world)


def dataset(key: str, register: Register, words: Words, world: World) -> Dataset | None:
    """Return the dataset *key*, None where there is none."""
    return next((each for each in datasets(register, words, world) if each.key == key), None)


def keys(register: Register) -> Iterator[str]:
    """Yield the keys of the datasets."""
    for procedure in register.procedures:
        yield procedure.key
    if any(each.signoff for each in register.procedures):
        yield "signatures"
