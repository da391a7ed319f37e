"""What staff sent back: asked once more, and nothing else; and what a correction changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialogs.cases import changes
from dialogs.conversation import Conversation
from dialogs.effects import File
from dialogs.events import Action, Do, Filled, Tapped
from dialogs.filling import filled
from dialogs.procedure import Filing, Role
from dialogs.replies import Ask, AskPage, Listing, Review
from dialogs.signoff import Ending, Level, SignOff
from dialogs.standing import CaseView, Register
from tests.dialogs import sample, worlds
from tests.dialogs.counter import FILED, HERE, SAMPLE, Counter, labels, press, texts
from tests.dialogs.worlds import JAPANESE
from tests.support.talks import WORDS

SIGNOFF = SignOff(
    (Level("checked", "確認", Role.STAFF, who="係", deed="確認した", state="確認しました。"),),
    returned=Ending("returned", "差し戻し", state="直してください。"),
    correction=Ending("correction", "訂正", state="訂正を受け付けました。"),
    stops=("withdrawal",),
)
SIGNED = replace(
    SAMPLE,
    steps=(SAMPLE.steps[0], SAMPLE.steps[2], *SIGNOFF.steps),
    signoff=SIGNOFF,
)
REGISTER = Register((SIGNED,))
MARK = {"sealed": True}


def returned(*fields: str, **changed: Any) -> CaseView:
    """Return the case with *fields* sent back."""
    said = {"outcome": "return", "level": "checked", "fields": list(fields), "reason": "見本の理由"}
    history = (*FILED.history, Filing("returned", worlds.TODAY, "見本 係", said))
    return replace(FILED, history=history, newest=1, **changed)


def counter(case: CaseView, **changed: Any) -> Counter:
    standing = replace(HERE, cases=(case,))
    return Counter(standing, worlds.world(words=WORDS, **changed), REGISTER)


def correcting(case: CaseView, **changed: Any) -> Counter:
    """Return the desk after the person pressed 直す."""
    here = counter(case, **changed)
    here.hears(press(Do.CORRECT, case.reference))
    return here


def talk(here: Counter) -> Conversation:
    [found] = here.standing.conversations
    return found


def test_only_the_questions_sent_back_are_asked_and_one_tap_keeps_an_answer() -> None:
    here = counter(returned("length", "kind"))

    first = here.hears(press(Do.CORRECT, "R9-0001"))
    second = here.hears(Tapped(Action(Do.KEEP, "new", "kind")))
    done = here.hears("55")

    assert isinstance(first.replies[-1], Ask)
    assert (first.replies[-1].field.key, first.replies[-1].kept) == ("kind", "団体")
    assert isinstance(second.replies[-1], Ask)
    assert second.replies[-1].field.key == "length"
    assert isinstance(done.replies[-1], Review)
    assert talk(here).answers == {**sample.FULL, "length": 55}


def test_it_is_said_what_is_asked_again_and_why() -> None:
    here = counter(returned("length", "name"))

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert texts(done.replies) == [
        (
            "R9-0001 の訂正です。次の項目だけを、もう一度うかがいます。\n"
            "直していただきたい項目：長さ、お名前\n理由：見本の理由"
        )
    ]


def test_the_card_of_the_case_says_why_and_offers_to_put_it_right() -> None:
    card = counter(returned("length")).hears(press(Do.CASE, "R9-0001")).replies[0]

    assert isinstance(card, Listing)
    assert JAPANESE.say(card.title).endswith("直していただきたい項目：長さ\n理由：見本の理由")
    assert labels(card)[0] == "直す"


def test_what_the_button_says_may_be_typed_while_one_case_is_sent_back() -> None:
    back = returned("length")
    two = Counter(
        replace(HERE, cases=(back, replace(back, reference="R9-0002"))), counter(back).world, REGISTER
    )
    old = counter(replace(back, procedure="gone"))

    assert isinstance(counter(back).hears("なおす").replies[-1], Ask)
    assert isinstance(counter(FILED).hears("直す").replies[-1], Listing)
    assert isinstance(two.hears("直す").replies[-1], Listing)
    assert isinstance(old.hears("直す").replies[-1], Listing)


def test_a_personal_answer_is_asked_on_its_page_which_still_knows_it() -> None:
    here = counter(returned("name"))

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert isinstance(done.replies[-1], AskPage)
    assert talk(here).answers["name"] == {**MARK, "partial": True}
    assert talk(here).answers["team"] == MARK
    assert talk(here).aside == {}

    page, _outcome = filled(REGISTER, here.standing, "new", Filled({"name": {"": "見本 花子"}}), here.world)
    assert isinstance(page.replies[-1], Review)


def test_where_personal_answers_may_be_typed_the_former_one_is_not_shown() -> None:
    here = counter(returned("name"), pii_in_chat=True)

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert isinstance(done.replies[-1], Ask)
    assert (done.replies[-1].field.key, done.replies[-1].kept) == ("name", None)
    assert "name" not in talk(here).answers


def test_a_question_that_was_left_empty_is_asked_again() -> None:
    here = correcting(returned("place"))

    assert "place" not in talk(here).answers
    assert talk(here).aside == {}


def test_what_was_answered_anew_is_not_asked_a_second_time() -> None:
    here = correcting(returned("length", "kind"))
    here.hears(Tapped(Action(Do.KEEP, "new", "kind")), "55", "メニュー")

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert isinstance(done.replies[-1], Ask)
    assert done.replies[-1].field.key == "kind"  # kept before, and may be kept once more
    assert talk(here).answers["length"] == 55


def test_a_question_that_today_s_form_no_longer_asks_is_not_sent_back() -> None:
    here = counter(returned("formerly"))

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert isinstance(done.replies[-1], Review)
    assert texts(done.replies)[0].startswith("R9-0001 の訂正です。直したい項目をえらび")


def test_a_correction_is_filed_and_the_case_waits_for_a_signature_again() -> None:
    here = correcting(returned("length"))

    done = here.hears("55", "申請する")

    [effect] = done.effects
    assert isinstance(effect, File)
    assert (effect.step, effect.conversation.case) == ("correction", "R9-0001")


def test_before_anything_was_sent_back_everything_may_be_corrected() -> None:
    here = counter(replace(FILED, newest=1))

    done = here.hears(press(Do.CORRECT, "R9-0001"))

    assert isinstance(done.replies[-1], Review)
    assert labels(counter(FILED).hears(press(Do.CASE, "R9-0001")).replies[0])[0] == "内容を訂正する"


# --- what a correction changed


def said(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = changes(sample.FORM, before, after, JAPANESE)
    return [(JAPANESE.say(e.label), JAPANESE.say(e.before), JAPANESE.say(e.after)) for e in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"length": 40}, {"length": 40}, []),
        ({"length": 40}, {"length": 55}, [("長さ", "40m", "55m")]),
        ({"place": None}, {"place": None}, []),
        ({"length": 40}, {}, [("長さ", "40m", "")]),
        ({}, {"kind": "group"}, [("区分", "", "団体")]),
        ({"name": MARK}, {"name": MARK}, []),
        ({"name": None}, {"name": MARK}, [("お名前", "", "変更あり")]),
        (
            {"name": {**MARK, "ward": "南区"}},
            {"name": {**MARK, "ward": "西区"}},
            [("お名前", "", "変更あり")],
        ),
    ],
)
def test_a_change_is_shown_before_and_after_a_personal_one_only_as_such(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert said(before, after) == expected
