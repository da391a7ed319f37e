"""What may go wrong between LINE and the product, as one value that is put in place and taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

SENDING = ("reply", "push", "multicast")
COUNTED = ("push", "multicast")
"""The endpoints whose messages count against the monthly limit; replies are free."""

LONGEST_DELAY_MS = 60_000


class NoSuchFault(ValueError):
    """Raised when a fault is named or given in a way that nobody knows."""


@dataclass(frozen=True)
class Switches:
    """Switches that are written and read as JSON."""

    def as_dict(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> Self:
        """Return the faults written in *raw*, as JSON has them.

        Raises:
            NoSuchFault: a name or a value makes no sense.
        """
        usual = cls().as_dict()
        if unknown := sorted(set(raw) - set(usual)):
            raise NoSuchFault(f"There is no fault {unknown[0]!r}.")
        known: dict[str, Any] = {name: _like(usual[name], value, name) for name, value in raw.items()}
        return cls(**known)


@dataclass(frozen=True)
class Faults(Switches):
    """The switches.  Without any, LINE is well.

    The first group strikes calls of the Messaging API: those named in *on* (the sending ones when it is
    empty), the first *times* of them (0: until taken away).  *quota* strikes only what counts.  What is
    *accepted* reaches the resident although the caller is told otherwise; after accepting, *delay_ms* pass.
    The second group strikes webhooks.  *redelivery* is LINE's own switch rather than a fault.
    """

    rate_limited: bool = False
    quota: bool = False
    server_error: bool = False
    accepted_then_500: bool = False
    reset: bool = False
    accepted_then_reset: bool = False
    delay_ms: int = 0
    preparing: bool = False
    on: tuple[str, ...] = ()
    times: int = 0

    twice: bool = False
    late_ms: int = 0
    forged: bool = False
    standby: bool = False
    redelivery: bool = True

    def strikes(self, endpoint: str) -> bool:
        """Return whether calls of *endpoint* ("reply", "push", "profile" ...) are struck."""
        return endpoint in (self.on or SENDING)


def _like(usual: object, value: object, name: str) -> object:
    """Return *value* if it is of the kind of *usual*."""
    if isinstance(usual, bool) and isinstance(value, bool):
        return value
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(usual, int) and not isinstance(usual, bool) and is_number:
        return max(0, min(int(str(value)), LONGEST_DELAY_MS))
    if isinstance(usual, tuple) and isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    raise NoSuchFault(f"The fault {name!r} cannot be {value!r}.")
