"""What a loan takes of what is scarce, and when it gives it back (003-10, 15, 17, 35)."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.effects import Claim, GiveBack, Take
from dialogs.fields import Value
from dialogs.procedures.fence_loan.claiming import claims, kept_back
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.slots import FENCE_SETS
from dialogs.standing import CaseView
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import DAY, FIRST, LAST, case, filed, key, lent, returned, slot, world


def claimed(step: str, about: CaseView, today: date = worlds.TODAY, **said: Value) -> list[Claim]:
    return [*claims(step, said, about, world(today))]


def days(first: date, last: date) -> tuple[str, ...]:
    return tuple((first + timedelta(each)).isoformat() for each in range((last - first).days + 1))


def test_a_decision_takes_the_sets_for_every_day_and_the_day_on_which_they_are_cleaned() -> None:
    [taken] = claimed("decision", case(sets=3))

    assert taken == Take("R9-0001", FENCE_SETS, days(FIRST, LAST + DAY), 3, "loan")


def test_days_gone_by_are_not_taken() -> None:
    [taken] = claimed("decision", case(), FIRST + 2 * DAY)

    assert isinstance(taken, Take)
    assert taken.slots == days(FIRST + 2 * DAY, LAST + DAY)


def test_moving_a_booking_gives_the_old_time_back_first() -> None:
    booked = case(filed("pickup_booked", **slot(FIRST)))

    assert claimed("pickup_booked", booked, **slot(FIRST + DAY)) == [
        GiveBack("R9-0001", "pickup"),
        Take("R9-0001", "counter/minami", (key(FIRST + DAY),), 1, "pickup"),
    ]
    assert claimed("return_booked", lent(), **slot(LAST)) == [
        GiveBack("R9-0001", "return"),
        Take("R9-0001", "counter/minami", (key(LAST),), 1, "return"),
    ]


def test_a_loan_that_is_given_up_gives_everything_back() -> None:
    assert claimed("cancelled", case()) == [GiveBack("R9-0001", "loan"), GiveBack("R9-0001", "pickup")]
    assert claimed("handed_over", case()) == [GiveBack("R9-0001", "pickup")]


def test_sets_that_stay_in_the_store_are_free_for_others() -> None:
    [_pickup, all_of_them, fewer] = claimed("handed_over", case(sets=3), sets=2)

    assert all_of_them == GiveBack("R9-0001", "loan")
    assert fewer == Take("R9-0001", FENCE_SETS, days(FIRST, LAST + DAY), 2, "loan")
    assert len(claimed("handed_over", case(sets=3), sets=3)) == 1


def test_an_extension_takes_the_further_days_alone() -> None:
    asked = lent(filed("extension_asked", by="", until="2027-09-10"))

    assert claimed("extended", asked) == [
        GiveBack("R9-0001", "return"),
        Take("R9-0001", FENCE_SETS, days(LAST + 2 * DAY, date(2027, 9, 11)), 1, "loan"),
    ]
    [_return, shorter] = claimed("extended", asked, extended_until="2027-09-02")
    assert isinstance(shorter, Take)
    assert shorter.slots == days(LAST + 2 * DAY, date(2027, 9, 3))


def test_a_set_that_came_back_early_is_free_again() -> None:
    assert claimed("taken_back", lent()) == [GiveBack("R9-0001", "loan"), GiveBack("R9-0001", "return")]


def test_what_is_only_said_takes_nothing() -> None:
    assert claimed("checked_on_site", lent()) == claimed("questionnaire", returned()) == []


def test_a_set_that_is_not_back_in_time_is_promised_to_nobody_until_the_season_ends() -> None:
    late = LAST + 3 * DAY

    assert kept_back(Loan(lent()), world(late)) == days(late, date(2027, 11, 2))
    assert (
        kept_back(Loan(lent()), world(LAST + DAY))[0] == (LAST + 2 * DAY).isoformat()
    )  # the day before is taken
    assert kept_back(Loan(lent()), world(LAST)) == ()
    assert kept_back(Loan(case()), world(late)) == kept_back(Loan(returned()), world(late)) == ()


def test_what_an_overdue_loan_keeps_back_is_free_once_it_is_extended_or_back() -> None:
    asked = lent(filed("extension_asked", by="", until="2027-09-10"))
    late = LAST + 3 * DAY

    kept, _return, further = claimed("extended", asked, late)
    assert kept == GiveBack("R9-0001", "overdue")
    assert further == Take("R9-0001", FENCE_SETS, days(late, date(2027, 9, 11)), 1, "loan")
    assert claimed("taken_back", lent(), late)[0] == GiveBack("R9-0001", "overdue")
