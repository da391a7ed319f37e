"""What every card is drawn with: the reader's words, sealed buttons, the ways on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.teams.cards.actions import ACT, FILL, execute
from bot.teams.cards.elements import Json
from dialogs.events import Action
from dialogs.replies import Offer
from dialogs.words import Fact, Message, Words, _


@dataclass(frozen=True)
class Pen:
    """What one person's cards are drawn with.

    *seal* turns an action into the data of a button for its reader, *seal_for* one for whoever may sign a case (by
    reference); *page_link* a conversation into the address of its private
    page, *console_link* a case's reference into the address of its page in the console ("" where there is none),
    *console_page* the path of another page of the console into its address, *picture* a number into the address of
    the code that a camera reads (None where there is none).
    """

    words: Words
    seal: Callable[[Action], str]
    seal_for: Callable[[str], Callable[[Action], str]]
    page_link: Callable[[str], str]
    console_link: Callable[[str], str]
    console_page: Callable[[str], str]
    picture: Callable[[str], str] | None = None

    def text(self, msgid: str, **facts: Fact) -> str:
        """Return *msgid* in the reader's language."""
        return self.words.text(msgid, **facts)

    def say(self, message: Message | str) -> str:
        """Return *message* in the reader's language."""
        return self.words.say(message)

    def data(self, action: Action) -> Json:
        """Return the data of the button that does *action*."""
        return {"m": self.seal(action)}

    def button(self, label: str, action: Action, *, style: str = "") -> Json:
        """Return the button *label*, which does *action*."""
        return execute(label, ACT, self.data(action), style=style)

    def buttons(self, offers: Sequence[Offer]) -> list[Json]:
        """Return *offers* as buttons."""
        return [self.button(self.say(offer.label), offer.action) for offer in offers]

    def send(self, action: Action, several: Sequence[str], asked: Sequence[str]) -> Json:
        """Return the button that sends what was filled in; *action* names whose answers they are.

        *several* are the ids of inputs whose answers are joined by commas, *asked* of all: clients send nothing of
        an input that was left empty.
        """
        lists = {"several": " ".join(several), "asked": " ".join(asked)}
        data = self.data(action) | {name: ids for name, ids in lists.items() if ids}
        return execute(self.text(_("送信")), FILL, data, style="positive", with_inputs=True)
