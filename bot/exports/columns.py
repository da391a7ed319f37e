"""Which columns the cases of a procedure have, and what a case puts into them.

The columns follow from the forms: those of the edition in force, and in their places those that only earlier
editions had.  Adding a question to a form adds its columns here.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    "telephone": _("電話"),
    "paper": _("書面"),
    "fax": _("FAX"),
    "mail": _("郵便"),
    "counter": _("窓口"),
    "console": _("窓口（管理画面）"),
    "time": _("自動（期限切れ）"),
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
    """The columns of one procedure's cases in the language *words*.

    *left_out* are questions that have none; *labels* what a column is called where a question's own label would
    not tell it from others, by the question's key.
    """

    procedure: Procedure
    words: Words
    world: World
    left_out: Container[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order: those of every procedure, then those of the form."""
        own = tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _OWN)
        return (*own, *self.asked_headings())

    def asked_headings(self) -> tuple[Heading, ...]:
        """Return the columns of the form's questions, in order."""
        return tuple(self._heading(slot) for slot in self.slots)

    @cached_property
    def editions(self) -> tuple[Form, ...]:
        """Return the editions of the form, the newest first."""
        return tuple(sorted(self.procedure.forms, key=lambda form: form.since, reverse=True))

    def asked(self, form: Form) -> tuple[Field, ...]:
        """Return the questions of *form* that have columns."""
        return tuple(each for each in form.fields if each.key not in self.left_out)

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """Return for each question of each edition the key under which the newest one asks it."""
        return {each.key: self._key(each.key) for form in self.editions for each in form.fields}

    def _key(self, key: str) -> str:
        for form in reversed(self.editions):
            key = next((each.key for each in form.fields if key in each.formerly), key)
        return key

    def slots_of(self, asked: Field) -> Iterator[Slot]:
        """Yield the slots that *asked*, of whichever edition, fills."""
        return ((self._keys[asked.key], column.key) for column in asked.columns())

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Return what the columns behind those of every procedure hold, in order."""
        slots: list[Slot] = []
        for form in self.editions:
            place = 0
            for slot in (slot for each in self.asked(form) for slot in self.slots_of(each)):
                if slot not in slots:
                    slots.insert(place, slot)
                place = slots.index(slot) + 1
        return tuple(slots)

    def _heading(self, slot: Slot) -> Heading:
        key, part = slot
        asked = [
            (form, each, column)
            for form in self.editions
            for each in self.asked(form)
            for column in each.columns()
            if (self._keys[each.key], column.key) == slot
        ]
        _form, newest, column = asked[0]
        editions = self.words.text(_("、")).join(form.edition for form, _field, _column in reversed(asked))
        name = f"{key}.{part}" if part else key
        label = self.labels.get(newest.key) or self.words.text(newest.label)
        kind = kind_of(newest, column, self.world)
        return Heading(name, label_of(label, column, self.words), kind, newest.personal, editions)


def label_of(label: str, column: Column, words: Words) -> str:
    """Return what the *column* of a question that is called *label* is called."""
    part = words.text(column.label)
    return (
        words.text(_("{label}（{part}）"), label=label, part=part)
        if _says_more(label, column, part)
        else label
    )


def _says_more(label: str, column: Column, part: str) -> bool:
    return bool(column.key) and not label.endswith(part)


def kind_of(asked: Field, column: Column, world: World) -> Kind:
    """Return what the cells of a question's *column* hold."""
    if column.key == "postcode":
        return Kind.CODE
    drawn = asked.inputs(Given(world))
    if not drawn:  # what is drawn depends on a case
        return Kind.TEXT
    return _KINDS.get((drawn[0].control, drawn[0].inputmode), _KINDS.get((drawn[0].control, ""), Kind.TEXT))


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
