"""How one loan stands: its days, its bookings, what was counted out and in; all of it read off what was filed.

Pure and without a memory of its own: the application's answers and the case's history say everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dialogs.fields.base import Answers
from dialogs.slots import slot_key

if TYPE_CHECKING:
    from dialogs.standing import CaseView
    from dialogs.steps import Filing

# What the city may set aside in an emergency (003-14, 30, 33, 34, 37).
ELIGIBILITY = "eligibility"
NOTICE_OMITTED = "notice"
AT_ONCE = "at_once"
CITY_CARRIES = "transport"
CITY_INSTALLS = "installation"

LENDING = frozenset({"handed_over"})
GOOD, FAULT, UPKEEP = "good", "fault", "upkeep"
"""What a check finds (003-18): nothing, something broken, or something that the borrower puts right."""


@dataclass(frozen=True)
class Booked:
    """A time at a counter: *place* is a pick-up point or ``delivery``, *slot* as pools write it."""

    place: str
    slot: str

    @property
    def day(self) -> date:
        """Return the day in Asia/Tokyo."""
        return date.fromisoformat(self.slot.partition("T")[0])

    @property
    def time(self) -> str:
        """Return when it begins, as people write it: ``09:30``."""
        return self.slot.partition("T")[2]


@dataclass(frozen=True)
class Loan:
    """One loan, as *case* tells it."""

    case: CaseView

    @cached_property
    def first(self) -> date:
        """Return the first day of the period."""
        return date.fromisoformat(self.case.answers["period"]["from"])

    @cached_property
    def applied_last(self) -> date:
        """Return the last day that was applied for."""
        return date.fromisoformat(self.case.answers["period"]["to"])

    @cached_property
    def last(self) -> date:
        """Return the last day as it stands: the one of the newest extension, or the one applied for."""
        found = self.newest("extended")
        return granted_until(found.said, self.case) if found else self.applied_last

    @cached_property
    def sets(self) -> int:
        """Return how many sets are lent: as many as were handed over, before that as many as asked for."""
        handed = self.said("handed_over").get("sets")
        return int(handed or self.case.answers.get("sets") or 1)

    @cached_property
    def ward(self) -> str:
        """Return the ward of the site as it stands outside the vault: its Japanese name, "" where not known."""
        return str((self.case.answers.get("site") or {}).get("ward") or "")

    @cached_property
    def waived(self) -> frozenset[str]:
        """Return what the city has set aside for this loan."""
        return frozenset(self.said("decision").get("exceptions", ()))

    @cached_property
    def number(self) -> str:
        """Return the 通知番号 (003-53), "" before the decision."""
        return str(self.said("decision").get("number", ""))

    @cached_property
    def is_lent(self) -> bool:
        """Return whether the set is with the borrower."""
        return self.handed_over is not None and self.taken_back is None

    @cached_property
    def handed_over(self) -> date | None:
        """Return the day of the hand-over."""
        return self.day("handed_over")

    @cached_property
    def taken_back(self) -> date | None:
        """Return the day on which it was taken back."""
        return self.day("taken_back")

    @cached_property
    def pickup(self) -> Booked | None:
        """Return the pick-up that is booked; None after it, and where none is."""
        done = {"handed_over", "cancelled"} & self._steps
        return None if done else self._booked("pickup_booked")

    @cached_property
    def returning(self) -> Booked | None:
        """Return the return that is booked; an extension puts an end to it."""
        if self.taken_back or self.comes_after("extended", "return_booked"):
            return None
        return self._booked("return_booked")

    @cached_property
    def asked_until(self) -> date | None:
        """Return until when an extension is asked for that nobody has decided on; a booked return takes it back."""
        asked = self.newest("extension_asked")
        answers = ("extended", "extension_refused", "return_booked", "taken_back")
        if asked is None or any(self.comes_after(each, "extension_asked") for each in answers):
            return None
        return date.fromisoformat(asked.said["until"])

    @cached_property
    def counted(self) -> Mapping[str, int]:
        """Return how many of each part were handed over."""
        return dict(self.said("handed_over").get("parts") or {})

    @cached_property
    def missing(self) -> Mapping[str, int]:
        """Return how many of each part have not come back, less what came later."""
        back = self.said("taken_back").get("parts_in")
        if back is None:
            return {}
        later = self.said("settled").get("parts_later") or {}
        short = {key: count - back.get(key, 0) - later.get(key, 0) for key, count in self.counted.items()}
        return {key: count for key, count in short.items() if count > 0}

    @cached_property
    def fault(self) -> Filing | None:
        """Return the newest finding that calls for another set; None once the set was swapped."""
        found = [each for each in self.case.history if _calls_for_a_swap(each)]
        newest = found[-1] if found else None
        return None if newest is None or self._is_later("swapped", newest) else newest

    @cached_property
    def trouble(self) -> Filing | None:
        """Return what the borrower reported last; None once somebody has answered it, been there or swapped."""
        found = self.newest("trouble")
        answers = ("trouble_answered", "swapped", "checked_on_site", "taken_back")
        return None if found is None or any(self._is_later(each, found) for each in answers) else found

    @cached_property
    def instruction(self) -> Filing | None:
        """Return the check whose instruction the borrower has not acknowledged yet (003-18)."""
        found = self.newest("checked_on_site")
        if found is None or found.said.get("result") != UPKEEP or self._is_later("understood", found):
            return None
        return found

    @cached_property
    def asked_how(self) -> Filing | None:
        """Return the office's question about state and effect that the borrower has not answered (003-38)."""
        found = self.newest("status_asked")
        return None if found is None or self._is_later("status_told", found) else found

    def newest(self, step: str) -> Filing | None:
        """Return the newest filing of *step*."""
        return next((each for each in reversed(self.case.history) if each.step == step), None)

    def said(self, step: str) -> Answers:
        """Return what was said when *step* was filed last; nothing where it was not."""
        found = self.newest(step)
        return found.said if found else {}

    def day(self, step: str) -> date | None:
        """Return the day on which *step* was filed last."""
        found = self.newest(step)
        return found.day if found else None

    def comes_after(self, step: str, other: str) -> bool:
        """Return whether *step* was last filed after *other* last was."""
        found = self.newest(other)
        return found is not None and self._is_later(step, found)

    def _is_later(self, step: str, than: Filing) -> bool:
        # Two filings may be equal in every word: what counts is which of the history's entries it is.
        places = [place for place, each in enumerate(self.case.history) if each is than]
        return any(each.step == step for each in self.case.history[places[-1] + 1 :])

    @cached_property
    def _steps(self) -> frozenset[str]:
        return frozenset(each.step for each in self.case.history)

    def _booked(self, step: str) -> Booked | None:
        said: Mapping[str, Any] = self.said(step)
        return booked(said) if said else None


def booked(said: Answers) -> Booked:
    """Return the booking that *said*, the answers of a booking's form, makes."""
    return Booked(str(said["place"]["place"]), slot_key(said["slot"]))


def granted_until(said: Answers, case: CaseView) -> date:
    """Return the last day that the decision *said* grants: the office's own, or the one that was asked for."""
    own = said.get("extended_until")
    asked = Loan(case).said("extension_asked").get("until")
    return date.fromisoformat(str(own or asked))


def _calls_for_a_swap(filing: Filing) -> bool:
    found = {"checked_on_site": ("result", FAULT), "trouble_answered": ("answer", "swap")}.get(filing.step)
    return found is not None and filing.said.get(found[0]) == found[1]
