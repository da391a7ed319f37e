"""What is said, channel-neutral.  A channel's ``render`` draws these; none knows how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from dialogs.events import Action
from dialogs.fields.base import Control, Field, Input, Option
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
class Thanked(Said):
    """What is said once a survey is answered: it counts, and nothing leads back to it, no number either."""


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
    """Several questions at once, for a channel whose stride is a page or the whole form.

    *answers* are what is known already, *refused* why an answer could not be taken, *last* what was answered
    the last time, for comparison, *inputs* what is to be drawn of each question; all by the questions' keys.
    """

    form: Form
    fields: tuple[Field, ...]
    conversation: str
    answers: Mapping[str, object] = field(default_factory=dict)
    refused: Mapping[str, Message] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    inputs: Mapping[str, tuple[Input, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One line of a review: the question, the answer as text, and the button that reopens it.

    *shown* is None for a personal answer: it was received, and is not said in a talk.  *section* is the title
    of the page it stands on.
    """

    label: Message
    shown: Message | None
    reopen: Action | None = None
    section: str = ""


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
    """The proof that something was filed.  The shell puts in *reference* once storage has given it.

    *code* is a number to be shown at a counter, large and for a camera, "" for none (003-13).
    """

    title: Message
    form: Form
    day: date
    reference: str = ""
    notes: tuple[Message, ...] = ()
    offers: tuple[Offer, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Item:
    """One entry of a listing; *detail* is a second, smaller line.

    *offers* are further buttons of the entry alone.  *reference* is the case that staff may open in the console
    from it, "" for none.
    """

    label: Message
    action: Action
    detail: Message | None = None
    offers: tuple[Offer, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Link:
    """The way to a page of the console, for staff; *path* is below its first page."""

    label: Message
    path: str


@dataclass(frozen=True)
class Listing:
    """A numbered list to choose from: the menu, somebody's cases, the answers that may be corrected."""

    title: Message
    items: tuple[Item, ...]
    offers: tuple[Offer, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Who signed a case: as what, when (Asia/Tokyo), with which outcome, for somebody else (代決) or not."""

    title: Message
    by: str
    day: date
    outcome: Message
    deputy: bool = False


@dataclass(frozen=True)
class Change:
    """What a correction changed of one answer; of a personal one only that it changed."""

    label: Message
    before: Message
    after: Message


@dataclass(frozen=True)
class DeedInput:
    """One thing that is asked beside a button of a sheet, before it does anything."""

    key: str
    control: Control
    label: Message
    required: bool = True
    options: tuple[Option, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Deed:
    """A button of a sheet: what it does on *step*; *style* is "positive", "destructive" or ""."""

    label: Message
    step: str
    outcome: str
    asks: tuple[DeedInput, ...] = ()
    style: str = ""


@dataclass(frozen=True)
class CaseSheet:
    """What staff see of a case at a glance; never a personal answer.

    *facts* are (label, text as given).  *seen* is the number of the newest submission that it has to show (see
    ``Procedure.to_be_seen``); it travels with every button, so that nobody signs what they have not seen.
    """

    reference: str
    title: Message
    opened: date
    state: Message
    seen: int
    facts: tuple[tuple[Message, str], ...] = ()
    flags: tuple[Message, ...] = ()
    signed: tuple[Signature, ...] = ()
    changes: tuple[Change, ...] = ()
    deeds: tuple[Deed, ...] = ()


Reply: TypeAlias = Said | Ask | AskPage | AskCard | Review | Receipt | Listing | CaseSheet
