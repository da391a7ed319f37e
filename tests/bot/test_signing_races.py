"""Two people press different buttons on one sheet at the same moment, and many decide at once."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import OperationalError

from bot import signing
from bot.clock import day_of
from bot.desk import Arrival, Desk
from bot.service import Service
from bot.staffroom import StaffRoom
from dialogs.events import Decided
from dialogs.procedure import Role
from dialogs.replies import Reply, Said
from dialogs.slots import FENCE_SETS
from dialogs.standing import CaseView, Grant, Standing
from dialogs.words import Words
from storage import caselist, pools, staff, submissions
from storage import engine as database
from storage.asjson import load
from storage.staff import CHANNEL, Member
from storage.tables import cases, outbox, series
from storage.tables import submissions as submissions_table
from storage.turns import Stale
from tests.support.applying import apply
from tests.support.service import StandingClock, Webhooks, make

TENANT = "11111111-2222-4333-8444-555555555555"
ONE, OTHER = "見本 一郎", "見本 二郎"
ROUNDS = 1000
THREADS, CASES = 16, 200
APPROVE = Decided("", "decision", "approve", 1)
REFUSE = Decided("", "decision", "refuse", 1, {"reason": {"": "見本の理由"}})


@dataclass
class Office:
    """Managers who decide at the desk of *service*; what each is told is kept by name."""

    service: Service
    accounts: dict[str, str] = field(default_factory=dict)
    told: dict[str, list[Reply]] = field(default_factory=dict)

    def join(self, name: str, number: int) -> None:
        now = self.service.clock.now()
        object_id = f"00000000-0000-4000-8000-{number:012x}"
        new = Member("", TENANT, object_id, name, "city", (Grant("fence_loan", Role.MANAGER),))
        with database.write(self.service.engine) as conn:
            self.accounts[name] = staff.add(conn, new, day_of(now), None, now).account

    def desk(self) -> Desk:
        names = {account: name for name, account in self.accounts.items()}

        def draw(
            replies: Sequence[Reply],
            words: Words,
            account: str,
            page_link: Callable[[str], str],
        ) -> Sequence[str]:
            self.told.setdefault(names[account], []).extend(replies)
            return ["{}" for _ in replies]

        service = self.service
        room = StaffRoom(service.register, service.office, lambda *_asked: None, service.world)
        draws = {**service.desk.draws, CHANNEL: draw}
        return replace(service.desk, staffed={CHANNEL: room}, draws=draws)

    def press(self, desk: Desk, name: str, decided: Decided) -> None:
        arrival = Arrival(f"t{uuid.uuid4().hex}", CHANNEL, self.accounts[name], decided)
        assert desk.hear(arrival, self.service.clock.now())


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    service = make(database_url, tmp_path, StandingClock())
    if service.engine.dialect.name == "sqlite":
        # What is asked here is who wins, not what survives a power cut: no waiting for the disk.
        event.listen(service.engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        service.engine.dispose()
    made = Office(service)
    made.join(ONE, 1)
    made.join(OTHER, 2)
    yield made
    service.engine.dispose()


def ready(service: Service, count: int) -> list[str]:
    """Return the references of *count* new cases that wait for a decision alone."""
    phone = Webhooks()
    reference = apply(service, phone)
    made = [f"R9-1{number:05}" for number in range(count)]
    with database.write(service.engine) as conn:
        pools.capacity(conn, FENCE_SETS, count)  # enough for everybody: what is raced for is the signature
        case = conn.execute(select(cases).where(cases.c.reference == reference)).mappings().one()
        [filed] = conn.execute(select(submissions_table)).mappings().all()
        ids = {each: uuid.uuid4().hex for each in made}
        conn.execute(insert(cases), [{**case, "id": ids[each], "reference": each} for each in made])
        rows = []
        for each in made:
            rows += [
                {**filed, "id": uuid.uuid4().hex, "case_id": ids[each], "event_id": each},
                _signed(filed, ids[each], 2, "checked", "STAFF"),
                _signed(filed, ids[each], 3, "chief_signed", "CHIEF"),
            ]
        conn.execute(insert(submissions_table), rows)
    return made


def _signed(filed: Any, case_id: str, number: int, step: str, role: str) -> dict[str, Any]:
    said = f'{{"outcome":"approve","seen":1,"level":"{step}","member":"m{number}"}}'
    signed = {"step": step, "form": "", "edition": "", "answers": said, "vault_id": None, "sources": "{}"}
    who = {"filed_by": f"見本 {number}", "role": Role[role].value, "channel": CHANNEL}
    row = {"id": uuid.uuid4().hex, "case_id": case_id, "number": number, "event_id": f"{case_id}{number}"}
    return {**filed, **signed, **who, **row}


def at_once(*works: Callable[[], object]) -> None:
    """Run *works* each in a thread of its own, from the same moment on."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait(timeout=30)
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, each) for each in works]:
            done.result()


def decisions(service: Service) -> dict[str, list[Any]]:
    """Return what was decided, by the case's reference: (step, filed_by, answers)."""
    wanted = (
        select(cases.c.reference, submissions_table)
        .join(cases, cases.c.id == submissions_table.c.case_id)
        .where(submissions_table.c.step.in_(["decision", "refused"]))
    )
    found: dict[str, list[Any]] = {}
    with database.read(service.engine) as conn:
        for row in conn.execute(wanted):
            found.setdefault(row.reference, []).append((row.step, row.filed_by, load(row.answers)))
    return found


def numbers(service: Service, kind: str) -> list[int]:
    """Return the numbers of all decisions in the *kind* document or number, in order."""
    said = [answers for found in decisions(service).values() for _, _, answers in found]
    given = [each[kind] for each in said if kind in each]
    return sorted(int(each.removeprefix("札幌対第").removesuffix("号").rpartition("-")[2]) for each in given)


def _refusals(office: Office) -> Iterator[tuple[str, str, str]]:
    """Yield (whom, which case, by whom it was decided first) of everything that was said to the managers."""
    for name, replies in office.told.items():
        for each in replies:
            assert isinstance(each, Said)
            yield name, str(each.message.facts["reference"]), str(each.message.facts["by"])


def test_of_two_who_press_different_buttons_at_the_same_moment_one_wins_and_the_other_is_told_who(
    office: Office,
) -> None:
    desk, references = office.desk(), ready(office.service, ROUNDS)

    def decide(name: str, decided: Decided, start: threading.Barrier) -> None:
        for each in references:
            start.wait(timeout=30)
            office.press(desk, name, replace(decided, reference=each))

    start = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        works = [
            pool.submit(decide, ONE, APPROVE, start),
            pool.submit(decide, OTHER, REFUSE, start),
        ]
        for each in works:
            each.result()

    decided = decisions(office.service)
    assert {len(each) for each in decided.values()} == {1}
    assert set(decided) == set(references)
    winners = {reference: found[0][1] for reference, found in decided.items()}
    told = list(_refusals(office))
    assert len(told) == ROUNDS
    assert {(name, by, winners[reference]) for name, reference, by in told} <= {
        (OTHER, ONE, ONE),
        (ONE, OTHER, OTHER),
    }
    assert numbers(office.service, "document") == list(range(1, ROUNDS + 1))
    approved = Counter(found[0][0] for found in decided.values())["decision"]
    assert numbers(office.service, "number") == list(range(1, approved + 1))
    assert _receipts(office.service) == ROUNDS


def _receipts(service: Service) -> int:
    """Return how many residents' receipts of decisions were queued; they may not be left at maybe."""
    with database.read(service.engine) as conn:
        queued = select(outbox.c.cause).where(outbox.c.legal, outbox.c.cause.like("t%/talk"))
        return len(conn.execute(queued).all())


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever decides see the case as the first of all saw it, as if nobody were kept waiting."""
    seen: dict[str, CaseView] = {}
    look = StaffRoom._handled  # noqa: SLF001 -- what is broken on purpose

    def first_look(self: StaffRoom, conn: Connection, standing: Standing, reference: str) -> Standing:
        found = look(self, conn, standing, reference)
        assert found.handled
        return replace(found, handled=seen.setdefault(reference, found.handled))

    monkeypatch.setattr(StaffRoom, "_handled", first_look)


@pytest.mark.usefixtures("stale")
def test_who_looked_before_another_decided_cannot_decide_as_well(office: Office) -> None:
    desk, [reference] = office.desk(), ready(office.service, 1)
    office.press(desk, ONE, replace(APPROVE, reference=reference))

    with pytest.raises(Stale):
        office.press(desk, OTHER, replace(REFUSE, reference=reference))

    assert len(decisions(office.service)[reference]) == 1
    assert numbers(office.service, "document") == [1]


@pytest.mark.usefixtures("stale")
def test_without_the_lock_and_the_number_both_would_have_decided(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caselist, "lock", lambda *_: None)
    file = submissions.file
    monkeypatch.setattr(submissions, "file", lambda *given, **rest: file(*given, **{**rest, "number": None}))
    desk, [reference] = office.desk(), ready(office.service, 1)

    office.press(desk, ONE, replace(APPROVE, reference=reference))
    office.press(desk, OTHER, replace(REFUSE, reference=reference))

    assert len(decisions(office.service)[reference]) == 2


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_lock_the_number_alone_keeps_the_second_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caselist, "lock", lambda *_: None)
    desk, references = office.desk(), ready(office.service, 50)
    both, looked = threading.Barrier(2), set[int]()
    look = signing.view

    def view_together(*given: Any) -> CaseView:
        seen = look(*given)
        if threading.get_ident() not in looked:  # whoever comes second looks again, alone
            looked.add(threading.get_ident())
            both.wait(timeout=30)
        return seen

    monkeypatch.setattr(signing, "view", view_together)
    for each in references:
        looked.clear()
        at_once(
            partial(office.press, desk, ONE, replace(APPROVE, reference=each)),
            partial(office.press, desk, OTHER, replace(REFUSE, reference=each)),
        )

    assert {len(each) for each in decisions(office.service).values()} == {1}


def test_many_who_decide_at_once_leave_no_gap_and_no_double_in_the_numbers(office: Office) -> None:
    names = [f"見本 {number}" for number in range(THREADS)]
    for number, name in enumerate(names):
        office.join(name, 100 + number)
    desk, references = office.desk(), ready(office.service, CASES)
    left = iter(references)
    lock = threading.Lock()

    def decide(name: str) -> None:
        while True:
            with lock:
                reference = next(left, None)
            if reference is None:
                return
            office.press(desk, name, replace(APPROVE, reference=reference))

    at_once(*(partial(decide, name) for name in names))

    assert numbers(office.service, "document") == list(range(1, CASES + 1))
    assert numbers(office.service, "number") == list(range(1, CASES + 1))
    with database.read(office.service.engine) as conn:
        reached = {row.key: row.last for row in conn.execute(select(series))}
    assert reached["decision:2027"] == reached["notice:2027"] == CASES


class Deadlocked(Exception):
    """What the driver of PostgreSQL raises in one of two transactions that wait for each other."""

    sqlstate = "40P01"


def test_whoever_was_in_anothers_way_decides_after_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, [reference] = office.desk(), ready(office.service, 1)
    lock, failed = caselist.lock, list[int]()

    def lock_second_time(conn: Connection, case_id: str) -> None:
        if not failed:
            failed.append(1)
            raise OperationalError("SELECT", None, Deadlocked())
        lock(conn, case_id)

    monkeypatch.setattr(caselist, "lock", lock_second_time)

    office.press(desk, ONE, replace(APPROVE, reference=reference))

    assert failed
    assert [found[0] for found in decisions(office.service)[reference]] == ["decision"]
    assert numbers(office.service, "document") == [1]
