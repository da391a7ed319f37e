"""When a question of a survey is asked: comparisons with earlier answers, put together by and, or, not."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from dialogs.fields.base import Answers, Condition, Value

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPARISONS = ("=", "!=", *_ORDERS)
"""How two things can be compared."""

Stored: TypeAlias = Sequence[Any]
"""A condition as JSON can hold it: its name, and what belongs to it."""


@dataclass(frozen=True)
class Compare:
    """The answer *key* stands to *value* as *sign* says; no answer at all is the empty text.

    Numbers are compared as numbers.  Anything else is compared as text, which puts days in order too.
    """

    key: str
    sign: str
    value: str

    @property
    def keys(self) -> frozenset[str]:
        """Return the one question it looks at."""
        return frozenset((self.key,))

    def __call__(self, answers: Answers) -> bool:
        """Return whether the answer stands so; an order needs an answer."""
        answer = answers.get(self.key)
        if self.sign in _ORDERS:
            return _ordered(_ORDERS[self.sign], _written(answer), self.value)
        return _same(answer, self.value) is (self.sign == "=")


@dataclass(frozen=True)
class Selected:
    """The option *value* is the answer *key*, or among its choices."""

    key: str
    value: str

    @property
    def keys(self) -> frozenset[str]:
        """Return the one question it looks at."""
        return frozenset((self.key,))

    def __call__(self, answers: Answers) -> bool:
        """Return whether the option was chosen."""
        answer = answers.get(self.key)
        return self.value in answer if isinstance(answer, list) else answer == self.value


@dataclass(frozen=True)
class Every:
    """All of *parts* hold."""

    parts: tuple[Condition, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Return the questions the parts look at."""
        return _all_keys(self.parts)

    def __call__(self, answers: Answers) -> bool:
        """Return whether all hold."""
        return all(part(answers) for part in self.parts)


@dataclass(frozen=True)
class Either:
    """One of *parts* holds."""

    parts: tuple[Condition, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Return the questions the parts look at."""
        return _all_keys(self.parts)

    def __call__(self, answers: Answers) -> bool:
        """Return whether one holds."""
        return any(part(answers) for part in self.parts)


@dataclass(frozen=True)
class Unless:
    """*part* does not hold."""

    part: Condition

    @property
    def keys(self) -> frozenset[str]:
        """Return the questions the part looks at."""
        return self.part.keys

    def __call__(self, answers: Answers) -> bool:
        """Return whether the part does not hold."""
        return not self.part(answers)


def together(conditions: Sequence[Condition | None]) -> Condition | None:
    """Return the condition that all of *conditions* hold, None where there is none."""
    given = tuple(each for each in conditions if each is not None)
    return (Every(given) if len(given) > 1 else given[0]) if given else None


def looked_for(condition: Condition) -> Sequence[Compare | Selected]:
    """Return the single comparisons that *condition* is made of."""
    match condition:
        case Every(parts) | Either(parts):
            return [each for part in parts for each in looked_for(part)]
        case Unless(part):
            return looked_for(part)
        case _:
            return [cast("Compare | Selected", condition)]


def stored(condition: Condition) -> Stored:
    """Return *condition* as JSON can hold it."""
    match condition:
        case Compare(key, sign, value):
            return [sign, key, value]
        case Selected(key, value):
            return ["selected", key, value]
        case Every(parts):
            return ["and", *map(stored, parts)]
        case Either(parts):
            return ["or", *map(stored, parts)]
        case Unless(part):
            return ["not", stored(part)]
        case _:
            raise TypeError(f"a survey knows no condition such as {type(condition).__name__}")


def restored(kept: Stored) -> Condition:
    """Return the condition that :func:`stored` made *kept* of.

    Raises:
        ValueError: it did not.
    """
    match kept:
        case ["and", *parts]:
            return Every(tuple(map(restored, parts)))
        case ["or", *parts]:
            return Either(tuple(map(restored, parts)))
        case ["not", part]:
            return Unless(restored(part))
        case ["selected", str() as key, str() as value]:
            return Selected(key, value)
        case [sign, str() as key, str() as value] if sign in COMPARISONS:
            return Compare(key, sign, value)
        case _:
            raise ValueError(f"no condition of a survey: {kept!r}")


def number(text: str) -> float | None:
    """Return the number *text* is, None where it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _all_keys(parts: Sequence[Condition]) -> frozenset[str]:
    return frozenset[str]().union(*(part.keys for part in parts))


def _written(answer: Value) -> str:
    return " ".join(answer) if isinstance(answer, list) else "" if answer is None else str(answer)


def _same(answer: Value, value: str) -> bool:
    # The keys 1 and 01 of a list are two answers; the amounts 1 and 1.0 are one.
    if isinstance(answer, int | float):
        return answer == number(value)
    return _written(answer) == value


def _ordered(order: Callable[[Any, Any], bool], answer: str, value: str) -> bool:
    numbers = number(answer), number(value)
    if None not in numbers:
        return order(*numbers)
    return bool(answer) and order(answer, value)
