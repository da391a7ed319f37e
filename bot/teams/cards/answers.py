"""What came back of a card: the button that was pressed, and what was filled in beside it.

The data of a card is made by a client, so only the sealed action is believed; the rest are answers like typed ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from dialogs.events import Action, Decided, Do, Event, Filled, Parts, Tapped

Data: TypeAlias = Mapping[str, Any]
"""What a button sent: its own data and the inputs of the card, by id."""

SEALED = "m"
CASE = "case"
SEVERAL = "several"
OURS = frozenset({SEALED, CASE, SEVERAL, "msteams"})

MOST_INPUTS = 500
LONGEST = 10_000
"""Characters of one answer that are looked at; no question takes as many."""


def sealed(data: Data) -> tuple[str, str]:
    """Return what is sealed in *data*, and the reference of the case whose sheet it is from ("" for none).

    The reference says only for whom the seal was made; a wrong one opens nothing.
    """
    return _text(data.get(SEALED)), _text(data.get(CASE))


def bound_to(case: str, account: str) -> str:
    """Return to whom a button is sealed: everybody who may press it on the sheet of *case*, else *account*."""
    return f"case:{case}" if case else account


def heard(action: Action, data: Data, message: str = "") -> Event:
    """Return what the button *action* says, with the answers in *data*.  *message* is the platform's id of it."""
    match action.do:
        case Do.FILL:
            return Filled(parts(data), action.conversation)
        case Do.DECIDE:
            step, _slash, outcome = action.part.partition("/")
            return Decided(action.key, step, outcome, int(action.value or 0), parts(data, outcome))
        case _:
            return Tapped(action, message)


def parts(data: Data, behind: str = "") -> Mapping[str, Parts]:
    """Return the answers in *data* by question, those left empty too.

    With *behind*, only inputs whose ids begin with it are meant: those beside one button of a sheet.
    """
    joined = frozenset(_text(data.get(SEVERAL)).split())
    found: dict[str, dict[str, str | list[str]]] = {}
    for name, value in [*data.items()][:MOST_INPUTS]:
        inner = name.removeprefix(f"{behind}:") if behind else name
        if name in OURS or (behind and inner == name):
            continue
        key, _slash, part = inner.partition("/")
        text = _text(value)
        found.setdefault(key, {})[part] = _split(text) if name in joined else text
    return found


def _split(text: str) -> list[str]:
    return [each for each in text.split(",") if each]


def _text(value: Any) -> str:
    """Return *value* as text: numbers come as such from some clients, ticks as true and false."""
    match value:
        case str():
            return value[:LONGEST]
        case bool():
            return "yes" if value else ""
        case int() | float() if math.isfinite(value):
            return f"{value:.10g}" if isinstance(value, float) else str(value)[:LONGEST]
        case _:
            return ""
