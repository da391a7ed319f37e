"""The dataset that every procedure has: a row for each case, as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.exports.columns import Columns, Content, Heading
from bot.exports.done import Done
from bot.exports.rows import Record, Row, Rows
from bot.exports.signatures import Decided
from dialogs.fields.base import Answers
from dialogs.procedure import Procedure
from dialogs.words import Words
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import Filed


class More(Protocol):
    """Columns behind those of the form, made from what was filed and from the answers as they stand."""

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""

    def cells(self, filed: Sequence[Filed], answers: Answers) -> list[Content]:
        """Return the cells of one case, in the order of the headings."""


@dataclass(frozen=True)
class Cases:
    """The dataset of the procedure *of* in the language *words*."""

    of: Procedure
    words: Words
    world: World
    follows: str = ""

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
    def more(self) -> tuple[More, ...]:
        """Return the columns behind those: what was decided, signed and done."""
        return (Decided(self.of, self.words), Done(self.of, self.words, self.world))

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns: those of every procedure, those of the form, and those behind.

        Raises:
            ValueError: A question has the key of a column that the dataset has already.
        """
        found = (*self.columns.headings(), *(each for more in self.more for each in more.headings()))
        keys = [each.key for each in found]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"dataset {self.key}: give another key to {', '.join(sorted(twice))}")
        return found

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the row of a case."""
        row, behind = Rows(self.columns).row, [each for each in self.more if each.headings()]

        def of(record: Record) -> Iterable[Row]:
            filled = record.file.filled
            answers: Answers = load(filled.answers) if filled else {}
            cells = row(record)
            for each in behind:
                cells += each.cells(record.file.filed, answers)
            return (cells,)

        return of if behind else lambda record: (row(record),)
