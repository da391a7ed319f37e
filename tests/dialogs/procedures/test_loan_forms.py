"""What is asked in the life of a loan: bookings, hand-over, checks, trouble, extension, return, losses (003-05…38)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dialogs.fields import Answers, Invalid, Raw
from dialogs.form import Form
from dialogs.office import Handover, PickupPoint
from dialogs.procedures.fence_loan.booking import PICKUP, pickup_bounds, too_late
from dialogs.procedures.fence_loan.checking import CHECK, SWAP
from dialogs.procedures.fence_loan.extension import EXTENSION, latest, short_of_sets, soonest
from dialogs.procedures.fence_loan.handing import EXPLAINED, HANDOVER, counted_out
from dialogs.procedures.fence_loan.loan import Booked, Loan
from dialogs.procedures.fence_loan.missing import MISSING, SETTLEMENT, still_missing
from dialogs.procedures.fence_loan.places import Counter, point, pool
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE, STATUS
from dialogs.procedures.fence_loan.returning import RETURN, TAKEBACK, When, counted_in, return_bounds
from dialogs.procedures.fence_loan.trouble import FIRST as WHAT_FIRST
from dialogs.procedures.fence_loan.trouble import KINDS, REPORT
from dialogs.slots import Free
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import (
    DAY,
    FIRST,
    LAST,
    NUMBER,
    PARTS,
    PLACE,
    answers,
    case,
    filed,
    given,
    key,
    lent,
    picked_up,
    refused,
    returned,
    slot,
    world,
)
from tests.dialogs.worlds import JAPANESE, TODAY

CLIPS = PARTS["clip"]
COUNTED = {name: str(count) for name, count in PARTS.items()}


# --- booking


def test_a_set_is_picked_up_within_the_period_and_from_tomorrow_on() -> None:
    assert pickup_bounds(given(TODAY, case())) == (FIRST, LAST)
    assert pickup_bounds(given(FIRST, case())) == (FIRST + DAY, LAST)
    assert pickup_bounds(given(FIRST, case(exceptions=["at_once"]))) == (FIRST, LAST)
    assert pickup_bounds(given(LAST, case())) == (LAST + DAY, LAST)


def test_without_a_case_there_is_nothing_to_book() -> None:
    first, last = pickup_bounds(given())

    assert first > last


def test_a_pickup_is_booked_at_a_place_of_the_office() -> None:
    found = answers(
        PICKUP, {"place": {"": "minami"}, "slot": {"day": "2027-06-15", "time": "10:00"}}, world(about=case())
    )

    assert found == slot(FIRST)
    assert pool(found) == "counter/minami"
    assert pool({}) == "counter/"


def test_the_places_of_the_ward_of_the_site_come_first() -> None:
    office = replace(
        worlds.OFFICE,
        points=(PickupPoint("chuo", "chuo", "中央区 受渡場所（見本）", "", ""), *worlds.OFFICE.points),
    )
    field = Counter("place", "場所")

    def offered(about: object) -> list[str]:
        outside = replace(given(), world=world(about=about, office=office))  # type: ignore[arg-type]
        return [each.key for each in field.inputs(outside)[0].options]

    assert offered(case()) == ["minami", "chuo"]
    assert offered(case(site=None)) == ["chuo", "minami"]
    assert offered(None) == ["chuo", "minami"]
    assert point(office, "chuo") == office.points[0]
    assert point(office, "delivery") is None


@pytest.mark.parametrize("changes", [{"handover": Handover.DELIVERY}, {"points": ()}])
def test_where_the_city_delivers_only_the_site_is_offered(changes: dict[str, object]) -> None:
    field = Counter("place", "場所")
    outside = replace(given(), world=world(office=replace(worlds.OFFICE, **changes)))  # type: ignore[arg-type]

    assert field.read("1", outside) == {"place": "delivery", "name": "設置場所"}


@pytest.mark.parametrize("raw", ["どこか", {"": "kita"}, "あ" * 600])
def test_a_place_that_is_none_is_refused(raw: Raw) -> None:
    field = Counter("place", "場所")

    with pytest.raises(Invalid):
        field.read(raw, given(about=case()))


def test_a_place_is_named_by_its_wording_and_told_by_its_name() -> None:
    field = Counter("place", "場所")
    value = field.read("南区", given(about=case()))

    assert value == PLACE
    assert field.show(value, JAPANESE) == "南区 受渡場所（見本）"
    assert field.read(field.raw(value), given(about=case())) == value


def test_a_booking_can_be_moved_until_the_day_before() -> None:
    booked = Booked("minami", key(FIRST))

    assert too_late(None, world(FIRST)) is None
    assert too_late(booked, world(FIRST - DAY)) is None
    why = too_late(booked, world(FIRST))
    assert why
    assert "011-211-2879" in JAPANESE.say(why)


# --- handing over

HANDED: dict[str, Raw] = {
    "shown": {"": "notice"},
    "notice_number": {"": NUMBER},
    "sets": {"": "1"},
    "tested": {"": "yes"},
    "parts": COUNTED,
    "explained": {"": [each.key for each in EXPLAINED]},
    "guided": {"": "no"},
}


def test_a_set_is_handed_over_counted_explained_and_to_the_one_with_the_notice() -> None:
    found = answers(HANDOVER, HANDED, world(about=case()))

    assert found["parts"] == PARTS
    assert found["explained"] == ["setting", "use", "danger", "upkeep", "return"]


def test_the_number_of_another_notice_opens_nothing() -> None:
    wrong = refused(HANDOVER, {**HANDED, "notice_number": {"": "9-13"}}, world(about=case()))

    assert wrong == {"notice_number": "この貸出の通知番号と違います。もう一度確かめてください。"}


def test_whoever_shows_a_notice_is_known_by_its_number() -> None:
    without: dict[str, Raw] = {**HANDED, "notice_number": {"": ""}}

    assert refused(HANDOVER, without, world(about=case())) == {
        "notice_number": "通知番号を入力してください。"
    }


def test_the_number_is_known_however_it_is_typed() -> None:
    assert not refused(HANDOVER, {**HANDED, "notice_number": {"": "９－１２"}}, world(about=case()))


def test_where_the_notice_was_omitted_the_person_shows_who_they_are() -> None:
    omitted = world(about=case(exceptions=["notice"]))

    assert "本人確認" in refused(HANDOVER, HANDED, omitted)["shown"]
    identified: dict[str, Raw] = {**HANDED, "shown": {"": "identity"}, "notice_number": {"": ""}}
    assert not refused(HANDOVER, identified, omitted)


def test_no_more_sets_leave_than_were_granted() -> None:
    assert "1セットまで" in refused(HANDOVER, {**HANDED, "sets": {"": "2"}}, world(about=case()))["sets"]
    assert not refused(HANDOVER, {**HANDED, "sets": {"": "2"}}, world(about=case(sets=2)))


def test_what_does_not_work_or_was_not_explained_is_not_handed_over() -> None:
    wrong = refused(
        HANDOVER, {**HANDED, "tested": {"": "no"}, "explained": {"": ["use"]}}, world(about=case())
    )

    assert sorted(wrong) == ["explained", "tested"]


def test_half_a_card_is_refused_nothing_yet() -> None:
    assert not refused(HANDOVER, {"guided": {"": "no"}}, world(about=case()))
    assert not refused(HANDOVER, HANDED, world())


def test_the_parts_of_all_sets_are_counted() -> None:
    assert counted_out(given())["clip"] == CLIPS
    assert counted_out(given(about=case(sets=2)))["clip"] == 2 * CLIPS
    assert counted_out(given(about=case(sets=2), answers={"sets": 1}))["clip"] == CLIPS


# --- checking

WELL: dict[str, Raw] = {
    "power": {"": "on"},
    "voltage": {"": "7200"},
    "weeds": {"": "clear"},
    "tension": {"": "tight"},
    "plate": {"": "yes"},
    "result": {"": "good"},
    "check_photo": {"photo": "p1"},
}


def test_a_fence_that_is_well_is_reported_with_its_voltage_and_a_photo() -> None:
    found = answers(CHECK, WELL, world())

    assert (found["voltage"], found["result"]) == (7200, "good")


def test_six_thousand_volts_are_enough() -> None:
    assert not refused(CHECK, {**WELL, "voltage": {"": "6000"}}, world())
    assert "result" in refused(CHECK, {**WELL, "voltage": {"": "5999"}}, world())


@pytest.mark.parametrize(
    ("key", "value"), [("power", "off"), ("weeds", "touching"), ("tension", "loose"), ("plate", "no")]
)
def test_what_is_wanting_is_not_called_well(key: str, value: str) -> None:
    raws = {**WELL, key: {"": value}}

    assert "「良好」にはできません" in refused(CHECK, raws, world())["result"]
    assert not refused(CHECK, {**raws, "result": {"": "fault"}, "fault": {"": "本体"}}, world())


def test_what_is_no_fault_is_told_to_the_borrower() -> None:
    raws = {**WELL, "weeds": {"": "touching"}, "result": {"": "upkeep"}, "instructions": {"": ["weeds"]}}

    assert answers(CHECK, raws, world())["instructions"] == ["weeds"]


def test_a_fence_that_is_on_is_reported_with_its_voltage() -> None:
    off: dict[str, Raw] = {"power": {"": "off"}, "result": {"": "fault"}, "fault": {"": "本体"}}

    assert "電圧を測って" in refused(CHECK, {**WELL, "voltage": {"": ""}}, world())["voltage"]
    assert answers(CHECK, {**WELL, "voltage": {"": ""}, **off}, world())["voltage"] is None


def test_a_swap_ends_with_enough_voltage() -> None:
    raws: dict[str, Raw] = {
        "swapped": {"": "unit"}, "broken": {"": "電圧が出ない"}, "voltage_after": {"": "7000"}
    }  # fmt: skip

    assert answers(SWAP, raws, world())["voltage_after"] == 7000
    assert "voltage_after" in refused(SWAP, {**raws, "voltage_after": {"": "5000"}}, world())


# --- trouble


@pytest.mark.parametrize("kind", [each.key for each in KINDS])
def test_what_to_do_first_is_said_as_soon_as_the_trouble_is_named(kind: str) -> None:
    field = REPORT.field("trouble")
    assert field

    remark = field.remark(field.read({"": kind}, given()), given())

    assert remark
    assert remark.text == WHAT_FIRST[kind]


# --- extending


def test_an_extension_begins_behind_the_end_and_may_pass_the_season() -> None:
    about = lent()

    assert soonest(given(TODAY, about)) == LAST + DAY
    assert latest(given(TODAY, about)) == date(2027, 12, 2)
    assert soonest(given(LAST + 5 * DAY, about)) == LAST + 5 * DAY
    assert soonest(given()) == TODAY + DAY
    raws: dict[str, Raw] = {
        "reasons": {"": ["bears", "other"]},
        "reason_more": {"": "見本"},
        "until": {"": "2027-11-15"},
    }
    assert answers(EXTENSION, raws, world(about=about))["until"] == "2027-11-15"


def test_a_borrower_is_warned_where_sets_run_short_and_may_ask_all_the_same() -> None:
    def warned(taken: int, about: object = None) -> bool:
        free = Free({"fence_sets": 2}, {("fence_sets", "2027-09-05"): taken})
        outside = replace(given(), world=world(about=about, free=free))  # type: ignore[arg-type]
        return short_of_sets("2027-09-10", outside) is not None

    assert warned(2, lent())
    assert not warned(1, lent())
    assert not warned(2)
    assert short_of_sets("2027-09-10", given(about=lent())) is None  # nobody looked


# --- giving back


def test_a_set_comes_back_early_or_around_the_end() -> None:
    about, early = lent(), {"how": {"how": "early", "last": LAST.isoformat()}}

    assert return_bounds(given(TODAY, about, early)) == (TODAY + DAY, LAST - DAY)
    assert return_bounds(given(TODAY, about)) == (LAST - DAY, LAST + 7 * DAY)
    assert return_bounds(given(LAST + 30 * DAY, about)) == (LAST + 31 * DAY, LAST + 37 * DAY)


def test_somebody_whose_loan_is_about_to_end_cannot_return_early() -> None:
    field = When("how", "時期")

    def offered(today: date) -> list[str]:
        return [each.key.partition(":")[0] for each in field.inputs(given(today, lent()))[0].options]

    assert offered(LAST - 2 * DAY) == ["end", "early"]
    assert offered(LAST - DAY) == ["end"]
    assert [each.key for each in field.inputs(given())[0].options] == ["end:2027-06-07"]


def test_a_return_is_booked_for_the_end_that_was_shown() -> None:
    found = answers(
        RETURN,
        {
            "how": {"": "end:2027-08-31"},
            "place": {"": "minami"},
            "slot": {"day": "2027-08-31", "time": "09:30"},
        },
        world(about=lent()),
    )

    assert found["how"] == {"how": "end", "last": "2027-08-31"}
    field = RETURN.field("how")
    assert field
    assert field.show(found["how"], JAPANESE) == "期間の終わりに返す（令和9年8月31日(火) まで）"
    assert field.show({**found["how"], "how": "early"}, JAPANESE).startswith("早めに返す")
    assert field.raw(found["how"]) == {"": "end:2027-08-31"}


def test_whoever_confirms_a_return_after_the_loan_was_extended_is_asked_again() -> None:
    raws: dict[str, Raw] = {
        "how": {"": "end:2027-08-31"},
        "place": {"": "minami"},
        "slot": {"day": "2027-08-31", "time": "09:30"},
    }
    before = answers(RETURN, raws, world(about=lent()))
    longer = lent(
        filed("extension_asked", until="2027-09-30", by=""), filed("extended", extended_until="2027-09-30")
    )

    again, wrong = RETURN.reread(before, world(about=longer))

    assert "how" not in again
    assert "令和9年9月30日(木) まで" in JAPANESE.say(wrong["how"].message)


@pytest.mark.parametrize("raw", ["いつか", {"": "never:2027-08-31"}, "あ" * 600])
def test_a_way_of_returning_that_is_none_is_refused(raw: Raw) -> None:
    with pytest.raises(Invalid) as reason:
        When("how", "時期").read(raw, given(about=lent()))

    assert "1から2まで" in JAPANESE.say(reason.value.message)


def test_a_way_of_returning_is_named_by_its_wording() -> None:
    assert When("how", "時期").read("早めに返す", given(about=lent())) == {
        "how": "early",
        "last": "2027-08-31",
    }


BACK: dict[str, Raw] = {
    "parts_in": COUNTED, "damage": {"": "none"}, "works": {"": "yes"}, "cleaned": {"": "yes"}
}  # fmt: skip


def test_what_comes_back_is_counted_against_what_was_handed_over() -> None:
    found = answers(TAKEBACK, BACK, world(about=lent()))

    assert found["parts_in"] == PARTS
    assert counted_in(given(about=lent())) == PARTS
    assert counted_in(given(about=case(picked_up(parts=None), sets=2)))["clip"] == CLIPS
    assert counted_in(given())["clip"] == CLIPS


def test_only_serious_damage_can_be_somebodys_fault() -> None:
    serious: dict[str, Raw] = {
        **BACK,
        "damage": {"": "serious"},
        "damaged": {"": "本体"},
        "own_fault": {"": "yes"},
    }

    assert answers(TAKEBACK, serious, world(about=lent()))["own_fault"] == "yes"
    assert "own_fault" not in answers(TAKEBACK, {**serious, "damage": {"": "slight"}}, world(about=lent()))


# --- losses, and questions


def test_parts_that_are_found_are_brought_within_a_month() -> None:
    found = answers(MISSING, {"found": {"": "bring"}, "bring_by": {"": "2027-06-20"}}, world())

    assert found == {"found": "bring", "bring_by": "2027-06-20"}
    assert "bring_by" in refused(MISSING, {"found": {"": "bring"}, "bring_by": {"": "2027-07-20"}}, world())
    assert answers(MISSING, {"found": {"": "lost"}}, world()) == {"found": "lost"}


def test_what_came_later_is_counted_only_where_something_was_missing() -> None:
    short = returned(parts_in={**PARTS, "clip": CLIPS - 3})
    raws: dict[str, Raw] = {
        "later": {"": "yes"}, "parts_later": {"clip": "2"}, "restored": {"": "none"}, "replenish": {"": "yes"},
        "replenish_what": {"": "クリップ 1個"},
    }  # fmt: skip

    assert answers(SETTLEMENT, raws, world(about=short))["parts_later"] == {"clip": 2}
    assert refused(SETTLEMENT, raws, world(about=returned())) == {"later": "足りない部品はありません。"}
    assert still_missing(given(about=short)) == {"clip": 3}
    assert still_missing(given()) == {}
    assert Loan(
        replace(short, history=(*short.history, filed("settled", parts_later={"clip": 2})))
    ).missing == {"clip": 1}


def test_nobody_is_led_towards_buying_a_fence() -> None:
    plans = QUESTIONNAIRE.field("plans")

    assert plans
    assert not plans.required
    texts = "".join(each.question + each.hint + each.help for each in QUESTIONNAIRE.fields)
    assert not {word for word in ("購入", "買", "おすすめ") if word in texts}


@pytest.mark.parametrize("form", [QUESTIONNAIRE, STATUS], ids=lambda each: str(each.key))
def test_questions_about_effect_are_a_few_taps(form: Form) -> None:
    raws: dict[str, Raw] = {
        each.key: {"": each.inputs(given())[0].options[0].key} for each in form.fields if each.required
    }

    found: Answers = answers(form, raws, world())

    assert len(found) == len(raws) <= 3
