"""Members of the staff at the desk: what waits, one case, and the whole form at once."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.asking import Stride
from dialogs.effects import TellHere
from dialogs.events import Action, Decided, Do, Event, Filled, Joined, Parts, Tapped, Typed
from dialogs.fields import Answers
from dialogs.form import Form, Sentence
from dialogs.menu import hear, wants_cases
from dialogs.procedure import Role
from dialogs.remarks import not_on_the_staff
from dialogs.replies import Ask, AskCard, CaseSheet, Listing, Receipt, Review, Said
from dialogs.staff import MOST_LISTED, wanted
from dialogs.standing import Grant, Register, Standing, Turn, Waiting
from dialogs.words import say
from dialogs.world import World
from tests.dialogs import sample, worlds
from tests.dialogs.counter import FILED, SAMPLE, labels, texts
from tests.support.talks import WORDS

CLERK = Standing("ja", fresh="new", grants=(Grant("*", Role.STAFF),), name="見本 係", member="m1")
OURS = replace(
    SAMPLE,
    key="ours",
    title="点検",
    invitation="点検を記録する",
    steps=(replace(SAMPLE.steps[0], role=Role.CONTRACTOR),),
)
INSPECTOR = replace(CLERK, grants=(Grant("ours", Role.CONTRACTOR),))
SHEET = CaseSheet("R9-0001", say("見本の申請"), date(2027, 6, 7), say("受け付けました。"), 1)


def at(standing: Standing, *events: Event | str, register: Register | None = None) -> Turn:
    """Return the last turn of *events* at a desk that asks a whole form at once; a text is typed."""
    world = worlds.world(words=WORDS)
    done = Turn(standing)
    for each in events:
        event = Typed(each, "m1") if isinstance(each, str) else each
        done = hear(register or Register((SAMPLE, OURS)), done.standing, event, world, Stride.FORM)
    return done


def waiting(reference: str, by: date | None, *, mine: bool = False) -> Waiting:
    return Waiting(reference, "見本の申請", say("係の確認待ち"), by, mine)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("検索 R9-0001", "R9-0001"),
        ("検索　Ｒ９－０００１", "R9-0001"),
        ("検索：r9ー0001", "R9-0001"),
        ("R9-0001", "R9-0001"),
        ("find r9-0001", "R9-0001"),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str, key: str) -> None:
    assert wanted(CLERK, Typed(typed)) == Action(Do.FIND, key=key)


@pytest.mark.parametrize("typed", ["検索", "2027-06-07", "R9", "一覧表をください", "検索 " + "0" * 100])
def test_other_words_ask_for_no_case(typed: str) -> None:
    assert wanted(CLERK, Typed(typed)) is None


def test_residents_have_no_words_of_the_staff() -> None:
    resident = Standing("ja", sheet=SHEET, waiting=(waiting("R9-0002", None),))

    assert wanted(resident, Typed("一覧")) is None
    assert wanted(resident, Decided("R9-0001", "checked", "approve", 1)) is None
    assert not any(isinstance(each, CaseSheet) for each in at(resident, "R9-0001").replies)


def test_the_list_has_ones_own_first_then_by_day_and_says_what_is_overdue() -> None:
    here = replace(
        CLERK,
        waiting=(
            waiting("R9-0001", date(2027, 6, 30)),
            waiting("R9-0002", date(2027, 6, 1)),
            waiting("R9-0003", date(2027, 6, 30), mine=True),
            waiting("R9-0004", worlds.TODAY),
            waiting("R9-0005", None),
        ),
    )

    (listing,) = at(here, "一覧").replies

    assert isinstance(listing, Listing)
    words = WORDS["ja"]
    assert words.say(listing.title) == "あなたの番：1件　期限切れ：1件　全部で5件"
    numbers = [each.action.key for each in listing.items]
    assert numbers == ["R9-0003", "R9-0002", "R9-0004", "R9-0001", "R9-0005"]
    details = [words.say(each.detail or "") for each in listing.items]
    assert "期限切れ" in details[1]
    assert details[2].endswith("今日まで")
    assert details[4] == "係の確認待ち"


def test_a_long_list_is_cut_and_an_empty_one_says_so() -> None:
    many = replace(CLERK, waiting=tuple(waiting(f"R9-{each:04}", None) for each in range(MOST_LISTED + 5)))

    (listing,) = at(many, Tapped(Action(Do.QUEUE))).replies
    (nothing,) = at(CLERK, "一覧").replies

    assert isinstance(listing, Listing)
    assert len(listing.items) == MOST_LISTED
    assert isinstance(nothing, Listing)
    assert nothing.items == ()


def test_a_case_is_shown_and_an_unknown_one_is_told() -> None:
    assert at(replace(CLERK, sheet=SHEET), "検索 R9-0001").replies == (SHEET,)
    (said,) = at(CLERK, "検索 R9-0009").replies
    assert texts([said]) == ["R9-0009 は見つかりません。番号を確かめてください。"]


def test_a_button_on_a_case_that_is_not_there_does_nothing() -> None:
    done = at(CLERK, Decided("R9-0009", "checked", "approve", 1))

    assert done.effects == ()
    assert isinstance(done.replies[0], Said)


def test_a_button_is_judged_by_the_case_that_it_is_about_and_not_by_the_members_own() -> None:
    pressed = Decided("R9-0001", "checked", "approve", 1)

    done = at(replace(CLERK, handled=FILED), pressed)

    assert not wants_cases(CLERK, pressed)
    assert done.effects == ()  # the sample has no sign-off
    assert texts(done.replies) == ["そのボタンは、いまは使えません。一覧から開き直してください。"]


@pytest.mark.parametrize(
    ("typed", "procedures", "said"),
    [
        ("ここに届ける", ("ours",), "このチャネルに届けます：点検"),
        ("deliver here", ("ours",), "このチャネルに届けます：点検"),
        ("ここに届けない", (), "このチャネルには、カードを届けません。"),
    ],
)
def test_a_channel_is_told_of_what_the_member_has_to_do_with(
    typed: str, procedures: tuple[str, ...], said: str
) -> None:
    done = at(INSPECTOR, typed)

    assert done.effects == (TellHere(procedures),)
    assert said in texts(done.replies)[0]


def test_a_deputy_alone_has_nothing_to_be_told_in_a_channel() -> None:
    deputy = replace(CLERK, grants=(Grant("ours", Role.CHIEF, deputy=True),))

    assert at(deputy, "ここに届ける").effects == (TellHere(),)


def test_a_stranger_is_told_who_the_desk_is_for() -> None:
    assert "登録された職員" in not_on_the_staff().text


def test_the_menu_offers_what_the_member_may_begin_and_the_list() -> None:
    (listing,) = at(INSPECTOR, "メニュー").replies
    (for_clerks,) = at(CLERK, "メニュー").replies

    assert labels(listing)[:2] == ["点検を記録する", "一覧（待っているもの・期限）"]
    assert labels(for_clerks)[0] == "一覧（待っているもの・期限）"


def test_what_a_member_may_not_begin_is_not_begun() -> None:
    done = at(CLERK, Tapped(Action(Do.START, key="ours")))

    assert done.standing.conversations == ()
    assert isinstance(done.replies[-1], Listing)


def test_a_member_who_joins_is_told_what_can_be_typed_and_nothing_is_asked_of_the_platform() -> None:
    done = at(replace(INSPECTOR, is_new=True), Joined())

    assert "検索" in texts(done.replies)[0]
    assert [type(each).__name__ for each in done.effects] == ["SetBlocked"]
    assert "検索" in texts(at(INSPECTOR, "ヘルプ").replies)[0]


# --- a whole form at once


def begun(form: Form = sample.FORM) -> tuple[Standing, Register]:
    """Return a member in the middle of *form*."""
    register = Register((replace(OURS, forms=(form,)),))
    return at(INSPECTOR, Tapped(Action(Do.START, key="ours")), register=register).standing, register


FIRST: dict[str, Parts] = {
    "kind": {"": "person"},
    "length": {"": "40"},
    "reasons": {"": ["damage"]},
    "place": {"": ""},
    "period": {"from": "2027-06-10", "to": "2027-06-20"},
    "name": {"": "見本 太郎"},
}


def test_all_questions_are_asked_at_once_and_a_photo_after_them() -> None:
    start, register = begun()
    card = at(start, Filled({}, "new"), register=register).replies[-1]
    photo = at(start, Filled(FIRST, "new"), register=register).replies[-1]
    review = at(start, Filled(FIRST, "new"), "なし", register=register).replies[-1]

    assert isinstance(card, AskCard)
    assert [each.key for each in card.fields] == ["kind", "length", "reasons", "place", "period", "name"]
    assert isinstance(photo, Ask)
    assert photo.field.key == "photo"
    assert isinstance(review, Review)


def test_what_was_left_empty_is_asked_again_and_what_was_given_is_kept() -> None:
    start, register = begun()

    done = at(
        start,
        Filled({**FIRST, "length": {"": ""}, "period": {"from": "", "to": ""}}, "new"),
        register=register,
    )

    card = done.replies[-1]
    assert isinstance(card, AskCard)
    assert [each.key for each in card.fields] == ["length", "place", "period"]
    assert texts(done.replies) == ["あと2項目が残っています。"]
    assert done.standing.conversations[0].answers["kind"] == "person"


def test_a_card_of_a_conversation_that_is_over_changes_nothing() -> None:
    start, register = begun()

    done = at(start, Filled(FIRST, "gone"), register=register)

    assert done.standing.conversations == start.conversations
    assert "終わっている" in texts(done.replies)[0]


def test_a_review_on_a_card_files_the_form_and_says_so() -> None:
    start, register = begun()
    confirm = Tapped(Action(Do.CONFIRM, "new"))

    done = at(start, Filled(FIRST, "new"), "なし", confirm, register=register)

    (receipt,) = [each for each in done.replies if isinstance(each, Receipt)]
    assert WORDS["ja"].say(receipt.title) == "提出しました"
    assert next(type(each).__name__ for each in done.effects) == "File"


def read(text: str, _answers: Answers, _world: World) -> Sentence | None:
    """Read 長さ 40, and keep the rest."""
    if not text.startswith("長さ"):
        return None
    return Sentence({"length": {"": text[2:].strip()}}, (say("ほかの言葉"),))


def test_one_sentence_answers_questions_and_says_what_it_did_not_understand() -> None:
    start, register = begun(replace(sample.FORM, sentence=read))

    done = at(start, "長さ 40", register=register)
    beside = at(start, "なにか", register=register)

    assert done.standing.conversations[0].answers == {"length": 40}
    assert "ほかの言葉" in texts(done.replies)[0]
    assert beside.standing.conversations[0].answers == {}


def test_the_last_times_number_stands_beside_the_new_one() -> None:
    start, register = begun(replace(sample.FORM, compare_by="kind"))
    before: Answers = {**sample.FULL, "length": 38}

    done = at(
        replace(start, last={"person": before}), Filled({"kind": {"": "person"}}, "new"), register=register
    )

    card = done.replies[-1]
    assert isinstance(card, AskCard)
    assert list(card.last) == ["length"]
    assert "38" in card.last["length"]


def test_the_list_says_how_many_questions_and_people_wait_and_leads_to_them() -> None:
    there = replace(CLERK, questions=3, unreached=2)
    [found] = at(there, "一覧").replies
    assert isinstance(found, Listing)

    lines = WORDS["ja"].say(found.title).splitlines()
    assert lines == [
        "待っているものはありません。",
        "返事を待っている質問：3件（管理画面の「質問」で答えられます）",
        "連絡がつかない方：2件（電話か手紙でお知らせください）",
    ]
    assert [each.path for each in found.links] == ["questions", "unreached"]


def test_the_list_says_from_when_until_when_something_is_in_time() -> None:
    due = Waiting(
        "R9-0002", "見本の申請", say("点検待ち"), date(2027, 6, 10), mine=True, opens=date(2027, 6, 4)
    )
    [found] = at(replace(CLERK, waiting=(due,)), "一覧").replies
    assert isinstance(found, Listing)

    detail = found.items[0].detail
    assert detail
    assert WORDS["ja"].say(detail) == "点検待ち　令和9年6月4日(金)から令和9年6月10日(木)まで"
