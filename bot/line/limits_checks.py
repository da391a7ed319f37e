"""The small checks of which the tables of LINE's limits are made.

A check looks at one value and returns what is wrong with it, an empty sequence when nothing is.  Paths
are put together on the way up, so that a good message costs no text.  No problem ever repeats a value:
problems are logged, and values may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any, TypeAlias

import regex


@dataclass(frozen=True)
class Problem:
    """One thing LINE would refuse.  *path* is like ``messages[0].template.actions[2].label``."""

    path: str
    message: str


Found: TypeAlias = Sequence[Problem]
Check: TypeAlias = Callable[[Any], Found]
FINE: Found = ()


class Unit(StrEnum):
    """How LINE counts a text: as units of UTF-16, or, where people read it, as graphemes."""

    UTF16 = "UTF-16 units"
    GRAPHEMES = "graphemes"


_GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """Return how many characters a reader would count in *text*."""
    return len(_GRAPHEME.findall(text))


def utf16(text: str) -> int:
    """Return the length of *text* in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_COUNTS: Mapping[Unit, Callable[[str], int]] = {Unit.UTF16: utf16, Unit.GRAPHEMES: graphemes}
# A code point never makes more than this many units, so that most texts need no counting.
_AT_MOST: Mapping[Unit, int] = {Unit.UTF16: 2, Unit.GRAPHEMES: 1}


def wrong(message: str, path: str = "") -> Found:
    """Return the one problem *message*."""
    return (Problem(path, message),)


def below(path: str, found: Found) -> list[Problem]:
    """Return *found* as seen from one level higher."""
    return [Problem(path + problem.path, problem.message) for problem in found]


def anything(_value: object) -> Found:
    """Find nothing: for what the place has already been chosen by, such as ``type``."""
    return FINE


def truth(value: object) -> Found:
    """Find what is not true or false."""
    return FINE if isinstance(value, bool) else wrong("must be true or false")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True)
class Text:
    """Text of *least* to *most* units."""

    least: int
    most: int
    unit: Unit = Unit.UTF16

    def __call__(self, value: object) -> Found:
        if not isinstance(value, str):
            return wrong("must be text")
        if len(value) < self.least:
            return wrong("must not be empty")
        if not _is_unicode(value):
            return wrong("holds half a character")
        return self._long(value) if len(value) * _AT_MOST[self.unit] > self.most else FINE

    def _long(self, value: str) -> Found:
        length = _COUNTS[self.unit](value)
        if length <= self.most:
            return FINE
        return wrong(f"has {length} {self.unit}, at most {self.most} are allowed")


@dataclass(frozen=True)
class Number:
    """A number from *least* to *most*."""

    least: float
    most: float

    def __call__(self, value: object) -> Found:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return wrong("must be a number")
        if not self.least <= value <= self.most:
            return wrong(f"must be from {self.least} to {self.most}")
        return FINE


@dataclass(frozen=True)
class Whole:
    """A whole number from *least* to *most*."""

    least: int
    most: int

    def __call__(self, value: object) -> Found:
        if isinstance(value, bool) or not isinstance(value, int):
            return wrong("must be a whole number")
        if not self.least <= value <= self.most:
            return wrong(f"must be from {self.least} to {self.most}")
        return FINE


class OneOf:
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self._words = frozenset(words)

    def __call__(self, value: object) -> Found:
        if isinstance(value, str) and value in self._words:
            return FINE
        return wrong(f"must be one of {', '.join(sorted(self._words))}")


@dataclass(frozen=True)
class Pattern:
    """Text of at most *most* UTF-16 units that matches *expression* from end to end."""

    expression: str
    says: str
    most: int = 2_000
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", re.compile(self.expression, re.ASCII))

    def __call__(self, value: object) -> Found:
        if not isinstance(value, str) or not self._compiled.fullmatch(value):
            return wrong(self.says)
        return Text(1, self.most)(value) if len(value) * 2 > self.most else FINE


@dataclass(frozen=True)
class ListOf:
    """A list of *least* to *most* things of one sort."""

    check: Check
    least: int
    most: int

    def __call__(self, value: object) -> Found:
        if not isinstance(value, list | tuple):
            return wrong("must be a list")
        if not self.least <= len(value) <= self.most:
            return wrong(f"has {len(value)} items, {self.least} to {self.most} are allowed")
        return self._within(value)

    def _within(self, value: Sequence[object]) -> Found:
        check = self.check
        wanting = [(place, found) for place, item in enumerate(value) if (found := check(item))]
        return [problem for place, found in wanting for problem in below(f"[{place}]", found)]


@dataclass(frozen=True)
class Named:
    """Up to *most* things of one sort, each under a name that *name* allows."""

    name: Pattern
    check: Check
    most: int

    def __call__(self, value: object) -> Found:
        if not isinstance(value, dict):
            return wrong("must be an object")
        if len(value) > self.most:
            return wrong(f"has {len(value)} entries, at most {self.most} are allowed")
        return [
            problem
            for name, item in value.items()
            for problem in below(f".{name}", self.name(name) or self.check(item))
        ]


@dataclass(frozen=True)
class Shape:
    """An object with some properties that it must have, some that it may have, and no others.

    *rules* look at the object as a whole, once everything in it is right by itself.
    """

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Check, ...] = ()
    _checks: Mapping[str, Check] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_checks", {"type": anything, **self.optional, **self.required})

    def __call__(self, value: object) -> Found:
        if not isinstance(value, dict):
            return wrong("must be an object")
        if found := [*self._within(value), *self._missing(value)]:
            return found
        return [problem for rule in self.rules for problem in rule(value)] if self.rules else FINE

    def _within(self, value: Mapping[str, object]) -> Iterable[Problem]:
        checks, found = self._checks, []
        for name, member in value.items():
            check = checks.get(name, _unknown)
            if problems := check(member):
                found += below(f".{name}", problems)
        return found

    def _missing(self, value: Mapping[str, object]) -> Found:
        if self.required.keys() <= value.keys():
            return FINE
        return [Problem(f".{name}", "is missing") for name in self.required if name not in value]

    def but(self, *names: str) -> Shape:
        """Return this shape without the optional properties *names*."""
        rest = {name: check for name, check in self.optional.items() if name not in names}
        return Shape(self.required, rest, self.rules)

    def plus(self, required: Mapping[str, Check], optional: Mapping[str, Check]) -> Shape:
        """Return this shape with more properties."""
        return Shape({**self.required, **required}, {**self.optional, **optional}, self.rules)


def _unknown(_value: object) -> Found:
    return wrong("is not a property LINE knows here")


@dataclass(frozen=True)
class Kinds:
    """An object of one of several kinds, told apart by the property *by*."""

    kinds: Mapping[str, Check]
    by: str = "type"

    def __call__(self, value: object) -> Found:
        if not isinstance(value, dict):
            return wrong("must be an object")
        kind = value.get(self.by)
        check = self.kinds.get(kind) if isinstance(kind, str) else None
        if check:
            return check(value)
        return wrong(f"must be one of {', '.join(sorted(self.kinds))}", f".{self.by}")


_ENCODED = r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})"
_HOST = r"[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?"
HTTPS = Pattern(rf"https://{_HOST}(?:[/?#]{_ENCODED}*)?", "must be a percent-encoded https address")
RGB = Pattern(r"#[0-9A-Fa-f]{6}", "must be a colour like #1A2B3C")
RGBA = Pattern(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?", "must be a colour like #1A2B3C or #1A2B3C80")
ADDRESS = Pattern(
    rf"https?://{_HOST}(?:[/?#]{_ENCODED}*)?|(?:line|tel):{_ENCODED}+",
    "must be a percent-encoded address beginning with https:, http:, line: or tel:",
    1_000,
)
