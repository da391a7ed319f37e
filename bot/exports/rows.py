"""What a case puts into the columns of its procedure.

How an edition's answers become cells is worked out once per export, not once per case: which field fills which
places, and how its answers are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from bot.clock import day_of, moment
from bot.exports.columns import CHANNELS, Columns, Content
from bot.words import NAMES
from dialogs.fields.base import Answers, Field, Value, sealed
from dialogs.form import Form
from dialogs.procedure import Filing
from dialogs.words import _
from storage.asjson import load
from storage.casefiles import CaseFile, Filed, Filled
from storage.cases import CaseRow

Row: TypeAlias = "Sequence[Content]"
"""The cells of one row, in the order of the headings."""

Shown: TypeAlias = "Callable[[Value], Sequence[Content]]"

_MANY = 1000
"""Answers whose cells are remembered: options, days, amounts."""

_SIMPLE = frozenset({str, int, float, bool})


class Record(NamedTuple):
    """One case with all that was filed on it, and its personal answers as they stand.

    *beside* are the cases that were opened in the moments in which something was filed on it, where the dataset
    looks at them.  *opened* are the personal answers to a step's own form, by record, where it is its dataset.
    """

    file: CaseFile
    personal: Answers
    beside: Sequence[CaseFile] = ()
    opened: Mapping[str, Answers] = MappingProxyType({})

    @property
    def case(self) -> CaseRow:
        """Return the case itself."""
        return self.file.case


class Rows:
    """Makes the cells under *columns*."""

    def __init__(self, columns: Columns) -> None:
        self._procedure, self._words, self._world = columns.procedure, columns.words, columns.world
        places = {slot: place for place, slot in enumerate(columns.slots)}
        self._width = len(places)
        self._plans: Mapping[str, Sequence[tuple[str, Sequence[int], Shown]]] = {
            form.edition: self._plan(form, columns, places) for form in columns.editions
        }
        self._newest = self._plans[columns.editions[0].edition]
        self._text = lru_cache(_MANY)(self._words.text)
        self._state = lru_cache(_MANY)(self._stands)

    def row(self, record: Record) -> list[Content]:
        """Return the cells of one case, in the order of the headings."""
        filled = record.file.filled
        answers: Answers = load(filled.answers) if filled else {}
        row = self._own(record.file, answers)
        return row + (self.asked(filled, answers, record.personal) if filled else [None] * self._width)

    def _plan(
        self, form: Form, columns: Columns, places: Mapping[tuple[str, str], int]
    ) -> Sequence[tuple[str, Sequence[int], Shown]]:
        return [
            (each.key, [places[slot] for slot in columns.slots_of(each)], self._shown(each))
            for each in columns.asked(form)
            if not each.reserved  # its column stays empty: those who act on it look elsewhere
        ]

    def _shown(self, field: Field) -> Shown:
        words = self._words

        def cells(value: Value) -> Sequence[Content]:
            return field.cells(value, words)

        if field.personal:  # what a person said is not kept longer than its row
            return cells
        remembered = lru_cache(_MANY, typed=True)(cells)  # typed: 1 and 1.0 are written differently
        return lambda value: remembered(value) if type(value) in _SIMPLE else cells(value)

    def _own(self, file: CaseFile, answers: Answers) -> list[Content]:
        case, filed, filled = file
        return [
            case.reference,
            self._state(tuple(each.step for each in filed)),
            _local(case.opened_at),
            self._text(CHANNELS.get(case.channel, case.channel)),
            NAMES.get(filled.locale, filled.locale) if filled else None,
            filled.edition if filled else None,
            sum(each.step == "correction" for each in filed),
            _filed_at(filed, "withdrawal"),
            _filed_at(filed, "taken_up"),
            self._flags(filled, answers) if filled else None,
        ]

    def _stands(self, steps: tuple[str, ...]) -> str:
        # How a case stands follows from what was filed, not from the days.
        return self._words.say(self._procedure.state([Filing(step, date.min) for step in steps]))

    def _flags(self, filled: Filled, answers: Answers) -> str | None:
        found = self._procedure.flags(answers, self._world, day_of(filled.filed_at))
        return self._text(_("、")).join([self._text(flag.label) for flag in found]) or None

    def asked(self, filled: Filled, answers: Answers, personal: Answers) -> list[Content]:
        """Return the cells of what was answered, in the order of the headings of the questions."""
        cells: list[Content] = [None] * self._width
        known = {**answers, **personal}
        for key, places, shown in self._plans.get(filled.edition, self._newest):
            value = known.get(key)
            if value is None or sealed(value):  # sealed still: its record was erased
                continue
            for place, cell in zip(places, shown(value), strict=True):
                cells[place] = cell
        return cells


def _filed_at(filed: Sequence[Filed], step: str) -> datetime | None:
    return next((_local(each.at) for each in filed if each.step == step), None)


def _local(at: int) -> datetime:
    return moment(at).replace(tzinfo=None, microsecond=0)
