"""What the desk is told, what it asks of others, and what it answers: the words at its edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from dialogs.events import Event
from dialogs.fields.base import Invalid
from dialogs.replies import Reply
from dialogs.words import Words
from storage.outbox import Parcel

T_co = TypeVar("T_co", covariant=True)


class Stored(Protocol[T_co]):
    """A turn inside its transaction.  A *patient* one waits for others of the same person to be stored first."""

    def __call__(self, conn: Connection, *, patient: bool) -> T_co: ...


@dataclass(frozen=True)
class Arrival:
    """One event as a channel heard it.  *reply_until* (ms) ends the use of *reply_token*."""

    event_id: str
    channel: str
    external_id: str
    event: Event
    reply_token: str | None = None
    reply_until: int | None = None


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


@dataclass(frozen=True)
class Refusal:
    """What a private page was refused for, by field; nothing was stored."""

    fields: Mapping[str, Invalid]
