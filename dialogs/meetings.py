"""An exchange meeting as data: its day and place, its programme, its seats, and what registrations are asked (004).

Pure.  :mod:`dialogs.meetings_reading` makes one of a file or of a page, or says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from dialogs.words import Words

ON_SITE, ONLINE = "on_site", "online"
"""The ways to attend (004-03, 004-04)."""

WAYS = (ON_SITE, ONLINE)


class State(StrEnum):
    """How far a meeting has come: registrations are taken while it is *open*, until its closing date."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Part:
    """One part of the programme, Tokyo time.

    *who* is ``ONLINE`` where those who watch may follow it as well, ``ON_SITE`` where it is for those in the room
    alone, as the participants' exchange is (004-04).  *link* is its own address, "" for the meeting's.
    """

    key: str
    title: str
    starts: time
    ends: time
    who: str = ONLINE
    _: KW_ONLY
    title_en: str = ""
    link: str = ""


@dataclass(frozen=True)
class Named:
    """A theme or a kind of participant: its key for ever, its wording, and the English one ("" for none)."""

    key: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Meeting:
    """One meeting.

    *closes* is the last day on which registrations and corrections are taken (004-11).  *seats_online* is 0 where
    nobody may watch.  *group_most* is how many may come together on one registration.  *offer_hours* is how long a
    free seat is kept for whoever waits, None for as long as the days left allow.  *groups* tables of *group_size*
    stand in the room; *drinks* are bottles per person on site and *sweets* packs per table (004-06).  *survey* is
    the key of the survey that participants are invited to, "" for none.  *contact* and *telephone* are whom to
    ask, "" for the office.
    """

    key: str
    title: str
    day: date
    place: str
    closes: date
    parts: tuple[Part, ...]
    seats_on_site: int
    _: KW_ONLY
    seats_online: int = 0
    group_most: int = 5
    offer_hours: int | None = None
    themes: tuple[Named, ...] = ()
    kinds: tuple[Named, ...] = ()
    groups: int = 0
    group_size: int = 0
    drinks: int = 1
    sweets: int = 1
    survey: str = ""
    online_link: str = ""
    contact: str = ""
    telephone: str = ""
    title_en: str = ""
    place_en: str = ""
    state: State = State.DRAFT

    @property
    def starts(self) -> time:
        """Return when it begins (Tokyo)."""
        return min(each.starts for each in self.parts)

    @property
    def ends(self) -> time:
        """Return when it ends (Tokyo)."""
        return max(each.ends for each in self.parts)

    @property
    def slot(self) -> str:
        """Return the slot of its pools: its day."""
        return self.day.isoformat()

    @property
    def seats(self) -> Mapping[str, int]:
        """Return how many seats there are, by way to attend."""
        return {ON_SITE: self.seats_on_site, ONLINE: self.seats_online}

    @property
    def ways(self) -> tuple[str, ...]:
        """Return how it can be attended."""
        return tuple(way for way in WAYS if self.seats[way])

    @property
    def pools(self) -> Mapping[str, int]:
        """Return its pools with their seats."""
        return {pool(self.key, way): self.seats[way] for way in WAYS}

    def takes(self, today: date) -> bool:
        """Return whether registrations are taken on *today* (Asia/Tokyo)."""
        return self.state is State.OPEN and today <= self.closes

    def is_held(self) -> bool:
        """Return whether it takes place, as far as is known."""
        return self.state in {State.OPEN, State.CLOSED}

    def parts_for(self, way: str) -> tuple[Part, ...]:
        """Return the parts that are open to those who attend in the way *way*."""
        return tuple(each for each in self.parts if way == ON_SITE or each.who == ONLINE)

    def link_of(self, part: Part) -> str:
        """Return where *part* is watched, "" where it cannot be, or nobody has said."""
        return (part.link or self.online_link) if part.who == ONLINE else ""

    def hours_to_answer(self, today: date) -> int:
        """Return how many hours somebody who waited has to take an offer made on *today*.

        What the meeting says; otherwise three days while there are weeks, two in the last two weeks, and one day
        in the last.
        """
        if self.offer_hours is not None:
            return self.offer_hours
        left = self.day - today
        return 72 if left > timedelta(weeks=2) else 48 if left > timedelta(weeks=1) else 24


def pool(meeting: str, way: str) -> str:
    """Return the pool of the seats of *meeting* for those who attend in the way *way*."""
    return f"seats/{meeting}/{way}"


def pools_of(meeting: str) -> tuple[str, ...]:
    """Return the pools of *meeting*."""
    return tuple(pool(meeting, way) for way in WAYS)


@dataclass(frozen=True)
class Seats:
    """How the seats of one pool stand for one registration.

    *taken* counts what is held and what is offered, by the registration itself too: *mine* of them.  *waiting*
    are the sizes of the other groups that wait and have no offer yet, the longest first; *waits* says whether the
    registration is on the list itself.
    """

    capacity: int = 0
    taken: int = 0
    waiting: tuple[int, ...] = ()
    mine: int = 0
    waits: bool = False

    @property
    def left(self) -> int:
        """Return how many seats nobody has; not below 0, where a room became smaller."""
        return max(self.capacity - self.taken, 0)

    def has_room_for(self, amount: int) -> bool:
        """Return whether a group of *amount* may sit down at once: there is room, and nobody longer here fits in it.

        What the registration holds already is its own: only what comes on top is asked for.
        """
        more = amount - self.mine
        if more <= 0:
            return True
        return more <= self.left and not any(each <= self.left for each in self.waiting)


NO_SEATS = Seats()


@dataclass(frozen=True)
class Meetings:
    """The meetings that a turn may speak of, by key, and how their seats stand, by pool."""

    by_key: Mapping[str, Meeting] = field(default_factory=dict)
    seats: Mapping[str, Seats] = field(default_factory=dict)

    def get(self, key: str) -> Meeting | None:
        """Return the meeting *key*, None where there is none."""
        return self.by_key.get(key)

    def taking(self, today: date) -> tuple[Meeting, ...]:
        """Return those that take registrations on *today*, the soonest first."""
        found = [each for each in self.by_key.values() if each.takes(today)]
        return tuple(sorted(found, key=lambda each: (each.day, each.key)))

    def seats_of(self, meeting: str, way: str) -> Seats:
        """Return how the seats of *meeting* stand for those who attend in the way *way*."""
        return self.seats.get(pool(meeting, way), NO_SEATS)


NO_MEETINGS = Meetings()


def titled(meeting: Meeting, words: Words) -> str:
    """Return what *meeting* is called in the reader's language."""
    return in_language(meeting.title, meeting.title_en, words)


def in_language(japanese: str, english: str, words: Words) -> str:
    """Return the *japanese* wording to readers of Japanese, to others the *english* one where there is one."""
    return japanese if words.locale.partition("@")[0] == "ja" or not english else english
