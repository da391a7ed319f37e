"""What is told to Prometheus.  Labels hold kinds and outcomes, never a person.

What happens in this process is counted here.  How things stand is read at the moment somebody asks
(``measuring``), so that a figure is never older than it looks.  docs/on-call.md says what each means.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from prometheus_client import Counter, Gauge, Histogram

WEBHOOKS = Counter("madoguchi_webhooks", "Webhooks received", ["channel", "outcome"])
EVENTS = Counter("madoguchi_events", "Events heard", ["channel", "outcome"])
SENT = Counter("madoguchi_sent", "Tries to send, by what became of them", ["channel", "kind", "state"])
TURN_SECONDS = Histogram(
    "madoguchi_turn_seconds",
    "Time from an event to its stored answer",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15),
)
OVERDUE = Gauge(
    "madoguchi_overdue_rows", "Rows that should have been removed, as of the last hourly round", ["table"]
)
DATABASE_FAULTS = Counter("madoguchi_database_faults", "Statements that the database failed", ["fault"])

STANDING: Mapping[str, str] = MappingProxyType(
    {
        "madoguchi_database_up": "1 where the database answered just now, 0 where it did not",
        "madoguchi_worker_up": "1 where the background work of this name goes on",
        "madoguchi_oldest_unprocessed_event_seconds": "Age of the oldest event not yet processed",
        "madoguchi_oldest_unsent_message_seconds": "Age of the oldest message not yet sent",
        "madoguchi_dead_letters": "Events set aside for staff",
        "madoguchi_outbox": "Messages by state: those that wait, and of the others those of the last 24 hours",
        "madoguchi_undeliverable_last_day": "Messages of the last 24 hours that could not be delivered",
        "madoguchi_line_quota_limit": "Pushes that the plan allows this month; absent without a limit",
        "madoguchi_line_quota_left": "Pushes left this month, as LINE said within the last hours",
        "madoguchi_disk_free_ratio": "Free part of the disk on which the program keeps its data",
        "madoguchi_reconcile": "What the last nightly comparison of the ledgers counted",
        "madoguchi_reconcile_timestamp_seconds": "When the last nightly comparison came to its end",
        "madoguchi_reconcile_clean_timestamp_seconds": "When the nightly comparison last counted zeros only",
        "madoguchi_backup_timestamp_seconds": "When the last backup was complete",
    }
)
"""Gauges by name, with what they tell."""
