"""Questions drawn once and filled in for each person: a question differs between people in its buttons alone.

Drawing a bubble, checking it against LINE's limits and encoding it costs ten times what all else of a turn
costs, and the same few hundred questions are put again and again.  So what a question shows is the key, and
what is kept is its JSON with gaps where the sealed data of the buttons stands.  Whatever shows something of
the person (an answer read back, a review, a list of cases) is drawn anew.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock

from bot.desk_ports import Draw
from bot.line.drawing import text_messages
from bot.line.flex import Json
from bot.line.limits import require_valid
from bot.line.render import MESSAGES, render
from bot.postback import Payload, PostbackCodec, payload_of
from dialogs.events import Action
from dialogs.replies import Ask, Offer, Reply, Said
from dialogs.words import Words
from storage.asjson import encode

MOST = 4000
"""Stencils kept: every question of a dozen forms, at every step, in all languages."""


@dataclass(frozen=True)
class Stencil:
    """*count* messages as JSON, apart at the gaps; each gap takes the data of the button *gaps* names."""

    count: int
    pieces: tuple[str, ...]
    gaps: tuple[int, ...]
    buttons: tuple[Payload, ...]

    def filled(self, codec: PostbackCodec, account: str, conversation: str) -> str:
        """Return the messages for *account*, whose buttons belong to *conversation*."""
        data = codec.seal_all(account, conversation, self.buttons)
        parts = [self.pieces[0]]
        for gap, piece in zip(self.gaps, self.pieces[1:], strict=True):
            parts += data[gap], piece
        return "".join(parts)


class Stencils:
    """The stencils of one process; its threads share them."""

    def __init__(self, codec: PostbackCodec) -> None:
        self._codec = codec
        self._kept: OrderedDict[Hashable, Stencil] = OrderedDict()
        self._keeping = Lock()

    def count(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def drawn(self, replies: Sequence[Reply], words: Words, account: str) -> str | None:
        """Return the JSON of the messages of *replies*, without the brackets; None where they need drawing."""
        *before, last = replies
        if not isinstance(last, Ask) or last.kept is not None or (last.refused and last.refused.facts):
            return None
        said = [_plain(each, words) for each in before]
        if None in said:
            return None
        stencil = self._stencil(last, words, account)
        texts = [encode(message) for each in said if each for message in each]
        if len(texts) + stencil.count > MESSAGES:
            return None
        return ",".join([*texts, stencil.filled(self._codec, account, last.conversation)])

    def _stencil(self, ask: Ask, words: Words, account: str) -> Stencil:
        key = _key(ask, words)
        found = self._kept.get(key)
        if found is None:
            found = _cut(ask, words, self._codec, account)
            with self._keeping:
                self._kept[key] = found
                if len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found


def _plain(reply: Reply, words: Words) -> Sequence[Json] | None:
    """Return a sentence without buttons as messages; None for all else."""
    if not isinstance(reply, Said) or reply.offers:
        return None
    return text_messages(words.say(reply.message))


def _key(ask: Ask, words: Words) -> Hashable:
    """Return all that the drawing of *ask* shows, but whose conversation it is."""
    refused = ask.refused.text if ask.refused else ""
    offers = tuple(_offered(each) for each in ask.offers)
    seen = ask.position, ask.picked, ask.several, refused, offers
    return words.locale, ask.form.key, ask.form.edition, ask.field.key, ask.input, seen


def _offered(offer: Offer) -> Hashable:
    action = offer.action
    facts = tuple(offer.label.facts.items())
    return offer.label.text, facts, offer.word, action.do, action.key, action.part, action.value


def _cut(ask: Ask, words: Words, codec: PostbackCodec, account: str) -> Stencil:
    sealed: dict[str, Action] = {}

    def seal(action: Action) -> str:
        data = codec.seal(account, action)
        sealed[data] = action
        return data

    messages = render([ask], words, seal=seal, page_link=_no_page)
    require_valid(messages)
    return _apart(",".join(map(encode, messages)), len(messages), sealed, ask.conversation)


def _no_page(_conversation: str) -> str:
    raise TypeError("a question leads to no page")


def _apart(text: str, count: int, sealed: dict[str, Action], conversation: str) -> Stencil:
    order = list(sealed)
    if not order:
        return Stencil(count, (text,), (), ())
    pieces = re.split("|".join(f"({re.escape(data)})" for data in order), text)
    step = len(order) + 1
    found = [pieces[at + 1 : at + step] for at in range(0, len(pieces) - 1, step)]
    gaps = tuple(next(number for number, data in enumerate(each) if data) for each in found)
    buttons = tuple(payload_of(action, conversation) for action in sealed.values())
    return Stencil(count, tuple(pieces[::step]), gaps, buttons)


def drawing(codec: PostbackCodec, picture: Callable[[str], str] | None = None) -> Draw:
    """Return what turns replies into the bodies that LINE's gateway takes, as JSON texts.

    *picture* makes a number into the address of its code for cameras.
    """
    stencils = Stencils(codec)

    def draw(
        replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
    ) -> Sequence[str]:
        text = stencils.drawn(replies, words, account)
        if text is None:
            messages = render(
                replies,
                words,
                seal=lambda action: codec.seal(account, action),
                page_link=page_link,
                picture=picture,
            )
            require_valid(messages)
            text = ",".join(map(encode, messages))
        return [f'{{"messages":[{text}]}}'] if text else []

    return draw
