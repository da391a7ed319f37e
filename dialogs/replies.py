"""What is said, channel-neutral.  A channel's ``render`` draws these; none knows how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from dialogs.events import Action
from dialogs.fields.base import Field, Input
from dialogs.form import Form, Page
from dialogs.words import Message


@dataclass(frozen=True)
class Offer:
    """A button: what it says and what it does.  *word* is what may be typed instead ("" for its number)."""

    label: Message
    action: Action
    word: str = ""


@dataclass(frozen=True)
class Said:
    """A sentence or two, with buttons where something may be done next."""

    message: Message
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Ask:
    """One question in a talk: *input* of *field*.

    *refused* says why the last answer could not be taken.  *position* is (this question's number, of how
    many as far as known).  *several* says that choices are
    being ticked one after the other; *picked* are the keys ticked so far.  *kept* is the answer
    set aside by going back, which one tap takes again.  *offers* are the other ways on (back, skip, help …).
    """

    form: Form
    field: Field
    input: Input
    conversation: str
    refused: Message | None = None
    position: tuple[int, int] = (0, 0)
    picked: tuple[str, ...] = ()
    several: bool = False
    kept: str | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class AskPage:
    """The questions of a private page: the channel draws a link to the page of *conversation*."""

    form: Form
    page: Page
    conversation: str
    position: tuple[int, int] = (0, 0)
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class AskCard:
    """Several questions at once, for a channel whose stride is a page or the whole form."""

    form: Form
    fields: tuple[Field, ...]
    conversation: str
    answers: Mapping[str, object] = field(default_factory=dict)
    refused: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One line of a review: the question, the answer as text, and the button that reopens it.

    *shown* is None for a personal answer: it was received, and is not said in a talk.
    """

    label: Message
    shown: Message | None
    reopen: Action | None = None


@dataclass(frozen=True)
class Review:
    """All answers before they are filed; the person confirms, or corrects one."""

    form: Form
    rows: tuple[Row, ...]
    conversation: str
    notes: tuple[Message, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """The proof that something was filed.  The shell puts in *reference* once storage has given it."""

    title: Message
    form: Form
    day: date
    reference: str = ""
    notes: tuple[Message, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Item:
    """One entry of a listing; *detail* is a second, smaller line."""

    label: Message
    action: Action
    detail: Message | None = None


@dataclass(frozen=True)
class Listing:
    """A numbered list to choose from: the menu, somebody's cases, the answers that may be corrected."""

    title: Message
    items: tuple[Item, ...]
    offers: tuple[Offer, ...] = ()


Reply: TypeAlias = Said | Ask | AskPage | AskCard | Review | Receipt | Listing
