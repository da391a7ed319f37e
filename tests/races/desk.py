"""What is raced for at the desk: whole turns of members and residents, from the press to what is filed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError

from bot import room, signing
from bot.desk import Arrival, Desk
from bot.service import Service
from dialogs import scarce
from dialogs.events import Action, Decided, Do, Event, Tapped, Typed
from dialogs.procedure import Role
from dialogs.slots import FENCE_SETS, counter, places
from dialogs.standing import CaseView, Grant
from storage import caselist, cases, pools, submissions
from storage import engine as database
from storage.staff import CHANNEL
from storage.tables import cases as cases_table
from storage.tables import submissions as filings
from storage.turns import Stale
from tests.bot.test_signing_races import ready
from tests.races.lent import lent
from tests.races.scenes import WORKERS, Scene, always
from tests.storage.make import person
from tests.support.applying import person_of
from tests.support.members import Members
from tests.support.service import StandingClock, make

TIGHT = "2027-06-20"
"""The first day that every application asks for."""


@dataclass
class AtDesk(Scene):
    """Turns at the desk of *service*.  *references* are of cases that wait for a decision alone."""

    unasked = frozenset({"sets_miscounted"})  # so many sets as are promised were never brought in

    service: Service = field(kw_only=True)
    members: Members = field(kw_only=True)
    references: list[str] = field(kw_only=True)
    desk: Desk = field(kw_only=True)
    is_guarded: bool = True

    cases_a_round: ClassVar[int] = 1
    sets: ClassVar[int] = 100_000
    """How many sets can be promised: where the race is for the last word, more than all rounds take together."""

    @classmethod
    def make_cases(cls, service: Service, count: int) -> list[str]:
        """Return the references of *count* new cases, as far as the scene wants them."""
        return ready(service, count)

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        """Take the turn: it opens its own transaction."""
        raise NotImplementedError

    def arrival(self, worker: int, number: int) -> Arrival:
        """Return what *worker* does in the round."""
        raise NotImplementedError

    def run(self, worker: int, number: int) -> bool:
        arrival = self.arrival(worker, number)
        try:
            assert self.desk.hear(arrival, self.service.clock.now())
        except (DBAPIError, Stale):
            if self.is_guarded:
                raise
            return False  # without their guards turns may fall over each other as well
        with database.read(self.engine) as conn:
            filed = select(filings.c.id).where(filings.c.event_id == arrival.event_id)
            return conn.execute(filed).first() is not None

    def _decides(self, worker: int, number: int, reference: str) -> Arrival:
        return self._presses(worker, number, Decided(reference, "decision", "approve", 1))

    def _presses(self, worker: int, number: int, event: Decided) -> Arrival:
        return self._arrival(worker, number, CHANNEL, self.members.account(f"見本 {worker}"), event)

    def _arrival(self, worker: int, number: int, channel: str, account: str, event: Event) -> Arrival:
        return Arrival(f"race/{type(self).__name__}/{number}/{worker}", channel, account, event)


@dataclass
class LastSetSigned(AtDesk):
    """Eight managers decide on eight applications for the same days, for which one set is left."""

    cases_a_round = WORKERS
    sets = 1

    def prepare(self, conn: Connection, number: int) -> None:
        for worker in range(WORKERS if number else 0):
            case = cases.by_reference(conn, self._of(worker, number - 1))
            assert case
            pools.give_back(conn, case.id, "", 0)

    def arrival(self, worker: int, number: int) -> Arrival:
        return self._decides(worker, number, self._of(worker, number))

    def _of(self, worker: int, number: int) -> str:
        return self.references[number * WORKERS + worker]

    def given(self, conn: Connection, number: int) -> int:  # noqa: ARG002 -- the last round's were given back
        return pools.free(conn, [FENCE_SETS], TIGHT, TIGHT).taken.get((FENCE_SETS, TIGHT), 0)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        with (
            patch.object(pools, "_has_room", always),
            patch.object(pools, "_fits", lambda *_: True),
            patch.object(scarce, "lacking", lambda *_: ()),
        ):
            yield


@dataclass
class SignedOrWithdrawn(AtDesk):
    """Four managers decide on an application that its resident withdraws with four presses."""

    def arrival(self, worker: int, number: int) -> Arrival:
        if worker % 2:
            return self._decides(worker, number, self.references[number])
        withdrawn = Tapped(Action(Do.WITHDRAW_SURELY, "", self.references[number]))
        return self._arrival(worker, number, "line", _resident(number), withdrawn)

    def given(self, conn: Connection, number: int) -> int:
        return len(_filed(conn, self.references[number], "decision", "withdrawal"))

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        self.is_guarded = False
        with _as_first_seen(), patch.object(room, "take", lambda *_: None):
            yield


@dataclass
class ReturnedOrExtended(AtDesk):
    """Four managers extend a loan whose borrower books its return with four presses."""

    confirms: str = ""

    @classmethod
    def make_cases(cls, service: Service, count: int) -> list[str]:
        with database.write(service.engine) as conn:
            # Everybody comes at the same time: what is raced for is the last word.
            for place in places(service.office):
                pools.capacity(conn, counter(place), count)
        return lent(service, count)

    def begin(self, number: int) -> None:
        """Let the borrower fill in the return up to the press that files it."""
        account, at = _resident(number), self.service.clock.now()
        asked = Tapped(Action(Do.FILE, key=self.references[number], part="return_booked"))
        said: list[Event] = [asked, *map(Typed, ("1", "1", "7月20日", "9時"))]
        for each, heard in enumerate(said):
            assert self.desk.hear(Arrival(f"fill/{number}/{each}", "line", account, heard), at)
        self.confirms = person_of(self.service, account).current

    def arrival(self, worker: int, number: int) -> Arrival:
        if worker % 2:
            return self._presses(worker, number, Decided(self.references[number], "extended", "file", 1))
        confirmed = Tapped(Action(Do.CONFIRM, self.confirms))
        return self._arrival(worker, number, "line", _resident(number), confirmed)

    def given(self, conn: Connection, number: int) -> int:
        """Return how many words stand; the control has to let a return stand beside an extension."""
        filed = _filed(conn, self.references[number], "return_booked", "extended")
        return len(filed if self.is_guarded else {*filed})

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        self.is_guarded = False
        with _as_first_seen():
            yield


def _filed(conn: Connection, reference: str, *steps: str) -> list[str]:
    """Return which of the *steps* were filed in a case, as often as they were."""
    case = cases.by_reference(conn, reference)
    assert case
    wanted = select(filings.c.step).where(filings.c.case_id == case.id, filings.c.step.in_(steps))
    return list(conn.execute(wanted).scalars())


@contextmanager
def _as_first_seen() -> Iterator[None]:
    """Let everybody see a case as the first saw it, wait for nobody, and file under any number."""
    first, lock, look, file = dict[str, CaseView](), threading.Lock(), signing.view, submissions.file

    def view(case: Any, filed: Any) -> CaseView:
        with lock:
            return first.setdefault(case.reference, look(case, filed))

    def unnumbered(*given: Any, **rest: Any) -> Any:
        return file(*given, **{**rest, "number": None})

    with (
        patch.object(signing, "view", view),
        patch.object(caselist, "lock", lambda *_: None),
        patch.object(submissions, "file", unnumbered),
    ):
        yield


AT_DESK: Mapping[str, type[AtDesk]] = {
    "last set signed": LastSetSigned,
    "signed or withdrawn": SignedOrWithdrawn,
    "returned or extended": ReturnedOrExtended,
}


def _resident(number: int) -> str:
    return f"Uc{number:031x}"


def opened_desk(url: str, folder: Path, kind: type[AtDesk], rounds: int) -> AtDesk:
    """Return a scene for *rounds* rounds at a desk of its own on the database *url*."""
    service = make(url, folder, StandingClock())
    members = Members(service)
    for worker in range(WORKERS):
        members.join(f"見本 {worker}", Grant("fence_loan", Role.MANAGER))
    references = kind.make_cases(service, rounds * kind.cases_a_round)
    with database.write(service.engine) as conn:
        pools.capacity(conn, FENCE_SETS, kind.sets)
        for number, reference in enumerate(references):
            # Somebody of their own for each: whoever has a thousand cases takes a turn through all of them.
            mine = update(cases_table).where(cases_table.c.reference == reference)
            conn.execute(mine.values(person_id=person(conn, _resident(number))))
    return kind(
        service.engine,
        [],
        service=service,
        members=members,
        references=references,
        desk=members.desk,
    )
