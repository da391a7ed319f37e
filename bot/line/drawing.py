"""What every drawing for LINE needs: the reader's words, sealed buttons, the ways on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.line import flex
from bot.line.flex import Json
from bot.line.limits_checks import utf16
from dialogs.events import Action
from dialogs.replies import Offer
from dialogs.words import Fact, Message, Words, _


@dataclass(frozen=True)
class Pen:
    """What one person's replies are drawn with.

    *seal* turns an action into the data of a button (at most 300 characters), *page_link* a conversation into
    the address of its private page, *picture* a number into the address of its code for cameras.
    """

    words: Words
    seal: Callable[[Action], str]
    page_link: Callable[[str], str]
    picture: Callable[[str], str] | None = None

    def text(self, msgid: str, **facts: Fact) -> str:
        """Return *msgid* in the reader's language."""
        return self.words.text(msgid, **facts)

    def say(self, message: Message | str) -> str:
        """Return *message* in the reader's language."""
        return self.words.say(message)

    def tap(self, label: str, action: Action, *, shown: str = "") -> Json:
        """Return the action of a box or a button in a bubble."""
        return flex.postback(label, self.seal(action), shown=shown)

    def chip(self, label: str, action: Action, *, shown: str = "") -> Json:
        """Return the quick reply *label*."""
        return flex.chip(flex.postback(label, self.seal(action), shown=shown, most=flex.CHIP))

    def chips(self, offers: Sequence[Offer]) -> list[Json]:
        """Return *offers* as quick replies."""
        return [self.chip(self.say(offer.label), offer.action) for offer in offers]

    def buttons(self, offers: Sequence[Offer]) -> list[Json]:
        """Return *offers* as buttons of a bubble."""
        return [flex.button(self.tap(self.say(offer.label), offer.action)) for offer in offers]

    def typable(self, offers: Sequence[Offer]) -> list[str]:
        """Return the line that says which words may be sent instead of tapping *offers*, if any."""
        words = [self._typable(offer) for offer in offers if offer.word]
        return [self.text(_("送れる言葉：{words}"), words=" / ".join(words))] if words else []

    def _typable(self, offer: Offer) -> str:
        word, label = self.text(offer.word), self.say(offer.label)
        same = word.casefold() == label.casefold()
        return word if same else self.text(_("{word}（{label}）"), word=word, label=label)


@dataclass(frozen=True)
class Drawing:
    """One reply as messages, and the quick replies that belong under the last of them."""

    messages: list[Json]
    chips: list[Json] = field(default_factory=list)


def text_messages(content: str) -> list[Json]:
    """Return *content* as text messages, several where it is longer than one may be."""
    found, lines = [], content.split("\n")
    while lines:
        part = [lines.pop(0)]
        room = flex.TEXT - utf16(part[0])
        while lines and (room := room - 1 - utf16(lines[0])) >= 0:
            part.append(lines.pop(0))
        found.append(text_message("\n".join(part)))
    return [each for each in found if each["text"]]


def text_message(content: str) -> Json:
    """Return *content* as one text message, shortened to what it may hold."""
    return {"type": "text", "text": flex.shorten(content.strip(), flex.TEXT)}
