"""LINE's side of the webhooks, and everybody who talks through it.

What was not answered 200 is delivered again until it is, late and in another order; a tenth of everything comes
twice.  The driver's memory is the ledger of what the desk acknowledged.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.browser import Browser
from tests.faults.compare import arrived
from tests.faults.processes import PlatformProcess
from tests.faults.program import MAGIC
from tests.faults.residents import SUMMER, Days, Resident, Sent, style, wire
from tests.support.service import BOT, sign

TWICE = 0.12
"""Share of events that the network delivers twice."""

LATE = 400
"""How many events ago something may have happened that comes once more."""

MOST_EVENTS = 6
"""Events in one webhook."""

HANDS = 4
"""Webhooks on the way at once."""

TIRED = 3
"""Rounds after which somebody whose page does not come asks for it."""


@dataclass
class Driver:
    """LINE, seen from the desk; all chance comes from *chance*."""

    chance: random.Random
    port: int
    secret: str
    platform: PlatformProcess
    now: Callable[[], int]
    residents: list[Resident] = field(default_factory=list)
    people: dict[str, Resident] = field(default_factory=dict)
    unacknowledged: dict[str, Sent] = field(default_factory=dict)
    accepted: list[Mapping[str, Any]] = field(default_factory=list)
    sent: dict[str, Sent] = field(default_factory=dict)
    webhooks: int = 0
    deliveries: int = 0
    first_number: int = 1
    failing: int = 0
    days: Days = field(default_factory=lambda: SUMMER)
    walk: tuple[str, ...] = ()
    _read: int = 0
    _browsers: dict[int, Browser] = field(default_factory=dict)
    _local: threading.local = field(default_factory=threading.local)
    _log: Any = None
    _connections: list[http.client.HTTPConnection] = field(default_factory=list)

    @contextmanager
    def at_work(self, heard: Path) -> Iterator[None]:
        """Deliver with several hands; what was acknowledged is written to *heard*, a line an event."""
        with ThreadPoolExecutor(HANDS + 2) as self._pool, heard.open("a", encoding="utf-8") as self._log:
            try:
                yield
            finally:
                for each in self._connections:
                    each.close()

    def later(self, seconds: float, act: Callable[[], None]) -> Future[None]:
        """Do something in *seconds*, whatever else goes on."""

        def wait_and_act() -> None:
            time.sleep(seconds)
            act()

        return self._pool.submit(wait_and_act)

    # --- rounds

    def round(self, people: int, *, pages: bool = True) -> None:
        """Let up to *people* do the next thing they would do, and deliver it with all that must come again."""
        self.read_screens()
        self._welcome(people)
        ready = [each for each in self.residents if not each.over and not each.waiting]
        acting = ready[:people]
        events = [each.next() for each in acting if not each.wants_page]
        readers = [each for each in acting if each.wants_page]
        events += [each.say("次へ") for each in readers if self._asks_again(each)]
        filling = [self._pool.submit(self._fill, each) for each in readers if pages and not each.waiting]
        self.deliver(events)
        for each in filling:
            each.result()

    def _welcome(self, people: int) -> None:
        walking = sum(not each.over for each in self.residents)
        for _ in range(people - walking):
            self.newcomer()

    def newcomer(self) -> Resident:
        """Return somebody who was never here."""
        number = self.first_number + len(self.residents)
        made = Resident(number, style(self.chance), self.days, self.walk)
        self.residents.append(made)
        self.people[made.user] = made
        return made

    def _asks_again(self, each: Resident) -> bool:
        """Return whether *each* has waited long enough for the page, or found it closed."""
        each.asked_again += 1
        return not each.link and each.asked_again % TIRED == 0

    def fail(self, each: Resident) -> Sent:
        """Return an event whose turn fails the first time it is taken."""
        self.failing += 1
        return each.say(f"{MAGIC} {self.failing}")

    # --- the private page

    def _fill(self, each: Resident) -> None:
        browser = self._browsers.setdefault(each.number, Browser(each, self.port))
        if not each.link and not browser.cookie:
            return
        with suppress(OSError, http.client.HTTPException):
            each.page_done = browser.fill(each.link)
            if each.page_done:
                each.at += 1
            elif not browser.cookie:
                each.screen.clear()  # the link is worth nothing any more

    # --- webhooks

    def deliver(self, events: Iterable[Sent]) -> None:
        """Deliver *events* in webhooks of several, with what comes again and what comes twice."""
        fresh = list(events)
        again = list(self.unacknowledged.values())
        for each in fresh:
            self.sent[each.id] = self.unacknowledged[each.id] = each
        twice = self._late(len(fresh))
        twice += [each for each in fresh if self.chance.random() < TWICE / 2]
        wave = [(each, False) for each in fresh] + [(each, True) for each in again]
        wave += [(each, self.chance.random() < 0.5) for each in twice]
        self.chance.shuffle(wave)
        self.platform.issue((each.token, each.user) for each, _ in wave if not each.times or not each.acked)
        for posted in self._pool.map(self._post, self._cut(wave)):
            self._note(posted)

    def _late(self, fresh: int) -> list[Sent]:
        """Return events that were acknowledged and come once more all the same, some of them very late."""
        known = list(self.sent.values())[-LATE:]
        return [
            each
            for each in (self.chance.choice(known) for _ in range(fresh) if known)
            if each.acked and self.chance.random() < TWICE / 2
        ]

    def _cut(self, wave: Sequence[tuple[Sent, bool]]) -> Iterator[Sequence[tuple[Sent, bool]]]:
        start = 0
        while start < len(wave):
            size = self.chance.randint(1, MOST_EVENTS)
            yield wave[start : start + size]
            start += size

    def _post(self, part: Sequence[tuple[Sent, bool]]) -> tuple[Sequence[Sent], bool]:
        events = ",".join(wire(each, again=again) for each, again in part)
        body = f'{{"destination":"{BOT}","events":[{events}]}}'.encode()
        headers = {"X-Line-Signature": sign(body, self.secret), "Content-Type": "application/json"}
        return [each for each, _ in part], self._status(body, headers) == 200

    def _status(self, body: bytes, headers: Mapping[str, str]) -> int:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self._local.connection = connection
            self._connections.append(connection)
        try:
            connection.request("POST", "/line/webhook", body, dict(headers))
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0
        return answer.status

    def _note(self, posted: tuple[Sequence[Sent], bool]) -> None:
        events, taken = posted
        self.webhooks += 1
        self.deliveries += len(events)
        for each in events:
            each.times += 1
            if taken and not each.acked:
                each.acked = True
                line = {"at": self.now(), "kind": "event", "event": each.id, "type": each.body["type"]}
                self._log.write(json.dumps(line) + "\n")
                self._log.flush()
                if self.people[each.user].waiting is each:
                    self.people[each.user].acknowledged()
        self.unacknowledged = {each.id: each for each in self.unacknowledged.values() if not each.acked}

    def tap_twice(self) -> int:
        """Let everybody who can tap two old buttons at the same moment; return how many could."""
        self.read_screens()
        able = [each for each in self.residents if 5 < each.at < len(each.steps) and not each.waiting]
        pairs = [pair for each in able if (pair := each.amends())]
        for pair in pairs:
            for each in pair:
                self.sent[each.id] = self.unacknowledged[each.id] = each
            self.platform.issue((each.token, each.user) for each in pair)
            for posted in self._pool.map(self._post, [[(each, False)] for each in pair]):
                self._note(posted)
        return len(pairs)

    # --- what arrives

    def read_screens(self) -> None:
        """Let everybody see what the platform has given them since the last look."""
        with self.platform.ledger.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                accepted = arrived(json.loads(line))
                self.accepted.append(accepted)
                resident = self.people.get(accepted["to"])
                if resident and accepted["seen"]:
                    resident.see(accepted["messages"])
