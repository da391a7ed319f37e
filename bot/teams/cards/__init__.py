"""Replies as Adaptive Cards 1.5, each at most 36 KB, in which nobody's words are ever read as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from bot.desk_ports import Draw
from bot.teams.cards.elements import CARD, Json, message
from bot.teams.cards.messages import message_answer
from bot.teams.cards.pen import Pen
from bot.teams.cards.replies import draw as draw_reply
from bot.teams.cards.rows import Rows
from bot.teams.cards.sheets import received_card, sheet_card, summary, told_card
from bot.teams.listen import SHEET
from dialogs.events import Action
from dialogs.replies import Reply
from dialogs.words import Words

__all__ = [
    "CARD",
    "Codec",
    "Json",
    "drawing",
    "message",
    "message_answer",
    "received_card",
    "sheet_card",
    "summary",
    "told_card",
]


class Codec(Protocol):
    """What seals the data of a button for somebody."""

    def seal(self, person_id: str, action: Action) -> str:
        """Return the data that does *action* when *person_id* presses it."""
        ...


def no_console(_reference: str) -> str:
    """Return that there is no address in the console."""
    return ""


def drawing(
    codec: Codec,
    console_link: Callable[[str], str] = no_console,
    console_page: Callable[[str], str] = no_console,
    picture: Callable[[str], str] | None = None,
) -> Draw:
    """Return what turns replies into the bodies that Teams' gateway takes, as JSON texts.

    *console_link* gives the absolute address of a case, by its reference, *console_page* that of another page of
    the console, by its path ("" for none), *picture* that of the code of a number.
    """
    rows = Rows()

    def seal_for(reference: str) -> Callable[[Action], str]:
        return partial(codec.seal, f"{SHEET}{reference}")

    def draw(
        replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
    ) -> Sequence[str]:
        mine = partial(codec.seal, account)
        pen = Pen(words, mine, seal_for, page_link, console_link, console_page, picture)
        drawn = ",".join(draw_reply(each, pen, rows) for each in replies)
        return [f'{{"activities":[{drawn}]}}'] if drawn else []

    return draw
