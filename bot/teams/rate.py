"""How fast we may speak in Teams: a message that would be too fast is put off, and nobody sleeps meanwhile.

Documented for a bot in one conversation: 7 in a second, 8 in two, 60 in thirty seconds, 1,800 in an hour; and 50 a
second for a bot in one tenant (facts of Microsoft's page on rate limits).  Kept below all of them by two buckets a
conversation and one a tenant.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Bucket:
    """Room for *burst* messages at once; one more every *interval* ms."""

    interval: float
    burst: int

    def wait(self, end: float, now: int) -> float:
        """Return how many ms the next message must wait, where those before it fill the bucket until *end*."""
        return max(0.0, self._begin(end, now) - (self.burst - 1) * self.interval - now)

    def filled(self, end: float, now: int) -> float:
        """Return until when the bucket is filled after one more message."""
        return self._begin(end, now) + self.interval

    def _begin(self, end: float, now: int) -> float:
        # An end further off than a full bucket was noted before the clock was put back.
        return max(end, now) if end <= now + self.burst * self.interval else now


CONVERSATION = (Bucket(1000, 5), Bucket(3_600_000 / 1700, 100))
"""At most 6 in a second, 7 in two, 35 in thirty and 1,800 in an hour."""

TENANT = Bucket(50, 20)
"""20 a second, 40 in the first."""

MOST_KNOWN = 10_000


class Rate:
    """What was sent lately, in this process.  Used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._conversations: dict[str, tuple[float, float]] = {}
        self._tenants: dict[str, float] = {}
        self._put_off: dict[str, float] = {}

    def wait(self, conversation: str, tenant: str, now: int) -> int:
        """Return 0 and count a message that may be sent now; else how many ms (above 0) it is to be put off."""
        with self._lock:
            ends = self._conversations.get(conversation, (0.0, 0.0))
            both = zip(CONVERSATION, ends, strict=True)
            alone = max(bucket.wait(end, now) for bucket, end in both)
            together = TENANT.wait(self._tenants.get(tenant, 0.0), now)
            if alone or together:
                return max(1, int(alone + 0.999), self._queued(tenant, together, now))
            self._count(conversation, ends, tenant, now)
            return 0

    def _queued(self, tenant: str, wait: float, now: int) -> int:
        """Return when those come again who wait for their tenant: one after the other, not all at one moment."""
        if not wait:
            return 0
        last = self._put_off.get(tenant, 0.0)
        due = max(now + wait, last + TENANT.interval if last <= now + _LONGEST_QUEUE else 0.0)
        self._put_off[tenant] = due
        return int(due - now + 0.999)

    def _count(self, conversation: str, ends: tuple[float, float], tenant: str, now: int) -> None:
        if len(self._conversations) >= MOST_KNOWN:
            self._conversations = _still_filled(self._conversations, now)
        short, long = CONVERSATION
        self._conversations[conversation] = short.filled(ends[0], now), long.filled(ends[1], now)
        self._tenants[tenant] = TENANT.filled(self._tenants.get(tenant, 0.0), now)


_LONGEST_QUEUE = 600_000


def _still_filled(known: Mapping[str, tuple[float, float]], now: int) -> dict[str, tuple[float, float]]:
    return {name: ends for name, ends in known.items() if max(ends) > now}
