"""What whoever signs should know of the stock, and what a filing on a loan moves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot import stocking, stockview
from bot.casesheets import sheet
from bot.clock import day_of
from bot.service import Service
from dialogs.effects import Take
from dialogs.replies import CaseSheet
from dialogs.slots import days
from dialogs.standing import CaseView
from dialogs.steps import Filing
from storage import cases, pools, stocktaking
from storage import engine as database
from storage.stock import Cause, Place
from tests.storage import make
from tests.support.applying import apply
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import Webhooks

FIRST, LAST = date(2027, 6, 20), date(2027, 7, 20)


def begin(service: Service, stored: int) -> None:
    now = service.clock.now()
    stocking.begin(service.engine, service.office, Cause("begin", "見本 係", now))
    numbers = range(1, stored + 1)
    if stored:
        stocking.move_sets(
            service.engine, service.office, numbers, Place.STORE, Cause("store", "見本 係", now)
        )


def promise(service: Service, reference: str, amount: int, first: date, last: date) -> None:
    with database.write(service.engine) as conn:
        case = make.case(conn, reference)
        pools.ensure(conn, {"fence_sets": 50})
        pools.take(conn, case, Take(reference, "fence_sets", days(first, last, 1), amount, "loan"), 0)


def asked(**changes: Any) -> CaseView:
    answers = {"period": {"from": FIRST.isoformat(), "to": LAST.isoformat()}, "sets": 2}
    view = CaseView("R9-0001", "fence_loan", "R6", FIRST, (), answers)
    return CaseView(**{**vars(view), **changes})


def said(service: Service, case: CaseView) -> list[str]:
    words, today = service.words["ja"], day_of(service.clock.now())
    with database.read(service.engine) as conn:
        return [words.say(each) for each in stockview.before_signing(conn, case, service.office, today)]


def test_before_the_stock_was_taken_only_too_few_sets_are_told(service: Service) -> None:
    assert said(service, asked()) == []

    promise(service, "R9-0009", 49, FIRST, FIRST)

    assert said(service, asked()) == ["セットが足りません：令和9年6月20日(日) に貸し出せるのは1セットです"]


def test_whoever_signs_sees_the_tightest_day_and_that_the_store_suffices(service: Service) -> None:
    begin(service, 5)
    promise(service, "R9-0009", 3, date(2027, 7, 1), date(2027, 7, 3))

    assert said(service, asked()) == [
        "在庫：期間中に貸し出せるのは、最も少ない日（令和9年7月1日(木)）で47セットです"
    ]


def test_whoever_signs_sees_what_the_city_must_bring_first(service: Service) -> None:
    begin(service, 1)

    assert "受託者の保管分が足りません：令和9年6月20日(日) までに、市から1セットの移動が必要です" in said(
        service, asked()
    )


def test_whoever_signs_sees_whom_it_leaves_short(service: Service) -> None:
    begin(service, 3)
    promise(service, "R9-0009", 3, date(2027, 7, 1), date(2027, 7, 30))

    told = said(service, asked())

    assert told[1:] == ["承認すると、令和9年7月1日(木) に渡す分が受託者の保管場所で2セット足りなくなります"]


def test_an_extension_is_looked_at_to_its_new_end(service: Service) -> None:
    begin(service, 5)
    promise(service, "R9-0009", 50, date(2027, 8, 1), date(2027, 8, 3))
    history = (
        Filing("decision", FIRST),
        Filing("handed_over", FIRST, said={"sets": 1}),
        Filing("extension_asked", FIRST, said={"until": "2027-08-10"}),
    )

    assert said(service, asked(history=history)) == [
        "セットが足りません：令和9年8月1日(日) に貸し出せるのは0セットです"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"history": (Filing("decision", FIRST),)},
        {"history": (Filing("withdrawal", FIRST),)},
        {"procedure": "inspection"},
        {"answers": {}},
        {"answers": {"period": {"from": "2027-05-01", "to": "2027-05-09"}}},
    ],
)
def test_where_nothing_is_to_be_signed_nothing_is_said(service: Service, changes: dict[str, Any]) -> None:
    begin(service, 0)

    assert said(service, asked(**changes)) == []


def test_it_stands_on_the_sheet_of_the_case(service: Service) -> None:
    begin(service, 0)
    reference = apply(service, Webhooks())

    told = [service.words["ja"].say(each) for each in _sheet(service, reference).flags]

    assert any("市から1セットの移動が必要です" in each for each in told)


def _sheet(service: Service, reference: str) -> CaseSheet:
    today = day_of(service.clock.now())
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        found = sheet(conn, service.register, service.world(today), service.vault, case.id)
    assert found
    return found


def test_a_decision_claims_its_days_and_those_for_cleaning(service: Service) -> None:
    begin(service, 2)
    reference = apply(service, Webhooks())
    members = Members(service).office()
    for name, step in ((CLERK, "checked"), (CHIEF, "chief_signed"), (MANAGER, "decision")):
        members.press(name, reference, step)

    with database.read(service.engine) as conn:
        [held] = stocktaking.held_sets(conn, "")
        assert list(stocktaking.wrong(conn, "")) == []
    after = LAST + timedelta(days=service.office.stock.turnaround_days)
    assert (held.reference, held.first, held.last) == (reference, FIRST.isoformat(), after.isoformat())
