"""How the guidance of one case stands: which time is held, what is agreed, what was found on the day.

Pure and without a memory of its own: the request's answers and the case's history say everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dialogs.fields.base import Answers
from dialogs.slots import slot_key

if TYPE_CHECKING:
    from dialogs.standing import CaseView
    from dialogs.steps import Filing

AGREEING = frozenset({"accepted", "agreed"})
"""The contractor takes what was wished for; the resident takes what was proposed."""

LOSING = frozenset({"lapsed", "missed"})
"""The time is gone, and another may be chosen."""

ENDING = frozenset({"cancelled", "declined", "visited"})
"""Nothing is arranged any more."""

GOOD, PUT_RIGHT = "good", "put_right"
"""What a check finds: nothing, or something that is to be put right (003-22)."""

NOT_YET = "not_yet"
"""How the result was told: not at all so far."""


@dataclass(frozen=True)
class Arranged:
    """How far the arrangement of a visit has come: *slot* is the time that is held, "" for none.

    *proposed* says that the contractor chose it, *agreed* that both want it, *definite* that the city has said so.
    *since* is the day on which it came to this.
    """

    slot: str
    since: date
    proposed: bool = False
    agreed: bool = False
    definite: bool = False

    @property
    def day(self) -> date | None:
        """Return the day of the visit (Asia/Tokyo), None where no time is held."""
        return date.fromisoformat(self.slot.partition("T")[0]) if self.slot else None

    @property
    def time(self) -> str:
        """Return when it begins, as people write it: ``09:00``."""
        return self.slot.partition("T")[2]

    @property
    def waits_for_contractor(self) -> bool:
        """Return whether the contractor has to say something to a wish."""
        return bool(self.slot) and not self.proposed and not self.agreed

    @property
    def waits_for_resident(self) -> bool:
        """Return whether the resident has to say something to a proposal."""
        return bool(self.slot) and self.proposed and not self.agreed

    @property
    def waits_for_city(self) -> bool:
        """Return whether the city has to give its instruction (実施の指示)."""
        return self.agreed and not self.definite


@dataclass(frozen=True)
class Guidance:
    """The guidance of *case*."""

    case: CaseView

    @cached_property
    def arranged(self) -> Arranged:
        """Return how far the arrangement has come."""
        standing = Arranged("", self.case.opened)
        for each in self.case.history:
            standing = self._after(standing, each)
        return standing

    def _after(self, standing: Arranged, filed: Filing) -> Arranged:
        match filed.step:
            case "application":
                return Arranged(slot_key(self.case.answers["wish"]), filed.day)
            case "moved" | "proposed":
                return Arranged(slot_key(filed.said["slot"]), filed.day, proposed=filed.step == "proposed")
            case "instructed":
                return replace(standing, definite=True, since=filed.day)
            case step if step in AGREEING:
                return replace(standing, agreed=True, since=filed.day)
            case step if step in LOSING | ENDING:
                return Arranged("", filed.day)
            case _:
                return standing

    @cached_property
    def is_over(self) -> bool:
        """Return whether nothing can be arranged any more."""
        return any(each.step in ENDING for each in self.case.history)

    @cached_property
    def visit(self) -> Answers:
        """Return what was reported of the visit, nothing before it."""
        return self._said("visited")

    @cached_property
    def visited_on(self) -> date | None:
        """Return the day of the visit that took place."""
        return _day(self.visit.get("visited_on"))

    @cached_property
    def is_certified(self) -> bool:
        """Return whether it was confirmed that the fence is set up as it should be (003-23)."""
        return self.visit.get("confirmed") == "yes" or self._filed("confirmed") is not None

    @cached_property
    def certified_on(self) -> date | None:
        """Return the day on which that was confirmed."""
        later = self._filed("confirmed")
        return later.day if later else self.visited_on if self.is_certified else None

    @cached_property
    def recheck(self) -> Answers:
        """Return what was found about three weeks later, nothing before."""
        return self._said("rechecked")

    @cached_property
    def is_told(self) -> bool:
        """Return whether the result of that check has been told (003-22): only then the matter is closed."""
        told = self.recheck.get("told_by", NOT_YET) != NOT_YET
        return told or self._filed("told") is not None

    @cached_property
    def ward(self) -> str:
        """Return the ward of the site as it stands outside the vault: its Japanese name, "" where not known."""
        return str((self.case.answers.get("site") or {}).get("ward") or "")

    def _filed(self, step: str) -> Filing | None:
        return next((each for each in reversed(self.case.history) if each.step == step), None)

    def _said(self, step: str) -> Answers:
        found = self._filed(step)
        return found.said if found else {}


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if written else None
