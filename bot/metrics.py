"""What is counted for Prometheus.  Labels hold kinds and outcomes, never a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

WEBHOOKS = Counter("madoguchi_webhooks", "Webhooks received", ["channel", "outcome"])
EVENTS = Counter("madoguchi_events", "Events heard", ["channel", "outcome"])
SENT = Counter("madoguchi_sent", "Parcels that came to an end", ["channel", "kind", "state"])
OLDEST_EVENT = Gauge(
    "madoguchi_oldest_unprocessed_event_seconds", "Age of the oldest event not yet processed"
)
OLDEST_UNSENT = Gauge("madoguchi_oldest_unsent_message_seconds", "Age of the oldest message not yet sent")
DEAD_LETTERS = Gauge("madoguchi_dead_letters", "Events set aside for staff")
OUTBOX = Gauge("madoguchi_outbox", "Messages by state", ["state"])
