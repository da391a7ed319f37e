"""The contractor's round: which stops stand in which day's, in which order, and what is said of them."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from dialogs import rounds
from dialogs.asking import Stride
from dialogs.events import Action, Do, Tapped, Typed
from dialogs.menu import hear
from dialogs.office import Ward
from dialogs.procedure import Role, Step
from dialogs.replies import Link, Listing, Said
from dialogs.standing import Grant, Register, Standing, Turn
from dialogs.upcoming import Errand, Leg, ReminderDue, Stop, no_lapses, no_reminders, no_rounds
from dialogs.words import say
from tests.dialogs import worlds
from tests.dialogs.counter import SAMPLE
from tests.support.talks import WORDS

TODAY = worlds.TODAY
DAY = timedelta(days=1)
LENT = replace(
    SAMPLE,
    steps=(
        *SAMPLE.steps,
        Step("handed_over", "受け渡し", Role.CONTRACTOR, state="", invitation="受け渡しを記録する"),
        Step("checked", "点検", Role.STAFF, state="", also=(Role.CONTRACTOR,)),
    ),
    rounds=lambda case, world: (),  # noqa: ARG005 -- what makes it a procedure with rounds
)
REGISTER = Register((LENT,))
WORKER = Standing("ja", fresh="new", grants=(Grant("*", Role.CONTRACTOR),), name="見本 作業員", member="m1")

PICKUP = Stop(Errand.PICKUP, TODAY, time(9, 30), "minami", "handed_over")
CHECK = Stop(Errand.CHECK, TODAY + 3 * DAY, None, "", "checked", ward="西区", opens=TODAY - 3 * DAY)


def leg(stop: Stop, reference: str = "R9-0001") -> Leg:
    return Leg(reference, LENT.key, stop)


def shown(standing: Standing, order: str) -> Turn:
    world = worlds.world(words=WORDS)
    return hear(REGISTER, standing, Typed(order, "m1"), world, Stride.FORM)


def listing(*legs: Leg, order: str = "巡回", standing: Standing = WORKER) -> Listing:
    [found] = shown(replace(standing, round=legs), order).replies
    assert isinstance(found, Listing)
    return found


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("巡回", ""),
        ("巡回 明日", "明日"),
        ("巡回　6/14", "6/14"),
        ("巡回：６月１４日", "6月14日"),
        ("見回り", ""),
        ("Round tomorrow", "tomorrow"),
        ("rounds", ""),
        ("route 6/14", "6/14"),
    ],
)
def test_a_round_is_asked_for_in_several_words_and_for_any_day(typed: str, value: str) -> None:
    assert rounds.asked(typed) == Action(Do.ROUND, value=value)


@pytest.mark.parametrize("typed", ["一覧", "R9-0001", "明日", ""])
def test_other_words_ask_for_no_round(typed: str) -> None:
    assert rounds.asked(typed) is None


def test_a_day_is_read_and_what_is_none_is_said() -> None:
    assert rounds.day_of("", TODAY) == TODAY
    assert rounds.day_of("明日", TODAY) == TODAY + DAY
    assert rounds.day_of((TODAY + 7 * DAY).isoformat(), TODAY) == TODAY + 7 * DAY
    [told] = shown(WORKER, "巡回 いつか").replies
    assert isinstance(told, Said)
    assert "日を読み取れません" in told.message.text


@pytest.mark.parametrize(
    ("stop", "days"),
    [
        (PICKUP, {0}),  # what was agreed for an hour, on its day alone
        (replace(PICKUP, day=TODAY - DAY), {-1, 0}),  # and today, where nobody has recorded it
        (CHECK, {-3, -2, -1, 0, 1, 2, 3}),
        (replace(CHECK, day=TODAY - DAY), {-3, -2, -1, 0, 1, 2, 3, 4}),  # late, on every day until it is done
    ],
)
def test_a_stop_stands_in_the_rounds_of_its_days(stop: Stop, days: set[int]) -> None:
    assert {off for off in range(-4, 5) if rounds.belongs(stop, TODAY + off * DAY, TODAY)} == days


def test_the_round_goes_ward_by_ward_and_by_the_hour_within_one() -> None:
    stops = (
        replace(CHECK, ward="西区"),
        replace(CHECK, ward="中央区"),
        replace(CHECK, ward=""),
        replace(PICKUP, place="", ward="中央区", time=time(13)),
        replace(PICKUP, place="", ward="中央区", time=time(9)),
        PICKUP,
        replace(PICKUP, day=TODAY + DAY),
    )
    found = rounds.of_day(map(leg, stops), TODAY, TODAY, worlds.OFFICE)

    places = [(rounds.ward_of(each.stop, worlds.OFFICE), each.stop.time) for each in found]
    assert places == [
        ("中央区", time(9)),
        ("中央区", time(13)),
        ("中央区", None),
        ("南区", time(9, 30)),
        ("西区", None),
        ("", None),
    ]


def test_a_point_in_a_ward_that_the_office_does_not_know_lies_where_the_case_says() -> None:
    office = replace(worlds.OFFICE, wards=(Ward("chuo", "中央区", "Chuo Ward"),))

    assert rounds.ward_of(replace(PICKUP, ward="南区"), office) == "南区"


def test_each_stop_says_when_what_and_where_and_nothing_of_whom() -> None:
    found = listing(
        leg(PICKUP), leg(CHECK, "R9-0002"), leg(replace(CHECK, ward="", day=TODAY - DAY), "R9-0003")
    )

    lines = [(WORDS["ja"].say(each.label), WORDS["ja"].say(each.detail or "")) for each in found.items]
    assert lines[0] == ("南区　9:30　引き渡し（南区 受渡場所（見本））", "R9-0001")
    assert lines[1][0] == "西区　設置状況の確認"
    assert "から" in lines[1][1]
    assert lines[2][0] == "区は案件で確認　設置状況の確認"
    assert "期限を過ぎています" in lines[2][1]
    assert "期限を過ぎたもの：1件" in WORDS["ja"].say(found.title)
    assert [each.reference for each in found.items] == ["R9-0001", "R9-0002", "R9-0003"]
    assert found.links == (Link(found.links[0].label, f"rounds/{TODAY.isoformat()}"),)


def test_a_stop_has_the_button_that_opens_what_is_filed_there_for_who_may_file_it() -> None:
    handed, checked = leg(PICKUP), leg(CHECK, "R9-0002")
    found = listing(handed, checked, leg(replace(CHECK, step="unknown")), Leg("R9-0009", "unknown", CHECK))

    actions = [[each.action for each in item.offers] for item in found.items]
    assert actions == [
        [Action(Do.FILE, key="R9-0001", part="handed_over")],
        [Action(Do.FILE, key="R9-0002", part="checked")],
        [],
        [],
    ]
    assert [each.label.text for item in found.items for each in item.offers] == ["受け渡しを記録する", "点検"]
    clerk = replace(WORKER, grants=(Grant("*", Role.STAFF),))
    assert [bool(each.offers) for each in listing(handed, checked, standing=clerk).items] == [False, True]


def test_a_day_without_stops_says_so_and_leads_on_to_the_next() -> None:
    found = listing()

    assert "予定はありません" in found.title.text
    assert [each.action for each in found.offers] == [
        Action(Do.ROUND, value=(TODAY + DAY).isoformat()),
        Action(Do.MENU),
    ]
    other = listing(order="巡回 明日")
    assert other.offers[0].action == Action(Do.ROUND)


def test_nobody_makes_more_stops_than_are_listed() -> None:
    many = [leg(CHECK, f"R9-{number:04}") for number in range(rounds.MOST_LISTED + 5)]

    assert len(listing(*many).items) == rounds.MOST_LISTED


def test_a_button_asks_for_a_round_as_words_do() -> None:
    world = worlds.world(words=WORDS)
    there = replace(WORKER, round=(leg(PICKUP),))
    [found] = hear(REGISTER, there, Tapped(Action(Do.ROUND), "m"), world, Stride.FORM).replies

    assert isinstance(found, Listing)
    assert len(found.items) == 1


def _menu(standing: Standing, register: Register) -> list[Do]:
    [found] = hear(register, standing, Typed("メニュー", "m"), worlds.world(words=WORDS), Stride.FORM).replies
    assert isinstance(found, Listing)
    return [each.action.do for each in found.items]


def test_the_menu_offers_the_round_to_who_makes_it() -> None:
    assert Do.ROUND in _menu(WORKER, REGISTER)
    assert Do.ROUND not in _menu(WORKER, Register((SAMPLE,)))
    assert Do.ROUND not in _menu(replace(WORKER, grants=(Grant("*", Role.STAFF),)), REGISTER)
    assert Do.ROUND not in _menu(Standing("ja"), REGISTER)


def test_every_errand_has_a_name() -> None:
    assert set(rounds.NAMES) == set(Errand)


def test_by_itself_time_brings_about_nothing() -> None:
    case = worlds.matter(())
    world = worlds.world()

    assert not any((no_reminders(case, world), no_rounds(case, world), no_lapses(case, world)))


def test_word_makes_sense_on_its_day_alone_where_nothing_is_said() -> None:
    word = ReminderDue("pickup", TODAY, (Said(say("見本")),))

    assert (word.last, replace(word, until=TODAY + DAY).last) == (TODAY, TODAY + DAY)
