"""Somebody's own applications, where the transcripts do not show it."""

from dataclasses import replace

import pytest

from dialogs.conversation import Conversation
from dialogs.effects import FileStep, ForgetPhoto
from dialogs.events import (
    Action,
    Do,
    Event,
    SentPhoto,
    Tapped,
    Typed,
)
from dialogs.menu import wants_cases
from dialogs.replies import Listing, Review
from dialogs.standing import CaseView, Standing
from tests.dialogs.counter import (
    FILED,
    HERE,
    at,
    half,
    labels,
    press,
    texts,
)


@pytest.mark.parametrize("do", [Do.CASE, Do.CORRECT, Do.WITHDRAW, Do.WITHDRAW_SURELY])
@pytest.mark.parametrize("cases", [(), (replace(FILED, procedure="gone"),)])
def test_a_case_that_is_not_the_persons_own_is_not_found(do: Do, cases: tuple[CaseView, ...]) -> None:
    done = at(replace(HERE, cases=cases)).hears(press(do, "R9-0001"))

    assert texts(done.replies) == ["その番号の申請は見つかりません。「申請状況」でお確かめください。"]
    assert done.effects == ()


def test_a_case_of_a_service_that_is_gone_is_still_listed() -> None:
    done = at(
        replace(HERE, cases=(replace(FILED, procedure="gone"), replace(FILED, reference="R9-0002")))
    ).hears("申請状況")

    assert labels(done.replies[0]) == ["R9-0002　見本の申請", "R9-0001　"]


def test_numbers_at_a_case_that_is_no_longer_there_lead_to_the_menu() -> None:
    done = at(replace(HERE, at="case:R9-0001")).hears("1")

    assert isinstance(done.replies[-1], Listing)


def test_a_correction_taken_up_again_goes_on_where_it_was() -> None:
    counter = at(replace(HERE, cases=(FILED,)))
    counter.hears(press(Do.CORRECT, "R9-0001"), "2", "55", "メニュー")

    done = counter.hears(press(Do.CORRECT, "R9-0001"))

    assert [each.answers["length"] for each in done.standing.conversations] == [55]
    assert isinstance(done.replies[-1], Review)


def test_withdrawing_ends_a_correction_and_forgets_its_new_photos() -> None:
    counter = at(replace(HERE, cases=(FILED,)))
    counter.hears(
        press(Do.CORRECT, "R9-0001"), Tapped(Action(Do.REOPEN, "new", "photo")), SentPhoto("p2", "m2")
    )

    done = counter.hears(press(Do.WITHDRAW_SURELY, "R9-0001"))

    assert done.effects == (FileStep("sample", "withdrawal", "R9-0001"), ForgetPhoto("p2"))
    assert done.standing.conversations == ()


@pytest.mark.parametrize(
    ("standing", "event", "wanted"),
    [
        (HERE, Typed("こんにちは"), True),
        (half(case="R9-0001"), Typed("40"), True),
        (half(), Typed("申請状況"), True),
        (half(), press(Do.CORRECT, "R9-0001"), True),
        (half(), Typed("40"), False),
        (half(), press(Do.ANSWER, conversation="c1"), False),
        (half(), SentPhoto("p1"), False),
        (replace(half(case="R9-0001"), current=""), press(Do.CONFIRM, conversation="c1"), True),
        (
            replace(
                half(), conversations=(*half().conversations, Conversation("c2", "sample", case="R9-0001"))
            ),
            press(Do.CONFIRM, conversation="c2"),
            True,
        ),
    ],
)
def test_cases_are_loaded_for_the_turns_that_need_them(
    standing: Standing, event: Event, wanted: bool
) -> None:
    assert wants_cases(standing, event) is wanted
