"""The port of the delivery engines: what the program asks of whatever sends its messages."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeAlias

from bot.delivery.posting import Request, Result
from storage.outbox import Delivered, Parcel

Deliver: TypeAlias = Callable[[Parcel], Delivered]
"""Sends one parcel, whatever it takes, and says what became of it.  It never raises for the network."""

Steps: TypeAlias = Generator[Request, Result, Delivered]
"""Yields the calls to be made, is told what came of each, and returns what became of the parcel."""

InLoop: TypeAlias = Callable[[Parcel], "Steps | None"]
"""The same as steps, so that hundreds of parcels wait for a platform at once without a thread each; None for one
that needs a thread."""


def never(_parcel: Parcel) -> Steps | None:
    """Return None: every parcel needs a thread."""
    return None


class Engine(Protocol):
    """Delivers the outbox: in order per thread, chat before bulk, every row to a visible end."""

    def start(self) -> None:
        """Begin to deliver in the background."""
        ...

    def stop(self) -> None:
        """Finish what is being sent, and end.  What waits stays queued."""
        ...

    def wake(self) -> None:
        """Look at the outbox now: something was queued and committed."""
        ...

    def lease(self, now: int) -> int:
        """Return until when (ms) a message queued now may be this engine's at once; 0 where it must be claimed."""
        ...

    def hand(self, parcels: Sequence[Parcel]) -> None:
        """Send *parcels*, which were queued with a lease and are committed; without any, :meth:`wake`."""
        ...

    def run_until_idle(self) -> None:
        """Deliver in the caller's thread until nothing can be sent at this moment."""
        ...

    def is_alive(self) -> bool:
        """Return whether the background work goes on."""
        ...
