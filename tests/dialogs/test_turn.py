"""One turn: what follows from each kind of event, where the transcripts do not show it."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.asking import Stride
from dialogs.events import Do, Event, Filled, Joined
from dialogs.fields import Control, PostalAddress
from dialogs.replies import AskCard, AskPage, Listing, Review
from dialogs.turn import go_on
from dialogs.words import say
from tests.dialogs import sample
from tests.dialogs.sample import (
    FORM,
    FULL,
    LENGTH,
    NAME,
    PHOTO,
    ask,
    asked,
    said,
    setting,
    take,
    talk,
    tap,
    without,
)

LATE = setting(today=date(2027, 6, 11))


def test_an_event_that_is_about_no_form_asks_on() -> None:
    assert asked(take(talk(), Joined())) == "kind"


@pytest.mark.parametrize(
    ("stride", "answers", "fields"),
    [
        (Stride.PAGE, {"kind": "person"}, ["length", "reasons", "photo", "place", "period"]),
        (Stride.PAGE, without("name"), ["name"]),
        (Stride.FORM, without("period", "name"), ["period", "name"]),
    ],
)
def test_a_channel_that_asks_more_at_once_gets_a_card(
    stride: Stride, answers: dict[str, object], fields: list[str]
) -> None:
    outcome = go_on(setting(stride=stride), talk(answers))

    [card] = outcome.replies
    assert isinstance(card, AskCard)
    assert [each.key for each in card.fields] == fields
    assert outcome.conversation.asked == ""


def test_a_card_says_what_of_it_was_refused() -> None:
    outcome = take(talk(), Filled({"length": {"": "0"}}), at=setting(stride=Stride.FORM))

    [card] = outcome.replies
    assert isinstance(card, AskCard)
    assert set(card.refused) == set(outcome.refused) == {"length"}


def test_words_typed_beside_a_card_are_no_answer() -> None:
    outcome = take(talk(), "個人", at=setting(stride=Stride.FORM))

    assert outcome.conversation.answers == {}
    assert isinstance(outcome.replies[-1], AskCard)


def test_a_refused_question_is_asked_before_an_earlier_one_that_is_missing() -> None:
    outcome = take(talk({"kind": "person"}), tap(Do.ANSWER, "reasons", "nothing"))

    assert asked(outcome) == "reasons"
    assert ask(outcome).refused


def test_an_old_button_that_no_longer_fits_leaves_the_answer_and_says_why() -> None:
    outcome = take(talk(FULL), tap(Do.ANSWER, "kind", "firm"))

    assert outcome.conversation.answers == FULL
    assert said(outcome.replies) == ["1から2までの番号を送ってください。例：1"]


def test_an_answer_that_was_changed_by_a_button_is_read_back() -> None:
    changed = take(talk(FULL), tap(Do.ANSWER, "kind", "person"))
    same = take(talk(FULL), tap(Do.ANSWER, "kind", "group"))

    assert said(changed.replies) == ["区分：個人"]
    assert said(same.replies) == []


@pytest.mark.parametrize("do", [Do.ANSWER, Do.SKIP, Do.REOPEN, Do.KEEP, Do.HELP])
@pytest.mark.parametrize("key", ["nothing", "other"])
def test_a_button_of_a_question_that_is_not_asked_says_so(do: Do, key: str) -> None:
    outcome = take(talk(FULL), tap(do, key))

    assert outcome.conversation.answers == FULL
    assert said(outcome.replies) == ["その質問は、いまは必要ありません。次の質問にお答えください。"]


def test_a_required_question_cannot_be_skipped() -> None:
    outcome = take(talk({"kind": "person"}), tap(Do.SKIP, "length"))

    assert asked(outcome) == "length"
    assert ask(outcome).refused


def test_a_question_may_be_skipped_by_the_label_of_its_button() -> None:
    outcome = take(talk(without("photo"), asked="photo"), "答えずに次へ")

    assert outcome.conversation.answers["photo"] is None


def test_a_label_that_orders_something_of_the_desk_asks_on() -> None:
    outcome = take(talk(without("length"), asked="length"), "中止")

    assert asked(outcome) == "length"
    assert not ask(outcome).refused


def test_keep_without_an_answer_set_aside_asks_on() -> None:
    outcome = take(talk(without("length"), asked="length"), tap(Do.KEEP, "length"))

    assert asked(outcome) == "length"


def test_an_answer_set_aside_stays_while_the_new_one_is_half_given() -> None:
    outcome = take(talk(FULL), tap(Do.REOPEN, "reasons"), tap(Do.ANSWER, "reasons", "1", "several"))

    assert ask(outcome).kept == "被害"
    assert take(outcome.conversation, tap(Do.KEEP, "reasons")).conversation.answers == FULL


@pytest.mark.parametrize("answers", [without("length"), without("kind", "length")])
def test_the_list_to_correct_from_stands_only_at_the_review(answers: dict[str, object]) -> None:
    assert asked(take(talk(answers), tap(Do.PICK))) == FORM.missing(answers)[0].key
    assert isinstance(take(talk(FULL), tap(Do.PICK)).replies[-1], Listing)


def test_a_button_the_form_does_not_know_asks_on() -> None:
    assert asked(take(talk(), tap(Do.MENU))) == "kind"


def test_back_at_the_first_question_says_that_there_is_none_before() -> None:
    outcome = take(talk(), tap(Do.BACK))

    assert said(outcome.replies) == ["これより前の質問はありません。"]
    assert asked(outcome) == "kind"


def test_the_first_question_offers_no_way_back() -> None:
    first, second = take(talk(), Joined()), take(talk(), Joined(), "個人")

    assert Do.BACK not in [offer.action.do for offer in ask(first).offers]
    assert Do.BACK in [offer.action.do for offer in ask(second).offers]


def test_reopening_a_personal_answer_leads_to_its_page() -> None:
    outcome = take(talk(FULL), tap(Do.REOPEN, "name"))

    assert isinstance(outcome.replies[-1], AskPage)
    assert outcome.conversation.answers == FULL


def test_a_form_confirmed_too_late_asks_again_for_what_no_longer_holds() -> None:
    late = take(talk(FULL), tap(Do.CONFIRM), at=LATE)

    assert not late.confirmed
    assert asked(late) == "period"
    assert ask(late).refused


def test_a_form_confirmed_in_time_is_to_be_filed() -> None:
    done = take(talk(FULL), tap(Do.CONFIRM))

    assert done.confirmed
    assert done.conversation.answers == FULL
    assert done.replies == ()


def test_a_form_is_not_confirmed_while_something_is_missing() -> None:
    outcome = take(talk(without("length")), tap(Do.CONFIRM))

    assert not outcome.confirmed
    assert asked(outcome) == "length"


def test_a_refusal_of_a_page_stands_at_the_review_where_nothing_is_missing() -> None:
    outcome = take(talk(FULL), Filled({"length": {"": "0"}}))

    review = outcome.replies[-1]
    assert isinstance(review, Review)
    assert len(review.notes) == 1


@pytest.mark.parametrize("event", ["電話は011-211-2879です", "直す 長さ", "0", "1と2"])
def test_words_at_the_review_that_name_no_answer_change_nothing(event: str) -> None:
    outcome = take(talk(FULL), event)

    assert outcome.conversation.answers == FULL
    assert isinstance(outcome.replies[-1], Review)
    assert len(said(outcome.replies)) == 1


@pytest.mark.parametrize("event", [tap(Do.HELP), tap(Do.KEEP), tap(Do.BACK)])
def test_ways_on_from_the_private_page_change_no_answer(event: Event) -> None:
    start = talk(without("name"))

    outcome = take(start, event)

    assert set(outcome.conversation.answers) | set(outcome.conversation.aside) == set(start.answers)


def test_a_talk_may_ask_personal_things_where_the_city_allows_it() -> None:
    allowed = setting(pii_in_chat=True)

    first = go_on(allowed, talk(without("team", "name")))
    second = take(first.conversation, "見本町内会 011-211-2879", at=allowed)

    assert asked(first) == "team"
    assert said(second.replies) == ["団体の名前を受け取りました。"]
    assert second.conversation.answers["team"] == "見本町内会 011-211-2879"


def test_half_an_address_is_not_said_to_have_been_received() -> None:
    home = PostalAddress("home", "住所", personal=True)
    allowed = setting(sample.form(LENGTH, private=(home,)), pii_in_chat=True)

    outcome = take(talk({"length": 40}, asked="home"), "061-2285", at=allowed)

    assert said(outcome.replies) == []
    assert ask(outcome).input.part == "rest"


def test_the_answer_to_a_personal_question_is_not_offered_again_in_the_talk() -> None:
    allowed = setting(pii_in_chat=True)

    outcome = take(talk({**FULL, "name": "見本 太郎"}), tap(Do.REOPEN, "name"), at=allowed)

    assert asked(outcome) == "name"
    assert ask(outcome).kept is None


def test_help_gives_the_best_words_there_are() -> None:
    plain, hinted = LENGTH, replace(PHOTO, hint="顔が写らないように。")
    helped = replace(NAME, help="住民票のとおりに。", example="見本 太郎")
    shown = setting(sample.form(plain, hinted, private=(helped,)), pii_in_chat=True)

    texts = [
        said(take(talk(), tap(Do.HELP, key), at=shown).replies)[0] for key in ("length", "photo", "name")
    ]

    assert texts == ["長さ\n例：1", "顔が写らないように。", "住民票のとおりに。\n例：見本 太郎"]


def test_the_position_counts_a_private_page_once() -> None:
    assert ask(take(talk(), Joined())).position == (1, 7)
    [page] = go_on(setting(), talk(without("team", "name"))).replies
    assert isinstance(page, AskPage)
    assert page.position == (7, 7)


def test_a_short_remark_follows_an_answer() -> None:
    warned = replace(sample.PERIOD, warn=lambda _value, _given: say("お急ぎですね。"))

    outcome = take(talk(asked="period"), "6月10日から6月20日", at=setting(sample.form(warned)))

    assert said(outcome.replies)[-1] == "お急ぎですね。"


def test_an_answer_that_is_plain_from_what_was_sent_is_not_read_back() -> None:
    outcome = take(talk(without("kind"), asked="kind"), "団体")

    assert said(outcome.replies) == []


def test_ticking_one_after_the_other_says_nothing_between() -> None:
    start = talk(without("reasons"), asked="reasons")

    outcome = take(
        start, tap(Do.ANSWER, "reasons", "1", "several"), tap(Do.ANSWER, "reasons", "damage", "add")
    )

    assert ask(outcome).input.control is Control.MANY_OF
    assert ask(outcome).several
    assert ask(outcome).picked == ("damage",)
