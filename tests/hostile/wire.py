"""JSON as a program gone wrong would write it: any node dropped, doubled, retyped, nested, renamed or replaced.

The same *chance* makes the same mutants, so that what was found once can be found again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any


class Raw(str):
    """Goes out as it stands, JSON or not."""

    __slots__ = ()


class Again(str):
    """A name that stands in an object beside the same name."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**63, -(2**63) - 1, 1e308),
    *("", " ", "0", "-1", "null", "\0", "a\0b", "\x7f", "\u202e", "\ufeff", "\ufffe", "\U0010ffff", "あ"),
    *("x" * 64, "x" * 65, "U" + "f" * 32, "U" + "F" * 32, "C" + "0" * 32, "🐻" * 40, "e" + "\u0301" * 300),
    *([], {}, [[]], [None], [{}], {"": {}}, {"type": "user"}, ["user"], [0] * 50, {"a": {"b": {"c": []}}}),
    *map(Raw, ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "0.1e1", "9" * 400)),
    *map(Raw, ('"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\u0008\\u001f"')),
    *(Raw("[" * deep + "]" * deep) for deep in (30, 60, 64, 100)),
    *(Raw('{"a":' * deep + "1" + "}" * deep) for deep in (30, 60, 64, 100)),
    *map(Raw, ('{"type":1,"type":2}', '{"\\ud800":1}', '{"__proto__":{}}', '"\t\n"')),
)
RARE: tuple[Any, ...] = (
    "x" * 20_000,
    "あ" * 6_000,
    Raw("8" * 5_000),
    Raw("0." + "3" * 5_000),
    Raw("[" * 5_000 + "]" * 5_000),
    Raw('{"a":' * 3_000 + "null" + "}" * 3_000),
    {f"k{number}": number for number in range(500)},
    ["見本"] * 1_000,
)
"""Long ones: now and then only, or a body would hold nothing else."""

NAMES = ("", "\0", "type ", "Type", "userid", "ｔｙｐｅ", "constructor", "種類", "\ufeff", "x" * 300)


def dumped(value: Any) -> str:
    """Return *value* as JSON, or what *value* has instead."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(name))}:{dumped(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumped, value)) + "]"
    return json.dumps(value)


Place = tuple[Any, Any]
"""A container and the key or number of a node in it."""


def places(value: Any) -> Iterator[Place]:
    """Yield where every node below *value* stands."""
    if isinstance(value, dict):
        for name, each in list(value.items()):
            yield value, name
            yield from places(each)
    elif isinstance(value, list):
        for number, each in enumerate(list(value)):
            yield value, number
            yield from places(each)


def strange(chance: Random) -> Any:
    """Return a value that stands nowhere in LINE's reference."""
    return deepcopy(chance.choice(RARE if chance.random() < 0.02 else STRANGE))


def _drop(chance: Random, place: Place) -> None:
    del place[0][place[1]]


def _double(chance: Random, place: Place) -> None:
    container, key = place
    if isinstance(container, list):
        container.insert(key, deepcopy(container[key]))
    else:
        container[Again(key)] = chance.choice([container[key], strange(chance)])


def _retype(chance: Random, place: Place) -> None:
    container, key = place
    value = container[key]
    others = [str(value), [value], {"value": value}, bool(value), len(str(value)), float(len(str(value)))]
    container[key] = chance.choice(others)


def _nest(chance: Random, place: Place) -> None:
    container, key = place
    for _ in range(chance.choice([1, 2, 5, 40, 70])):
        container[key] = [container[key]] if chance.random() < 0.5 else {str(key): container[key]}


def _replace(chance: Random, place: Place) -> None:
    place[0][place[1]] = strange(chance)


def _rename(chance: Random, place: Place) -> None:
    container, key = place
    if isinstance(container, dict):
        container[chance.choice(NAMES)] = container.pop(key)


def _grow(chance: Random, place: Place) -> None:
    container, key = place
    value, often = container[key], chance.choice([2, 10, 100])
    if isinstance(value, str | list):
        container[key] = value * often
    elif isinstance(value, int | float):
        container[key] = -value * 10**often if chance.random() < 0.5 else value * 10 ** min(often, 300)


def _add(chance: Random, place: Place) -> None:
    if isinstance(place[0], dict):
        place[0][chance.choice(NAMES)] = strange(chance)


HARM: tuple[Callable[[Random, Place], None], ...] = (
    _drop,
    _double,
    _retype,
    _nest,
    _replace,
    _replace,
    _replace,
    _rename,
    _grow,
    _add,
)


def mutant(chance: Random, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of *event* with one to three nodes spoilt."""
    spoilt = deepcopy(dict(event))
    for _ in range(chance.choice([1, 1, 2, 3])):
        known = [each for each in places(spoilt) if not isinstance(each[1], Again)]
        if known:
            chance.choice(HARM)(chance, chance.choice(known))
    return spoilt
