"""What every signature must be in keeping with: one decision a round, its number, and an applicant who was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.findings import Report
from bot.reconcile_checks import Frame
from bot.reconcile_numbers import Numbers
from bot.signing import history
from dialogs.procedure import Procedure, effective, nothing_told
from dialogs.signoff import SignOff
from dialogs.standing import Register
from storage import ledger, submissions
from storage.ledger import Rows
from storage.staff import CHANNEL
from storage.submissions import SubmissionRow

_TOLD = frozenset({"line"})
"""Channels on which an applicant is told; a sample of nobody is not."""


@dataclass(frozen=True)
class Signed:
    """Checks what was signed on cases, page by page; the numbers of decisions are ticked off in *numbers*."""

    register: Register
    frame: Frame
    numbers: Numbers

    def check(self, conn: Connection, rows: Rows, report: Report) -> None:
        """Check a page of cases."""
        self.numbers.check(rows, report)
        # What was filed once was not signed.
        signable = {row.id: row for row in rows if row.filed > 1 and self._signoff(row.procedure)}
        filed = submissions.of_cases(conn, signable)
        for case_id, mine in filed.items():
            self._check_rounds(signable[case_id], mine, report)
        self._check_told(conn, signable, filed, report)
        self._check_events(conn, [each for mine in filed.values() for each in mine], report)

    def _signoff(self, key: str) -> SignOff | None:
        procedure = self.register.of(key)
        return procedure.signoff if procedure else None

    def _check_rounds(self, case: Any, filed: Sequence[SubmissionRow], report: Report) -> None:
        procedure = self.register.of(case.procedure)
        signoff = procedure.signoff if procedure else None
        if procedure is None or signoff is None:
            return
        counted = Counter(each.step for each in effective(procedure.steps, history(filed)))
        if sum(counted[step] for step in signoff.decided) > 1:
            report.add("decided_twice", case.reference)
        elif any(counted[each.step] > 1 for each in signoff.levels):
            report.add("signed_twice", case.reference)
        for each in filed:
            if each.step in signoff.decided:
                self._check_numbers(case, signoff, each, report)

    def _check_numbers(self, case: Any, signoff: SignOff, decision: SubmissionRow, report: Report) -> None:
        for name, series in _wanted(signoff, decision.step).items():
            number = decision.answers.get(name)
            if number is None:
                report.add("decision_unnumbered", case.reference)
            else:
                self.numbers.given(series, str(number), decision.filed_at, report)

    def _check_told(
        self,
        conn: Connection,
        signable: Mapping[str, Any],
        filed: Mapping[str, Sequence[SubmissionRow]],
        report: Report,
    ) -> None:
        told = [
            (signable[case_id], each)
            for case_id, mine in filed.items()
            for each in mine
            if self._is_told(signable[case_id], each)
        ]
        messages = ledger.caused(conn, {f"{each.event_id}/told/talk" for _, each in told})
        erased = ledger.erased(conn, {case.person_id for case, _ in told}) if told else set()
        for case, each in told:
            if case.person_id not in erased:
                for kind in _of_telling(case, messages.get(f"{each.event_id}/told/talk", ())):
                    report.add(kind, case.reference)

    def _is_told(self, case: Any, each: SubmissionRow) -> bool:
        procedure: Procedure | None = self.register.of(case.procedure)
        signoff = procedure.signoff if procedure else None
        if procedure is None or signoff is None or procedure.told is nothing_told:
            return False
        telling = {*signoff.decided, signoff.returned.step}
        return each.step in telling and case.channel in _TOLD and each.filed_at >= self.frame.since

    def _check_events(self, conn: Connection, filed: Sequence[SubmissionRow], report: Report) -> None:
        """Check that what members of the staff filed came from an event that is known."""
        recent = max(self.frame.events_since, self.frame.since)
        theirs = [each for each in filed if each.channel == CHANNEL and each.filed_at >= recent]
        known = ledger.event_states(conn, {_event(each) for each in theirs})
        for each in theirs:
            if _event(each) not in known:
                report.add("signature_without_event", each.id)


def _wanted(signoff: SignOff, step: str) -> Mapping[str, str]:
    """Return the series of the numbers that a decision must have, by where in its answers they stand."""
    granted = step == signoff.levels[-1].step
    wanted = {"document": signoff.document, "number": signoff.notice if granted else ""}
    return {name: series for name, series in wanted.items() if series}


def _of_telling(case: Any, messages: Rows) -> Iterator[str]:
    if not messages:
        yield "decision_untold"
    elif any(each.thread != case.person_id for each in messages):
        yield "decision_told_other"
    elif not all(each.legal for each in messages):
        yield "decision_not_legal"


def _event(each: SubmissionRow) -> str:
    """Return the event in which *each* was filed: several submissions of one turn count on from its id."""
    return each.event_id.partition("/")[0]
