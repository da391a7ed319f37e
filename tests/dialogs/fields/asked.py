"""How a test asks a question and looks at what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.fields import Answers, Field, Given, Invalid, Raw, Value
from dialogs.words import Words
from tests.dialogs.worlds import JAPANESE, world


def given(
    before: Value = None, answers: Answers | None = None, words: Words | None = None, **changes: Any
) -> Given:
    """Return what an answer is read with, in the world of tests with *changes*."""
    return Given(world(**changes), answers or {}, before, words)


def refusal(field: Field, raw: Raw, situation: Given | None = None) -> tuple[str, str]:
    """Return the part and the sentence with which *field* refuses *raw*."""
    with pytest.raises(Invalid) as refused:
        field.read(raw, situation or given())
    return refused.value.part, JAPANESE.say(refused.value.message)
