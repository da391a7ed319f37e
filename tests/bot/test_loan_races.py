"""A borrower books the return at the moment at which the office extends the loan: one of the two counts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, select

from bot.desk import Arrival, Desk
from bot.service import Service
from dialogs.events import Action, Decided, Do, Event, Tapped, Typed
from storage import engine as database
from storage.tables import cases as cases_table
from storage.tables import submissions as filings
from tests.bot.test_signing_races import ONE, Office, at_once
from tests.races.lent import lent
from tests.support.applying import person_of
from tests.support.service import StandingClock, Webhooks, make, rows

ROUNDS = 8


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    service = make(database_url, tmp_path, StandingClock())
    if service.engine.dialect.name == "sqlite":
        # What is asked here is who wins, not what survives a power cut: no waiting for the disk.
        event.listen(service.engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        service.engine.dispose()
    made = Office(service)
    made.join(ONE, 1)
    yield made
    service.engine.dispose()


class Borrower:
    """The borrower of all of these loans, on LINE."""

    def __init__(self, service: Service) -> None:
        self.service, self.account = service, Webhooks().user_id

    def says(self, desk: Desk, heard: Event) -> None:
        arrival = Arrival(f"l{uuid.uuid4().hex}", "line", self.account, heard)
        assert desk.hear(arrival, self.service.clock.now())

    def to_the_review(self, desk: Desk, reference: str, number: int) -> Tapped:
        """Fill in a return for the end of the loan; return the press that files it."""
        self.says(desk, Tapped(Action(Do.FILE, key=reference, part="return_booked")))
        hour, half = divmod(number % 14, 2)
        for words in ("1", "1", f"7月{20 + number // 14}日", f"{9 + hour}時{'半' if half else ''}"):
            self.says(desk, Typed(words))
        return Tapped(Action(Do.CONFIRM, person_of(self.service, self.account).current))


def ended(service: Service) -> dict[str, list[str]]:
    """Return which of the two was filed, by the case's reference."""
    wanted = (
        select(cases_table.c.reference, filings.c.step)
        .join(cases_table, cases_table.c.id == filings.c.case_id)
        .where(filings.c.step.in_(["return_booked", "extended"]))
    )
    found: dict[str, list[str]] = {}
    with database.read(service.engine) as conn:
        for row in conn.execute(wanted):
            found.setdefault(row.reference, []).append(row.step)
    return found


def raced(office: Office, rounds: int) -> dict[str, list[str]]:
    desk, borrower = office.desk(), Borrower(office.service)
    for number, reference in enumerate(lent(office.service, rounds)):
        confirmed = borrower.to_the_review(desk, reference, number)
        extended = Decided(reference, "extended", "file", 1)
        at_once(
            partial(borrower.says, desk, confirmed),
            partial(office.press, desk, ONE, extended),
        )
    return ended(office.service)


def test_of_a_return_and_an_extension_at_the_same_moment_one_counts_and_the_other_is_told(
    office: Office,
) -> None:
    found = raced(office, ROUNDS)

    assert len(found) == ROUNDS
    assert {len(each) for each in found.values()} == {1}
    extended = sum(each == ["extended"] for each in found.values())
    line = rows(office.service, "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages'")
    assert sum("貸出期間が変わり" in each.body for each in line) == extended
    assert sum("いまは記録できません" in str(each) for each in office.told.get(ONE, [])) == ROUNDS - extended
