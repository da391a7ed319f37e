"""What became of every message: each goes out once, in order, to nobody who blocked the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.machine.laws import Row, must
from tests.machine.residents import SAMPLES, foreign

if TYPE_CHECKING:
    from tests.machine.machine import Machine

_FOREIGN = {each.user_id: foreign(each.number) for each in SAMPLES}


@dataclass
class Deliveries:
    """The ledger of the outbox against that of LINE."""

    rows: dict[int, Row] = field(default_factory=dict)
    causes: set[tuple[str, str]] = field(default_factory=set)
    by_key: dict[str, Row] = field(default_factory=dict)
    accepted: dict[int, int] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    read: int = 0

    def queued(self, row: Row) -> None:
        """Note *row*; the same cause never says anything twice."""
        must((row.cause, row.kind) not in self.causes, "one cause, one message", row.cause)
        self.causes.add((row.cause, row.kind))
        if row.kind == "messages":
            self.rows[row.id] = row
            self.by_key[row.retry_key] = row
            if row.reply_token:
                self.by_key[f"reply {row.reply_token}"] = row

    def look(self, machine: Machine) -> None:
        """Look at what LINE took since the last look."""
        line = machine.town.line
        must(not line.faults, "every message keeps to LINE's limits", line.faults[:3])
        for sent in line.accepted[self.read :]:
            row = self.by_key.get(sent.key if sent.pushed else f"reply {sent.key}")
            must(row is not None, "what is sent was queued", sent.key)
            assert row
            must(sent.user_id == row.recipient, "what is sent reaches whom it is meant for", row.cause)
            must(
                not [m for m in _FOREIGN[sent.user_id] if m in sent.body], "nothing personal reaches another"
            )
            self._once_in_order(row)
            blocked = [each for each in machine.phones if each.seen.blocked and each.user_id == sent.user_id]
            must(not blocked, "nothing is sent to somebody who blocked the desk", row.cause)
        self.read = len(line.accepted)

    def _once_in_order(self, row: Row) -> None:
        times = self.accepted.get(row.id, 0)
        must(times == 0 or row.legal, "a message arrives once", row.cause)
        must(times <= 1, "a receipt arrives twice at most", row.cause)
        if not times:
            must(self.newest.get(row.thread, 0) < row.id, "messages arrive in their order", row.cause)
            self.newest[row.thread] = row.id
        self.accepted[row.id] = times + 1

    def ended(self, machine: Machine) -> None:
        """Look at how every message ended, once there was time enough: delivered, or shown to staff."""
        states = {
            row[0]: row
            for row in machine.town.rows("SELECT id, state, error FROM outbox WHERE kind = 'messages'")
        }
        for number, row in self.rows.items():
            _number, state, error = states[number]
            must(state != "waiting", "every message comes to an end", (row.cause, error))
            must(state != "maybe" or not row.legal, "a receipt is never left at maybe", row.cause)
            line = machine.town.line
            doubtful = row.recipient in line.ever_blocked or row.reply_token in line.spoilt
            if state == "delivered" and not doubtful:
                must(
                    self.accepted.get(number),
                    "what counts as delivered was taken by LINE",
                    (row.cause, error),
                )
