"""What an invoke is answered with, in the response itself: a card in the place of the old one, or a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.asjson import dump

CARD = "application/vnd.microsoft.card.adaptive"
TEXT = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True)
class Answer:
    """A status, and a body as JSON where the caller wants one."""

    status: int
    body: str = ""


TAKEN = Answer(200)


def card(content: Mapping[str, Any]) -> Answer:
    """Return the answer that puts the card *content* where the button was pressed."""
    return _invoke(CARD, content)


def sentence(text: str) -> Answer:
    """Return the answer that says *text* below the card, which stays."""
    return _invoke(TEXT, text)


def _invoke(kind: str, value: object) -> Answer:
    return Answer(200, dump({"statusCode": 200, "type": kind, "value": value}))
