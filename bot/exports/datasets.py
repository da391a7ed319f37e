"""The datasets of the desk: which tables can be exported, under which key, and what a case puts into each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection

from bot.exports.cases import Cases
from bot.exports.checks import Checks
from bot.exports.columns import Heading
from bot.exports.inspections import Inspections, Items
from bot.exports.lent import LOAN
from bot.exports.loans import Loans
from bot.exports.questions import Questions
from bot.exports.rows import Record, Row
from bot.exports.signatures import Signatures
from bot.exports.steps import Steps
from bot.exports.stock import PartMoves, Parts
from bot.exports.visits import GUIDANCE, Visits
from dialogs.howto.lists import ABOUT
from dialogs.procedure import Procedure
from dialogs.standing import Register
from dialogs.words import Words
from dialogs.world import World
from storage.caselist import Wanted

SIGNATURES, ITEMS, QUESTIONS = "signatures", "inspection_items", "questions"
"""The datasets that are no procedure's own."""


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

    @property
    def follows(self) -> str:
        """Return the procedure whose cases it looks at beside its own, "" for none."""

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of one case: none, one or several."""


@runtime_checkable
class Listed(Protocol):
    """A dataset whose rows are made of no cases: it reads them itself."""

    def listed(self, conn: Connection, wanted: Wanted) -> Iterable[Row]:
        """Return its rows of the days of *wanted*, which names no procedure."""


_OF_CASES: Mapping[str, Callable[[Register, Words, World], Dataset]] = {
    ITEMS: Items,
    Loans.key: Loans,
    Checks.key: Checks,
    Visits.key: Visits,
}
_OF_STOCK: Mapping[str, Callable[[Words, World], Dataset]] = {Parts.key: Parts, PartMoves.key: PartMoves}
_BESIDE: Mapping[str, Sequence[str]] = {
    Items.procedure: (ITEMS,),
    LOAN: (Loans.key, Checks.key, Parts.key, PartMoves.key),
    GUIDANCE: (Visits.key,),
}
"""What is offered behind the cases of a procedure."""


def datasets(register: Register, words: Words, world: World) -> tuple[Dataset, ...]:
    """Return everything that can be exported, in the order in which it is offered."""
    return tuple(_made(key, register, words, world) for key in keys(register))


def dataset(key: str, register: Register, words: Words, world: World) -> Dataset | None:
    """Return the dataset *key*, None where there is none."""
    return _made(key, register, words, world) if key in keys(register) else None


def keys(register: Register) -> tuple[str, ...]:
    """Return the keys of the datasets, in the order in which they are offered."""
    return tuple(_keys(register))


def _keys(register: Register) -> Iterator[str]:
    for procedure in register.procedures:
        yield procedure.key
        yield from _BESIDE.get(procedure.key, ())
        yield from (step.form.key for step in procedure.steps if step.form)
    if any(each.signoff for each in register.procedures):
        yield SIGNATURES
    if any(each.key in ABOUT for each in register.procedures):
        yield QUESTIONS


def _made(key: str, register: Register, words: Words, world: World) -> Dataset:
    if key == SIGNATURES:
        return Signatures(register, words, world)
    if key == QUESTIONS:
        return Questions(register, words)
    if key in _OF_CASES:
        return _OF_CASES[key](register, words, world)
    if key in _OF_STOCK:
        return _OF_STOCK[key](words, world)
    entry = register.entry(key)
    if entry and not entry.is_application:
        return Steps(entry, words, world)
    procedure = _procedure(register, key)
    return Inspections(procedure, words, world) if key == Items.procedure else Cases(procedure, words, world)


def _procedure(register: Register, key: str) -> Procedure:
    return next(each for each in register.procedures if each.key == key)
