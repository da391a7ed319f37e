"""How things stand, read from the database at the moment a monitor asks."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import ExceptionContext

from bot import metrics, quota, reconcile_nightly
from bot.probe import Probe
from bot.reconcile_nightly import LastResult
from bot.service import Service
from storage import engine as database
from storage import inbox, outbox, tally, values
from storage.faults import is_transient

FRESH = 5.0
"""Seconds for which figures are not read anew, however many monitors ask."""

FRESH_COUNTS = 60.0
"""The same for what goes through all messages of a day."""

DAY = 24 * 3600 * 1000
BACKUP = "last_backup"
"""The value that keeps when the last backup was made (ms)."""

STATES = (outbox.WAITING, outbox.DELIVERED, outbox.MAYBE, outbox.UNDELIVERABLE)


@dataclass(frozen=True)
class Figures:
    """How things stand in the database.  Times are in ms UTC, None where there is nothing to tell."""

    oldest_event: int | None
    oldest_message: int | None
    dead_letters: int
    reconciled: LastResult | None
    quota: quota.Quota | None
    backup: int | None


class Standing:
    """A collector of Prometheus: everything in ``metrics.STANDING``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._figures = Probe(self._read, FRESH)
        self._counts = Probe(self._count, FRESH_COUNTS)
        watch(service.engine)

    def _read(self) -> Figures:
        now = self._service.clock.now()
        with database.read(self._service.engine) as conn:
            backup = values.get(conn, BACKUP)
            return Figures(
                inbox.oldest_unprocessed(conn),
                outbox.oldest_unsent(conn),
                tally.dead_letters(conn),
                reconcile_nightly.last_result(conn),
                quota.known(conn, now),
                int(backup) if backup else None,
            )

    def _count(self) -> Mapping[tuple[str, str], int]:
        with database.read(self._service.engine) as conn:
            return tally.by_state(conn, self._service.clock.now() - DAY)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure that is known now; what is not known is left out, and never an old one shown."""
        figures = self._figures.answer()
        yield _one("madoguchi_database_up", 0 if figures is None else 1)
        alive = {"delivery": self._service.delivery.is_alive(), "jobs": self._service.jobs.is_alive()}
        yield _labelled("madoguchi_worker_up", "worker", {name: int(up) for name, up in alive.items()})
        free = free_disk(self._service.settings.database_url)
        yield from _given("madoguchi_disk_free_ratio", free)
        if figures is None:
            return
        yield from self._of(figures)
        counts = self._counts.answer()
        if counts is not None:
            yield from _of_messages(counts)

    def _of(self, figures: Figures) -> Iterator[GaugeMetricFamily]:
        now = self._service.clock.now()
        yield _one("madoguchi_oldest_unprocessed_event_seconds", age(figures.oldest_event, now))
        yield _one("madoguchi_oldest_unsent_message_seconds", age(figures.oldest_message, now))
        yield _one("madoguchi_dead_letters", figures.dead_letters)
        yield from _given("madoguchi_backup_timestamp_seconds", _seconds(figures.backup))
        if figures.quota and figures.quota.limit is not None:
            yield _one("madoguchi_line_quota_limit", figures.quota.limit)
            yield from _given("madoguchi_line_quota_left", figures.quota.left)
        if figures.reconciled:
            yield from _of_reconcile(figures.reconciled)


def _of_messages(counts: Mapping[tuple[str, str], int]) -> Iterator[GaugeMetricFamily]:
    states = dict.fromkeys(STATES, 0)
    for (state, _kind), count in counts.items():
        states[state] = states.get(state, 0) + count
    yield _labelled("madoguchi_outbox", "state", states)
    yield _one("madoguchi_undeliverable_last_day", counts.get((outbox.UNDELIVERABLE, "messages"), 0))


def _of_reconcile(last: LastResult) -> Iterator[GaugeMetricFamily]:
    yield _labelled("madoguchi_reconcile", "kind", last.totals)
    yield from _given("madoguchi_reconcile_timestamp_seconds", _seconds(last.at))
    yield from _given("madoguchi_reconcile_clean_timestamp_seconds", _seconds(last.clean_at))


def _one(name: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, metrics.STANDING[name], value=value)


def _given(name: str, value: float | None) -> Iterable[GaugeMetricFamily]:
    return () if value is None else (_one(name, value),)


def _labelled(name: str, label: str, found: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, metrics.STANDING[name], labels=[label])
    for each, value in found.items():
        family.add_metric([each], value)
    return family


def age(since: int | None, now: int) -> float:
    """Return how many seconds ago *since* (ms) was, 0 for never."""
    return 0.0 if since is None else max(0, now - since) / 1000


def _seconds(at: int | None) -> float | None:
    return at / 1000 if at else None


def free_disk(url: str) -> float | None:
    """Return the free part of the disk under a SQLite file, else under the working folder; None if unknown."""
    address = make_url(url)
    file = Path(address.database or "") if address.get_backend_name() == "sqlite" else Path("here")
    try:
        usage = shutil.disk_usage(file.resolve().parent)
    except OSError:
        return None
    return usage.free / usage.total if usage.total else None


def watch(engine: Engine) -> None:
    """Count what the database fails: not collisions of two turns, which belong to the work."""
    if not event.contains(engine, "handle_error", _noticed):
        event.listen(engine, "handle_error", _noticed)


def _noticed(context: ExceptionContext) -> None:
    fault = context.sqlalchemy_exception or context.original_exception
    if is_transient(fault):
        metrics.DATABASE_FAULTS.labels(type(fault).__name__).inc()
