"""What every message must be in keeping with: its state, whose it is, what caused it, and that it is there once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.boards import KIND as SHEET
from bot.findings import Report
from bot.menus import KIND as MENU
from bot.reconcile_checks import HOUR, Frame
from storage import inbox, ledger
from storage.asjson import load
from storage.ledger import Rows
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, retry_key
from storage.staff import CHANNEL as STAFFED
from storage.teams import references

LONGEST_LEASE = 2 * HOUR
"""No sender puts a message off for longer: an hour is what it waits for the platform's quota."""

_LONGEST_ID = 50
"""What the cause of a loading animation keeps of an event's id."""

_MOST_OF_A_CAUSE = 20

_TURNED_AWAY = "/refusal"
"""Ends the cause of what somebody is told who is not on the staff: no person was made of them."""


def check_messages(conn: Connection, rows: Rows, frame: Frame, report: Report) -> None:
    """Check messages: their state, whose they are, what caused them, and that none is there twice."""
    for row in rows:
        for kind in _of_state(row, frame):
            report.add(kind, row.id)
    left = [row for row in rows if row.recipient]
    _check_blanked(conn, [row for row in rows if not row.recipient], report)
    rooms = references.known(conn, {row.thread for row in left if row.channel == STAFFED})
    _check_rooms([row for row in left if row.thread in rooms], report)
    _check_recipients(conn, [row for row in left if not _is_to_a_room(row, rooms)], report)
    sheets = [row for row in left if row.kind == SHEET]
    _check_sheets(conn, sheets, rooms, report)
    _check_causes(conn, [row for row in left if row.kind not in {SHEET, MENU}], frame, report)
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


def _check_rooms(rows: Rows, report: Report) -> None:
    """Check messages to conversations of Teams: that each goes to its own."""
    for row in rows:
        if row.recipient != row.thread:
            report.add("message_crossed", row.id)


def _is_to_a_room(row: Any, rooms: Collection[str]) -> bool:
    """Return whether the message belongs to a conversation of Teams, or to nobody: somebody was turned away."""
    return row.thread in rooms or row.kind == SHEET or row.cause.endswith(_TURNED_AWAY)


def _check_sheets(conn: Connection, rows: Rows, rooms: Collection[str], report: Report) -> None:
    """Check sheets: that there is a case to be shown, a conversation to show it in, and a filing that changed it."""
    shown = {row.id: load(row.sheet).get("case", "") for row in rows if row.sheet}
    there = ledger.cases_there(conn, set(shown.values()))
    filed = ledger.filed_by_events(conn, {_changing(row) for row in rows})
    for row in rows:
        if row.thread not in rooms:
            report.add("message_of_nobody", row.id)
        if row.id in shown and shown[row.id] not in there:
            report.add("sheet_of_nothing", row.id)
        if _changing(row) not in filed:
            report.add("message_without_event", row.id)


def _changing(row: Any) -> str:
    """Return the event whose filing changed the case that a sheet shows."""
    return str(row.cause).rpartition(f"/{SHEET}/")[0]


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
    if _is_loading(parts) or parts[-2:-1] == ["told"]:  # whom somebody else's event concerned, too
        return "/".join(parts[:-2])
    return "/".join(parts[:-1])


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
