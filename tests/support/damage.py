"""One damage for each kind of finding, done to a house in which everything has happened once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from storage.outbox import retry_key

NOTHING = timedelta(0)
OTHER_KEY = "00000000-0000-4000-8000-000000000001"

RECEIPT = "(SELECT min(id) FROM outbox WHERE legal)"
SAID = "(SELECT min(id) FROM outbox WHERE kind = 'messages' AND NOT legal AND state = 'delivered')"
ANSWERED = "(SELECT min(event_id) FROM inbox WHERE event_id || '/talk' IN (SELECT cause FROM outbox))"
SILENT = """(SELECT min(event_id) FROM inbox WHERE state = 'done' AND channel = 'line'
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE cause LIKE inbox.event_id || '/%'))"""
FILED = "(SELECT min(id) FROM submissions WHERE number = 1)"
CASE = "(SELECT min(case_id) FROM submissions WHERE number = 2)"
HALF = "(SELECT min(id) FROM conversations WHERE vault_id IS NOT NULL AND case_id = '')"
CORRECTING = "(SELECT min(id) FROM conversations WHERE case_id <> '')"
DECISION = "(SELECT min(id) FROM submissions WHERE step = 'decision')"
TOLD = f"(SELECT event_id || '/told/talk' FROM submissions WHERE id = {DECISION})"
COMING = "2099-06-01"
COPIED = ("case_id, step, form, edition, answers, sources, vault_id, filed_by, role, channel, locale, "
          "event_id, filed_at")  # fmt: skip
QUEUED = (
    "channel, lane, thread, kind, recipient, body, legal, cause, state, due, attempts, created_at, done_at"
)


@dataclass(frozen=True)
class Damage:
    """What is done to the tables, to the platform's ledger, or by time alone."""

    statements: tuple[str, ...] = ()
    after: timedelta = NOTHING
    lines: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def do(self, conn: Connection, now: int) -> None:
        for each in self.statements:
            statement = text(each)
            known = {"now": now, **self.values}
            named = {name: known[name] for name in statement.compile().params}
            assert conn.execute(statement, named).rowcount != 0, f"nothing to damage: {each}"


def _sql(*statements: str, after: timedelta = NOTHING, **values: object) -> Damage:
    return Damage(statements, after, None, values)


def _event(name: str, kind: str) -> dict[str, Any]:
    return {"at": 1_812_330_000_000, "kind": "event", "event": name, "type": kind}


def _accepted(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Damage:
    return Damage(lines=change)


def _waiting(*, due: str, attempts: int = 1) -> str:
    return f"UPDATE outbox SET state = 'waiting', done_at = NULL, attempts = {attempts}, due = {due} WHERE id = {SAID}"


def _event_set(change: str) -> str:
    return f"UPDATE inbox SET {change} WHERE event_id = {SILENT}"


def _signed_again(step: str, number: int) -> str:
    copied = COPIED.replace("event_id", "'again/1'", 1)
    return (
        f"INSERT INTO submissions (id, number, {COPIED}) SELECT 'again', {number}, {copied} FROM submissions"
        f" WHERE step = '{step}' AND case_id = (SELECT case_id FROM submissions WHERE id = {DECISION})"
    )


DAMAGES: Mapping[str, Damage] = {
    # --- what was acknowledged
    "retry_overdue": _sql(_event_set("state = 'failed', raw = :raw, due = :now - 601000"), raw=b"sealed"),
    "event_without_body": _sql(_event_set("state = 'failed', due = :now")),
    "event_body_left": _sql(_event_set("raw = :raw"), raw=b"sealed"),
    "event_state_unknown": _sql(_event_set("state = 'gone'")),
    "answer_missing": _sql(
        "DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox WHERE cause LIKE 'page/%')"
    ),
    "acknowledged_unknown": _accepted(lambda lines: [*lines, _event("01E-unknown", "message")]),
    "dead_letter": Damage(),
    "silent_event": Damage(),
    # --- what was filed
    "receipt_missing": _sql(f"DELETE FROM outbox WHERE id = {RECEIPT}"),
    "receipt_crossed": _sql(
        f"UPDATE outbox SET thread = (SELECT max(person_id) FROM identities WHERE external_id <> recipient),"
        f" recipient = 'U-other' WHERE id = {RECEIPT}"
    ),
    "receipt_not_legal": _sql(f"UPDATE outbox SET legal = (1 = 0) WHERE id = {RECEIPT}"),
    "filed_twice": _sql(
        f"INSERT INTO submissions (id, number, {COPIED}) SELECT 'again', 99, {COPIED} FROM submissions"
        f" WHERE id = {FILED}"
    ),
    "filed_by_other": _sql(f"UPDATE submissions SET filed_by = 'somebody' WHERE id = {FILED}"),
    "filing_without_event": _sql(
        f"DELETE FROM inbox WHERE event_id = (SELECT event_id FROM submissions WHERE id = {FILED})"
    ),
    "record_missing": _sql(
        f"DELETE FROM vault WHERE id = (SELECT vault_id FROM submissions WHERE id = {FILED})"
    ),
    "record_of_other_procedure": _sql(
        f"UPDATE vault SET procedure = 'survey' WHERE id = (SELECT vault_id FROM conversations WHERE id = {HALF})"
    ),
    "record_shared": _sql(
        f"UPDATE conversations SET vault_id = (SELECT vault_id FROM submissions WHERE id = {FILED})"
        f" WHERE id = {HALF}"
    ),
    "record_unowned": _sql(f"UPDATE conversations SET vault_id = NULL WHERE id = {HALF}"),
    "photo_missing": _sql("DELETE FROM photos"),
    "photo_crossed": _sql("UPDATE photos SET person_id = 'somebody'"),
    "photo_never_fetched": _sql("UPDATE photos SET state = 'expected'", after=timedelta(hours=2)),
    "decided_twice": _sql(_signed_again("decision", 9)),
    "signed_twice": _sql(_signed_again("checked", 9)),
    "decision_unnumbered": _sql(
        f'UPDATE submissions SET answers = \'{{"outcome":"approve","level":"decision"}}\' WHERE id = {DECISION}'
    ),
    "decision_untold": _sql(f"DELETE FROM outbox WHERE cause = {TOLD}"),
    "decision_told_other": _sql(f"UPDATE outbox SET thread = 'somebody' WHERE cause = {TOLD}"),
    "decision_not_legal": _sql(f"UPDATE outbox SET legal = (1 = 0) WHERE cause = {TOLD}"),
    "signature_without_event": _sql(
        f"DELETE FROM inbox WHERE event_id = (SELECT event_id FROM submissions WHERE id = {DECISION})"
    ),
    "case_empty": _sql(f"DELETE FROM submissions WHERE case_id = {CASE}"),
    "filing_gap": _sql(f"DELETE FROM submissions WHERE number = 1 AND case_id = {CASE}"),
    "number_missing": _sql("UPDATE series SET last = last + 1"),
    "number_twice": _sql("UPDATE cases SET reference = 'R9-00001' WHERE reference = 'R9-0002'"),
    "number_beyond": _sql("UPDATE series SET last = last - 1"),
    "number_unreadable": _sql("UPDATE cases SET reference = 'strange' WHERE reference = 'R9-0001'"),
    # --- what is scarce
    "oversold": _sql(
        "INSERT INTO pools (key, capacity) VALUES ('sample', 0)",
        f"INSERT INTO pool_slots (pool, slot, taken) VALUES ('sample', '{COMING}', 1)",
        "INSERT INTO claims (id, pool, slot, amount, case_id, purpose, taken_at)"
        f" SELECT 'c1', 'sample', '{COMING}', 1, min(id), 'loan', 0 FROM cases",
    ),
    "claims_miscounted": _sql(
        "INSERT INTO pools (key, capacity) VALUES ('sample', 2)",
        f"INSERT INTO pool_slots (pool, slot, taken) VALUES ('sample', '{COMING}', 1)",
    ),
    "sets_miscounted": _sql("INSERT INTO stock_places (place, sets) VALUES ('city', 1)"),
    "stock_astray": _sql("INSERT INTO parts (part, place, amount) VALUES ('clip', 'city', 1)"),
    # --- conversations
    "current_missing": _sql(f"UPDATE people SET current = 'gone' WHERE current = {HALF}"),
    "current_crossed": _sql(f"UPDATE people SET current = {HALF} WHERE current = ''"),
    "correction_crossed": _sql(f"UPDATE conversations SET case_id = {CASE} WHERE id = {CORRECTING}"),
    "correction_of_nothing": _sql(f"UPDATE conversations SET case_id = 'gone' WHERE id = {CORRECTING}"),
    "link_crossed": _sql(f"UPDATE links SET subject = 'somebody' WHERE kind = 'page' AND detail = {HALF}"),
    "reminder_overdue": _sql("UPDATE reminders SET sent_at = NULL", after=timedelta(days=2)),
    # --- what was queued
    "message_without_event": _sql(f"DELETE FROM inbox WHERE event_id = {ANSWERED}"),
    "message_of_unfinished_event": _sql(
        f"UPDATE inbox SET state = 'failed', raw = :raw, due = :now WHERE event_id = {ANSWERED}",
        raw=b"sealed",
    ),
    "message_of_nobody": _sql(
        f"DELETE FROM identities WHERE person_id = (SELECT thread FROM outbox WHERE id = {SAID})"
    ),
    "message_crossed": _sql(
        f"UPDATE outbox SET recipient = (SELECT max(external_id) FROM identities WHERE external_id <> recipient)"
        f" WHERE id = {SAID}"
    ),
    "sheet_of_nothing": _sql("UPDATE outbox SET body = '{\"case\":\"gone\"}' WHERE kind = 'sheet'"),
    "message_blanked": _sql(
        f"UPDATE outbox SET recipient = '', body = '', reply_token = NULL WHERE id = {SAID}"
    ),
    "message_missing": _sql(
        f"UPDATE outbox SET cause = 'e/talk', retry_key = :key WHERE id = {SAID}", key=retry_key("e/talk", 1)
    ),
    "message_twice": _sql(
        f"INSERT INTO outbox ({QUEUED}, retry_key) SELECT {QUEUED}, :key FROM outbox WHERE id = {SAID}",
        key=OTHER_KEY,
    ),
    "message_key_unknown": _sql(f"UPDATE outbox SET retry_key = :key WHERE id = {SAID}", key=OTHER_KEY),
    "message_overdue": _sql(_waiting(due=":now - 601000", attempts=0)),
    "lease_stale": _sql(_waiting(due=":now - 601000")),
    "lease_without_end": _sql(_waiting(due=":now + 7201000")),
    "waiting_without_body": _sql(_waiting(due=":now"), "UPDATE outbox SET body = '' WHERE state = 'waiting'"),
    "waiting_for_blocked": _sql(
        "UPDATE outbox SET state = 'waiting', done_at = NULL, due = :now WHERE state = 'undeliverable'"
    ),
    "legal_uncertain": _sql(f"UPDATE outbox SET state = 'maybe' WHERE id = {RECEIPT}"),
    "message_state_unknown": _sql(f"UPDATE outbox SET state = 'gone' WHERE id = {SAID}"),
    "message_end_untimed": _sql(f"UPDATE outbox SET done_at = NULL WHERE id = {SAID}"),
    "undeliverable": Damage(),
    "uncertain": _sql(f"UPDATE outbox SET state = 'maybe' WHERE id = {SAID}"),
    # --- what the platform says
    "accepted_twice": _accepted(lambda lines: [*lines, lines[3]]),
    "accepted_unexplained": _accepted(
        lambda lines: [*lines, {**lines[0], "kind": "push", "key": OTHER_KEY, "token": None}]
    ),
    "accepted_crossed": _accepted(lambda lines: [{**lines[0], "to": "U-other"}, *lines[1:]]),
    "delivered_unknown": _accepted(lambda lines: lines[1:]),
    "accepted_too_old": _accepted(
        lambda lines: [*lines, {**lines[0], "at": 1, "token": "long ago", "kind": "reply"}]
    ),
    "delivered_after_all": Damage(
        (f"UPDATE outbox SET state = 'undeliverable' WHERE id = {SAID}",), lines=lambda lines: lines
    ),
    "line_unreadable": _accepted(lambda lines: [*lines, json.loads('{"kind": "reply", "at": "noon"}')]),
}
