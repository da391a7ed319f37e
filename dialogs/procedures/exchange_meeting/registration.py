"""How one registration stands: who comes how, whether they have a seat, wait for one, or have been offered one.

Pure and without a memory of its own: the answers and the history say everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dialogs.fields.base import sealed

if TYPE_CHECKING:
    from dialogs.standing import CaseView
    from dialogs.steps import Filing

KEY = "exchange_meeting"
"""The procedure."""


class Stand(StrEnum):
    """How a registration stands."""

    NEW = "new"  # filed, and not yet placed
    SEATED = "seated"
    WAITING = "waiting"
    OFFERED = "offered"  # a free seat is kept for them until the deadline
    ABSENT = "absent"  # they said that they do not come
    GIVEN_UP = "given_up"  # an offer was declined, or not taken up in time
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"  # the meeting does not take place


_AFTER: Mapping[str, Stand] = {
    "seated": Stand.SEATED,
    "queued": Stand.WAITING,
    "absent": Stand.ABSENT,
    "offered": Stand.OFFERED,
    "accepted": Stand.SEATED,
    "declined": Stand.GIVEN_UP,
    "lapsed": Stand.GIVEN_UP,
    "cancelled": Stand.CANCELLED,
    "called_off": Stand.CALLED_OFF,
}

OVER = frozenset({Stand.GIVEN_UP, Stand.CANCELLED, Stand.CALLED_OFF})
"""Nothing is arranged any more."""


@dataclass(frozen=True)
class Registration:
    """The registration of *case*."""

    case: CaseView

    @cached_property
    def stand(self) -> Stand:
        """Return how it stands."""
        steps = (_AFTER[each.step] for each in reversed(self.case.history) if each.step in _AFTER)
        return next(steps, Stand.NEW)

    @property
    def is_over(self) -> bool:
        """Return whether nothing is arranged any more."""
        return self.stand in OVER

    @property
    def meeting(self) -> str:
        """Return the key of the meeting, "" where the answers were erased."""
        return str((self.case.answers.get("meeting") or {}).get("key", ""))

    @property
    def attendance(self) -> str:
        """Return how they attend: on_site or online; "" where they do not come."""
        return str(self.case.answers.get("attendance") or "")

    @property
    def amount(self) -> int:
        """Return how many seats it takes."""
        return amount_of(self.case.answers)

    @property
    def kind(self) -> str:
        """Return the key of the kind of participant, "" where not known."""
        return str((self.case.answers.get("kind") or {}).get("key", ""))

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the keys of the themes that were chosen."""
        found = self.case.answers.get("themes")
        return tuple(str(each["key"]) for each in found) if isinstance(found, list) else ()

    @property
    def has_needs(self) -> bool:
        """Return whether they wrote what they need to take part; what it is, only the vault knows."""
        return sealed(self.case.answers.get("accommodation"))

    @property
    def was_there(self) -> bool:
        """Return whether they were checked in at the door."""
        return self._filed("attended") is not None

    @property
    def offered_until(self) -> str:
        """Return until when the offer holds, as a slot (``2028-01-10T12:00``, Asia/Tokyo); "" for no offer."""
        found = self._filed("offered")
        return str(found.said["until"]) if found and self.stand is Stand.OFFERED else ""

    @cached_property
    def told(self) -> tuple[str, str, str]:
        """Return the day, the time and the place that the person knows of, as texts; "" where not known."""
        moved = self._filed("rescheduled")
        known: Mapping[str, Any] = moved.said if moved else self.case.answers.get("meeting") or {}
        day, starts, place = (str(known.get(name, "")) for name in ("day", "starts", "place"))
        return day, starts, place

    @property
    def day(self) -> date | None:
        """Return the day that the person knows of."""
        return date.fromisoformat(self.told[0]) if self.told[0] else None

    def _filed(self, step: str) -> Filing | None:
        return next((each for each in reversed(self.case.history) if each.step == step), None)


def amount_of(answers: Mapping[str, Any]) -> int:
    """Return how many seats *answers* ask for: those who watch need one, whoever sits beside them."""
    return 1 + int(answers.get("companions") or 0)
