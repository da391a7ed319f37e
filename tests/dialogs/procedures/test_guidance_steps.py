"""The steps of a guidance: arranging it, the city's instruction, the visit, one check three weeks later (003-21…24)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogs.effects import GiveBack, Sign, Take
from dialogs.events import Decided
from dialogs.procedures.install_guidance import INSTALL_GUIDANCE
from dialogs.procedures.install_guidance.arranging import MOVE, PROPOSAL, too_late
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.replies import Said
from dialogs.signing import sign
from dialogs.standing import CaseView, Grant, Standing, Turn
from dialogs.steps import Filing, Role
from dialogs.upcoming import Errand
from tests.dialogs.procedures.guidances import (
    ACCEPTED,
    AGREED,
    ANSWERS,
    DAY,
    DEFINITE,
    INSTRUCTED,
    TODAY,
    WISHED,
    case,
    filed,
    lines,
    moved,
    possible,
    proposed,
    read,
    rechecked,
    say,
    slot,
    visited,
    world,
)

RESIDENT = {"moved", "cancelled"}
OTHER = WISHED + 2 * DAY
LAPSED, MISSED = filed("lapsed"), filed("missed", missed_why="absent")
STATES: list[tuple[str, tuple[Filing, ...], set[str]]] = [
    ("wished for", (), {"accepted", "proposed", "declined", "lapsed", *RESIDENT}),
    ("accepted", (ACCEPTED,), {"proposed", "instructed", "declined", "lapsed", *RESIDENT}),
    ("proposed", (proposed(OTHER),), {"proposed", "agreed", "declined", "lapsed", *RESIDENT}),
    ("agreed", (proposed(OTHER), AGREED), {"proposed", "instructed", "declined", "lapsed", *RESIDENT}),
    ("definite", DEFINITE, {"proposed", "visited", "missed", *RESIDENT}),
    ("moved afterwards", (*DEFINITE, moved(OTHER)), {"accepted", "proposed", "declined", "lapsed", *RESIDENT}),
    ("lapsed", (ACCEPTED, LAPSED), {"proposed", "declined", *RESIDENT}),
    ("missed", (*DEFINITE, MISSED), {"proposed", "declined", *RESIDENT}),
    ("wished for again", (ACCEPTED, LAPSED, moved(OTHER)), {"accepted", "proposed", "declined", "lapsed", *RESIDENT}),
    ("visited", (*DEFINITE, visited()), {"rechecked"}),
    ("not confirmed", (*DEFINITE, visited(confirmed="no")), {"rechecked", "confirmed"}),
    ("confirmed", (*DEFINITE, visited(confirmed="no"), filed("confirmed")), {"rechecked"}),
    ("checked and told", (*DEFINITE, visited(), rechecked(told_by="phone")), set()),
    ("checked, not told", (*DEFINITE, visited(), rechecked(told_by="not_yet")), {"told"}),
    ("told after all", (*DEFINITE, visited(), rechecked(told_by="not_yet"), filed("told")), set()),
    ("declined", (filed("declined"),), set()),
    ("cancelled", (filed("cancelled"),), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filings", "expected"), [each[1:] for each in STATES], ids=[each[0] for each in STATES]
)
def test_only_what_makes_sense_can_be_done(filings: tuple[Filing, ...], expected: set[str]) -> None:
    assert possible(case(*filings)) == expected


def test_the_time_that_is_held_is_the_newest_that_somebody_chose() -> None:
    def at(*filings: Filing) -> str:
        return Guidance(case(*filings)).arranged.slot

    assert at() == "2027-06-15T10:00"
    assert at(ACCEPTED, proposed(OTHER)) == "2027-06-17T13:00"
    assert at(ACCEPTED, LAPSED) == at(*DEFINITE, MISSED) == at(*DEFINITE, visited()) == ""
    assert at(ACCEPTED, LAPSED, moved(OTHER)) == "2027-06-17T13:00"
    assert at(filed("rechecked")) == "2027-06-15T10:00"  # what does not touch it


def test_a_case_is_over_when_it_was_given_up_declined_or_visited() -> None:
    assert [
        Guidance(case(*filings)).is_over
        for filings in ((), DEFINITE, (*DEFINITE, visited()), (filed("cancelled"),), (filed("declined"),))
    ] == [False, False, True, True, True]


# --- what is waited for


def due(*filings: Filing) -> list[tuple[str, date]]:
    return [
        (each.step.key, each.by) for each in INSTALL_GUIDANCE.due(case(*filings), world().office.calendar)
    ]


def test_the_contractor_and_then_the_city_are_waited_for_two_business_days_each() -> None:
    assert due() == [("accepted", date(2027, 6, 9))]
    assert due(filed("accepted", date(2027, 6, 9))) == [("instructed", date(2027, 6, 11))]
    assert due(proposed(OTHER)) == []  # the resident is
    assert due(ACCEPTED, LAPSED) == []


def test_the_visit_is_due_on_its_day() -> None:
    assert due(*DEFINITE) == [("visited", WISHED)]


def test_one_check_is_due_three_weeks_after_the_visit_and_never_again() -> None:
    [check] = INSTALL_GUIDANCE.due(case(*DEFINITE, visited()), world().office.calendar)

    assert (check.step.key, check.opens, check.by, check.last) == (
        "rechecked",
        date(2027, 7, 3),
        date(2027, 7, 6),
        date(2027, 7, 9),
    )
    assert due(*DEFINITE, visited(), rechecked(told_by="phone")) == []


def test_the_three_weeks_count_from_the_visit_however_late_it_was_written_down() -> None:
    late = filed("visited", WISHED + 5 * DAY, visited_on=WISHED.isoformat(), confirmed="yes")

    assert due(*DEFINITE, late) == [("rechecked", WISHED + timedelta(days=21))]


def test_the_check_of_a_visit_at_the_season_s_end_lies_behind_the_season() -> None:
    last = date(2027, 11, 1)

    assert due(*DEFINITE, visited(last)) == [("rechecked", date(2027, 11, 22))]


def test_the_matter_stays_open_until_the_result_was_told() -> None:
    untold = (*DEFINITE, visited(), rechecked(told_by="not_yet"))

    assert due(*untold) == [("told", date(2027, 7, 8))]
    assert due(*untold, filed("told", date(2027, 7, 7), later_told_by="phone")) == []
    assert [Guidance(case(*each)).is_told for each in (untold, (*untold, filed("told")))] == [False, True]
    assert Guidance(case(*DEFINITE, visited(), rechecked(told_by="there"))).is_told
    assert not Guidance(case(*DEFINITE, visited())).is_told


def test_a_fence_is_certified_on_the_day_on_which_it_was_found_right() -> None:
    def on(*filings: Filing) -> date | None:
        return Guidance(case(*DEFINITE, *filings)).certified_on

    wrong = visited(confirmed="no")
    assert on(visited()) == WISHED
    assert on(wrong) is None
    assert on(wrong, filed("confirmed", OTHER)) == OTHER
    assert on() is None


# --- what is scarce


def claims(step: str, **said: object) -> tuple[object, ...]:
    return INSTALL_GUIDANCE.claims(step, said, case(), world())


def test_a_wish_holds_its_time_and_another_time_lets_the_first_one_go() -> None:
    back = GiveBack("SD9-0001", "visit")
    taken = Take("SD9-0001", "visit", ("2027-06-17T13:00",), 1, "visit")

    assert claims("application", **ANSWERS) == (Take("SD9-0001", "visit", ("2027-06-15T10:00",), 1, "visit"),)
    assert claims("moved", slot=slot(OTHER)) == claims("proposed", slot=slot(OTHER)) == (back, taken)


def test_what_ends_or_loses_a_visit_gives_its_time_back_and_nothing_else_does() -> None:
    gives = [each.key for each in INSTALL_GUIDANCE.steps if each.key not in {"application", "moved", "proposed"}
             if claims(each.key)]  # fmt: skip

    assert gives == ["declined", "lapsed", "cancelled", "missed", "visited"]
    assert claims("lapsed") == (GiveBack("SD9-0001", "visit"),)


# --- a time that goes back by itself


def lapse(*filings: Filing) -> list[tuple[str, date]]:
    return [(each.step, each.by) for each in INSTALL_GUIDANCE.lapses(case(*filings), world())]


def test_a_time_is_held_for_five_business_days_without_the_city_s_instruction() -> None:
    far = moved(date(2027, 7, 20))

    assert lapse(far) == [("lapsed", date(2027, 6, 14))]
    assert lapse(far, filed("accepted", date(2027, 6, 11))) == [("lapsed", date(2027, 6, 18))]
    assert lapse(far, ACCEPTED, INSTRUCTED) == []
    assert lapse(far, ACCEPTED, LAPSED) == []
    assert lapse(*DEFINITE, visited()) == []


def test_a_time_is_never_held_into_its_own_day() -> None:
    assert lapse(moved(TODAY + 2 * DAY)) == [("lapsed", TODAY + DAY)]


# --- reminders and rounds


def reminded(*filings: Filing) -> list[tuple[str, date]]:
    return [(each.about, each.day) for each in INSTALL_GUIDANCE.reminders(case(*filings), world())]


def test_a_definite_visit_is_told_of_on_the_day_before_and_on_its_day() -> None:
    assert reminded(*DEFINITE) == [
        ("visit-eve/2027-06-15T10:00", WISHED - DAY),
        ("visit/2027-06-15T10:00", WISHED),
    ]
    assert reminded() == reminded(ACCEPTED) == reminded(*DEFINITE, visited()) == []
    assert reminded(*DEFINITE, MISSED) == []


def test_a_proposal_without_an_answer_is_brought_to_mind_once() -> None:
    assert reminded(proposed(OTHER)) == [("proposal/2027-06-17T13:00", TODAY + 2 * DAY)]
    assert reminded(proposed(OTHER), AGREED) == []


def test_reminders_say_when_and_offer_what_can_be_done() -> None:
    eve, day = INSTALL_GUIDANCE.reminders(case(*DEFINITE), world())
    [asked] = INSTALL_GUIDANCE.reminders(case(proposed(OTHER)), world())

    assert lines(eve.replies[0]) == [
        "明日は、電気柵の設置指導の日です。電気柵と電池を用意してください。\n日時：令和9年6月15日(火) 10:00",
        "[日時を変える]",
    ]
    assert lines(day.replies[0]) == ["今日は、電気柵の設置指導の日です。\n日時：令和9年6月15日(火) 10:00"]
    assert lines(asked.replies[0])[1:] == ["[この日時でお願いする]", "[日時をえらび直す]"]
    assert asked.last == TODAY + 3 * DAY


def test_the_round_has_the_definite_visits_and_the_checks_that_are_due() -> None:
    def stops(*filings: Filing) -> list[tuple[object, ...]]:
        found = INSTALL_GUIDANCE.rounds(case(*filings), world())
        return [(each.kind, each.day, each.step, each.ward, each.opens) for each in found]

    assert stops() == stops(ACCEPTED) == []
    assert stops(*DEFINITE) == [(Errand.VISIT, WISHED, "visited", "南区", None)]
    assert stops(*DEFINITE, visited()) == [
        (Errand.RECHECK, date(2027, 7, 9), "rechecked", "南区", date(2027, 7, 3))
    ]
    assert stops(*DEFINITE, visited(), rechecked(told_by="not_yet")) == []


# --- moving and giving up


def test_until_the_day_before_a_visit_can_be_moved_and_then_it_is_said_whom_to_ring() -> None:
    assert too_late(case(*DEFINITE), world(WISHED - DAY)) is None
    late = too_late(case(*DEFINITE), world(WISHED))

    assert late
    assert "当日になったので" in say(late)
    assert "011-211-2879" in say(late)


def test_once_no_time_is_held_another_can_be_chosen_at_any_time() -> None:
    assert too_late(case(*DEFINITE, MISSED), world(WISHED + DAY)) is None


def test_both_may_choose_any_time_of_the_season() -> None:
    assert read(MOVE, {"slot": slot(OTHER)}, case()) == []
    assert read(PROPOSAL, {"slot": slot(OTHER), "why": "その日は別の訪問があるため"}, case()) == []
    assert [each.partition(":")[0] for each in read(MOVE, {"slot": slot(date(2027, 12, 1))}, case())] == [
        "slot"
    ]


def instructs(at: CaseView, seen: int) -> Turn:
    """Return what follows when the city gives its instruction on a sheet that showed the filing *seen*."""
    clerk = Standing("ja", grants=(Grant("install_guidance", Role.STAFF),), name="見本 係員", member="clerk")
    return sign(INSTALL_GUIDANCE, at, clerk, Decided(at.reference, "instructed", "file", seen), world())


@pytest.mark.parametrize(
    ("since", "now"),
    [
        ((ACCEPTED, moved(OTHER), ACCEPTED), "令和9年6月17日(木) 13:00"),
        ((ACCEPTED, moved(OTHER)), "令和9年6月17日(木) 13:00"),
        ((proposed(OTHER), AGREED), "令和9年6月17日(木) 13:00"),
        ((moved(OTHER), LAPSED), "なし"),
    ],
)
def test_a_sheet_that_showed_another_time_instructs_nothing_and_the_new_time_is_told(
    since: tuple[Filing, ...], now: str
) -> None:
    done = instructs(case(*since), 1)

    assert done.effects == ()
    [said] = done.replies
    assert isinstance(said, Said)
    assert f"SD9-0001 は、その後で変わりました（いまの日時：{now}）。" in say(said.message)


def test_a_sheet_that_shows_the_time_that_holds_instructs_it() -> None:
    at = case(ACCEPTED, moved(OTHER), ACCEPTED)
    seen = INSTALL_GUIDANCE.to_be_seen(at)

    [signed] = instructs(at, seen).effects
    assert seen == 3
    assert isinstance(signed, Sign)
    assert signed.step == "instructed"
    assert instructs(case(ACCEPTED), 1).effects  # what only one of them agreed to changes no time
