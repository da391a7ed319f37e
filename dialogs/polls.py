"""Whom a survey is for, and what is asked before it: whether the answers are to carry a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogs.fields.base import Answers

if TYPE_CHECKING:
    from dialogs.standing import CaseView

EVERYBODY = "everybody"
MEETING, PROCEDURE = "meeting:", "procedure:"
"""What an audience begins with: those who take part in a meeting, those who have a case of a procedure."""

GONE = frozenset({"cancelled", "withdrawal", "declined"})
"""Steps after which somebody does not take part any more."""

SINCE = {"fence_loan": "handover"}
"""The step from which on somebody counts as one of those a procedure is for: a borrower has the fence."""

ANSWER_AS = "answer_as"
"""The key of the question whether the answers are to carry the number."""

NAMED, ANONYMOUS = "named", "anonymous"
REGISTRATION = "registration"
"""Under which key the number stands on the ballot of somebody who wanted that."""


@dataclass(frozen=True)
class Poll:
    """What makes a procedure a survey: its key, whom it is for, what is said at its end."""

    survey: str
    audience: str = EVERYBODY
    thanks: str = ""

    @property
    def procedure(self) -> str:
        """Return the procedure whose people are asked, "" for everybody."""
        if self.audience.startswith(MEETING):
            return "exchange_meeting"
        return self.audience.removeprefix(PROCEDURE) if self.audience.startswith(PROCEDURE) else ""

    def invites(self, cases: Iterable[CaseView]) -> bool:
        """Return whether somebody with *cases* may answer."""
        return self.audience == EVERYBODY or any(map(self.counts, cases))

    def counts(self, case: CaseView) -> bool:
        """Return whether *case* makes its person one of those who are asked."""
        filed = [each.step for each in case.history]
        if case.procedure != self.procedure or not filed or GONE.intersection(filed):
            return False
        if self.audience.startswith(MEETING):
            return _takes_part(case.answers, self.audience.removeprefix(MEETING))
        return SINCE.get(case.procedure, filed[0]) in filed


def _takes_part(answers: Answers, meeting: str) -> bool:
    return answers.get("meeting") == meeting and answers.get("coming") != "no"
