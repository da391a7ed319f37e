"""What the desk is told, what it asks of others, and what it answers: the words at its edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection

from dialogs.events import Action, Decided, Event
from dialogs.fields.base import Invalid
from dialogs.replies import Reply
from dialogs.standing import Standing, Turn
from dialogs.words import Words
from storage.outbox import Parcel
from storage.staff import Member
from storage.turns import Person

if TYPE_CHECKING:
    from bot.signing import Carried
    from dialogs.effects import Cast

T_co = TypeVar("T_co", covariant=True)


class Stored(Protocol[T_co]):
    """A turn inside its transaction.  A *patient* one waits for others of the same person to be stored first."""

    def __call__(self, conn: Connection, *, patient: bool) -> T_co: ...


@dataclass(frozen=True)
class Arrival:
    """One event as a channel heard it.  *reply_until* (ms) ends the use of *reply_token*.

    *conversation* is where it was said and where it is answered, if that is not simply the account.
    """

    event_id: str
    channel: str
    external_id: str
    event: Event
    reply_token: str | None = None
    reply_until: int | None = None
    conversation: str = ""


class Draw(Protocol):
    """How a channel turns replies into what its gateway sends."""

    def __call__(
        self, replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
    ) -> Sequence[str]:
        """Return the bodies to be queued, as JSON, in order, each within the platform's limits."""
        ...


class Outbound(Protocol):
    """Whoever sends what was queued."""

    def lease(self, now: int) -> int:
        """Return until when (ms) a message queued now may be the sender's at once, 0 where it must be claimed."""
        ...

    def hand(self, parcels: Sequence[Parcel]) -> None:
        """Send *parcels*, which were leased; without any, look at what was queued otherwise."""
        ...


class ConversationOver(LookupError):
    """The conversation was filed or cancelled: nothing can be filled in any more."""


class Staff(Protocol):
    """Who is on the staff, and what is looked up for them, inside the transaction of their turn."""

    def member(self, conn: Connection, account: str, today: date) -> Member | None:
        """Return who of the roster is behind *account* on *today* (Asia/Tokyo), None for anybody else."""
        ...

    def handed(self, conn: Connection, standing: Standing, asked: Action | Decided, today: date) -> Standing:
        """Return *standing* with what the member asked for; a case they decide on is locked until the end."""
        ...

    def handling(self, conn: Connection, standing: Standing, event: Event) -> Standing:
        """Return *standing* with the case on which the member's *event* takes a step; locked where it may file."""
        ...

    def compared(self, conn: Connection, standing: Standing, event: Event) -> Standing:
        """Return *standing* with what was filed the last time, where the form of *event* compares."""
        ...


class Surveys(Protocol):
    """Who may answer which survey, what becomes of answers, and what must not be left of the talk about them."""

    def knowing(
        self, conn: Connection, standing: Standing, person_id: str, event: Event, now: int
    ) -> Standing:
        """Return *standing* with the surveys that the person may answer, where the turn of *event* may be about one."""
        ...

    def cast(self, turn: Carried, effect: Cast) -> None:
        """Put the answers of *effect* into the ballot box.

        Raises:
            Stale: The person has answered meanwhile, or the survey was closed; run the turn again.
        """
        ...

    def follow(self, conn: Connection, before: Person, after: Person, done: Turn, cause: str) -> None:
        """Note what *cause* said about a survey, and blank what was said where the conversation has ended."""
        ...


class NoSurveys:
    """A desk that knows of no surveys."""

    def knowing(self, _conn: Connection, standing: Standing, *_about: object) -> Standing:
        """Return *standing* as it is."""
        return standing

    def cast(self, _turn: Carried, effect: Cast) -> None:
        """Refuse: nobody was asked anything.

        Raises:
            LookupError: Always.
        """
        raise LookupError(effect.survey)

    def follow(self, *_about: object) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Refusal:
    """What a private page was refused for, by field; nothing was stored."""

    fields: Mapping[str, Invalid]
