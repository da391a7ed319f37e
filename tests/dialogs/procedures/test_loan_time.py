"""What time brings about on a loan: reminders, each once, and stops of the contractor's round (003-15, 18, 19, 35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from dialogs.procedures.fence_loan.marks import marks
from dialogs.procedures.fence_loan.reminding import reminders
from dialogs.procedures.fence_loan.stops import stops
from dialogs.rounds import what
from dialogs.standing import CaseView
from dialogs.upcoming import Errand, Stop
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import (
    DAY,
    DELIVERED,
    FIRST,
    LAST,
    PARTS,
    case,
    filed,
    key,
    lent,
    picked_up,
    returned,
    shown,
    slot,
    world,
)
from tests.dialogs.worlds import JAPANESE

SHORT = {**PARTS, "clip": PARTS["clip"] - 3}
BOOKED = filed("return_booked", by="", **slot(LAST))


def days(about: CaseView) -> dict[str, date]:
    found = {each.about: each.day for each in reminders(about, world())}
    assert len(found) == len(reminders(about, world()))
    return found


def said(about: CaseView, name: str) -> str:
    return shown(next(each.replies for each in reminders(about, world()) if each.about == name))


def test_before_the_decision_and_after_the_end_nobody_is_reminded() -> None:
    undecided = replace(case(), history=(filed("application", by=""),))

    assert reminders(undecided, world()) == ()
    assert reminders(case(filed("cancelled", by="")), world()) == ()


def test_a_pickup_is_reminded_of_the_day_before_and_on_the_day() -> None:
    booked = case(filed("pickup_booked", by="", **slot(FIRST)))

    assert days(booked) == {f"pickup-eve/{key(FIRST)}": FIRST - DAY, f"pickup/{key(FIRST)}": FIRST}
    assert "明日は、電気柵の受け取りの日です。\n日時：令和9年6月15日(火) 10:00" in said(
        booked, f"pickup-eve/{key(FIRST)}"
    )
    assert "今日は" in said(booked, f"pickup/{key(FIRST)}")
    delivered = case(filed("pickup_booked", **slot(FIRST, place=DELIVERED)))
    assert "明日、電気柵をお届けします。" in said(delivered, f"pickup-eve/{key(FIRST)}")


def test_a_pickup_that_nobody_booked_is_asked_for_before_the_period_begins() -> None:
    assert days(case()) == {"unbooked/2027-06-15": FIRST - timedelta(3)}
    assert days(case(exceptions=["transport"])) == {}


def test_the_end_of_a_loan_comes_with_both_ways_on_and_is_not_forgotten() -> None:
    found = days(lent())

    assert found == {
        "end/2027-08-31": LAST - timedelta(7),
        "last/2027-08-31": LAST,
        "over/2027-09-03": LAST + timedelta(3),
        "over/2027-09-07": LAST + timedelta(7),
        "over/2027-09-14": LAST + timedelta(14),
    }
    assert "[返却を予約する]\n[期間の延長を申し込む]" in said(lent(), "end/2027-08-31")
    asked = lent(filed("extension_asked", by="", until="2027-09-30"))
    assert "延長" not in said(asked, "end/2027-08-31")


def test_an_extension_moves_the_reminders() -> None:
    longer = lent(filed("extension_asked", by="", until="2027-09-30"), filed("extended"))

    assert days(longer)["last/2027-09-30"] == date(2027, 9, 30)
    assert "last/2027-08-31" not in days(longer)


def test_a_return_is_reminded_of_the_day_before_and_on_the_day_and_of_nothing_else() -> None:
    booked = lent(BOOKED)

    assert days(booked) == {f"return-eve/{key(LAST)}": LAST - DAY, f"return/{key(LAST)}": LAST}
    assert "明日は、電気柵を返す日です。" in said(booked, f"return-eve/{key(LAST)}")
    fetched = lent(filed("return_booked", **slot(LAST, place=DELIVERED)))
    assert "今日、電気柵を受け取りにうかがいます。" in said(fetched, f"return/{key(LAST)}")


def test_an_instruction_that_nobody_acknowledged_is_repeated_once() -> None:
    told = lent(filed("checked_on_site", FIRST + 14 * DAY, result="upkeep"), BOOKED)

    assert days(told)["instruction/2027-06-29"] == date(2027, 7, 2)
    assert "instruction/2027-06-29" not in days(lent(*told.history[3:], filed("understood", by="")))


def test_missing_parts_are_waited_for_and_reminded_of_until_they_are_settled() -> None:
    lacking = returned(parts_in=SHORT)

    assert {name: day for name, day in days(lacking).items() if name.startswith("missing")} == {
        "missing/2027-09-07": LAST + timedelta(7),
        "missing/2027-09-14": LAST + timedelta(14),
    }
    assert "クリップ3個" in said(lacking, "missing/2027-09-07")
    promised = returned(
        filed("missing_answered", by="", found="bring", bring_by="2027-09-05"), parts_in=SHORT
    )
    assert days(promised)["missing/2027-09-05"] == date(2027, 9, 5)
    lost = returned(filed("missing_answered", by="", found="lost"), parts_in=SHORT)
    settled = returned(filed("settled"), parts_in=SHORT)
    for over in (lost, settled, returned()):
        assert [*days(over)] == ["questionnaire/2027-08-31"]


def test_the_questionnaire_is_mentioned_once() -> None:
    assert days(returned()) == {"questionnaire/2027-08-31": LAST + timedelta(7)}
    assert days(returned(filed("questionnaire", by=""))) == {}


# --- the contractor's round


def test_what_is_booked_is_a_stop_with_its_hour_and_place() -> None:
    handing = case(filed("pickup_booked", **slot(FIRST)))

    assert stops(handing, world()) == (Stop(Errand.PICKUP, FIRST, time(10), "minami", "handed_over"),)
    delivering = case(filed("pickup_booked", **slot(FIRST, place=DELIVERED)))
    assert stops(delivering, world()) == (
        Stop(Errand.DELIVERY, FIRST, time(10), "", "handed_over", ward="南区"),
    )
    assert stops(case(), world()) == ()
    carried = case(filed("pickup_booked", **slot(FIRST)), exceptions=["transport"])
    assert stops(carried, world()) == ()


def test_a_check_is_a_stop_on_any_day_in_time() -> None:
    assert stops(lent(), world()) == (
        Stop(
            Errand.CHECK,
            FIRST + timedelta(17),
            None,
            "",
            "checked_on_site",
            ward="南区",
            opens=FIRST + timedelta(11),
        ),
    )


def test_a_swap_a_promised_visit_and_a_return_are_stops_too() -> None:
    monday = date(2027, 7, 5)
    faulty = lent(filed("checked_on_site", monday, result="fault"), BOOKED)

    kinds = {each.kind: each for each in stops(faulty, world())}
    assert set(kinds) == {Errand.CHECK, Errand.SWAP, Errand.RETURN}
    assert kinds[Errand.SWAP].day == date(2027, 7, 7)
    visit = lent(filed("trouble", monday), filed("trouble_answered", monday, answer="visit"))
    assert monday + timedelta(3) in {each.day for each in stops(visit, world()) if each.kind is Errand.CHECK}
    made = lent(*visit.history[3:], filed("checked_on_site", monday, result="good"))
    assert len(stops(made, world())) == 1
    unanswered = lent(filed("trouble", monday))
    assert {each.step for each in stops(unanswered, world())} == {"checked_on_site"}
    fetched = lent(filed("return_booked", **slot(LAST, place=DELIVERED)))
    assert Errand.COLLECTION in {each.kind for each in stops(fetched, world())}


def test_nobody_goes_anywhere_for_a_loan_that_is_over() -> None:
    assert stops(returned(), world()) == ()


# --- at a glance


def glance(about: CaseView, today: date = FIRST) -> set[str]:
    return {each.key for each in marks(about, world(today))}


def test_what_the_city_has_set_aside_is_seen_until_the_set_is_handed_over() -> None:
    waived = ["notice", "transport", "installation", "at_once"]

    assert glance(case(exceptions=waived)) == {"identity", "city_carries", "city_installs"}
    assert glance(case()) == set()
    assert glance(case(picked_up(), exceptions=waived)) == set()
    assert glance(case(filed("cancelled"), exceptions=waived)) == set()
    assert glance(replace(case(), history=())) == set()


def test_what_is_wrong_with_a_loan_is_seen_in_the_round() -> None:
    wanting = filed("checked_on_site", result="upkeep", voltage=5200)
    asked = filed("extension_asked", by="", until="2027-09-30")
    troubled = lent(wanting, asked, filed("trouble", by="", trouble="cut"))

    assert glance(troubled) == {"low_voltage", "unread", "extension", "trouble"}
    assert glance(lent(filed("checked_on_site", result="fault", voltage=None))) == {"fault"}
    assert glance(lent(), LAST + DAY) == {"overdue"}
    assert glance(lent(), LAST) == set()
    [stop] = stops(lent(filed("trouble", by="", trouble="cut")), world())
    assert stop.marks == ("困りごとの連絡あり",)
    assert "※困りごとの連絡あり" in JAPANESE.say(what(stop, worlds.OFFICE))


def test_what_is_left_to_be_done_about_a_returned_set_is_seen() -> None:
    assert glance(returned(parts_in=SHORT)) == {"missing"}
    assert glance(returned(filed("settled"), parts_in=SHORT)) == set()
    assert glance(returned(own_fault="yes")) == {"own_fault"}
