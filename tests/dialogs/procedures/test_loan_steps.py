"""What may be filed on a loan at every point of its life, and by when it is due (003-11…20, 33…38)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from dialogs.procedure import Role
from dialogs.procedures.fence_loan.loan import Booked, Loan
from dialogs.procedures.fence_loan.steps import LIFE
from dialogs.standing import CaseView
from dialogs.steps import by_key, dues, may_be_filed
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import (
    DAY,
    FIRST,
    LAST,
    PARTS,
    case,
    decided,
    filed,
    key,
    lent,
    picked_up,
    returned,
    slot,
)

STEPS = by_key(LIFE)
RESIDENT = {each.key for each in LIFE if each.role is Role.RESIDENT}


def open_steps(about: CaseView) -> set[str]:
    return {each.key for each in LIFE if may_be_filed(LIFE, each, about)}


def due(about: CaseView) -> dict[str, date]:
    return {each.step.key: each.by for each in dues(LIFE, about, worlds.OFFICE.calendar)}


def test_after_the_decision_the_pickup_is_booked_or_the_loan_given_up() -> None:
    assert open_steps(case()) == {"pickup_booked", "cancelled", "handed_over"}
    assert due(case()) == {"pickup_booked": FIRST, "handed_over": FIRST}


def test_nothing_of_it_is_open_before_the_decision() -> None:
    before = CaseView("R9-0001", "fence_loan", "R6", worlds.TODAY, (filed("application"),), {})

    assert open_steps(before) == set()


def test_a_booking_can_be_moved_and_says_when_the_set_is_handed_over() -> None:
    booked = case(
        filed("pickup_booked", by="", **slot(FIRST)), filed("pickup_booked", by="", **slot(FIRST + DAY))
    )

    assert open_steps(booked) == {"pickup_booked", "cancelled", "handed_over"}
    assert due(booked) == {"handed_over": FIRST + DAY}
    assert Loan(booked).pickup == Booked("minami", key(FIRST + DAY))


def test_where_the_city_carries_nobody_books() -> None:
    assert open_steps(case(exceptions=["transport"])) == {"cancelled", "handed_over"}
    assert due(case(exceptions=["transport"])) == {"handed_over": FIRST}


def test_whoever_gave_a_loan_up_has_none() -> None:
    given_up = case(filed("pickup_booked", **slot(FIRST)), filed("cancelled", why="own", by=""))

    assert open_steps(given_up) == set()
    assert due(given_up) == {}
    assert Loan(given_up).pickup is None


def test_while_it_is_lent_a_borrower_may_report_extend_and_return() -> None:
    assert open_steps(lent()) == {
        "checked_on_site", "trouble", "status_asked", "extension_asked", "return_booked", "taken_back"
    }  # fmt: skip
    assert Loan(lent()).is_lent
    assert not Loan(case()).is_lent
    assert Loan(case(filed("pickup_booked", **slot(FIRST)), picked_up())).pickup is None


# --- two-week checks


def checks(*days: date, about: Iterable[object] = ()) -> CaseView:
    return lent(*(filed("checked_on_site", day, result="good") for day in days), *about)  # type: ignore[arg-type]


def test_each_loan_is_checked_every_two_weeks_counted_from_the_last_check() -> None:
    assert due(lent())["checked_on_site"] == FIRST + timedelta(14)
    early = FIRST + timedelta(11)
    assert due(checks(early))["checked_on_site"] == early + timedelta(14)
    [found] = [
        each for each in dues(LIFE, lent(), worlds.OFFICE.calendar) if each.step.key == "checked_on_site"
    ]
    assert (found.opens, found.last) == (FIRST + timedelta(11), FIRST + timedelta(17))


def test_checks_go_on_after_the_end_of_the_season_where_the_loan_does() -> None:
    last = date(2027, 11, 1)
    granted = filed("extended", last, extended_until="2027-11-28")
    longer = checks(last, about=[filed("extension_asked", last, "", until="2027-11-28"), granted])

    assert due(longer)["checked_on_site"] == date(2027, 11, 15)


def test_checks_go_on_where_a_set_is_overdue() -> None:
    assert due(checks(LAST))["checked_on_site"] == LAST + timedelta(14)


def test_after_an_early_return_nothing_is_checked_any_more() -> None:
    back = returned(day=FIRST + timedelta(5))

    assert "checked_on_site" not in due(back)
    assert "checked_on_site" not in open_steps(back)


def test_a_case_that_was_sent_back_before_is_checked_from_its_hand_over() -> None:
    sent_back = CaseView(
        "R9-0001",
        "fence_loan",
        "R6",
        worlds.TODAY,
        (
            filed("application"),
            filed("checked"),
            filed("returned", fields=["sets"]),
            filed("correction"),
            filed("checked"),
            decided(),
            picked_up(FIRST + DAY),
        ),
        case().answers,
    )

    assert due(sent_back)["checked_on_site"] == FIRST + timedelta(15)


# --- faults, trouble, instructions, the office's question


def test_a_fault_is_followed_by_a_swap_within_two_working_days() -> None:
    friday = date(2027, 7, 2)
    faulty = lent(filed("checked_on_site", friday, result="fault", fault="本体"))

    assert "swapped" in open_steps(faulty)
    assert due(faulty)["swapped"] == date(2027, 7, 6)
    mended = lent(*faulty.history[3:], filed("swapped", friday + DAY))
    assert "swapped" not in open_steps(mended)


def test_an_instruction_is_acknowledged_once() -> None:
    told = lent(filed("checked_on_site", result="upkeep", instructions=["weeds"]))

    assert "understood" in open_steps(told)
    assert "understood" not in open_steps(lent(*told.history[3:], filed("understood", by="")))
    assert "understood" not in open_steps(checks(FIRST))
    assert "swapped" not in open_steps(told)


def test_trouble_is_answered_by_the_next_working_day() -> None:
    monday = date(2027, 7, 5)
    asked = lent(filed("trouble", monday, "", trouble="cut"))

    assert due(asked)["trouble_answered"] == date(2027, 7, 6)
    assert "swapped" not in open_steps(asked)
    for answer in ("trouble_answered", "swapped", "checked_on_site"):
        done = lent(*asked.history[3:], filed(answer, monday, answer="advised", result="good"))
        assert "trouble_answered" not in open_steps(done)
    promised = lent(*asked.history[3:], filed("trouble_answered", monday, answer="swap"))
    assert due(promised)["swapped"] == date(2027, 7, 7)


def test_the_same_trouble_twice_is_two_troubles() -> None:
    again = filed("trouble", FIRST, "", trouble="cut")
    done = filed("trouble_answered", FIRST, answer="advised")
    twice = lent(again, done, filed("trouble", FIRST, "", trouble="cut"))

    assert "trouble_answered" in open_steps(twice)


def test_the_city_may_ask_how_the_fence_is_doing_one_question_at_a_time() -> None:
    asked = lent(filed("status_asked"))

    assert {"status_told"} <= open_steps(asked)
    assert "status_asked" not in open_steps(asked)
    answered = lent(filed("status_asked"), filed("status_told", by=""))
    assert "status_asked" in open_steps(answered)
    assert "status_told" not in open_steps(answered)


# --- extending and giving back


ASKED = filed("extension_asked", LAST - DAY, "", until="2027-09-30", reasons=["bears"])


def test_an_extension_is_decided_within_two_working_days_and_moves_the_end() -> None:
    asked = lent(ASKED)

    assert {"extended", "extension_refused"} <= open_steps(asked)
    assert "extension_asked" not in open_steps(asked)
    assert due(asked)["extended"] == date(2027, 9, 1)
    as_asked = lent(ASKED, filed("extended", LAST))
    assert (Loan(as_asked).last, due(as_asked)["taken_back"]) == (date(2027, 9, 30), date(2027, 9, 30))
    assert Loan(lent(ASKED, filed("extended", LAST, extended_until="2027-09-10"))).last == date(2027, 9, 10)
    assert "extension_asked" in open_steps(as_asked)
    refused = lent(ASKED, filed("extension_refused", LAST, refused_why="在庫"))
    assert Loan(refused).last == LAST
    assert "extended" not in open_steps(refused)
    assert "extension_asked" in open_steps(refused)


def test_whoever_books_the_return_takes_the_wish_for_an_extension_back() -> None:
    both = lent(ASKED, filed("return_booked", LAST - DAY, "", **slot(LAST)))

    assert not {"extended", "extension_refused"} & open_steps(both)
    assert Loan(both).returning == Booked("minami", key(LAST))
    assert due(both)["taken_back"] == LAST


def test_an_extension_puts_an_end_to_the_return_that_was_booked_for_the_old_end() -> None:
    booked = filed("return_booked", LAST - 2 * DAY, "", **slot(LAST))
    longer = lent(booked, ASKED, filed("extended", LAST - DAY))

    assert Loan(longer).returning is None
    assert due(longer)["return_booked"] == date(2027, 9, 30)


def test_a_set_comes_back_by_the_last_day_and_the_return_is_booked_by_then() -> None:
    found = due(lent())

    assert (found["taken_back"], found["return_booked"]) == (LAST, LAST)
    assert "return_booked" not in due(lent(filed("return_booked", by="", **slot(LAST - DAY))))


def test_after_the_return_only_a_report_and_questions_are_left() -> None:
    assert open_steps(returned()) == {"questionnaire", "settled"}
    assert open_steps(returned(filed("questionnaire", LAST, ""), filed("settled", LAST))) == set()
    assert Loan(returned()).returning is None
    assert Loan(returned()).missing == Loan(lent()).missing == {}


def test_missing_parts_are_asked_for_until_the_loss_is_settled() -> None:
    short = {**PARTS, "clip": PARTS["clip"] - 3}
    lacking = returned(parts_in=short)

    assert open_steps(lacking) == {"questionnaire", "missing_answered", "settled"}
    assert due(lacking)["missing_answered"] == LAST + timedelta(7)
    assert due(lacking)["settled"] == LAST + timedelta(14)
    promised = returned(filed("missing_answered", LAST, "", bring_by="2027-09-10"), parts_in=short)
    assert due(promised)["settled"] == date(2027, 9, 24)
    settled = returned(filed("settled", LAST), parts_in=short)
    assert open_steps(settled) == {"questionnaire"}


def test_the_end_of_every_loan_is_reported_to_the_city_within_two_weeks() -> None:
    assert due(returned())["settled"] == LAST + timedelta(14)


def test_all_a_borrower_may_do_has_a_wording_of_its_own() -> None:
    offered = [STEPS[step].invitation for step in RESIDENT]

    assert all(offered)
    assert len({*offered}) == len(offered)


def test_what_borrowers_do_staff_and_the_contractor_may_write_down_for_them() -> None:
    assert all({Role.STAFF, Role.CONTRACTOR} <= STEPS[step].filers for step in RESIDENT)
