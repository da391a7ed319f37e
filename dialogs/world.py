"""What a question needs from outside, handed in as a value so that a turn stays pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from dialogs.meetings import NO_MEETINGS, Meetings
from dialogs.office import Office
from dialogs.reading.address import PostalTable
from dialogs.season import Season
from dialogs.slots import NOTHING_KNOWN, Free
from dialogs.words import Words

if TYPE_CHECKING:
    from dialogs.standing import CaseView


class HolderList(Protocol):
    """The city's list of those who bought a fence with its subsidy (003-04)."""

    def has(self, number: str) -> bool:
        """Return whether *number* is on the list, however it is written."""
        ...


@dataclass(frozen=True)
class World:
    """The outside of one turn.

    *today* is the day in Asia/Tokyo.  *season* and *opens* override the computed ones (``FENCE_SEASON``,
    ``FENCE_OPENS``).  *words* are the catalogs by locale.  *pii_in_chat* is a deployment's
    explicit choice to let personal answers be typed.  *case* is the case that the form at hand is about, None
    where it opens one: which days may be chosen depends on what was filed before.  *free* is what is left of what
    is scarce, put in for the turns that need it, and *guide* the words that the staff gave to entries of the
    handling guide, for those that may search it; *asked* is how many questions of the person the staff have yet to
    answer, for those that may ask one more.  *holders* is the list of subsidy holders, None where nobody
    looks at it.  *meetings* are the exchange meetings, with their seats for the turns that may take one; put in
    for the turns about them.  *talks* says that the person is told what comes next in the talk that they read this in.
    """

    today: date
    office: Office
    postal: PostalTable
    season: Season | None = None
    opens: date | None = None
    pii_in_chat: bool = False
    words: Mapping[str, Words] = field(default_factory=dict)
    case: CaseView | None = None
    free: Free = NOTHING_KNOWN
    guide: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holders: HolderList | None = None
    meetings: Meetings = NO_MEETINGS
    asked: int = 0
    talks: bool = True
