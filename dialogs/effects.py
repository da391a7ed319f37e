"""What a turn wants stored.  The shell does all of it in the transaction of the turn, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from dialogs.conversation import Conversation
from dialogs.fields.base import Answers, Value


@dataclass(frozen=True)
class File:
    """File *conversation* as the step *step* of *procedure*; it is finished thereby.

    A conversation without a case opens one.
    """

    procedure: str
    step: str
    edition: str
    conversation: Conversation


@dataclass(frozen=True)
class FileStep:
    """File a step that has no questions, such as a withdrawal, on the case *reference*.

    "" is the case that was filed on right before, in the same turn.
    """

    procedure: str
    step: str
    reference: str


@dataclass(frozen=True)
class Sign:
    """File what a member of the staff decided on the case *reference*: *answers* say what, and who for whom."""

    procedure: str
    reference: str
    step: str
    outcome: str
    answers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """Open a case of *procedure* that follows from what is filed in this turn.

    Its first step is filed with *answers*; the reference of what was filed is put among them under *refers*.
    """

    procedure: str
    answers: Answers
    refers: str = ""


@dataclass(frozen=True)
class Take:
    """Take *amount* of each of the *slots* of *pool* for *purpose* of the case *reference*.

    Slots are texts that sort by time: a day, ``2027-06-14``, or a time of it, ``2027-06-14T09:00``.
    """

    reference: str
    pool: str
    slots: tuple[str, ...]
    amount: int
    purpose: str


@dataclass(frozen=True)
class GiveBack:
    """Give back all that the case *reference* has taken for *purpose*."""

    reference: str
    purpose: str


@dataclass(frozen=True)
class Seat:
    """Let the case *reference* hold *amount* of *slot* of *pool* for *purpose*, and nothing else for it.

    What it holds already it keeps; more is had only where there is room and nobody who waits would fit in it.
    """

    reference: str
    pool: str
    slot: str
    amount: int
    purpose: str


@dataclass(frozen=True)
class Wait:
    """Let the case *reference* wait for *amount* of *slot* of *pool*, and hold nothing for *purpose* meanwhile.

    One that waits there already keeps its place.
    """

    reference: str
    pool: str
    slot: str
    amount: int
    purpose: str


@dataclass(frozen=True)
class TakeUp:
    """Let the case *reference* hold for *purpose* what it was offered of *slot* of *pool*."""

    reference: str
    pool: str
    slot: str
    purpose: str


@dataclass(frozen=True)
class Leave:
    """Give back all that the case *reference* holds for *purpose* or was offered; it waits for nothing any more."""

    reference: str
    purpose: str


Claim: TypeAlias = Take | GiveBack | Seat | Wait | TakeUp | Leave
"""What a filing does to what is scarce; it follows from the filing (``Procedure.claims``) and is stored with it."""


@dataclass(frozen=True)
class TellHere:
    """Tell of the cases of *procedures*, and of no others, where this was said, if several people meet there."""

    procedures: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskOffice:
    """Put the question *text*, in which nothing personal stands any more, to the staff; *message* gave it."""

    text: str
    message: str = ""


@dataclass(frozen=True)
class Cast:
    """Put the answers of *conversation* into the ballot box of *survey*; it is finished thereby."""

    survey: str
    conversation: Conversation


@dataclass(frozen=True)
class SetLocale:
    """The person reads *locale* from now on; *chosen* by hand, it outlasts what a profile says."""

    locale: str
    chosen: bool = True


@dataclass(frozen=True)
class Remind:
    """Send word about *about* on the morning of *day*."""

    about: str
    day: date


@dataclass(frozen=True)
class FetchPhoto:
    """Fetch the photo *photo* (our id), which the platform knows as *message*."""

    photo: str
    message: str
    procedure: str


@dataclass(frozen=True)
class ForgetPhoto:
    """Remove the photo *photo*."""

    photo: str


@dataclass(frozen=True)
class NoteUnsent:
    """The message *message* was taken back; filed answers that came from it are marked for staff."""

    message: str


@dataclass(frozen=True)
class SetBlocked:
    """The person can (not) be reached from now on."""

    blocked: bool


@dataclass(frozen=True)
class Introduce:
    """Learn which language the person's profile names; *greet* them in it where nothing was said yet."""

    greet: bool


Effect: TypeAlias = (
    File
    | FileStep
    | Sign
    | Open
    | TellHere
    | AskOffice
    | Cast
    | SetLocale
    | Remind
    | FetchPhoto
    | ForgetPhoto
    | NoteUnsent
    | SetBlocked
    | Introduce
)
