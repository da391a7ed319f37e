"""A tile that is the same for everybody does what it says with what its person has open."""

from __future__ import annotations

from dataclasses import replace

from dialogs import scarce
from dialogs.anycase import on_the_only_case
from dialogs.events import Action, Do, Tapped, Typed
from dialogs.menu import hear, wants_cases
from dialogs.procedures import REGISTER
from dialogs.replies import Ask, Listing, Said
from dialogs.standing import CaseView, Standing, Turn
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import case, lent
from tests.support.talks import WORDS

PICK_UP = Tapped(Action(Do.FILE, part="pickup_booked"))
APPROVED = case()
ANOTHER = replace(case(), reference="R9-0002")


def standing(*cases: CaseView, **changes: str) -> Standing:
    return replace(Standing("ja", cases=cases, fresh="new"), **changes)  # type: ignore[arg-type]


def tapped(*cases: CaseView, part: str = "pickup_booked") -> Turn:
    event = Tapped(Action(Do.FILE, part=part))
    return hear(REGISTER, standing(*cases), event, worlds.world())


def first_words(done: Turn) -> str:
    said = done.replies[0]
    assert isinstance(said, Said)
    return WORDS["ja"].say(said.message)


def test_a_tile_begins_the_step_of_the_only_case_on_which_it_can_be_taken() -> None:
    done = tapped(APPROVED, replace(lent(), reference="R9-0003"))

    assert done.standing.talk
    assert done.standing.talk.case == APPROVED.reference
    assert isinstance(done.replies[-1], Ask)


def test_of_several_cases_the_menu_lets_its_person_choose() -> None:
    done = tapped(APPROVED, ANOTHER)

    assert "いくつか" in first_words(done)
    listing = done.replies[-1]
    assert isinstance(listing, Listing)
    offered = [each.action.key for each in listing.items if each.action.part == "pickup_booked"]
    assert sorted(offered) == [APPROVED.reference, ANOTHER.reference]


def test_what_cannot_be_done_now_is_said_with_what_can() -> None:
    done = tapped(lent())

    assert "いまは、その手続きはできません" in first_words(done)
    assert isinstance(done.replies[-1], Listing)
    assert "いまは" in first_words(tapped())


def test_a_case_of_a_service_that_is_offered_no_more_is_passed_over() -> None:
    gone = replace(ANOTHER, procedure="gone")

    done = tapped(APPROVED, gone)

    assert done.standing.talk
    assert done.standing.talk.case == APPROVED.reference


def test_everything_else_is_left_as_it_is() -> None:
    about = standing(APPROVED)

    for event in (Typed("メニュー"), Tapped(Action(Do.CASES)), Tapped(Action(Do.FILE, key="R9-9", part="x"))):
        assert on_the_only_case(REGISTER, about, event) is event
    assert on_the_only_case(REGISTER, standing(), PICK_UP) is PICK_UP


def test_what_is_scarce_is_looked_up_for_the_case_that_is_meant() -> None:
    assert wants_cases(standing(), PICK_UP)
    assert scarce.wanted(REGISTER, standing(APPROVED), PICK_UP) == APPROVED.reference
    assert scarce.wanted(REGISTER, standing(APPROVED, ANOTHER), PICK_UP) is None
