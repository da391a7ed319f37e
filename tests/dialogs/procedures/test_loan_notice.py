"""The notice that is shown where the fence is handed over (003-13, 33): when there is one, and how it is asked for."""

from __future__ import annotations

from dataclasses import replace

from dialogs.events import Action, Do, Tapped
from dialogs.menu import hear, wants_cases
from dialogs.procedures import REGISTER
from dialogs.procedures.fence_loan.notice import shown
from dialogs.procedures.fence_loan.reminding import reminders
from dialogs.replies import Listing, Receipt, Reply
from dialogs.standing import CaseView, Standing
from tests.dialogs import worlds
from tests.dialogs.procedures import loans
from tests.dialogs.procedures.loans import FIRST, NUMBER, case, filed, key, lent, slot
from tests.dialogs.worlds import JAPANESE


def notice(about: CaseView) -> Receipt | None:
    return shown(about, worlds.world())


def heard(action: Action, about: CaseView) -> Reply:
    """Return the last reply to whoever has the case and presses the button of *action*."""
    event = Tapped(action)
    assert wants_cases(Standing("ja"), event)
    return hear(REGISTER, Standing("ja", cases=(about,)), event, worlds.world()).replies[-1]


def test_from_the_decision_to_the_hand_over_the_number_can_be_shown() -> None:
    found = notice(case())

    assert found
    assert (found.code, found.reference, found.day) == (NUMBER, "R9-0001", worlds.TODAY)
    assert [JAPANESE.say(each) for each in found.notes] == ["お問い合わせ：011-211-2879"]


def test_the_notice_says_when_the_fence_is_picked_up() -> None:
    found = notice(case(filed("pickup_booked", by="", **slot(FIRST))))

    assert found
    assert JAPANESE.say(found.notes[0]) == "受け取りの予約：令和9年6月15日(火) 10:00"


def test_there_is_nothing_to_show_before_the_decision_after_the_hand_over_and_where_it_was_left_out() -> None:
    undecided = replace(case(), history=(filed("application", by=""),))

    assert notice(undecided) is None
    assert notice(lent()) is None
    assert notice(case(filed("cancelled", by=""))) is None
    assert notice(case(exceptions=["notice"])) is None


def test_the_card_of_the_case_offers_to_show_it_and_draws_it_anew() -> None:
    about = case()
    card = heard(Action(Do.CASE, key=about.reference), about)
    assert isinstance(card, Listing)

    [button] = [each for each in card.items if each.action.do is Do.SHOW]
    shows = heard(button.action, about)

    assert JAPANESE.say(button.label) == "通知番号を見せる"
    assert isinstance(shows, Receipt)
    assert shows.code == NUMBER


def test_an_old_button_shows_the_card_once_the_fence_was_handed_over() -> None:
    about = lent()

    card = heard(Action(Do.SHOW, key=about.reference), about)

    assert isinstance(card, Listing)
    assert Do.SHOW not in [each.action.do for each in card.items]


def test_on_the_day_of_the_pickup_the_notice_comes_with_the_reminder() -> None:
    booked = case(filed("pickup_booked", by="", **slot(FIRST)))
    [today] = [each for each in reminders(booked, loans.world()) if each.about == f"pickup/{key(FIRST)}"]

    assert isinstance(today.replies[-1], Receipt)
    assert today.replies[-1].code == NUMBER
    without = case(filed("pickup_booked", by="", **slot(FIRST)), exceptions=["notice"])
    [today] = [each for each in reminders(without, loans.world()) if each.about == f"pickup/{key(FIRST)}"]
    assert len(today.replies) == 1
