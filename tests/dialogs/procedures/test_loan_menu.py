"""What the menu of a borrower offers: only what can be done now (003-35, 36)."""

from __future__ import annotations

from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.events import Action, Do, Tapped
from dialogs.menu import hear
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.replies import Listing, Said
from dialogs.standing import CaseView, Grant, Standing
from tests.dialogs.procedures.loans import FIRST, LAST, case, filed, lent, picked_up, returned, slot, world
from tests.support.talks import WORDS

BOOKED = filed("pickup_booked", by="", **slot(FIRST))


def menu(about: CaseView, today: object = FIRST, *halves: Conversation) -> list[str]:
    """Return the entries of the menu about the borrower's loan, by their steps, and what is half-filled."""
    outside = world(today, words=WORDS)  # type: ignore[arg-type]
    standing = Standing("ja", conversations=halves, cases=(about,))
    done = hear(REGISTER, standing, Tapped(Action(Do.MENU)), outside)
    [listing] = [each for each in done.replies if isinstance(each, Listing)]
    entries = [each.action for each in listing.items]
    return [each.part or each.key for each in entries if each.do in {Do.FILE, Do.RESUME}]


def test_the_menu_shows_only_what_can_be_done_now() -> None:
    assert menu(case()) == ["pickup_booked", "cancelled"]
    assert menu(lent()) == ["trouble", "extension_asked", "return_booked"]
    assert menu(returned(day=LAST)) == ["questionnaire"]
    assert menu(case(filed("cancelled"))) == []


def test_what_is_too_late_today_is_not_in_the_menu() -> None:
    assert menu(case(BOOKED), FIRST) == []
    assert menu(lent(filed("return_booked", by="", **slot(FIRST)))) == ["trouble", "extension_asked"]


def test_a_form_that_was_begun_for_what_is_over_is_not_offered_again() -> None:
    half = Conversation("t1", "loan_pickup", case="R9-0001")

    assert menu(case(), FIRST, half) == ["t1", "cancelled"]
    assert menu(case(picked_up()), FIRST, half) == ["trouble", "extension_asked", "return_booked"]
    assert menu(case(), FIRST, replace(half, form="fence_loan"))[0] == "t1"


def test_whoever_takes_an_old_button_is_told_why_and_whoever_writes_it_down_for_them_is_not_stopped() -> None:
    pressed = Tapped(Action(Do.FILE, key="R9-0001", part="pickup_booked"))
    outside = world(FIRST, words=WORDS)
    borrower = Standing("ja", cases=(case(BOOKED),))
    clerk = replace(borrower, grants=(Grant("*", Role.STAFF),), name="見本 係員", member="m1")

    told = hear(REGISTER, borrower, pressed, outside).replies[0]
    [begun] = hear(REGISTER, clerk, pressed, outside).standing.conversations

    assert isinstance(told, Said)
    assert "ここでは変更できません" in WORDS["ja"].say(told.message)
    assert begun.form == "loan_pickup"
