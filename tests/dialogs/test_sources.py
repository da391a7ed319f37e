"""Photos, places and messages taken back: what is kept of them, and for how long."""

from datetime import date

import pytest

from dialogs.effects import FetchPhoto, ForgetPhoto
from dialogs.events import Do, SentPhoto, SentPlace, Unsent
from dialogs.turn import turn
from tests.dialogs import sample
from tests.dialogs.sample import (
    FULL,
    ask,
    asked,
    setting,
    take,
    talk,
    tap,
    without,
)

LATE = setting(today=date(2027, 6, 11))


def test_a_half_given_first_answer_can_be_taken_back() -> None:
    only = sample.form(sample.PERIOD)

    half = take(talk(asked="period"), "6月10日", at=setting(only))
    again = take(half.conversation, tap(Do.BACK), at=setting(only))

    assert Do.BACK in [offer.action.do for offer in ask(half).offers]
    assert ask(again).input.part == "from"
    assert again.conversation.answers == {}


def test_a_photo_is_fetched_and_forgotten_when_another_takes_its_place() -> None:
    start = talk(without("photo"), asked="photo")

    first = turn(setting(), start, SentPhoto("p1", "m1"))
    second = take(first.conversation, tap(Do.REOPEN, "photo"), SentPhoto("p2", "m2"))

    assert first.effects == (FetchPhoto("p1", "m1", "sample"),)
    assert second.effects == (FetchPhoto("p2", "m2", "sample"), ForgetPhoto("p1"))


def test_a_photo_set_aside_is_not_forgotten() -> None:
    start = talk(without("photo"), asked="photo")

    outcome = take(start, SentPhoto("p1", "m1"), tap(Do.REOPEN, "photo"))

    assert outcome.effects == ()
    assert take(outcome.conversation, tap(Do.KEEP, "photo")).conversation.answers["photo"] == {"photo": "p1"}


def test_the_photo_of_a_case_outlives_its_correction() -> None:
    start = talk({**FULL, "photo": {"photo": "filed"}}, case="R9-0001")

    outcome = take(start, tap(Do.REOPEN, "photo"), SentPhoto("p2", "m2"))

    assert outcome.effects == (FetchPhoto("p2", "m2", "sample"),)


def test_a_photo_that_cannot_be_taken_is_not_fetched() -> None:
    outcome = take(talk(without("photo"), asked="photo"), SentPhoto("写真", "m1"))

    assert outcome.effects == ()
    assert asked(outcome) == "photo"


def test_the_address_a_telephone_gives_a_point_is_not_kept() -> None:
    point = SentPlace(43.0, 141.3, "札幌市南区藤野五条3丁目1-2", "m1")

    outcome = take(talk(without("place"), asked="place"), point)

    assert outcome.conversation.answers["place"] == {"lat": 43.0, "lng": 141.3, "name": "＊＊＊"}


def test_a_message_that_gave_no_answer_is_taken_back_in_silence() -> None:
    start = talk(FULL, sources={"length": "m1"})

    assert turn(setting(), start, Unsent("m2")).conversation == start
    assert turn(setting(), start, Unsent("m2")).replies == ()


@pytest.mark.parametrize("message", ["m1", "m2"])
def test_each_message_that_gave_a_part_of_an_answer_takes_it_back(message: str) -> None:
    given = take(talk(without("period"), asked="period"), "6月10日", "6月20日")

    gone = take(given.conversation, Unsent(message))

    assert given.conversation.answers == FULL
    assert asked(gone) == "period"
    assert gone.conversation.sources == {}


def test_an_answer_given_anew_by_a_button_no_longer_hangs_on_the_old_message() -> None:
    typed = take(talk(without("reasons"), asked="reasons"), "1")
    tapped = take(typed.conversation, tap(Do.ANSWER, "reasons", "damage"))

    assert typed.conversation.sources == {"reasons": "m1"}
    assert take(tapped.conversation, Unsent("m1")).conversation.answers == FULL


def test_an_answer_set_aside_goes_with_its_message() -> None:
    typed = take(talk(without("length"), asked="length"), "40", tap(Do.REOPEN, "length"))

    gone = take(typed.conversation, Unsent("m1"))

    assert ask(gone).kept is None
    assert gone.conversation.aside == {}
