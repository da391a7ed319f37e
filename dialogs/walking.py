"""How a form is gone through with answers: the part of every turn that costs most, kept to few look-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from dialogs.fields.base import Condition, Field, Is, Value

Stop: TypeAlias = "tuple[Field, str, Condition | None, frozenset[str], Callable[[Value], Value] | None, int]"
"""A question, its key, its condition and what that looks at, how its answer is renewed, the condition's number."""


def walk(fields: Iterable[Field]) -> Sequence[Stop]:
    """Return what each of *fields* is asked on the way, looked up once; most kinds renew nothing.

    Conditions that are the same have the same number, none has 0.
    """
    numbers: dict[Condition | None, int] = {None: 0}
    return [
        (
            each,
            each.key,
            each.when,
            each.when.keys if each.when else frozenset(),
            None if type(each).renewed is Field.renewed else each.renewed,
            numbers.setdefault(each.when, len(numbers)),
        )
        for each in fields
    ]


def holds(
    when: Condition | None, keys: frozenset[str], result: Mapping[str, Value], waiting: set[str]
) -> bool:
    """Return whether *when* is met by *result*; not yet where a question is *waiting* that it looks at."""
    known = when.key in result if type(when) is Is else waiting.isdisjoint(keys)
    return known and (when is None or when(result))


class Gone(dict[str, Value]):
    """Answers that a form has gone through, and what it saw: a turn asks for it several times.

    A condition looks only at earlier questions, so what is asked is known when its turn comes.
    """

    __slots__ = ("form", "missing", "visible")

    def __init__(self, form: object) -> None:
        super().__init__()
        self.form = form
        self.visible: list[Field] = []
        self.missing: list[Field] = []
