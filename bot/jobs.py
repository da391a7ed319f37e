"""What time brings about: retries of failed events, word by day, who was not reached, removal of what is old."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import overdue, quota
from bot.clock import Clock, at_hour, day_of
from bot.desk import Desk
from bot.dues import MORNING, is_day
from bot.keeping import Keeping
from bot.meetings.news import News
from bot.meetings.waitlist import WaitingLists
from bot.punctual import Dues
from bot.reconcile_nightly import Nightly
from bot.settings import Settings
from bot.surveys.inviting import Surveying
from dialogs.events import Action, Do
from dialogs.procedure import Procedure
from dialogs.replies import Offer, Reply, Said
from dialogs.words import _, say
from storage import engine as database
from storage import inbox, reminders, ticks, unreached
from storage.faults import is_transient
from storage.vault import Vault

log = structlog.get_logger()

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
PAUSE = 1.0
MOST_BATCHES = 200
BATCH = 20
"""Reminders in one transaction: a few hundredths of a second, in which a turn may have to wait."""

LONGEST_ROUND = 300.0
"""Seconds after which a round that has not come to its end counts as hanging."""

MOST_TRIES = 5
"""Tries of a failed event before it is set aside for staff."""


class Retries(Protocol):
    """A channel's door that tries a kept event again."""

    def retry(self, row: inbox.FailedEvent, most: int) -> None:
        """Try *row* again; after *most* tries it is set aside for staff."""
        ...


@dataclass
class Jobs:
    """Runs each job when it is due, once in the whole installation."""

    engine: Engine
    clock: Clock
    desk: Desk
    settings: Settings
    vault: Vault
    door: Retries | None
    doors: Mapping[str, Retries] = field(default_factory=dict)
    """The doors of further channels, by channel; *door* is LINE's."""
    die: Callable[[], None] = lambda: os._exit(70)
    quota: Callable[[], quota.Said] | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _round: float = 0.0

    def __post_init__(self) -> None:
        """Make what goes on from one round to the next."""
        self._surveying = Surveying(self.engine, self.desk)
        self._night = Nightly(self.engine, self.settings, self.desk.filer.office, self.desk.register)

    def start(self) -> None:
        """Begin to look at the clock."""
        self._stopping.clear()
        self._round = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the job that is running."""
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=30)
            self._thread = None

    def is_alive(self) -> bool:
        """Return whether the jobs go on: a thread that hangs is as good as dead."""
        hangs = time.monotonic() - self._round > LONGEST_ROUND
        return self._thread is not None and self._thread.is_alive() and not hangs

    def _run(self) -> None:
        try:
            while not self._stopping.wait(PAUSE):
                self.tick()
                self._round = time.monotonic()
        except BaseException:
            log.exception("jobs_died")
            self.die()

    def tick(self) -> None:
        """Run what is due now.  A fault of the database ends this round only."""
        try:
            self._surveying.look(self.clock.now())
            self._retry_failed()
            self._every("minute", MINUTE, self._each_minute)
            self._every("hour", HOUR, self._each_hour)
            self._every("quota", HOUR, self._ask_quota)
            self._night.go_on(self.clock.now())
        except (SQLAlchemyError, TimeoutError) as fault:
            log.warning("jobs_put_off", fault=type(fault).__name__)

    def _every(self, name: str, period: int, job: Callable[[], None]) -> None:
        with database.write(self.engine) as conn:
            mine = ticks.claim(conn, name, period, self.clock.now())
        if mine:
            job()

    def _each_minute(self) -> None:
        now = self.clock.now()
        self._surveying.run(now, by_day=is_day(now))
        if is_day(now):  # what was missed by day waits for the next morning
            self._remind(now)
            Dues(self.engine, self.desk.register, self.desk, self.desk.locale).run(now)
            WaitingLists(self.engine, self.desk, self.desk.locale).run(now)
            News(self.engine, self.desk, self.desk.locale).run(now)
            self.desk.wake()
        with database.write(self.engine) as conn:
            since = now - self.settings.keep_unreached_days * DAY
            lost = unreached.gather(conn, tuple(self.desk.staffed), since)
        if lost:
            log.info("people_unreached", count=lost)

    def _retry_failed(self) -> None:
        doors = {**self.doors, **({"line": self.door} if self.door else {})}
        if not doors:
            return
        with database.read(self.engine) as conn:
            waiting = inbox.retryable(conn, self.clock.now(), 50)
        for row in waiting:
            if row.channel in doors:
                doors[row.channel].retry(row, MOST_TRIES)

    def _remind(self, now: int) -> None:
        """Send the word that people asked for."""
        for _batch in range(MOST_BATCHES):
            with database.write(self.engine) as conn:
                found = reminders.due(conn, now, BATCH)
                for each in found:
                    self._reminded(conn, each, now)
            if len(found) < BATCH:
                break

    def _reminded(self, conn: Connection, each: reminders.Reminder, now: int) -> None:
        try:
            with conn.begin_nested():
                self._remind_of(conn, each, now)
        except Exception as fault:
            if is_transient(fault):
                raise
            # One that cannot be sent must not keep the others from being sent.
            log.exception("reminder_failed", name=each.id)
            reminders.ask(conn, each.person_id, each.about, now + HOUR, now)

    def _remind_of(self, conn: Connection, each: reminders.Reminder, now: int) -> None:
        procedure = self.desk.register.of(each.about.partition(":")[2])
        opening = procedure.opening(self.desk.world(day_of(now))) if procedure else None
        if procedure and opening and opening.is_open:
            self._send_word(conn, each, procedure, now)
        elif opening and opening.opens and opening.opens > day_of(now):  # the opening day was moved
            reminders.ask(conn, each.person_id, each.about, at_hour(opening.opens, MORNING), now)
            return
        reminders.mark_sent(conn, each.id, now)

    def _send_word(self, conn: Connection, each: reminders.Reminder, procedure: Procedure, now: int) -> None:
        start = Offer(say(procedure.invitation), Action(Do.START, key=procedure.key), _("申請"))
        text = say(_("{title}の受付が始まりました。"), title=say(procedure.title))
        replies: tuple[Reply, ...] = (Said(text, (start,)),)
        self.desk.tell(conn, each.person_id, replies, f"reminder/{each.id}/{each.due}", now)

    def _ask_quota(self) -> None:
        if self.quota is None:
            return
        asked = partial(quota.ask, self.engine, self.quota, self.clock.now())
        if self._thread is None:
            asked()
        else:  # LINE may take its time, and retries must not wait for it
            threading.Thread(target=asked, name="quota", daemon=True).start()

    def _each_hour(self) -> None:
        now = self.clock.now()
        overdue.keep_back(self.engine, self.desk.world(day_of(now)), now)
        keeping = Keeping(self.engine, self.settings, self.vault, self.desk.register)
        keeping.tidy(now)
        keeping.seal_anew()
