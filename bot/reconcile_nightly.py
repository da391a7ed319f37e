"""The comparison of the ledgers that the desk makes every night by itself, a little at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection, Engine

from bot.clock import moment
from bot.reconcile import Reconciliation
from bot.settings import Settings
from dialogs.office import Office
from dialogs.standing import Register
from storage import engine as database
from storage import ticks, values

log = structlog.get_logger()

HOURS = range(2, 5)
"""Between which hours (Asia/Tokyo) it begins: few people write then, and the day's work is over."""

NIGHT = 12 * 3600 * 1000
"""Longer than the hours in which it may begin, shorter than from one night to the next (ms)."""

LOOKS_BACK = timedelta(days=8) // timedelta(milliseconds=1)
"""How old (ms) what came and was queued may be to be looked at: a week of nights may fail unnoticed."""

SHARE = 0.2
"""Seconds of work in each second: the rest is for reminders and retries, and for people."""

RESULT = "reconciled"
"""The value that keeps the last result."""


@dataclass(frozen=True)
class LastResult:
    """What the last comparison that came to its end counted, and when; *clean_at* is when it last was all zeros.

    Times are in ms UTC; 0 for never.
    """

    at: int
    clean_at: int
    totals: Mapping[str, int]


def last_result(conn: Connection) -> LastResult | None:
    """Return the last result, None before the first night."""
    kept = values.get(conn, RESULT)
    return LastResult(**json.loads(kept)) if kept else None


class Nightly:
    """Begins once a night in the whole installation; :meth:`go_on` is called about every second."""

    def __init__(self, engine: Engine, settings: Settings, office: Office, register: Register) -> None:
        self._engine = engine
        self._settings = settings
        self._office = office
        self._register = register
        self._whole: Reconciliation | None = None
        self._steps: Iterator[int] = iter(())

    def go_on(self, now: int) -> None:
        """Begin if it is time (*now* in ms), work for a moment, and tell the result at the end.

        A fault ends this night's comparison and nothing else: it must not stop what residents wait for.
        """
        try:
            if self._whole is None and moment(now).hour in HOURS:
                self._begin(now)
            if self._whole is not None:
                self._work(self._whole, now)
        except Exception:
            self._whole = None
            log.exception("reconcile_given_up")

    def _begin(self, now: int) -> None:
        with database.write(self._engine) as conn:
            mine = ticks.claim(conn, "reconcile", NIGHT, now)
        if mine:
            self._whole = Reconciliation(
                self._engine, self._settings, self._office, now, self._register, max(0, now - LOOKS_BACK)
            )
            self._steps = self._whole.steps()

    def _work(self, whole: Reconciliation, now: int) -> None:
        until = time.monotonic() + SHARE
        for _rows in self._steps:
            if time.monotonic() >= until:
                return
        self._whole = None
        self._tell(whole, now)

    def _tell(self, whole: Reconciliation, now: int) -> None:
        report = whole.report
        with database.write(self._engine) as conn:
            before = last_result(conn)
            clean_at = now if report.is_clean else before.clean_at if before else 0
            kept = {"at": now, "clean_at": clean_at, "totals": dict(report.totals())}
            values.put(conn, RESULT, json.dumps(kept))
        if report.is_clean:
            log.info("reconciled", **report.totals())
            return
        for kind, count in report.counts.items():
            log.warning("reconcile_found", kind=kind, count=count)
        log.error("reconcile_disagrees", **report.totals())
