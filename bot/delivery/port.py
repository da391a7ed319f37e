"""The port of the delivery engines: what the program asks of whatever sends its messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from storage.outbox import Delivered, Parcel

Deliver: TypeAlias = Callable[[Parcel], Delivered]
"""Sends one parcel, whatever it takes, and says what became of it.  It never raises for the network."""


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

    def run_until_idle(self) -> None:
        """Deliver in the caller's thread until nothing can be sent at this moment."""
        ...

    def is_alive(self) -> bool:
        """Return whether the background work goes on."""
        ...
