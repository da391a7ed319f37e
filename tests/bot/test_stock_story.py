"""A loan's steps in Teams, and where its set and parts are after each of them."""

from __future__ import annotations

from bot import stocking
from storage import cases, stocktaking
from storage import engine as database
from storage.stock import Cause, Place
from tests.bot.test_loan_story import Town, counted, handed_over, town
from tests.dialogs.procedures.loans import PARTS

__all__ = ["town"]


def _where(there: Town) -> dict[str, int]:
    with database.read(there.house.service.engine) as conn:
        assert list(stocktaking.wrong(conn, "")) == []
        return {place: number for place, number in stocktaking.places(conn).items() if number}


def test_the_set_goes_out_as_it_was_counted_and_comes_in_as_it_was_counted(town: Town) -> None:
    service, now = town.house.service, town.house.clock.now()
    stocking.begin(service.engine, service.office, Cause("begin", "見本 係員", now))
    stocking.move_sets(service.engine, service.office, [1, 2], Place.STORE, Cause("move", "見本 係員", now))

    town.later(13)
    handed_over(town)

    assert _where(town) == {"city": 48, "store": 1, "lent": 1}
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, town.reference)
        assert case
        assert stocktaking.with_case(conn, case.id) == PARTS

    town.later(10)
    state = {"damage": "none", "works": "yes", "cleaned": "yes"}
    town.files(town.worker, "受け入れ", "受け入れを記録", **counted("parts_in", clip=2), **state)

    assert _where(town) == {"city": 48, "store": 2}
    with database.read(service.engine) as conn:
        assert stocktaking.with_case(conn, case.id) == {"clip": 2}
