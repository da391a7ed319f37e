"""The desk around an open form: going on, giving up, filing, pages, messages taken back."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.conversation import Conversation
from dialogs.effects import File, ForgetPhoto, NoteUnsent
from dialogs.events import (
    Action,
    Do,
    Filled,
    Tapped,
    Unsent,
)
from dialogs.filling import filled
from dialogs.procedure import Filing
from dialogs.replies import Receipt
from dialogs.standing import CaseView, Turn
from tests.dialogs import sample, worlds
from tests.dialogs.counter import (
    FILED,
    HERE,
    REGISTER,
    at,
    half,
    press,
    texts,
)
from tests.support.talks import WORDS


def test_starting_again_goes_on_with_what_is_half_filled() -> None:
    counter = at(replace(half(), current=""))

    done = counter.hears(press(Do.START, "sample"))

    assert done.standing.current == "c1"
    assert texts(done.replies)[0].startswith("途中までの入力が残っています。")


@pytest.mark.parametrize("do", [Do.RESUME, Do.PAGE])
def test_going_on_takes_up_the_latest_form(do: Do) -> None:
    older = Conversation("c0", "sample", {"kind": "group"})
    standing = replace(half(), conversations=(older, *half().conversations), current="")

    assert at(standing).hears(press(do)).standing.current == "c1"
    assert at(standing).hears(press(do, key="c0")).standing.current == "c0"
    assert texts(at(standing).hears(press(do, conversation="gone")).replies)[0].startswith(
        "そのボタンの申請は"
    )


@pytest.mark.parametrize("do", [Do.QUIT, Do.QUIT_SURELY, Do.CONFIRM])
def test_a_button_of_a_finished_form_leaves_the_open_one_alone(do: Do) -> None:
    done = at(half()).hears(press(do, conversation="gone"))

    assert done.standing == half(asked="length")
    assert texts(done.replies)[0].startswith("そのボタンの申請は")


def test_whoever_types_to_quit_for_good_is_asked_first() -> None:
    counter = at(half())

    asked = counter.hears("中止する")
    done = counter.hears("中止する")

    assert asked.standing.conversations == half().conversations
    assert done.standing.conversations == ()


def test_giving_up_forgets_the_photos() -> None:
    answers = {"kind": "person", "photo": {"photo": "p1"}}
    counter = at(
        replace(half(), conversations=(Conversation("c1", "sample", answers, sources={"photo": "m1"}),))
    )

    done = counter.hears(press(Do.QUIT, conversation="c1"), "はい")

    assert done.effects == (ForgetPhoto("p1"),)


def test_a_form_that_is_not_the_open_one_is_reached_by_its_buttons() -> None:
    other = Conversation("c2", "sample", {}, case="R9-0001")
    standing = replace(half(), conversations=(*half().conversations, other), cases=(FILED,))

    done = at(standing).hears(Tapped(Action(Do.ANSWER, "c2", "kind", "", "group")))

    assert done.standing.current == "c2"


def test_what_is_confirmed_is_filed_once() -> None:
    counter = at(half(sample.FULL))

    done, again = counter.hears("申請する"), counter.hears(press(Do.CONFIRM, conversation="c1"))

    [effect] = done.effects
    assert isinstance(effect, File)
    assert (effect.procedure, effect.step, effect.edition) == ("sample", "application", "R9")
    assert effect.conversation.answers == sample.FULL
    assert isinstance(done.replies[0], Receipt)
    assert again.effects == ()


def test_a_form_is_not_filed_before_applications_open() -> None:
    talk = Conversation("c1", "winter", sample.FULL)
    counter = at(replace(HERE, conversations=(talk,), current="c1"))

    early = counter.hears(press(Do.CONFIRM, conversation="c1"))

    assert early.effects == ()
    assert early.standing.conversations == (talk,)
    assert texts(early.replies) == ["いまは受け付けていません。"]


def test_a_correction_is_filed_whatever_the_season() -> None:
    talk = Conversation("c1", "winter", sample.FULL, case="R9-0001")
    case = replace(FILED, procedure="winter")
    counter = at(replace(HERE, conversations=(talk,), current="c1", cases=(case,)))

    [effect] = counter.hears(press(Do.CONFIRM, conversation="c1")).effects

    assert isinstance(effect, File)
    assert effect.step == "correction"


@pytest.mark.parametrize(
    "cases",
    [(), (replace(FILED, history=(*FILED.history, Filing("taken_up", date(2027, 6, 7)))),)],
)
def test_a_correction_that_comes_too_late_is_not_filed(cases: tuple[CaseView, ...]) -> None:
    talk = Conversation("c1", "sample", sample.FULL, case="R9-0001")

    done = at(replace(HERE, conversations=(talk,), current="c1", cases=cases)).hears("申請する")

    assert done.effects == ()
    assert done.standing.conversations == ()
    assert texts(done.replies)[0].startswith("担当者が確認を始めた")


def test_a_message_of_a_form_that_is_not_open_is_taken_back_there() -> None:
    talk = Conversation("c1", "sample", {"kind": "person", "length": 40}, sources={"length": "m7"})

    done = at(replace(HERE, conversations=(talk,))).hears(Unsent("m7"))

    assert done.effects == (NoteUnsent("m7"),)
    assert done.standing.conversations[0].answers == {"kind": "person"}


def test_a_message_that_gave_nothing_is_only_noted() -> None:
    assert at(half()).hears(Unsent("m9")) == Turn(half(), effects=(NoteUnsent("m9"),))


def test_a_page_of_a_form_that_is_over_is_refused() -> None:
    with pytest.raises(LookupError, match="gone"):
        filled(REGISTER, half(), "gone", Filled({}), worlds.world(words=WORDS))
