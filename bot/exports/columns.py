"""Which columns a dataset has, and what a case puts into them.

The columns follow from the forms: those of the edition in force, and in their places those that only earlier
editions had.  Adding a question to a form adds its columns here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from bot.clock import day_of, moment
from bot.words import NAMES
from dialogs.fields.base import Answers, Cell, Column, Control, Field, Given, sealed
from dialogs.form import Form
from dialogs.procedure import Filing, Flag, Procedure
from dialogs.words import Words, _
from dialogs.world import World
from storage.cases import CaseRow
from storage.submissions import SubmissionRow

Content: TypeAlias = "Cell | datetime"
"""What one cell holds; a time is one of Asia/Tokyo without saying so, as spreadsheets want it."""

Slot: TypeAlias = "tuple[str, str]"
"""A field's key and the key of one of its columns."""

CHANNELS: Mapping[str, str] = {
    "line": "LINE",
    "teams": "Teams",
    "web": _("ウェブ"),
    "console": _("窓口（管理画面）"),
    "sample": _("見本データ"),
}
"""How a channel is called."""


class Kind(Enum):
    """What the cells of a column hold; the value is how staff call it."""

    TEXT = _("文字")
    CODE = _("文字（先頭の0もそのまま）")
    NUMBER = _("数")
    DAY = _("日付")
    MOMENT = _("日時（日本時間）")
    OPTION = _("選択肢の文言")


@dataclass(frozen=True)
class Heading:
    """One column: its *key* for ever, its *label* for readers, and what the sheet of explanations says of it."""

    key: str
    label: str
    kind: Kind
    personal: bool = False
    editions: str = ""


@dataclass(frozen=True)
class Record:
    """One case with all that was filed on it, oldest first, and its personal answers as they stand."""

    case: CaseRow
    filed: Sequence[SubmissionRow]
    personal: Answers

    @property
    def latest(self) -> SubmissionRow | None:
        """Return the newest submission that has answers: the matter as it stands."""
        return latest(self.filed)


def latest(filed: Sequence[SubmissionRow]) -> SubmissionRow | None:
    """Return the newest of *filed* that has answers."""
    return next((each for each in reversed(filed) if each.answers), None)


def history(filed: Sequence[SubmissionRow]) -> tuple[Filing, ...]:
    """Return *filed* as the steps of a case."""
    return tuple(Filing(each.step, day_of(each.filed_at)) for each in filed)


def flags(procedure: Procedure, filed: Sequence[SubmissionRow], world: World) -> tuple[Flag, ...]:
    """Return what staff should see of a case, as of the day on which its answers were given."""
    found = latest(filed)
    return procedure.flags(found.answers, world, day_of(found.filed_at)) if found else ()


@dataclass(frozen=True)
class Dataset:
    """The table of one procedure's cases in the language *words*."""

    procedure: Procedure
    words: Words
    world: World

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order.

        Raises:
            ValueError: A question has the key of a column that every dataset has.
        """
        own = tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _OWN)
        asked = tuple(self._heading(slot) for slot in self._slots)
        keys = [each.key for each in (*own, *asked)]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"dataset {self.procedure.key}: give another key to {', '.join(sorted(twice))}")
        return (*own, *asked)

    def row(self, record: Record) -> list[Content]:
        """Return the cells of one case, in the order of the headings."""
        found = self._answers(record)
        return [*self._own(record), *(found.get(slot) for slot in self._slots)]

    def _own(self, record: Record) -> Iterator[Content]:
        case, filed = record.case, record.filed
        found = record.latest
        yield case.reference
        yield self.words.say(self.procedure.state(history(filed)))
        yield _moment(case.opened_at)
        yield self.words.text(CHANNELS.get(case.channel, case.channel))
        yield NAMES.get(found.locale, found.locale) if found else None
        yield found.edition if found else None
        yield sum(each.step == "correction" for each in filed)
        yield _filed_at(filed, "withdrawal")
        yield _filed_at(filed, "taken_up")
        labels = [self.words.text(flag.label) for flag in flags(self.procedure, filed, self.world)]
        yield self.words.text(_("、")).join(labels) or None

    def _answers(self, record: Record) -> Mapping[Slot, Content]:
        found = record.latest
        if found is None:
            return {}
        form = self.procedure.edition(found.edition) or self._editions[0]
        answers = {**found.answers, **record.personal}
        return {
            slot: cell
            for each in form.fields
            for slot, cell in zip(self._slots_of(each), self._cells(each, answers), strict=True)
        }

    def _cells(self, field: Field, answers: Answers) -> Sequence[Content]:
        value = answers.get(field.key)
        if value is None or sealed(value):  # sealed still: its record was erased
            return (None,) * len(field.columns())
        return field.cells(value, self.words)

    @cached_property
    def _editions(self) -> tuple[Form, ...]:
        return tuple(sorted(self.procedure.forms, key=lambda form: form.since, reverse=True))

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """Return for each question of each edition the key under which the newest one asks it."""
        return {each.key: self._key(each.key) for form in self._editions for each in form.fields}

    def _key(self, key: str) -> str:
        for form in reversed(self._editions):
            key = next((each.key for each in form.fields if key in each.formerly), key)
        return key

    def _slots_of(self, field: Field) -> Iterator[Slot]:
        return ((self._keys[field.key], column.key) for column in field.columns())

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        slots: list[Slot] = []
        for form in self._editions:
            place = 0
            for slot in (slot for each in form.fields for slot in self._slots_of(each)):
                if slot not in slots:
                    slots.insert(place, slot)
                place = slots.index(slot) + 1
        return tuple(slots)

    def _heading(self, slot: Slot) -> Heading:
        key, part = slot
        asked = [
            (form, each, column)
            for form in self._editions
            for each in form.fields
            for column in each.columns()
            if (self._keys[each.key], column.key) == slot
        ]
        _form, field, column = asked[0]
        editions = self.words.text(_("、")).join(form.edition for form, _field, _column in reversed(asked))
        name = f"{key}.{part}" if part else key
        return Heading(name, self._label(field, column), self._kind(field, column), field.personal, editions)

    def _label(self, field: Field, column: Column) -> str:
        label, part = self.words.text(field.label), self.words.text(column.label)
        if not column.key or label.endswith(part):
            return label
        return self.words.text(_("{label}（{part}）"), label=label, part=part)

    def _kind(self, field: Field, column: Column) -> Kind:
        if column.key == "postcode":
            return Kind.CODE
        drawn = field.inputs(Given(self.world))
        return _KINDS.get(
            (drawn[0].control, drawn[0].inputmode), _KINDS.get((drawn[0].control, ""), Kind.TEXT)
        )


_KINDS: Mapping[tuple[Control, str], Kind] = {
    (Control.LINE, "tel"): Kind.CODE,
    (Control.NUMBER, ""): Kind.NUMBER,
    (Control.DATE, ""): Kind.DAY,
    (Control.ONE_OF, ""): Kind.OPTION,
    (Control.MANY_OF, ""): Kind.OPTION,
    (Control.TICK, ""): Kind.OPTION,
}

_OWN: tuple[tuple[str, str, Kind], ...] = (
    ("reference", _("受付番号"), Kind.TEXT),
    ("state", _("状態"), Kind.TEXT),
    ("filed_at", _("申請日時"), Kind.MOMENT),
    ("channel", _("受付方法"), Kind.TEXT),
    ("language", _("申請者の言語"), Kind.TEXT),
    ("edition", _("様式の版"), Kind.TEXT),
    ("corrections", _("訂正の回数"), Kind.NUMBER),
    ("withdrawn_at", _("取下げ日時"), Kind.MOMENT),
    ("taken_up_at", _("確認開始日時"), Kind.MOMENT),
    ("flags", _("確認事項"), Kind.TEXT),
)
"""The columns that every dataset begins with."""


def _filed_at(filed: Sequence[SubmissionRow], step: str) -> datetime | None:
    return next((_moment(each.filed_at) for each in filed if each.step == step), None)


def _moment(at: int) -> datetime:
    return moment(at).replace(tzinfo=None, microsecond=0)
