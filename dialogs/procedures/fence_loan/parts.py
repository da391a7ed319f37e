"""The parts of a set, counted out at the hand-over and in again at the return (003-19, 54)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dialogs.events import Parts
from dialogs.fields.base import Control, Field, Given, Input, Invalid, Option, Raw, Value, only, part_of
from dialogs.fields.typed import LONGEST_TYPED
from dialogs.parts import SET_PARTS, Part
from dialogs.reading.numbers import read_number
from dialogs.reading.shortcuts import says_all
from dialogs.words import Message, Words, _, say

Counts: TypeAlias = Mapping[str, int]
"""How many of each part, by its key."""

MOST = 9_999
SO_FAR = "so_far"
_UNREADABLE = _("{name}の数を、「{count}」のように数字で入力してください。")


@dataclass(frozen=True, kw_only=True)
class PartCounts(Field):
    """How many of each part there are, ``{"long_pole": 8, …}``; while counting, ``{"so_far": {…}}``.

    *expected* are the parts that are counted, with how many there should be: the bill of parts, or what was
    handed over.
    """

    expected: Callable[[Given], Counts]

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return a number for each part, with what there should be."""
        return tuple(self._input(part, count) for part, count in self._parts(given))

    def pending(self, given: Given) -> Input:
        """Return the first part that has not been counted."""
        known, inputs = _so_far(given.before), self.inputs(given)
        return next((each for each in inputs if each.part not in known), inputs[0])

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the counts of *raw*: of a card all at once, in a talk one after the other, or 「全部」."""
        parts = self._parts(given)
        expected = {part.key: count for part, count in parts}
        if isinstance(raw, str) or only(raw):
            return self._typed(only(raw), given)
        whole = set(raw) >= set(expected)
        found = {part.key: _count(raw, part, count) for part, count in parts if part.key in raw}
        return _settled({**({} if whole else _so_far(given.before)), **found}, expected)

    def raw(self, value: Value) -> Raw:
        """Return the counts by their parts."""
        return {key: str(count) for key, count in _so_far(value).items()}

    def is_complete(self, value: Value) -> bool:
        """Return whether every part has been counted."""
        return SO_FAR not in value

    def show(self, value: Value, words: Words) -> str:
        """Return what was counted, part by part; the bill of parts of 別記 knows the names."""
        return words.say(named(_so_far(value), SET_PARTS))

    def _parts(self, given: Given) -> Sequence[tuple[Part, int]]:
        return _ordered(self.expected(given), given.world.office.set_parts)

    def _input(self, part: Part, count: int) -> Input:
        return Input(
            part.key,
            Control.NUMBER,
            part.name,
            example=str(count),
            unit=part.unit,
            options=(Option(str(count), str(count)),),
            inputmode="numeric",
            required=self.required,
        )

    def _typed(self, text: str, given: Given) -> Value:
        """Return the counts with what was typed for the part that is asked; 「全部」 says all are there."""
        parts = {part.key: (part, count) for part, count in self._parts(given)}
        expected = {key: count for key, (_part, count) in parts.items()}
        if len(text) <= LONGEST_TYPED and says_all(text):
            return expected
        part, count = parts[self.pending(given).part]
        found = {**_so_far(given.before), part.key: _count({part.key: text}, part, count)}
        return _settled(found, expected)


def named(counts: Counts, bill: Sequence[Part]) -> Message:
    """Return *counts* in words, each part by its name in the bill of parts: 短いポール（白）2本、クリップ3個."""
    told = [
        say(_("{part}{count}{unit}"), part=say(part.name), count=count, unit=say(part.unit))
        for part, count in _ordered(counts, bill)
    ]
    return _joined(told) if told else Message("")


def _joined(told: Sequence[Message]) -> Message:
    first, *others = told
    return say(_("{first}、{others}"), first=first, others=_joined(others)) if others else first


def of_sets(sets: int, bill: Sequence[Part]) -> Counts:
    """Return how many of each part *sets* sets have."""
    return {part.key: part.count * sets for part in bill}


def _ordered(counts: Counts, bill: Sequence[Part]) -> Sequence[tuple[Part, int]]:
    """Return the parts of *counts* in the order of *bill*; one that the office has since taken off it comes last."""
    known = [(part, counts[part.key]) for part in bill if part.key in counts]
    gone = [
        (Part(key, key, key, count, ""), count)
        for key, count in counts.items()
        if key not in {part.key for part in bill}
    ]
    return [*known, *gone]


def _so_far(value: Value) -> Counts:
    if not value:
        return {}
    counts: Counts = value.get(SO_FAR, value)
    return counts


def _settled(found: Counts, expected: Counts) -> Value:
    """Return *found*, marked as unfinished where a part is still to be counted."""
    in_order = {key: found[key] for key in expected if key in found}
    return in_order if len(in_order) == len(expected) else {SO_FAR: in_order}


def _count(raw: Parts, part: Part, expected: int) -> int:
    text = part_of(raw, part.key)
    amount = read_number(text, part.unit) if len(text) <= LONGEST_TYPED else None
    if amount is None or amount != int(amount) or not 0 <= amount <= MOST:
        raise Invalid(_UNREADABLE, part.key, name=say(part.name), count=str(expected))
    return int(amount)
