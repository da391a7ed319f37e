"""Steps with forms of their own: who is offered what, what is filed, and why something cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dialogs import scarce
from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.deeds import FORM, deeds
from dialogs.effects import File, FileStep, ForgetPhoto, Take
from dialogs.events import Action, Decided, Do, Event, Filled, SentPhoto, Tapped, Typed, Unsent
from dialogs.filling import filled
from dialogs.menu import hear, wants_cases
from dialogs.procedure import Filing, Role
from dialogs.replies import Ask, AskCard, AskPage, Listing, Receipt, Review
from dialogs.slots import VISIT, Free
from dialogs.staff import case_of, files
from dialogs.standing import CaseView, Grant, Register, Standing, Turn
from tests.dialogs import worlds
from tests.dialogs.counter import SAMPLE, labels, texts
from tests.dialogs.stepped import BOOKING, REGISTER, STEPPED, VISITING, case
from tests.support.talks import WORDS

AT = {"day": "2027-06-14", "time": "10:00"}
BOOKED = Filing("booked", date(2027, 6, 7), said={"at": AT})
VISITED = Filing("visited", date(2027, 6, 15), "見本 作業員", {"voltage": 6500})
RESIDENT = Standing("ja", fresh="new", cases=(case(),))
WORKER = Standing(
    "ja", fresh="new", grants=(Grant("stepped", Role.CONTRACTOR),), name="見本 作業員", member="m"
)
FREE = Free({VISIT: 2})


def take(standing: Standing, *events: Event | str, **given: Any) -> Turn:
    """Return the last turn of *events*; a text is typed, and what a case or a member has is loaded again."""
    stride, register = given.pop("stride", Stride.FIELD), given.pop("register", REGISTER)
    world = worlds.world(words=WORDS, **given)
    done = Turn(standing)
    for each in events:
        event = Typed(each, "m1") if isinstance(each, str) else each
        there = replace(done.standing, cases=standing.cases, handled=standing.handled)
        done = hear(register, there, event, world, stride)
    return done


def tap(do: Do, step: str = "", conversation: str = "", value: str = "", key: str = "R9-0001") -> Tapped:
    return Tapped(Action(do, conversation, key, step, value))


def booking(**answers: Any) -> Standing:
    """Return somebody in the middle of booking."""
    talk = Conversation("c1", BOOKING.key, answers, case="R9-0001")
    return replace(RESIDENT, conversations=(talk,), current="c1")


def handling(view: CaseView, *answers: Any) -> Standing:
    """Return a member who is writing down a visit on *view*, all *answers* given."""
    known: dict[str, Any] = {"voltage": 6500, "photo": None, "met": None}
    talk = Conversation("c1", VISITING.key, answers[0] if answers else known, case="R9-0001")
    return replace(WORKER, conversations=(talk,), current="c1", handled=view)


# --- what is offered


def test_the_menu_begins_with_what_can_be_done_now_on_one_s_cases() -> None:
    first = labels(take(RESIDENT, "メニュー").replies[-1])
    after = labels(take(replace(RESIDENT, cases=(case(BOOKED),)), "メニュー").replies[-1])
    over = labels(take(replace(RESIDENT, cases=(case(BOOKED, VISITED),)), "メニュー").replies[-1])

    assert first[:2] == ["訪問を予約する", "見本の訪問を申し込む"]
    assert after[:3] == ["訪問を予約する", "訪問を取りやめる", "見本の訪問を申し込む"]
    assert over[:2] == ["内容を確かめました", "見本の訪問を申し込む"]


def test_the_case_opened_last_comes_first_and_one_of_a_service_that_is_gone_offers_nothing() -> None:
    older = case(reference="R9-0000", opened=date(2027, 5, 1))
    gone = case(reference="R9-0002", procedure="gone")

    (menu,) = take(replace(RESIDENT, cases=(older, case(), gone)), "メニュー").replies

    assert isinstance(menu, Listing)
    assert [each.action.key for each in menu.items[:3]] == ["R9-0001", "R9-0000", "stepped"]


def test_members_are_not_invited_to_what_residents_do() -> None:
    (menu,) = take(replace(WORKER, cases=(case(),)), "メニュー").replies

    assert "訪問を予約する" not in labels(menu)


def test_a_half_filled_step_is_resumed_and_not_begun_twice() -> None:
    (menu,) = take(booking(), "メニュー").replies
    again = take(booking(), tap(Do.FILE, "booked"))

    assert labels(menu)[:2] == ["続きから：訪問の予約", "見本の訪問を申し込む"]
    assert again.standing.current == "c1"
    assert isinstance(again.replies[-1], Ask)


def test_the_card_of_a_case_offers_its_steps_by_button_by_number_and_by_name() -> None:
    card = take(RESIDENT, tap(Do.CASE)).replies[-1]
    by_number = take(RESIDENT, tap(Do.CASE), "1")
    by_name = take(RESIDENT, "メニュー", "訪問を予約する")

    assert labels(card)[0] == "訪問を予約する"
    for begun in (by_number, by_name):
        assert isinstance(begun.replies[-1], Ask)
        assert begun.standing.talk == Conversation("new", BOOKING.key, asked="at", case="R9-0001")
        assert texts(begun.replies) == [
            "R9-0001 の「訪問の予約」です。途中でやめても、続きから再開できます。"
        ]


def test_the_sheet_of_a_case_offers_what_members_file_their_own_first() -> None:
    found = [(each.step, each.outcome) for each in deeds(STEPPED, case(BOOKED), worlds.world())]

    assert found == [("visited", FORM), ("booked", FORM)]
    assert [each.step for each in deeds(STEPPED, case(BOOKED, VISITED), worlds.world())] == ["checked"]


# --- filing a step's form


def test_a_step_is_filed_with_its_receipt_on_the_case_it_is_about() -> None:
    to_page = take(booking(), tap(Do.RESUME, key="c1"), "6月14日 10時", free=FREE)
    ready = booking(at=AT, host={"sealed": True})
    review = take(ready, tap(Do.RESUME, key="c1"), free=FREE)
    done = take(ready, tap(Do.CONFIRM, conversation="c1"), free=FREE)

    assert isinstance(to_page.replies[-1], AskPage)
    assert isinstance(review.replies[-1], Review)
    assert WORDS["ja"].say(review.replies[-1].offers[0].label) == "予約する"
    (receipt,), (effect,) = done.replies, done.effects
    assert isinstance(receipt, Receipt)
    assert (receipt.reference, WORDS["ja"].say(receipt.title)) == (
        "R9-0001",
        "「訪問の予約」を受け付けました",
    )
    assert [WORDS["ja"].say(each) for each in receipt.notes] == ["令和9年6月14日(月) にうかがいます。"]
    assert effect == File("stepped", "booked", "R9", ready.conversations[0])
    assert done.standing.conversations == ()
    assert done.standing.at == "menu"


def test_the_page_of_a_step_knows_the_case() -> None:
    standing = booking(at=AT)
    event = Filled({"host": {"": "見本 花子"}}, "c1")

    done, outcome = filled(REGISTER, standing, "c1", event, worlds.world(words=WORDS, free=FREE))

    assert not outcome.refused
    assert isinstance(done.replies[-1], Review)


def test_a_step_that_can_no_longer_be_filed_is_refused_with_the_reason_and_forgotten() -> None:
    ready = replace(booking(at=AT, host={"sealed": True}), cases=(case(BOOKED, VISITED),))

    done = take(ready, tap(Do.CONFIRM, conversation="c1"), free=FREE)
    begun = take(ready, tap(Do.FILE, "booked"))

    for each in (done, begun):
        assert texts(each.replies) == [
            "R9-0001 の「訪問の予約」は、いまはできません。（いまの状態：訪問が終わりました。）"
        ]
        assert each.standing.conversations == ()
        assert each.effects == ()


def test_a_step_of_a_case_that_is_gone_is_not_filed() -> None:
    ready = replace(handling(case(BOOKED)), handled=None)

    done = take(ready, tap(Do.CONFIRM, conversation="c1"))

    assert texts(done.replies) == ["その番号は見つかりません。メニューからお選びください。"]
    assert done.effects == ()


def test_what_is_taken_meanwhile_is_asked_anew() -> None:
    ready = booking(at=AT, host={"sealed": True})
    full = Free({VISIT: 2}, {(VISIT, "2027-06-14T10:00"): 2})

    done = take(ready, tap(Do.CONFIRM, conversation="c1"), free=full)

    assert done.effects == ()
    assert isinstance(done.replies[-1], Ask)
    assert done.standing.talk


def test_a_booking_that_lacks_something_else_stays_at_the_review() -> None:
    both = replace(
        STEPPED,
        claims=lambda *_given: (Take("R9-0001", "fence_sets", ("2027-06-14", "2027-06-15"), 2, "loan"),),
    )
    free = Free({VISIT: 2, "fence_sets": 1})

    done = take(
        booking(at=AT, host={"sealed": True}),
        tap(Do.CONFIRM, conversation="c1"),
        free=free,
        register=Register((both,)),
    )

    assert texts(done.replies) == [
        "令和9年6月14日(月)、令和9年6月15日(火) は空きがないため、まだ受け付けていません。ほかの日時をお選びください。"
    ]
    assert isinstance(done.replies[-1], Review)
    assert done.effects == ()


# --- steps without questions


def test_a_step_without_questions_is_filed_by_one_button() -> None:
    standing = replace(RESIDENT, cases=(case(BOOKED, VISITED),))

    done = take(standing, tap(Do.FILE, "agreed"))

    assert done.effects == (FileStep("stepped", "agreed", "R9-0001"),)
    assert isinstance(done.replies[0], Receipt)


@pytest.mark.parametrize(
    "answer",
    [pytest.param("はい", id="typed"), pytest.param(tap(Do.FILE, "given_up", value="sure"), id="tapped")],
)
def test_what_cannot_be_undone_is_asked_first(answer: Event | str) -> None:
    standing = replace(RESIDENT, cases=(case(BOOKED),))

    asked = take(standing, tap(Do.FILE, "given_up"))
    no = take(standing, tap(Do.FILE, "given_up"), "いいえ")
    yes = take(standing, tap(Do.FILE, "given_up"), answer)

    assert texts(asked.replies) == ["取りやめますか。"]
    assert asked.effects == no.effects == ()
    assert no.standing.at == "case:R9-0001"
    assert yes.effects == (FileStep("stepped", "given_up", "R9-0001"),)


def test_a_button_takes_nothing_of_which_nothing_is_left() -> None:
    taking = replace(STEPPED, claims=lambda *_given: (Take("R9-0001", VISIT, ("2027-06-14T10:00",), 3, "x"),))
    standing = replace(RESIDENT, cases=(case(BOOKED, VISITED),))

    done = take(standing, tap(Do.FILE, "agreed"), free=FREE, register=Register((taking,)))

    assert texts(done.replies) == [
        "令和9年6月14日(月) 10:00 は空きがないため、まだ受け付けていません。ほかの日時をお選びください。"
    ]
    assert done.effects == ()


@pytest.mark.parametrize(
    ("key", "step"),
    [("R9-0009", "booked"), ("R9-0001", "nothing"), ("R9-0001", "application")],
)
def test_a_button_of_a_step_that_is_not_taken_so_leads_to_the_menu(key: str, step: str) -> None:
    done = take(RESIDENT, tap(Do.FILE, step, key=key))

    assert texts(done.replies) == ["その手続きは見つかりません。メニューからお選びください。"]
    assert done.effects == ()


def test_a_case_of_a_service_that_is_gone_has_no_steps() -> None:
    standing = replace(RESIDENT, cases=(case(procedure="gone"),))

    assert take(standing, tap(Do.FILE, "booked")).effects == ()


# --- members


def test_a_member_fills_in_the_form_of_a_step_on_somebody_else_s_case() -> None:
    standing = replace(WORKER, handled=case(BOOKED))

    card = take(standing, tap(Do.FILE, "visited"), stride=Stride.FORM).replies[-1]
    done = take(handling(case(BOOKED)), tap(Do.CONFIRM, conversation="c1"), stride=Stride.FORM)

    assert isinstance(card, AskCard)
    assert [each.key for each in card.fields] == ["voltage", "met"]
    assert [type(each) for each in done.effects] == [File]
    assert isinstance(done.replies[0], Receipt)
    assert WORDS["ja"].say(done.replies[0].title) == "「訪問」を記録しました"


def test_of_two_members_the_later_is_told_who_came_first() -> None:
    late = handling(case(BOOKED, VISITED))

    done = take(late, tap(Do.CONFIRM, conversation="c1"), stride=Stride.FORM)

    assert texts(done.replies) == [
        "R9-0001 の「訪問」は、令和9年6月15日(火)に見本 作業員さんが先に記録しました。あなたの入力は記録していません。"
    ]
    assert done.effects == ()


def test_a_member_without_the_role_files_nothing_even_with_a_form_that_was_begun() -> None:
    moved = replace(handling(case(BOOKED)), grants=(Grant("stepped", Role.AUDITOR),))

    fresh = take(replace(moved, conversations=(), current=""), tap(Do.FILE, "visited"))
    begun = take(moved, tap(Do.FILE, "visited"))
    done = take(moved, tap(Do.CONFIRM, conversation="c1"), stride=Stride.FORM)

    for each in (fresh, begun, done):
        assert texts(each.replies) == ["「訪問」を記録する役割がありません。"]
        assert each.effects == ()


def test_a_deputy_takes_the_steps_of_whom_they_stand_for() -> None:
    deputy = replace(handling(case(BOOKED)), grants=(Grant("*", Role.CONTRACTOR, deputy=True),))

    assert take(deputy, tap(Do.CONFIRM, conversation="c1"), stride=Stride.FORM).effects


def test_photos_of_a_form_that_is_thrown_away_are_forgotten() -> None:
    known = {"voltage": 6500, "photo": {"photo": "p1"}, "met": None}
    late = handling(case(BOOKED, VISITED), known)
    [talk] = late.conversations
    late = replace(late, conversations=(replace(talk, sources={"photo": "m9"}),))

    done = take(late, tap(Do.CONFIRM, conversation="c1"), stride=Stride.FORM)

    assert done.effects == (ForgetPhoto("p1"),)


# --- what the shell looks up


@pytest.mark.parametrize(
    ("standing", "event", "reference"),
    [
        (WORKER, tap(Do.FILE, "visited"), "R9-0001"),
        (handling(case(BOOKED)), Typed("6000"), "R9-0001"),
        (handling(case(BOOKED)), tap(Do.CONFIRM, conversation="c1"), "R9-0001"),
        (handling(case(BOOKED)), Filled({}, "c1"), "R9-0001"),
        (handling(case(BOOKED)), Filled({}), "R9-0001"),
        (replace(handling(case(BOOKED)), current=""), tap(Do.RESUME, key="c1"), "R9-0001"),
        (replace(handling(case(BOOKED)), current=""), Typed("続ける"), "R9-0001"),
        (handling(case(BOOKED)), Unsent("m1"), "R9-0001"),
        (handling(case(BOOKED)), SentPhoto("p"), "R9-0001"),
        (WORKER, Typed("メニュー"), ""),
        (WORKER, tap(Do.CONFIRM, conversation="c9"), ""),
    ],
)
def test_the_case_of_a_member_s_step_is_looked_up(standing: Standing, event: Event, reference: str) -> None:
    assert case_of(REGISTER, replace(standing, handled=None), event) == reference


def test_a_correction_of_one_s_own_is_no_step_on_somebody_s_case() -> None:
    talk = Conversation("c1", "stepped", case="R9-0001")
    standing = replace(WORKER, conversations=(talk,), current="c1")

    assert case_of(REGISTER, standing, Typed("40")) == ""
    assert wants_cases(standing, Typed("40"))
    assert not wants_cases(replace(standing, handled=case()), Typed("40"))


def test_what_may_file_on_another_s_case_is_known_before_the_turn() -> None:
    assert files(tap(Do.CONFIRM))
    assert files(tap(Do.FILE))
    assert files(Decided("R9-0001", "x", "file", 1))
    assert not files(Typed("申請する"))
    assert not files(tap(Do.MENU))


@pytest.mark.parametrize(
    ("standing", "event", "again", "wanted"),
    [
        (booking(), Typed("6月14日"), False, "R9-0001"),
        (handling(case(BOOKED)), tap(Do.CONFIRM, conversation="c1"), False, "R9-0001"),
        (RESIDENT, tap(Do.FILE, "booked"), False, "R9-0001"),
        (replace(WORKER, handled=case()), Decided("R9-0001", "x", "file", 1), False, "R9-0001"),
        (WORKER, Decided("R9-0009", "x", "file", 1), False, None),
        (RESIDENT, Typed("メニュー"), False, None),
        (RESIDENT, tap(Do.START, key="stepped"), False, None),
        (RESIDENT, tap(Do.START, key="gone"), False, None),
        (
            replace(RESIDENT, conversations=(Conversation("c1", "stepped"),), current="c1"),
            Typed("4"),
            False,
            None,
        ),
        (
            replace(RESIDENT, conversations=(Conversation("c1", "stepped"),), current="c1"),
            Typed("4"),
            True,
            "",
        ),
        (
            replace(RESIDENT, conversations=(Conversation("c1", "gone"),), current="c1"),
            Typed("4"),
            True,
            None,
        ),
    ],
)
def test_what_is_free_is_looked_up_for_the_turns_that_need_it(
    standing: Standing, event: Event, again: bool, wanted: str | None
) -> None:
    assert scarce.wanted(REGISTER, standing, event, again=again) == wanted


def test_a_form_that_asks_for_a_slot_is_told_what_is_free_from_its_first_question_on() -> None:
    asking = replace(STEPPED, forms=(replace(BOOKING, key="stepped"),), steps=STEPPED.steps[:1])
    fenced = replace(SAMPLE, key="fenced")

    assert scarce.wanted(Register((asking,)), RESIDENT, tap(Do.START, key="stepped")) == ""
    assert scarce.wanted(Register((fenced,)), RESIDENT, tap(Do.FILE, "booked")) is None


def test_many_days_are_named_by_the_first_and_counted() -> None:
    slots = tuple(f"2027-06-{day:02}" for day in range(10, 20))

    assert WORDS["ja"].say(scarce.named(slots)) == (
        "令和9年6月10日(木)、令和9年6月11日(金)、令和9年6月12日(土) ほか7件"
    )
    assert scarce.lacking((Take("r", "elsewhere", slots, 1, "x"),), FREE) == ()


def test_a_new_application_takes_nothing_of_which_nothing_is_left() -> None:
    def claims(step: str, *_given: Any) -> tuple[Take, ...]:
        return (Take("", VISIT, ("2027-06-14T10:00",), 1, "x"),) if step == "application" else ()

    taking = replace(STEPPED, claims=claims)
    talk = Conversation("c1", "stepped", {"length": 40})
    standing = replace(RESIDENT, conversations=(talk,), current="c1")
    full = Free({VISIT: 1}, {(VISIT, "2027-06-14T10:00"): 1})

    late = take(standing, tap(Do.CONFIRM, conversation="c1"), free=full, register=Register((taking,)))
    early = take(standing, tap(Do.CONFIRM, conversation="c1"), register=Register((taking,)))

    assert late.effects == ()
    assert isinstance(late.replies[-1], Review)
    assert [type(each) for each in early.effects] == [File]
