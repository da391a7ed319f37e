"""The lists of the guide: its cards, the entries of one, what is near to a question."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.events import Action, Do
from dialogs.howto.entries import ENTRIES, TITLES, Topic, entries_of, entry
from dialogs.replies import Item, Listing, Offer
from dialogs.standing import Standing
from dialogs.words import Message, _, say

ASK = "ask"
"""The key of the wish to put a question to the staff; no entry and no card has it."""

AT = "howto"
"""Where somebody stands to whom a list of the guide was shown: ``howto:`` and the keys of its entries."""

AT_CARDS = f"{AT}:{','.join(TITLES)}"
AT_ASKING = "howto?"
"""Where somebody stands whose next sentence is a question to the staff."""


def items(keys: Iterable[str]) -> tuple[Item, ...]:
    """Return the entries and cards *keys* as they are listed and numbered."""
    return tuple(Item(say(title), Action(Do.HOWTO, key=key)) for key in keys if (title := _title(key)))


def _title(key: str) -> str:
    found = entry(key)
    if found:
        return found.title
    return TITLES[Topic(key)] if key in TITLES else ""


def shown(standing: Standing) -> tuple[Item, ...]:
    """Return the entries of the list of the guide that was shown last, none where it was another list."""
    place, _colon, keys = standing.at.partition(":")
    return items(keys.split(",")) if place == AT else ()


def at(keys: Iterable[str]) -> str:
    """Return where somebody stands to whom *keys* were listed."""
    return f"{AT}:{','.join(keys)}"


def cards(standing: Standing) -> Listing:
    """Return the cards of the guide, with the invitation to put a question in one's own words."""
    title = say(_("電気柵の使い方です。知りたいことを文で送るか、下からお選びください。"))
    return Listing(title, items(TITLES), ways(standing, others=False))


def card(standing: Standing, topic: Topic) -> Listing:
    """Return the entries of one card."""
    return Listing(say(TITLES[topic]), items(each.key for each in entries_of(topic)), ways(standing))


def candidates(standing: Standing, keys: Iterable[str], title: Message) -> Listing:
    """Return the entries *keys*, which are near to what was asked."""
    return Listing(title, items(keys), ways(standing))


def ways(standing: Standing, *, others: bool = True) -> tuple[Offer, ...]:
    """Return what may be done instead of choosing: on with the open question, other questions, ask the staff."""
    found: list[Offer] = []
    if standing.talk:
        found.append(Offer(say(_("入力にもどる")), Action(Do.RESUME, key=standing.talk.id), _("続ける")))
    if others:
        found.append(Offer(say(_("ほかの質問")), Action(Do.HOWTO), _("使い方")))
    if not standing.is_staff:
        found.append(Offer(say(_("職員に聞く")), Action(Do.HOWTO, key=ASK), _("職員に聞く")))
    return tuple(found)


def is_borrower(standing: Standing) -> bool:
    """Return whether the person has, had or wants a fence: the guide then stands in their menu."""
    return any(each.procedure in ABOUT for each in standing.cases)


ABOUT = frozenset({"fence_loan", "install_guidance"})
"""The procedures whose people the guide is for."""

assert ASK not in {each.key for each in ENTRIES}  # noqa: S101 -- a key is never read as something else
