"""What must hold once a season is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.clock import moment
from bot.play.people import CHANNEL, Stage
from bot.play.residents import GUIDANCE, LOAN
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.standing import CaseView
from tests.support.service import rows

ENDS = {
    LOAN: {
        "taken_back",
        "missing_answered",
        "settled",
        "questionnaire",
        "cancelled",
        "refused",
        "withdrawal",
    },
    GUIDANCE: {"rechecked", "told", "cancelled", "declined"},
}
"""Filings that may be the last of a case."""

MAY_STAY_OPEN = {"questionnaire"}
"""What nobody is pressed for."""

CHECKED, EARLIEST, LATEST = "checked_on_site", timedelta(days=11), timedelta(days=17)
RECHECKED = (timedelta(days=18), timedelta(days=24))
MORNING, EVENING = 9, 19


def faults(stage: Stage, now: int) -> Sequence[str]:
    """Return every law that does not hold, each as a sentence; none after a good season."""
    loans, visits = stage.cases(LOAN), stage.cases(GUIDANCE)
    return [
        *(fault for case in (*loans, *visits) for fault in _left_open(stage, case)),
        *(fault for case in loans for fault in _checks(case)),
        *(fault for case in visits for fault in _rechecks(case)),
        *_reminders(stage),
        *_nights(stage),
        *_claims(stage, now),
    ]


def _left_open(stage: Stage, case: CaseView) -> Iterator[str]:
    procedure = stage.service.register.of(case.procedure)
    assert procedure
    last = case.history[-1].step
    if last not in ENDS[case.procedure]:
        yield f"{case.reference} ended with {last}"
    due = {each.step.key for each in procedure.due(case, stage.service.office.calendar)} - MAY_STAY_OPEN
    if due:
        yield f"{case.reference} still waits for {sorted(due)}"


def _checks(case: CaseView) -> Iterator[str]:
    """Yield where a two-week check was forgotten or doubled between hand-over and return (003-18)."""
    loan = Loan(case)
    if loan.handed_over is None or loan.taken_back is None:
        return
    found = [each.day for each in case.history if each.step == CHECKED]
    for before, after in pairwise([loan.handed_over, *found]):
        if not EARLIEST <= after - before <= LATEST:
            yield f"{case.reference} was checked on {after}, {(after - before).days} days after {before}"
    rest = loan.taken_back - (found or [loan.handed_over])[-1]
    if rest > LATEST:
        yield f"{case.reference} was not checked in the {rest.days} days before its return"
    if any(day > loan.taken_back for day in found):
        yield f"{case.reference} was checked after its return"


def _rechecks(case: CaseView) -> Iterator[str]:
    """Yield where the check three weeks after the visit was forgotten, doubled or out of time (003-22)."""
    guidance = Guidance(case)
    times = [each.day for each in case.history if each.step == "rechecked"]
    if guidance.visited_on is None:
        if times:
            yield f"{case.reference} was checked without a visit"
        return
    if len(times) != 1:
        yield f"{case.reference} was checked {len(times)} times"
    for day in times:
        if not RECHECKED[0] <= day - guidance.visited_on <= RECHECKED[1]:
            yield f"{case.reference} was checked {(day - guidance.visited_on).days} days after its visit"


def _reminders(stage: Stage) -> Iterator[str]:
    """Yield reminders that came twice, not at all, or on another day."""
    twice = rows(
        stage.service,
        "SELECT recipient, body FROM outbox WHERE cause LIKE 'reminder/%' GROUP BY recipient, body, thread, "
        "created_at / 86400000 HAVING count(*) > 1",
    )
    yield from (f"{row.recipient} was told twice in a day: {row.body}" for row in twice)
    planned = rows(
        stage.service,
        "SELECT cases.reference, about, day, sent_at FROM reminders JOIN cases ON cases.id = reminders.case_id",
    )
    told = {(row.reference, row.about.removeprefix("case:")): row.sent_at for row in planned if row.sent_at}
    for case in stage.cases(LOAN):
        for about, day in _eves(case):
            at = told.get((case.reference, about))
            if at is None:
                yield f"{case.reference} was not told of {about}"
            elif moment(at).date() != day:
                yield f"{case.reference} was told of {about} on {moment(at).date()}"


def _eves(case: CaseView) -> Iterator[tuple[str, date]]:
    """Yield the words on the eve and on the day of every booking that was kept, booked early enough for both."""
    for booked, kept, name in (
        ("pickup_booked", "handed_over", "pickup"),
        ("return_booked", "taken_back", "return"),
    ):
        loan = Loan(case)
        on, last = loan.day(kept), loan.newest(booked)
        if on is None or last is None or loan.comes_after("extended", booked):
            continue
        slot = last.said["slot"]
        if slot["day"] != on.isoformat():
            continue
        yield f"{name}/{slot['day']}T{slot['time']}", on
        if last.day < on - timedelta(days=1):
            yield f"{name}-eve/{slot['day']}T{slot['time']}", on - timedelta(days=1)


def _nights(stage: Stage) -> Iterator[str]:
    """Yield every word to a resident at night, whoever caused it."""
    found = rows(
        stage.service, "SELECT cause, created_at FROM outbox WHERE channel = :channel", channel=CHANNEL
    )
    for row in found:
        hour = moment(row.created_at).hour
        if not MORNING <= hour < EVENING:
            yield f"{row.cause} was said at {hour} o'clock"


def _claims(stage: Stage, now: int) -> Iterator[str]:
    """Yield what a matter that is over still holds, and what was promised too often."""
    today = moment(now).date().isoformat()
    held = rows(
        stage.service,
        "SELECT pool, slot, cases.reference FROM claims JOIN cases ON cases.id = claims.case_id "
        "WHERE released_at IS NULL AND slot >= :today",
        today=today,
    )
    yield from (f"{row.reference} still holds {row.pool} on {row.slot}" for row in held)
    over = rows(
        stage.service,
        "SELECT pool, slot FROM pool_slots JOIN pools ON pools.key = pool WHERE taken > capacity OR taken < 0",
    )
    yield from (f"{row.pool} on {row.slot} was promised too often" for row in over)
