"""What the tests of storage begin with: rows, rings of keys, threads that start at the same moment."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, func, select

from storage import cases, submissions, turns
from storage import engine as database
from storage.keyring import EVENTS, Keyring
from storage.submissions import SubmissionRow
from storage.turns import StoredConversation
from storage.vault import Vault

T = TypeVar("T")

NOW = 1_812_000_000_000
DAY = 86_400_000

RING = Keyring(
    {
        "fence_loan": {"k1": b"1" * 32},
        "survey": {"k1": b"1" * 32, "k2": b"2" * 32, "k1 again": b"1" * 32},
        EVENTS: {"k1": b"3" * 32},
    },
    {"fence_loan": "k1", "survey": "k1", EVENTS: "k1"},
)
VAULT = Vault(RING)


def person(conn: Connection, external_id: str = "U1", channel: str = "line") -> str:
    return turns.create(conn, channel, external_id, "ja", NOW).id


def talk(conn: Connection, person_id: str, conversation: str, at: int = NOW, **given: Any) -> None:
    """Store a half-filled conversation the way a turn does."""
    before = turns.load_person(conn, person_id)
    assert before
    form = given.pop("form", "fence_loan")
    begun = StoredConversation(conversation, form, started_at=at, **given)
    turns.store(conn, before, _with(before, begun), at)


def _with(before: turns.Person, begun: StoredConversation) -> turns.Person:
    return turns.Person(
        before.id,
        before.locale,
        before.locale_chosen,
        begun.id,
        before.at,
        before.version,
        before.blocked,
        (*before.conversations, begun),
    )


def case(
    conn: Connection,
    reference: str = "R-1",
    person_id: str = "",
    at: int = NOW,
    procedure: str = "fence_loan",
) -> str:
    owner = person_id or person(conn, f"U-{reference}")
    return cases.open_case(
        conn, procedure=procedure, reference=reference, person_id=owner, channel="line", now=at
    )


def filed(conn: Connection, case_id: str, at: int = NOW, **given: Any) -> SubmissionRow:
    row: Mapping[str, Any] = {
        "step": "application",
        "form": "fence_loan",
        "edition": "2027",
        "answers": {"perimeter": 40},
        "vault_id": None,
        "filed_by": "p1",
        "role": "resident",
        "channel": "line",
        "locale": "ja",
        "event_id": "e1",
    }
    return submissions.file(conn, case_id=case_id, now=at, **{**row, **given})


def count(engine: Engine, table: Table) -> int:
    with database.read(engine) as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def together(threads: int, work: Callable[[], T]) -> list[T]:
    """Return what *work* returned in each of *threads* threads that began at the same moment."""
    start = threading.Barrier(threads)

    def run(_: int) -> T:
        start.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
