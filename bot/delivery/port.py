"""The port of the delivery engines: what the program asks of whatever sends its messages."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

from bot.delivery.posting import Request
from storage.outbox import Delivered, Parcel

Deliver: TypeAlias = Callable[[Parcel], Delivered]
"""Sends one parcel, whatever it takes, and says what became of it.  It never raises for the network."""


@dataclass(frozen=True)
class Chore:
    """What a parcel needs besides calls and what may take its time, such as the database: done in a thread."""

    do: Callable[[], Any]

    def done(self, steps: Generator[Request | Chore, Any, Any]) -> Callable[[], Request | Chore]:
        """Do it; return how *steps* go on, which are told what came of it, be it a fault."""
        try:
            came = self.do()
        except Exception as fault:  # noqa: BLE001 -- whoever asked for it knows what it means
            return partial(steps.throw, fault)
        return partial(steps.send, came)


Steps: TypeAlias = Generator[Request | Chore, Any, Delivered]
"""Yields the calls to be made and the chores to be done, is told what came of each (a ``Result``, or what the chore
returned), and returns what became of the parcel."""

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
