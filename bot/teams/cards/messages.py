"""Activities: a plain message, or a message that shows a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.teams.cards import escape
from bot.teams.cards.elements import Json, card, message
from bot.teams.cards.pen import Pen
from dialogs.reading.text import clip_utf16
from dialogs.words import Message

TEXT = 16_000
"""UTF-16 units of a plain message: 32 KB, below the 40 KB that every version of the limit allows."""


def message_answer(text: str) -> Json:
    """Return *text* as a plain message."""
    seen = "\n".join(escape.lines(text, TEXT))
    return {"type": "message", "text": clip_utf16(seen, TEXT), "textFormat": "plain"}


def shown(body: Sequence[Json], actions: Sequence[Json], title: str, pen: Pen) -> Json:
    """Return the activity that shows *body* with *actions*; *title* is announced, and read where no card is drawn."""
    made = card(body, actions, title=title, locale=pen.words.locale, fallback=title)
    return message(made, title)


def wording(said: Message, pen: Pen, instead: str) -> str:
    """Return *said* where it holds nothing but wording of ours, else *instead*: for what is read aloud or announced."""
    return pen.say(instead if said.facts else said)
