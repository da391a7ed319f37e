"""What a registration asks, what follows from it, who hears what and when (004-03, 004-04, 004-11, 004-14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dialogs.conversation import Conversation
from dialogs.effects import File, Leave, Seat, TakeUp, Wait
from dialogs.events import Action, Do, Tapped
from dialogs.fields import Given, Invalid, Raw
from dialogs.meetings import Seats, State
from dialogs.menu import hear
from dialogs.procedures import REGISTER
from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING, glance
from dialogs.procedures.exchange_meeting.fields import meeting_value
from dialogs.procedures.exchange_meeting.form import FORM_R9
from dialogs.procedures.exchange_meeting.registration import Registration, Stand
from dialogs.procedures.exchange_meeting.rules import (
    too_late_to_answer,
    too_late_to_cancel,
    too_late_to_change,
)
from dialogs.replies import Receipt
from dialogs.standing import Register, Standing
from dialogs.steps import Filing
from dialogs.world import World
from tests.dialogs.procedures.registrations import (
    OFFERED,
    TODAY,
    answers,
    case,
    filed,
    lines,
    meeting,
    possible,
    refused,
    say,
    told,
    world,
)
from tests.support.talks import WORDS

ROOM, FULL = {"on_site": Seats(60, 10)}, {"on_site": Seats(60, 60)}
POOL = "seats/r9-koryukai/on_site"
KNOWN: dict[str, Any] = {"meeting": meeting_value(meeting())}


def given(outside: World, words: str = "ja", before: Any = None, **found: Any) -> Given:
    return Given(outside, found, before, WORDS[words])


def read(key: str, raw: Raw, outside: World | None = None, before: Any = None, **found: Any) -> Any:
    field = FORM_R9.by_key[key]
    here = given(outside or world(), before=before, **{"meeting": meeting_value(meeting()), **found})
    value = field.take(raw, here)
    if field.is_complete(value):
        assert field.take(field.raw(value), here) == value
    return value


def options(key: str, outside: World | None = None, words: str = "ja", **found: Any) -> list[str]:
    here = given(outside or world(), words, **found)
    return [WORDS[words].text(each.label) for each in FORM_R9.by_key[key].pending(here).options]


# --- questions


def test_the_meeting_is_known_where_there_is_only_one_and_chosen_among_several() -> None:
    other = meeting(key="r9-other", title="見本の会")

    assert EXCHANGE_MEETING.known(world())["meeting"]["key"] == "r9-koryukai"
    assert EXCHANGE_MEETING.known(world(meeting(seats_online=0)))["attendance"] == "on_site"
    assert EXCHANGE_MEETING.known(world(meeting(), other)) == {}
    assert options("meeting", world(meeting(), other)) == ["見本区 町内会活動交流会", "見本の会"]
    assert read("meeting", "2", world(meeting(), other))["key"] == "r9-other"
    assert options("meeting", world(meeting(title="見本" * 15))) == ["見本" * 15]
    assert (
        FORM_R9.by_key["meeting"].show(meeting_value(meeting()), WORDS["en"])
        == "Sample ward exchange meeting"
    )


def test_a_meeting_that_takes_nobody_any_more_is_refused_with_the_way_out() -> None:
    closed = world(meeting(), today=date(2027, 12, 25))

    assert not EXCHANGE_MEETING.opening(closed).is_open
    assert not EXCHANGE_MEETING.offered(closed)
    assert EXCHANGE_MEETING.offered(world())
    assert options("meeting", closed) == ["なし"]
    with pytest.raises(Invalid):
        read("meeting", "1", closed)


def test_a_correction_stays_with_its_own_meeting() -> None:
    other = meeting(key="r9-other", title="見本の会")
    mine = world(meeting(), other, case=case("seated"))

    assert options("meeting", mine) == ["見本区 町内会活動交流会"]
    assert options("meeting", world(other, case=case("seated"))) == ["なし"]


def test_before_it_is_asked_whether_somebody_comes_it_is_said_to_what() -> None:
    field, known = FORM_R9.by_key["coming"], KNOWN

    said = field.advised(given(world(), **known))
    english = field.advised(given(world(), "en", **known))

    assert said
    assert english
    assert say(said).splitlines()[:2] == [
        "「見本区 町内会活動交流会」",
        "日時：令和10年1月15日(土) 13:30から14:40まで",
    ]
    assert "Sample ward exchange meeting" in say(english, WORDS["en"])
    assert field.advised(given(world())) is None
    assert field.advised(replace(given(world(), **known), words=None))


def test_how_many_seats_are_left_is_said_before_the_way_is_asked() -> None:
    field, known = FORM_R9.by_key["attendance"], KNOWN

    said = [field.advised(given(world(seats=each), **known)) for each in (ROOM, FULL)]

    assert [each and say(each) for each in said] == [
        "会場の空きは、いま 50席です。",
        "会場は、いま満席です。会場をえらぶと、キャンセル待ちになります。",
    ]
    assert field.advised(given(world())) is None


def test_only_the_ways_that_a_meeting_has_can_be_chosen() -> None:
    there = world(meeting(seats_online=0))

    assert options("attendance", there, meeting=meeting_value(meeting())) == ["会場で参加"]
    with pytest.raises(Invalid):
        read("attendance", {"": "online"}, there)
    assert read("attendance", "オンラインで見る") == "online"


def test_kinds_and_themes_are_those_of_the_meeting() -> None:
    known = KNOWN

    assert options("kind", **known) == ["町内会"]
    assert options("kind") == ["町内会・活動団体", "市の職員", "関心のある方"]
    assert options("themes", words="en", **known) == ["Looking after the elderly"]
    assert options("themes") == ["なし"]
    assert read("kind", "1") == {"key": "group", "ja": "町内会", "en": ""}
    assert [each["key"] for each in read("themes", "1")] == ["watch"]
    assert FORM_R9.by_key["kind"].show(read("kind", "1"), WORDS["en"]) == "町内会"
    assert FORM_R9.by_key["themes"].show(read("themes", "1"), WORDS["en"]) == "Looking after the elderly"


def test_themes_are_ticked_one_after_the_other() -> None:
    two = meeting(themes=[{"key": "a", "name": "い"}, {"key": "b", "name": "ろ"}])
    outside, field = world(two), FORM_R9.by_key["themes"]

    first = read("themes", {"add": "a"}, outside)
    both = read("themes", {"add": "b"}, outside, before=first)
    again = read("themes", {"add": "b"}, outside, before=both)

    assert first == {"picked": ["a"]}
    assert field.take(field.raw(first), given(outside, meeting=meeting_value(two))) == first
    assert field.show(first, WORDS["ja"]) == ""
    assert [each["key"] for each in both] == ["a", "b"]
    assert again == {"picked": ["a"]}


def test_a_ward_is_one_of_the_offices_or_outside() -> None:
    assert options("ward") == ["中央区", "南区", "西区", "市外"]
    assert (read("ward", "南区"), read("ward", "市外")) == ("南区", "outside")
    assert FORM_R9.by_key["ward"].show("outside", WORDS["ja"]) == "市外"
    assert FORM_R9.by_key["ward"].show("南区", WORDS["en"]) == "Minami Ward"


def test_the_ward_that_is_stored_is_marked_where_the_question_is_shown_again() -> None:
    asked = FORM_R9.by_key["ward"]
    keys = {each.key for each in asked.pending(given(world())).options}

    assert [asked.raw(read("ward", typed)) for typed in ("南区", "市外")] == [{"": "南区"}, {"": "outside"}]
    assert {"南区", "outside"} <= keys


def test_whoever_does_not_come_is_asked_for_no_more_than_a_name() -> None:
    known = {"meeting": meeting_value(meeting()), "coming": "no"}

    assert [each.key for each in FORM_R9.visible(known)] == ["meeting", "coming", "name", "kana"]
    watching = [each.key for each in FORM_R9.visible(answers(attendance="online"))]
    assert {"companions", "stay_with", "avoid", "consent_recording"}.isdisjoint(watching)
    assert "themes" in watching
    assert "themes" not in [each.key for each in FORM_R9.visible(answers(meeting(themes=[])))]


def test_a_group_larger_than_the_meeting_allows_is_refused() -> None:
    assert refused(answers(), world(seats=ROOM)) == {}
    assert "5人まで" in refused(answers(companions=5), world(seats=ROOM))["companions"]
    assert (
        "2人まで" in refused(answers(companions=2), world(meeting(seats_on_site=2), seats=ROOM))["companions"]
    )


def test_whoever_has_a_seat_never_loses_it_by_a_change_for_which_there_is_no_room() -> None:
    full = {"on_site": Seats(60, 60, mine=2), "online": Seats(100, 100)}
    seated = world(seats=full, case=case("seated"))

    assert "ふやす分の空き" in refused(answers(companions=3), seated)["companions"]
    assert "満席です" in refused(answers(attendance="online"), seated)["attendance"]
    assert refused(answers(companions=0), seated) == {}
    assert refused(answers(coming="no"), seated) == {}
    assert refused(answers(companions=3), world(seats=full, case=case("queued"))) == {}
    watching = world(seats={"online": Seats(1, 3)}, case=case("seated", attendance="online"))
    assert refused(answers(attendance="online"), watching) == {}


# --- what follows


@pytest.mark.parametrize(
    ("changes", "seats", "step"),
    [
        ({}, ROOM, "seated"),
        ({}, FULL, "queued"),
        ({"companions": 4}, {"on_site": Seats(60, 55, waiting=(5,))}, "queued"),
        ({"coming": "no"}, ROOM, "absent"),
    ],
)
def test_a_seat_a_place_in_the_queue_or_nothing_follows_at_once(
    changes: dict[str, Any], seats: dict[str, Seats], step: str
) -> None:
    said = answers(**changes)

    assert EXCHANGE_MEETING.sequel("application", said, case(), world(seats=seats)) == step
    assert EXCHANGE_MEETING.sequel("cancelled", said, case(), world(seats=seats)) == ""


def test_seats_are_taken_in_one_piece_and_given_back_with_the_place_in_the_queue() -> None:
    def of(step: str) -> Any:
        return EXCHANGE_MEETING.claims(step, {}, case(), world())

    assert of("seated") == (Seat("KR9-0001", POOL, "2028-01-15", 2, "seat"),)
    assert of("queued") == (Wait("KR9-0001", POOL, "2028-01-15", 2, "seat"),)
    assert of("accepted") == (TakeUp("KR9-0001", POOL, "2028-01-15", "seat"),)
    assert {of(each) for each in ("absent", "declined", "lapsed", "cancelled", "called_off")} == {
        (Leave("KR9-0001", "seat"),)
    }
    assert of("application") == of("correction") == of("offered") == ()


def test_how_a_registration_stands_follows_from_what_was_filed() -> None:
    stands = {
        "seated": Stand.SEATED,
        "queued": Stand.WAITING,
        "absent": Stand.ABSENT,
        "cancelled": Stand.CANCELLED,
        "called_off": Stand.CALLED_OFF,
        "lapsed": Stand.GIVEN_UP,
    }

    assert {step: Registration(case(step)).stand for step in stands} == stands
    assert Registration(case()).stand is Stand.NEW
    assert Registration(case("queued", OFFERED, "accepted", "correction")).stand is Stand.SEATED
    assert [Registration(case(each)).is_over for each in ("seated", "lapsed")] == [False, True]


def test_what_can_be_done_depends_on_how_it_stands() -> None:
    assert possible(case("seated")) == {"correction", "cancelled", "attended"}
    assert possible(case("queued", OFFERED)) == {"accepted", "declined", "attended"}
    assert possible(case("absent")) == {"correction", "attended"}
    assert possible(case("cancelled")) == set()
    assert "accommodated" in possible(case("seated", accommodation={"sealed": True}))


def test_what_staff_see_at_a_glance() -> None:
    said = answers(accommodation={"sealed": True}, consent_recording="no", coming="no")

    assert [each.key for each in EXCHANGE_MEETING.flags(said, world(), TODAY)] == [
        "needs",
        "unrecorded",
        "absent",
    ]
    assert [each.key for each in EXCHANGE_MEETING.marks(case("queued"), world())] == ["waiting"]
    assert EXCHANGE_MEETING.marks(case("seated"), world()) == ()
    assert "companions" in glance(said)
    registration = Registration(case("seated", "attended", themes=[{"key": "watch"}]))
    assert (registration.kind, registration.themes, registration.was_there) == ("group", ("watch",), True)
    assert Registration(case()).themes == ()


def test_what_was_erased_says_nothing() -> None:
    gone = replace(case("seated"), answers={})

    assert (Registration(gone).meeting, Registration(gone).day, Registration(gone).kind) == ("", None, "")
    assert EXCHANGE_MEETING.reminders(gone, world()) == ()
    assert EXCHANGE_MEETING.proof(gone, world()) is None
    assert too_late_to_cancel(gone, world()) is None
    assert too_late_to_change(gone, world()) is None


# --- too late


def test_changes_end_with_the_closing_date_and_cancelling_with_the_day() -> None:
    late, after = world(today=date(2027, 12, 25)), world(today=date(2028, 1, 16))

    assert too_late_to_change(case("seated"), world()) is None
    assert "取りやめは、ここでできます" in say(too_late_to_change(case("seated"), late))  # type: ignore[arg-type]
    assert too_late_to_cancel(case("seated"), late) is None
    assert too_late_to_cancel(case("seated"), after)


def test_an_offer_ends_to_the_minute() -> None:
    offered = case("queued", OFFERED)

    assert too_late_to_answer(offered, world(now="2027-12-04T09:59")) is None
    assert too_late_to_answer(offered, world(now="2027-12-04T10:00"))
    assert too_late_to_answer(offered, world()) is None
    assert too_late_to_answer(case("seated"), world(now="2027-12-04T10:00")) is None


# --- what is said


@pytest.mark.parametrize(
    ("changes", "seats", "part"),
    [
        ({}, ROOM, "席を用意しました。前の日に、受付で見せる画面をお送りします。"),
        ({}, FULL, "いまは満席のため、キャンセル待ちで受け付けました。"),
        (
            {"attendance": "online", "companions": None},
            {"online": Seats(9)},
            "前の日に、見るためのアドレスをお送りします。",
        ),
        (
            {"coming": "no"},
            ROOM,
            "「参加しません」とうかがいました。締切の 令和9年12月24日(金) まで、変えられます。",
        ),
    ],
)
def test_the_receipt_says_what_came_of_it(
    changes: dict[str, Any], seats: dict[str, Seats], part: str
) -> None:
    said = [say(each) for each in EXCHANGE_MEETING.notes(answers(**changes), world(seats=seats))]

    assert part in said
    assert said[:2] == ["交流会：見本区 町内会活動交流会", "日時：令和10年1月15日(土) 13:30から14:40まで"]


def test_the_receipt_of_an_unknown_meeting_says_nothing_wrong() -> None:
    assert EXCHANGE_MEETING.notes({}, world()) == ()


def test_nothing_stays_unsaid_that_somebody_else_has_filed() -> None:
    told_of = {
        "offered",
        "lapsed",
        "accepted",
        "declined",
        "cancelled",
        "called_off",
        "rescheduled",
        "accommodated",
    }
    said: dict[str, Any] = {
        "until": "2027-12-04T10:00",
        "arranged": "ready",
        "arranged_how": "入口に近い席です。",
    }

    assert {each.key for each in EXCHANGE_MEETING.steps if told(each.key, case("queued"), **said)} == told_of


def test_an_offer_says_until_when_and_comes_with_both_answers() -> None:
    said = told("offered", case("queued"), until="2027-12-04T10:00", amount=2)

    assert "令和9年12月4日(土) 10:00 までに「受ける」か「見送る」をおしてください。" in said
    assert "人数：2人" in said
    assert {"[受ける]", "[見送る]"} <= {*said}


def test_what_could_be_arranged_is_said_back_without_what_it_was() -> None:
    assert "担当者から：入口に近い席です。" in told(
        "accommodated", case("seated"), arranged="ready", arranged_how="入口に近い席です。"
    )
    assert "担当者から" not in str(told("accommodated", case("seated"), arranged="not"))


def test_the_door_is_shown_the_number_of_a_seat_in_the_room_until_the_day() -> None:
    proof = EXCHANGE_MEETING.proof(case("seated"), world())

    assert isinstance(proof, Receipt)
    assert proof.code == proof.reference == "KR9-0001"
    for at, outside in (
        (case("queued"), world()),
        (case("seated", attendance="online"), world()),
        (case("seated"), world(today=date(2028, 1, 16))),
    ):
        assert EXCHANGE_MEETING.proof(at, outside) is None


def reminded(at: Any, outside: World) -> dict[str, tuple[date, list[str]]]:
    return {
        each.about: (each.day, [line for reply in each.replies for line in lines(reply)])
        for each in EXCHANGE_MEETING.reminders(at, outside)
    }


def test_word_comes_a_week_before_the_day_before_and_for_the_survey_after() -> None:
    found = reminded(case("seated"), world(meeting(survey="r9-koryukai")))

    assert [(about, day) for about, (day, _said) in found.items()] == [
        ("week/2028-01-15", date(2028, 1, 8)),
        ("eve/2028-01-15", date(2028, 1, 14)),
        ("survey/2028-01-15", date(2028, 1, 16)),
    ]
    eve = found["eve/2028-01-15"][1]
    assert eve[0] == "明日は交流会です。受付でこの画面を見せてください"
    assert {"13:30〜14:00 講演", "14:00〜14:40 参加者の交流"} <= {*eve}
    assert "https" not in str(eve)


def test_whoever_watches_gets_the_address_and_nothing_of_the_exchange() -> None:
    eve = reminded(case("seated", attendance="online"), world())["eve/2028-01-15"][1]

    assert "見る所：https://watch.example.jp/live?room=1" in eve
    assert "13:30〜14:00 講演" in eve
    assert "交流の" not in str(eve)
    assert "参加者の交流" not in str(eve)


def test_whoever_waited_in_vain_hears_it_the_day_before() -> None:
    assert [*reminded(case("queued"), world())] == ["sorry/2028-01-15"]
    assert reminded(case("queued", OFFERED), world()) == {}
    assert reminded(case("seated"), world(replace(meeting(), state=State.CANCELLED))) == {}


def test_what_somebody_was_told_last_is_what_they_know() -> None:
    moved: Filing = filed("rescheduled", day="2028-01-22", starts="10:00", place="見本会館")

    assert Registration(case("seated")).told == ("2028-01-15", "13:30", "見本メディアプラザ（見本）")
    assert Registration(case("seated", moved)).told == ("2028-01-22", "10:00", "見本会館")
    assert Registration(case("seated", moved)).day == date(2028, 1, 22)


def test_a_change_that_comes_too_late_says_why_wherever_it_is_tried() -> None:
    late, seated = world(today=date(2027, 12, 25), seats={"on_site": Seats(60, 10, mine=2)}), case("seated")
    open_ones = FORM_R9.missing(seated.answers)
    given_all = {
        **seated.answers,
        **{each.key: {"sealed": True} if each.personal else None for each in open_ones},
    }
    half = Conversation("c1", "exchange_meeting", given_all, case=seated.reference)
    home = Standing("ja", cases=(seated,))

    begun = hear(REGISTER, home, Tapped(Action(Do.CORRECT, key=seated.reference)), late)
    sent = hear(REGISTER, home.having(half), Tapped(Action(Do.CONFIRM, "c1")), late)

    for done in (begun, sent):
        assert "取りやめは、ここでできます" in lines(done.replies[0])[0]
        assert not any(isinstance(each, File) for each in done.effects)
        assert not done.standing.conversations


def test_other_services_are_offered_whatever_the_day() -> None:
    assert REGISTER.procedures[0].offered(world())


def test_procedures_that_come_for_a_time_stand_behind_all_others() -> None:
    others = Register(REGISTER.procedures[:-1])

    assert others.with_procedures([EXCHANGE_MEETING]).procedures == REGISTER.procedures
