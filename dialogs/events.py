"""What comes in, channel-neutral.  A channel's ``listen`` makes these; nothing here knows a wire format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Parts: TypeAlias = Mapping[str, "str | Sequence[str]"]
"""One field's answer by the names of its parts, as a page, a card or a button gives it."""


class Do(StrEnum):
    """What a button does.  The values travel in signed button data, so they are short and never change."""

    START = "s"  # key: procedure
    RESUME = "r"  # go on with the current or the named form; key: form
    ANSWER = "a"  # key: field, part: part of the field, value: the answer
    SKIP = "k"  # key: field; "none" for a question that may stay empty
    KEEP = "p"  # key: field; the answer set aside by going back is taken again
    REOPEN = "o"  # key: field
    PICK = "i"  # list the answers, to choose the one to be corrected
    BACK = "b"
    CONFIRM = "c"
    QUIT = "q"  # asks first
    QUIT_SURELY = "Q"
    HELP = "h"  # key: field or ""
    MENU = "m"
    CASES = "l"
    CASE = "x"  # key: reference
    CORRECT = "e"  # key: reference
    WITHDRAW = "w"  # key: reference; asks first
    WITHDRAW_SURELY = "W"
    HOWTO = "y"  # key: an entry or a card of the handling guide, "ask" for the staff, "" for all cards
    LANGUAGE = "g"  # value: locale, "" to be asked
    FILE = "t"  # key: reference, part: step; begins the step's form, or files it where it has none; value: "sure"
    NOTIFY = "n"  # key: procedure; send word on the opening day
    RECKON = "z"  # how many sets a garden takes; value: the numbers given so far, with slashes between
    SHOW = "V"  # key: reference; what is to be shown at a counter
    PAGE = "f"  # a fresh link to the private page
    QUEUE = "u"  # for staff: what waits, what is due, what is overdue
    FIND = "d"  # for staff; key: reference
    ROUND = "v"  # for staff: the round of a day; value: the day, "" for today
    HERE = "j"  # for staff: cases are told in this channel; value: "" for no more
    FILL = "F"  # a card of the conversation comes back with answers
    DECIDE = "D"  # for staff; key: reference, part: step and outcome apart by a slash, value: what was seen


@dataclass(frozen=True)
class Action:
    """One thing a button does, bound to the conversation in which it was offered ("" for none)."""

    do: Do
    conversation: str = ""
    key: str = ""
    part: str = ""
    value: str = ""


@dataclass(frozen=True)
class Typed:
    """Words somebody typed.  *message* is the platform's id, needed when the words are taken back."""

    text: str
    message: str = ""


@dataclass(frozen=True)
class Tapped:
    """A button of ours; its data was opened and belongs to this person."""

    action: Action
    message: str = ""


@dataclass(frozen=True)
class SentPhoto:
    """A photo; *ref* names it at the platform until it has been fetched."""

    ref: str
    message: str = ""


@dataclass(frozen=True)
class SentPlace:
    """A point on the map (WGS 84 degrees) with the name the platform gave it, often empty."""

    latitude: float
    longitude: float
    name: str = ""
    message: str = ""


@dataclass(frozen=True)
class SentOther:
    """Something that cannot be an answer: a sticker, a voice message, a film, a stale or foreign button."""

    kind: str
    message: str = ""


@dataclass(frozen=True)
class Joined:
    """Somebody added the account as a friend, or unblocked it (*again*)."""

    again: bool = False


@dataclass(frozen=True)
class Introduced:
    """The profile was read: it names *locale*.  *greet* says that the person has not been spoken to yet."""

    locale: str
    greet: bool


@dataclass(frozen=True)
class Left:
    """Somebody blocked the account: nothing more may be sent."""


@dataclass(frozen=True)
class Unsent:
    """A message was taken back by its sender: it and the answer it gave are to be forgotten."""

    message: str


@dataclass(frozen=True)
class Unreadable:
    """The photo sent as *message* cannot be shown: it is gone, damaged, or no photo."""

    message: str


@dataclass(frozen=True)
class Filled:
    """A page or a card of *conversation* came back: the parts of several fields at once."""

    fields: Mapping[str, Parts] = field(default_factory=dict)
    conversation: str = ""


@dataclass(frozen=True)
class Decided:
    """Somebody of the staff pressed a button on the sheet of the case *reference*.

    *outcome* is what the button does on *step* (approve, refuse, return, or file).  *seen* is the number of the
    newest submission that the sheet had to show.  *fields* are what was asked beside the button.
    """

    reference: str
    step: str
    outcome: str
    seen: int
    fields: Mapping[str, Parts] = field(default_factory=dict)


Event: TypeAlias = (
    Typed
    | Tapped
    | SentPhoto
    | SentPlace
    | SentOther
    | Joined
    | Introduced
    | Left
    | Unsent
    | Unreadable
    | Filled
    | Decided
)
