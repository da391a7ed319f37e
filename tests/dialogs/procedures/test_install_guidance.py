"""Guidance on the spot: who may ask for it, when, and what staff and residents see of it (003-04, 21…25, 58…60)."""

from __future__ import annotations

from datetime import date

import pytest

from dialogs.fields import Given
from dialogs.procedures.fence_loan.rules import season as loan_season_now
from dialogs.procedures.install_guidance import INSTALL_GUIDANCE, facts, glance
from dialogs.procedures.install_guidance.form import FORM_R6
from dialogs.procedures.install_guidance.rules import flags, notes, opening, season, visit_bounds, visit_pool
from dialogs.season import Season
from tests.dialogs import worlds
from tests.dialogs.procedures.guidances import (
    ACCEPTED,
    ANSWERS,
    DAY,
    INSTRUCTED,
    TODAY,
    WISHED,
    case,
    moved,
    read,
    say,
    slot,
    world,
)


class Listed:
    """A list of one holder."""

    def has(self, number: str) -> bool:
        return number == "R9-0012"


# --- the season: a Sunday is put off by a day, a Saturday by two (003-58)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 6, 3), date(2024, 10, 31)),  # June 1 is a Saturday
        (date(2025, 6, 2), date(2025, 10, 31)),  # a Sunday
        (date(2026, 6, 1), date(2026, 11, 2)),  # October 31 is a Saturday
        (date(2027, 6, 1), date(2027, 11, 1)),  # a Sunday
        (date(2028, 6, 1), date(2028, 10, 31)),
    ],
)
def test_a_visit_may_be_asked_for_from_two_weeks_before_the_season_to_its_last_day(
    first: date, last: date
) -> None:
    opens = first - 14 * DAY

    assert season(world(first)) == Season(first, last)
    assert [opening(world(day)).is_open for day in (opens, first, last)] == [True, True, True]
    assert [opening(world(day)).is_open for day in (opens - DAY, last + DAY)] == [False, False]


def test_out_of_season_it_is_said_when_the_next_begins() -> None:
    found = opening(world(date(2027, 11, 2)))

    assert (found.is_open, found.opens) == (False, date(2028, 5, 18))
    assert found.message
    assert "令和10年6月1日(木) から 令和10年10月31日(火) まで" in say(found.message)


def test_a_season_set_by_hand_holds_for_guidance_too_and_ends() -> None:
    by_hand = Season(date(2027, 6, 14), date(2027, 9, 30))

    assert visit_bounds(Given(world(season=by_hand))) == (date(2027, 6, 14), date(2027, 9, 30))
    over = opening(world(date(2027, 10, 1), season=by_hand))
    assert over.message
    assert "今年の設置指導の受付は終わりました" in say(over.message)
    assert loan_season_now(world(season=by_hand)) == by_hand


def test_nobody_comes_on_the_day_on_which_they_are_asked() -> None:
    assert visit_bounds(Given(world())) == (TODAY + DAY, date(2027, 11, 1))
    assert visit_pool({}) == "visit"


# --- the request


def test_everything_that_is_asked_can_be_answered() -> None:
    assert [each.key for each in FORM_R6.fields] == [
        "number", "relation", "installed", "topics", "wish", "name", "kana", "address", "phone", "site", "note",
    ]  # fmt: skip
    assert all(each.personal for each in FORM_R6.pages[1].fields)
    assert FORM_R6.pages[1].private


def test_a_number_that_is_not_on_the_list_is_refused_with_whom_to_ring() -> None:
    [refused] = read(FORM_R6, {"number": "R9-9999"}, holders=Listed())

    assert refused.startswith("number: この番号は名簿に見つかりません。")
    assert "011-211-2879" in refused


def test_a_number_on_the_list_is_taken_and_where_nobody_looks_any_is() -> None:
    assert read(FORM_R6, {"number": "R9-0012"}, holders=Listed()) == []
    assert read(FORM_R6, {"number": "R9-9999"}) == []
    assert read(FORM_R6, {"relation": "holder"}, holders=Listed()) == []


def test_a_wish_that_lies_in_the_past_by_now_is_asked_again() -> None:
    kept, refused = FORM_R6.reread({"wish": slot(TODAY)}, world())

    assert "wish" not in kept
    assert list(refused) == ["wish"]


def test_a_wish_that_came_too_near_is_refused_by_a_rule_of_its_own() -> None:
    check = FORM_R6.checks[1]

    assert list(check({"wish": slot(TODAY)}, world())) == ["wish"]
    assert check({"wish": slot(TODAY + DAY)}, world()) == {}
    assert check({}, world()) == {}


def test_a_week_s_notice_is_a_soft_rule() -> None:
    wish = FORM_R6.field("wish")
    assert wish
    near, far = (wish.remark(slot(TODAY + days * DAY), Given(world())) for days in (6, 7))

    assert far is None
    assert near
    assert "1週間を切っています" in say(near)


def test_staff_see_a_short_notice_another_person_of_the_household_and_a_site_outside() -> None:
    def shown(**answers: object) -> list[str]:
        return [each.key for each in flags({**ANSWERS, **answers}, world(), TODAY)]

    assert shown() == []
    assert shown(wish=slot(TODAY + DAY)) == ["lead_short"]
    assert shown(relation="household") == ["household"]
    assert shown(site={"in_city": False}) == ["site_outside"]
    assert flags({}, world(), TODAY) == ()


def test_the_receipt_says_when_what_follows_and_that_it_costs_nothing() -> None:
    said = " ".join(say(each) for each in notes(ANSWERS, world()))

    assert "令和9年6月15日(火) 10:00" in said
    assert "費用はかかりません" in said


# --- the sheet


def test_the_sheet_names_what_the_city_compares() -> None:
    assert {"number", "relation", "wish"} <= {*glance(ANSWERS)}


def test_the_sheet_shows_the_time_as_it_stands_and_who_has_yet_to_agree() -> None:
    def shown(*filings: object) -> str:
        at = case(*filings)  # type: ignore[arg-type]
        return say(facts(ANSWERS, worlds.world(case=at))["wish"][1])

    assert shown() == "令和9年6月15日(火) 10:00（事業者の返事待ち）"
    assert shown(ACCEPTED) == "令和9年6月15日(火) 10:00（実施の指示待ち）"
    assert shown(ACCEPTED, INSTRUCTED) == "令和9年6月15日(火) 10:00（決定）"
    assert shown(moved(WISHED + DAY)) == "令和9年6月16日(水) 13:00（事業者の返事待ち）"
    assert facts(ANSWERS, world()) == {}


def test_the_procedure_is_registered_under_its_key() -> None:
    assert (INSTALL_GUIDANCE.key, INSTALL_GUIDANCE.series) == ("install_guidance", "guidance")
