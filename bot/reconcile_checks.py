"""What every row must be in keeping with: one function for each kind of row.

Each takes a page of rows with the connection of their transaction, and adds what it finds to the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.findings import Report
from storage import inbox, ledger
from storage.asjson import load
from storage.ledger import Rows
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, retry_key

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

LATE = 10 * MINUTE
"""How long (ms) after it was due a retry or an answer counts as lost: retries are at most five minutes apart."""

LATE_ERRAND = 6 * HOUR
"""The same for what nobody waits for."""

LONGEST_LEASE = 2 * HOUR
"""No sender puts a message off for longer: an hour is what it waits for the platform's quota."""

_LONGEST_ID = 50
"""What the cause of a loading animation keeps of an event's id."""

_TRACES = ("talk", "profile", "content", "farewell", "leave")
"""What an event's messages are called behind its id."""

_ANSWERED = ("page/", "photo/")
"""Events of our own that always say something."""

_INTRODUCED = "/introduced"
"""Ends the events that tell which language somebody reads: mostly there is nothing to say to that."""

_MOST_OF_A_CAUSE = 20

_CHANNELS = frozenset({"line"})
"""Channels on which residents file by events and are answered."""


@dataclass(frozen=True)
class Frame:
    """What rows are judged by: the time (ms), and from when on the ids of events are still known."""

    now: int
    events_since: int
    failed_since: int
    since: int = 0


# --- what was queued


def check_messages(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check messages: their state, whose they are, what caused them, and that none is there twice."""
    for row in rows:
        for kind in _of_state(row, frame):
            report.add(kind, row.id)
    left = [row for row in rows if row.recipient]
    _check_blanked(conn, [row for row in rows if not row.recipient], report)
    _check_recipients(conn, left, report)
    _check_causes(conn, left, frame, report)
    _check_keys(conn, rows, report)


def _check_blanked(conn: Connection, rows: Rows, report: Report) -> None:
    """Check messages that somebody made nobody's: an erasure of their person must be known."""
    people = {row.id: person for row in rows if (person := _person(row))}
    erased = ledger.erased(conn, set(people.values())) if people else set()
    for row in rows:
        if people.get(row.id, "") not in {"", *erased} or row.has_body or row.state == WAITING:
            report.add("message_blanked", row.id)


def _of_state(row: Any, frame: Frame) -> Iterator[str]:
    match row.state:
        case "waiting":
            yield from _of_waiting(row, frame)
        case "delivered":
            pass
        case "maybe":
            yield "legal_uncertain" if row.legal else "uncertain"
        case "undeliverable":
            if row.kind == "messages":
                yield "undeliverable"
        case _:
            yield "message_state_unknown"
    if row.state in {DELIVERED, MAYBE, UNDELIVERABLE, WAITING} and (row.done_at is None) != (
        row.state == WAITING
    ):
        yield "message_end_untimed"


def _of_waiting(row: Any, frame: Frame) -> Iterator[str]:
    if not row.has_body:
        yield "waiting_without_body"
    if row.attempts and row.due > frame.now + LONGEST_LEASE:
        yield "lease_without_end"


def _check_recipients(conn: Connection, rows: Rows, report: Report) -> None:
    of_people = {row.id: person for row in rows if (person := _person(row))}
    accounts = ledger.accounts(conn, set(of_people.values()))
    for row in rows:
        if row.id in of_people:
            mine = accounts.get((of_people[row.id], row.channel), {})
            for kind in _of_recipient(row, mine):
                report.add(kind, row.id)
        elif ":" in row.thread and f"{row.thread.partition(':')[0]}:{row.recipient}"[:64] != row.thread:
            report.add("message_crossed", row.id)


def _of_recipient(row: Any, mine: Mapping[str, bool]) -> Iterator[str]:
    if not mine:
        yield "message_of_nobody"
    elif row.recipient not in mine:
        yield "message_crossed"
    elif mine[row.recipient] and row.state == WAITING and row.kind == "messages":
        yield "waiting_for_blocked"


def _person(row: Any) -> str:
    """Return whose thread the message is in; "" for groups, and for animations, which come before the person."""
    kind, _, person = row.thread.rpartition("/")
    return "" if ":" in row.thread or kind == "loading" else person


def _check_causes(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    causes = {row.id: row.cause.split("/") for row in rows}
    reminders = ledger.reminded(conn, {parts[1] for parts in causes.values() if _is_reminder(parts)})
    events = ledger.event_states(
        conn, {_event(parts) for parts in causes.values() if not _is_reminder(parts)}
    )
    for row in rows:
        parts = causes[row.id]
        if _is_reminder(parts):
            if reminders.get(parts[1], row.thread) != row.thread:
                report.add("message_crossed", row.id)
            known = parts[1] in reminders
        else:
            known = _is_known(row, parts, events.get(_event(parts)), frame)
            if events.get(_event(parts)) in {inbox.FAILED, inbox.DEAD} and not _is_loading(parts):
                report.add("message_of_unfinished_event", row.id)
        if not known:
            report.add("message_without_event", row.id)


def _is_known(row: Any, parts: list[str], state: str | None, frame: Frame) -> bool:
    if _is_loading(parts):  # shown for failed events alone, whose ids are kept for a shorter time
        return state is not None or row.created_at < frame.failed_since or len(_event(parts)) >= _LONGEST_ID
    return state is not None or row.created_at < frame.events_since


def _event(parts: list[str]) -> str:
    return "/".join(parts[:-2] if _is_loading(parts) else parts[:-1])


def _is_loading(parts: list[str]) -> bool:
    return len(parts) > 2 and parts[-2] == "loading"  # noqa: PLR2004 -- event, "loading", time


def _is_reminder(parts: list[str]) -> bool:
    return parts[0] == "reminder" and len(parts) > 1


def _check_keys(conn: Connection, rows: Rows, report: Report) -> None:
    # Nearly every cause has one message; only of the others all have to be looked at.
    odd = [row for row in rows if row.retry_key != retry_key(row.cause, 0)]
    found = ledger.caused(conn, {row.cause for row in odd}) if odd else {}
    for row in odd:
        known = {each.retry_key for each in found[row.cause]}
        places = [retry_key(row.cause, place) for place in range(_MOST_OF_A_CAUSE)]
        if row.retry_key not in places:
            report.add("message_twice" if len(known) > 1 else "message_key_unknown", row.id)
        elif not known.issuperset(places[: places.index(row.retry_key)]):
            report.add("message_missing", row.id)


# --- what was acknowledged


def check_events(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check events: that failed ones will be tried again, and that the others left what they must leave."""
    causes = {f"{row.event_id}/{name}" for row in rows for name in _TRACES if row.state == inbox.DONE}
    answered = {cause.rpartition("/")[0] for cause in ledger.caused(conn, causes)}
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


def check_talks(conn: Connection, rows: Rows, _frame: Frame, report: Report) -> None:
    """Check half-filled conversations: whose case they correct, and what they refer to."""
    for row in rows:
        if row.case_id and row.case_owner is None:
            report.add("correction_of_nothing", row.id)
        elif row.case_id and row.case_owner != row.person_id:
            report.add("correction_crossed", row.id)
    _check_belongings(conn, rows, report)


def _check_belongings(conn: Connection, rows: Rows, report: Report) -> None:
    """Check that personal answers and photos are there, of this procedure and this person."""
    procedures = ledger.record_procedures(conn, {row.vault_id for row in rows if row.vault_id})
    shown = {row.id: _photos(row.answers) for row in rows if '"photo"' in row.answers}
    owners = ledger.photo_owners(conn, {photo for each in shown.values() for photo in each}) if shown else {}
    for row in rows:
        if row.vault_id and row.vault_id not in procedures:
            report.add("record_missing", row.vault_id)
        elif row.vault_id and procedures[row.vault_id] != row.procedure:
            report.add("record_of_other_procedure", row.vault_id)
        for photo in shown.get(row.id, ()):
            if photo not in owners:
                report.add("photo_missing", photo)
            elif owners[photo] != (row.person_id, row.procedure):
                report.add("photo_crossed", photo)


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
