"""What the final report counts, case by case: a handful of counters, whatever the number of cases (003-26).

Nothing personal is counted or kept: wards, channels, reasons, days and results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from dialogs.fields import Answers
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE
from dialogs.procedures.fence_loan.steps import CHECK_EVERY, CHECK_TOLERANCE
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.procedures.install_guidance.steps import RECHECK_DAYS, RECHECK_TOLERANCE
from dialogs.standing import CaseView

Counts: TypeAlias = "Counter[tuple[str, str]]"
"""How many, by the row and the column of a table."""

ASKED = tuple(each.key for each in QUESTIONNAIRE.fields if each.key != "opinion")
"""The questions of the questionnaire that are tabulated; what was written freely stands in the export of loans."""

NONE = ""
"""The row of cases of which nothing is known (a ward before the private page was filled in)."""


def month(day: date) -> str:
    """Return the month of *day* as rows are named and sorted: 2027-06."""
    return f"{day:%Y-%m}"


@dataclass
class Loans:
    """The loans of a year.  A person with several sets is one (003-25)."""

    months: Counts = field(default_factory=Counter)
    groups: Mapping[str, Counts] = field(
        default_factory=lambda: {
            "ward": Counter(),
            "channel": Counter(),
            "type": Counter(),
            "reason": Counter(),
        }
    )
    checks: Counts = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    extensions: Counter[str] = field(default_factory=Counter)
    exceptions: Counter[str] = field(default_factory=Counter)
    answered: Counts = field(default_factory=Counter)
    sets: int = 0

    def add(self, case: CaseView, channel: str) -> None:
        """Count *case*, which came in by *channel*."""
        loan = Loan(case)
        self._months(loan)
        self._groups(loan, channel)
        self._checks(loan)
        self._ended(loan)
        self._questionnaire(loan)
        self.exceptions.update(loan.waived)

    def total(self, column: str) -> int:
        """Return how many there are of *column* over all months."""
        return sum(number for (_month, name), number in self.months.items() if name == column)

    def _months(self, loan: Loan) -> None:
        days = {
            "applied": loan.case.opened,
            "withdrawn": loan.day("withdrawal"),
            "approved": loan.day("decision"),
            "refused": loan.day("refused"),
            "cancelled": loan.day("cancelled"),
            "lent": loan.handed_over,
            "returned": loan.taken_back,
        }
        for column, day in days.items():
            if day:
                self.months[month(day), column] += 1
        if loan.handed_over:
            self.months[month(loan.handed_over), "sets"] += loan.sets
            self.sets += loan.sets

    def _groups(self, loan: Loan, channel: str) -> None:
        answers = loan.case.answers
        rows = {
            "ward": [loan.ward],
            "channel": [channel],
            "type": [str(answers.get("applicant_type") or NONE)],
            "reason": list(answers.get("reason") or [NONE]),
        }
        columns = ["applied"]
        columns += ["approved"] if loan.day("decision") else []
        columns += ["lent"] if loan.handed_over else []
        for group, keys in rows.items():
            for key in keys:
                self.groups[group].update((key, column) for column in columns)

    def _checks(self, loan: Loan) -> None:
        before = loan.handed_over
        for each in loan.case.history:
            if each.step == "swapped":
                self.checks[month(each.day), "swapped"] += 1
            if each.step != "checked_on_site":
                continue
            row = month(each.day)
            self.checks[row, "done"] += 1
            self.checks[row, str(each.said.get("result"))] += 1
            late = before is not None and each.day > before + timedelta(days=CHECK_EVERY + CHECK_TOLERANCE)
            self.checks[row, "late"] += late
            before = each.day

    def _ended(self, loan: Loan) -> None:
        for step in ("extension_asked", "extended", "extension_refused"):
            self.extensions[step] += sum(1 for each in loan.case.history if each.step == step)
        if not loan.taken_back:
            return
        self.ended["returned"] += 1
        self.ended["early"] += loan.taken_back < loan.last
        self.ended[f"damage.{loan.said('taken_back').get('damage', 'none')}"] += 1
        self.ended["not_working"] += loan.said("taken_back").get("works") == "no"
        if loan.missing:
            self.ended["missing"] += 1
            self.missing.update(loan.missing)
        self.ended["replenish"] += loan.said("settled").get("replenish") == "yes"

    def _questionnaire(self, loan: Loan) -> None:
        said = loan.said("questionnaire")
        if said:
            self.ended["questionnaire"] += 1
            self.answered.update((key, str(said.get(key) or NONE)) for key in ASKED)


@dataclass
class Visits:
    """The guidance of a year (003-21…25)."""

    months: Counts = field(default_factory=Counter)
    wards: Counts = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)

    def add(self, case: CaseView) -> None:
        """Count *case*."""
        guidance = Guidance(case)
        days = {
            "applied": case.opened,
            "instructed": _day(case, "instructed"),
            "cancelled": _day(case, "cancelled") or _day(case, "declined"),
            "visited": guidance.visited_on,
            "certified": guidance.certified_on,
            "rechecked": _checked_on(guidance.recheck) or _day(case, "rechecked"),
        }
        for column, day in days.items():
            if day:
                self.months[month(day), column] += 1
        columns = ["applied", *(["visited"] if guidance.visited_on else [])]
        self.wards.update((guidance.ward, column) for column in columns)
        self._recheck(guidance, days["rechecked"])

    def total(self, column: str) -> int:
        """Return how many there are of *column* over all months."""
        return sum(number for (_month, name), number in self.months.items() if name == column)

    def _recheck(self, guidance: Guidance, on: date | None) -> None:
        if guidance.visited_on is None:
            return
        if on is None:
            self.results["open"] += 1
            return
        self.results[str(guidance.recheck.get("result"))] += 1
        self.results["told" if guidance.is_told else "untold"] += 1
        apart = abs((on - guidance.visited_on).days - RECHECK_DAYS)
        self.results["in_time" if apart <= RECHECK_TOLERANCE else "not_in_time"] += 1


def _day(case: CaseView, step: str) -> date | None:
    return next((each.day for each in reversed(case.history) if each.step == step), None)


def _checked_on(recheck: Answers) -> date | None:
    on = recheck.get("checked_on")
    return date.fromisoformat(on) if on else None
