"""What time brings about on a case: word to its person, a contractor's stops, a deadline that ends something.

Each of these is a pure function of the case and the day, as what is due is; the shell calls them after every
filing, and again at the moment at which it acts on what they say.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import date, time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialogs.replies import Reply
    from dialogs.standing import CaseView
    from dialogs.world import World


@dataclass(frozen=True)
class ReminderDue:
    """Word that the person of a case is to get on *day* (Asia/Tokyo), once; *about* tells it from others.

    *until* is the last day on which it still makes sense, after an outage or a night: *day* itself where nothing
    is said, since most words say "tomorrow" or "today".  What is said is taken from the case as it stands when
    it is sent; a reminder that the case no longer names is not sent.  One that is new and whose morning is over
    already comes the next morning, if it makes sense then: whoever books for tomorrow has just been told.
    """

    about: str
    day: date
    replies: tuple[Reply, ...]
    _: KW_ONLY
    until: date | None = None

    @property
    def last(self) -> date:
        """Return the last day on which it still makes sense."""
        return self.until or self.day


class Errand(StrEnum):
    """What somebody goes to a place for."""

    PICKUP = "pickup"  # a set is handed over at a pick-up point
    DELIVERY = "delivery"  # a set is brought
    CHECK = "check"  # how a set that was lent is doing (about every two weeks)
    SWAP = "swap"  # a set that does not work is exchanged
    RETURN = "return"  # a set is taken back at a pick-up point
    COLLECTION = "collection"  # a set is fetched
    VISIT = "visit"  # guidance
    RECHECK = "recheck"  # how what was guided is doing, once, about three weeks later


@dataclass(frozen=True)
class Stop:
    """One stop of the contractor's round: where the step *step* of a case is to be filed.

    *day* is the day that was agreed on or the last one in time, *time* the hour (Asia/Tokyo; None: any).
    *place* is the key of a pick-up point, "" where it is the resident's own place, of which only the *ward* (as
    it stands in answers, its Japanese name) is said.  *opens* is the first day on which it may be done; None
    where only *day* counts.  *marks* are what whoever goes there should know, a few words each.
    """

    kind: Errand
    day: date
    time: time | None
    place: str
    step: str
    _: KW_ONLY
    ward: str = ""
    opens: date | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leg:
    """One stop of a round and whose it is: the case *reference* of *procedure*."""

    reference: str
    procedure: str
    stop: Stop


@dataclass(frozen=True)
class Lapse:
    """A deadline that ends something by itself: after the day *by* (Asia/Tokyo) the office files *step*."""

    step: str
    by: date


def no_reminders(case: CaseView, world: World) -> tuple[ReminderDue, ...]:  # noqa: ARG001 -- the house's shape
    """Return that nobody is reminded of anything."""
    return ()


def no_rounds(case: CaseView, world: World) -> tuple[Stop, ...]:  # noqa: ARG001 -- the house's shape
    """Return that nobody has to go anywhere."""
    return ()


def no_lapses(case: CaseView, world: World) -> tuple[Lapse, ...]:  # noqa: ARG001 -- the house's shape
    """Return that nothing ends by itself."""
    return ()
