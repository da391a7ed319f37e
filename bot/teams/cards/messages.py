"""Activities: a plain message, or a message that shows a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.teams.cards import escape
from bot.teams.cards.elements import Json, card, message
from bot.teams.cards.pen import Pen
from dialogs.words import Message


def message_answer(text: str) -> Json:
    """Return *text* as a plain message."""
    return {"type": "message", "text": "\n".join(escape.lines(text)), "textFormat": "plain"}


def shown(body: Sequence[Json], actions: Sequence[Json], title: str, pen: Pen) -> Json:
    """Return the activity that shows *body* with *actions*; *title* is announced, and read where no card is drawn."""
    made = card(body, actions, title=title, locale=pen.words.locale, fallback=title)
    return message(made, title)


def wording(said: Message, pen: Pen, instead: str) -> str:
    """Return *said* where it holds nothing but wording of ours, else *instead*: for what is read aloud or announced."""
    return pen.say(instead if said.facts else said)
