"""What every row must be in keeping with: one function for each kind of row.

Each takes a page of rows with the connection of their transaction, and adds what it finds to the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from bot.findings import Report
from storage import inbox, ledger
from storage.asjson import load
from storage.ledger import Rows

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

LATE = 10 * MINUTE
"""How long (ms) after it was due a retry or an answer counts as lost: retries are at most five minutes apart."""

LATE_ERRAND = 6 * HOUR
"""The same for what nobody waits for."""

_TRACES = ("talk", "profile", "content", "farewell", "leave", "refusal")
"""What an event's messages are called behind its id."""

_ANSWERED = ("page/", "photo/")
"""Events of our own that always say something."""

_INTRODUCED = "/introduced"
"""Ends the events that tell which language somebody reads: mostly there is nothing to say to that."""

_CHANNELS = frozenset({"line"})
"""Channels on which residents file by events and are answered."""


@dataclass(frozen=True)
class Frame:
    """What rows are judged by: the time (ms), and from when on the ids of events are still known.

    *steps* are the forms of steps, each with the procedure that it belongs to.
    """

    now: int
    events_since: int
    failed_since: int
    since: int = 0
    steps: Mapping[str, str] = field(default_factory=dict)


# --- what was acknowledged


def check_events(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check events: that failed ones will be tried again, and that the others left what they must leave."""
    done = {row.event_id for row in rows if row.state == inbox.DONE}
    causes = {f"{event}/{name}" for event in done for name in _TRACES}
    answered = {cause.rpartition("/")[0] for cause in ledger.caused(conn, causes)}
    # A signature is answered by the sheet, which takes the place of the one that was pressed.
    answered |= ledger.filed_by_events(conn, done - answered)
    for row in rows:
        for kind in _of_event(row, frame, answered=row.event_id in answered):
            report.add(kind, row.event_id)


def _of_event(row: Any, frame: Frame, *, answered: bool) -> Iterator[str]:
    match row.state:
        case inbox.DONE:
            if row.has_raw:
                yield "event_body_left"
            if not answered and not row.event_id.endswith(_INTRODUCED):
                yield "answer_missing" if row.event_id.startswith(_ANSWERED) else "silent_event"
        case inbox.FAILED:
            if not row.has_raw:
                yield "event_without_body"
            if row.due is None or row.due < frame.now - LATE:
                yield "retry_overdue"
        case inbox.DEAD:
            yield "dead_letter"
        case _:
            yield "event_state_unknown"


# --- what was filed


def check_filings(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check submissions: who filed them on whose case, their receipts, and what they refer to."""
    residents = [row for row in rows if row.role == "resident"]
    ours = [row for row in residents if row.channel in _CHANNELS]
    receipts = ledger.caused(conn, {f"{row.event_id}/talk" for row in ours})
    events = ledger.event_states(conn, {row.event_id for row in ours})
    for row in residents:
        if row.filed_by != row.person_id:
            report.add("filed_by_other", row.id)
    for row in ours:
        if row.event_id not in events and row.filed_at >= frame.events_since:
            report.add("filing_without_event", row.id)
        for kind in _of_receipt(row, receipts.get(f"{row.event_id}/talk", ())):
            report.add(kind, row.id)
    _check_belongings(conn, rows, report)


def _of_receipt(row: Any, receipts: Rows) -> Iterator[str]:
    if not receipts:
        yield "receipt_missing"
    elif any(each.thread != row.person_id for each in receipts):
        yield "receipt_crossed"
    elif not all(each.legal for each in receipts):
        yield "receipt_not_legal"


def check_talks(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check half-filled conversations: whose case they are about, and what they refer to."""
    for row in rows:
        # A member fills in the form of a step on somebody else's case.
        is_step = row.procedure in frame.steps and row.is_member
        if row.case_id and row.case_owner is None:
            report.add("correction_of_nothing", row.id)
        elif row.case_id and row.case_owner != row.person_id and not is_step:
            report.add("correction_crossed", row.id)
    _check_belongings(conn, rows, report, frame.steps)


def _check_belongings(
    conn: Connection, rows: Rows, report: Report, steps: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Check that personal answers and photos are there, of this procedure and this person.

    A photo that a member filed on somebody's case is the member's.
    """
    procedures = ledger.record_procedures(conn, {row.vault_id for row in rows if row.vault_id})
    shown = {row.id: _photos(row.answers) for row in rows if '"photo"' in row.answers}
    owners = ledger.photo_owners(conn, {photo for each in shown.values() for photo in each}) if shown else {}
    for row in rows:
        if row.vault_id and row.vault_id not in procedures:
            report.add("record_missing", row.vault_id)
        elif row.vault_id and procedures[row.vault_id] != steps.get(row.procedure, row.procedure):
            report.add("record_of_other_procedure", row.vault_id)
        for photo in shown.get(row.id, ()):
            if photo not in owners:
                report.add("photo_missing", photo)
            elif not _belongs(row, owners[photo], steps):
                report.add("photo_crossed", photo)


def _belongs(row: Any, owner: tuple[str, str], steps: Mapping[str, str]) -> bool:
    person, procedure = owner
    is_theirs = person == row.person_id or getattr(row, "role", "resident") != "resident"
    return is_theirs and procedure == steps.get(row.procedure, row.procedure)


def _photos(answers: str) -> list[str]:
    given = load(answers).values()
    found = [value.get("photo") for value in given if isinstance(value, Mapping)]
    return [each for each in found if isinstance(each, str)]


def check_persons(_conn: Connection, rows: Rows, _frame: Frame, report: Report) -> None:
    """Check that people are in conversations of their own."""
    for row in rows:
        if row.owner is None:
            report.add("current_missing", row.id)
        elif row.owner != row.id:
            report.add("current_crossed", row.id)
