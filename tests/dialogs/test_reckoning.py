"""The calculator of sets: by taps, by typing, in the middle of a form, and out of season."""

from __future__ import annotations

from datetime import date

import pytest

from dialogs.conversation import Conversation
from dialogs.events import Action, Do, Tapped, Typed
from dialogs.menu import hear
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.replies import Ask, Listing, Offer, Reply, Said
from dialogs.standing import Grant, Register, Standing, Turn
from tests.dialogs import worlds
from tests.dialogs.worlds import JAPANESE

NOBODY = Standing("ja", fresh="c1")
BEGIN = Tapped(Action(Do.RECKON))
RESULT = "必要なセット数の目安は1セットです。"


def after(*events: Typed | Tapped, standing: Standing = NOBODY, today: date = worlds.TODAY) -> Turn:
    turn = Turn(standing)
    for each in events:
        turn = hear(REGISTER, turn.standing, each, worlds.world(today))
    return turn


def last(turn: Turn) -> Said:
    reply: Reply = turn.replies[-1]
    assert isinstance(reply, Said)
    return reply


def text(turn: Turn) -> str:
    return JAPANESE.say(last(turn).message)


def labels(turn: Turn) -> list[str]:
    return [JAPANESE.say(each.label) for each in last(turn).offers]


def offer(turn: Turn, label: str) -> Tapped:
    found: Offer = next(each for each in last(turn).offers if JAPANESE.say(each.label) == label)
    return Tapped(found.action)


def test_the_menu_leads_to_the_calculator() -> None:
    [menu] = after(Tapped(Action(Do.MENU))).replies
    assert isinstance(menu, Listing)

    entry = menu.items[-1]

    assert JAPANESE.say(entry.label) == "必要なセット数を計算する"
    assert text(after(Tapped(entry.action))).startswith(
        "電気柵で囲う家庭菜園の、まわりの長さは何メートルですか。"
    )


def test_three_taps_say_how_many_sets_a_garden_takes() -> None:
    first = after(BEGIN)
    second = after(BEGIN, offer(first, "40m"))
    third = after(BEGIN, offer(first, "40m"), offer(second, "4か所"))
    done = after(BEGIN, offer(first, "40m"), offer(second, "4か所"), offer(third, "1.2m"))

    assert labels(third) == ["1m", "1.2m", "1.5m", "2m", "メニュー"]
    assert text(done).splitlines()[:2] == [
        RESULT,
        "長いポール（黒）6本、短いポール（白）5〜9本、クリップ44個、ワイヤー161.2m",
    ]
    assert labels(done) == ["電気柵の貸出を申請する", "もう一度計算する", "メニュー"]
    assert not done.effects


def test_the_numbers_may_be_typed_as_people_write_them() -> None:
    assert text(after(BEGIN, Typed("４０メートル"), Typed("四"), Typed("1.2"))).startswith(RESULT)


def test_what_cannot_be_read_is_asked_again_and_what_was_said_stays() -> None:
    asked = after(BEGIN, Typed("40"), Typed("たくさん"))

    assert len(asked.replies) == 2
    assert text(asked).startswith("家庭菜園に、角はいくつありますか。")
    assert asked.standing.at == "reckon:40"


def test_a_button_of_an_old_message_goes_on_from_there() -> None:
    old = offer(after(BEGIN, Typed("40")), "5か所")

    assert after(BEGIN, Typed("60"), old).standing.at == "reckon:40/5"


def test_a_button_with_nonsense_asks_again() -> None:
    assert after(Tapped(Action(Do.RECKON, value="40/many/1.2/x"))).standing.at == "reckon:40"


def test_the_calculator_works_out_of_season_too() -> None:
    typed = (BEGIN, Typed("40"), Typed("4"), Typed("1.2"))

    assert text(after(*typed, today=date(2027, 1, 10))).startswith(RESULT)


def test_whoever_is_in_the_middle_of_a_form_finds_it_as_it_was() -> None:
    talk = Conversation("c1", "fence_loan", {"applicant_type": "person"}, asked="perimeter")
    standing = Standing("ja", (talk,), current="c1", fresh="c2")

    done = after(BEGIN, Typed("40"), Typed("4"), Typed("1.2"), standing=standing)

    assert done.standing.conversations == (talk,)
    assert labels(done)[0] == "申請のつづき"
    back = after(offer(done, "申請のつづき"), standing=done.standing)
    assert isinstance(back.replies[-1], Ask)
    assert back.replies[-1].field.key == "perimeter"


@pytest.mark.parametrize("register", [REGISTER, Register(())])
def test_staff_and_desks_without_fences_have_no_calculator_in_their_menu(register: Register) -> None:
    staff = Standing("ja", grants=(Grant("*", Role.STAFF),), name="見本 係", member="m1")
    standing = staff if register.procedures else NOBODY

    listing = hear(register, standing, Tapped(Action(Do.MENU)), worlds.world()).replies[-1]

    assert isinstance(listing, Listing)
    assert Do.RECKON not in [each.action.do for each in listing.items]
