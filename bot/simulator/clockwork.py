"""The product's clock, as the panel turns it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from bot.clock import TOKYO

_MORNING = time(9, 0)


class NoSuchTime(ValueError):
    """Raised for a moment that nobody can read."""


def hour_later(now: datetime) -> datetime:
    return now + timedelta(hours=1)


def next_morning(now: datetime) -> datetime:
    """Return nine o'clock in Tokyo of the day after."""
    tomorrow = now.astimezone(TOKYO).date() + timedelta(days=1)
    return datetime.combine(tomorrow, _MORNING, TOKYO).astimezone(UTC)


def week_later(now: datetime) -> datetime:
    return now + timedelta(weeks=1)


STEPS: Mapping[str, Callable[[datetime], datetime]] = MappingProxyType(
    {"hour": hour_later, "morning": next_morning, "week": week_later}
)


def moment(written: str) -> datetime:
    """Return the moment *written* as ``2027-06-07T10:00``, in Tokyo.

    Raises:
        NoSuchTime: it is no such moment.
    """
    try:
        local = datetime.fromisoformat(written)
    except ValueError as unreadable:
        raise NoSuchTime("A moment looks like 2027-06-07T10:00.") from unreadable
    return (local if local.tzinfo else local.replace(tzinfo=TOKYO)).astimezone(UTC)
