"""Which columns the cases of a procedure have, and what a case puts into them.

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

from bot.clock import day_of
from bot.signing import latest
from dialogs.fields.base import Cell, Column, Control, Field, Given
from dialogs.form import Form
from dialogs.procedure import Flag, Procedure
from dialogs.words import Words, _
from dialogs.world import World
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


def flags(procedure: Procedure, filed: Sequence[SubmissionRow], world: World) -> tuple[Flag, ...]:
    """Return what staff should see of a case, as of the day on which its answers were given."""
    found = latest(filed)
    return procedure.flags(found.answers, world, day_of(found.filed_at)) if found else ()


@dataclass(frozen=True)
class Columns:
    """The columns of one procedure's cases in the language *words*."""

    procedure: Procedure
    words: Words
    world: World

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order: those of every procedure, then those of the form."""
        own = tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _OWN)
        return (*own, *(self._heading(slot) for slot in self.slots))

    @cached_property
    def editions(self) -> tuple[Form, ...]:
        """Return the editions of the form, the newest first."""
        return tuple(sorted(self.procedure.forms, key=lambda form: form.since, reverse=True))

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """Return for each question of each edition the key under which the newest one asks it."""
        return {each.key: self._key(each.key) for form in self.editions for each in form.fields}

    def _key(self, key: str) -> str:
        for form in reversed(self.editions):
            key = next((each.key for each in form.fields if key in each.formerly), key)
        return key

    def slots_of(self, field: Field) -> Iterator[Slot]:
        """Yield the slots that *field*, of whichever edition, fills."""
        return ((self._keys[field.key], column.key) for column in field.columns())

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Return what the columns behind those of every procedure hold, in order."""
        slots: list[Slot] = []
        for form in self.editions:
            place = 0
            for slot in (slot for each in form.fields for slot in self.slots_of(each)):
                if slot not in slots:
                    slots.insert(place, slot)
                place = slots.index(slot) + 1
        return tuple(slots)

    def _heading(self, slot: Slot) -> Heading:
        key, part = slot
        asked = [
            (form, each, column)
            for form in self.editions
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
"""The columns that every procedure's cases begin with."""
