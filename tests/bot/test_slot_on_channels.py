"""A time to be booked, on each channel: a calendar and then what is free on LINE, both at once elsewhere."""

from __future__ import annotations

from datetime import date, time

from bot.forms import fields as web
from bot.line.render import render
from bot.teams.listen import fields_of
from bot.words import words_for
from dialogs import slots
from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.events import Event, Filled, Typed
from dialogs.fields import Given, Slot
from dialogs.fields.base import Answers
from dialogs.form import Form, Page
from dialogs.replies import Ask
from dialogs.setting import Setting
from dialogs.slots import Free, counter
from dialogs.turn import go_on, turn
from tests.bot.line.test_render import picture, pieces, seal, taps, texts
from tests.dialogs.worlds import JAPANESE, world
from tests.support.cards import asked_at_once, card, inputs, page_link

POOL = counter("minami")
BOUNDS = (date(2027, 6, 10), date(2027, 6, 30))
SLOT = Slot("slot", "受け取る日時", pool=lambda _answers: POOL, bounds=lambda _given: BOUNDS)
FORM = Form("sample", "見本の予約", "R9", (Page("when", "日時", (SLOT,)),))
TAKEN = Free({POOL: 1}, {(POOL, slots.at(date(2027, 6, 14), each)): 1 for each in (time(9), time(10))})
HERE = world(free=TAKEN)


def asked(answers: Answers, event: Event | None = None) -> list[dict[str, object]]:
    """Return what LINE shows of a talk with *answers*, after *event*."""
    setting = Setting(FORM, HERE, JAPANESE, Stride.FIELD, "fence_loan")
    talk = Conversation("c1", FORM.key, answers, asked="slot")
    done = turn(setting, talk, event) if event else go_on(setting, talk)
    assert any(isinstance(each, Ask) for each in done.replies)
    return render(done.replies, words_for("ja"), seal=seal, page_link=page_link, picture=picture)


def test_line_shows_a_calendar_of_the_days_that_can_be_booked() -> None:
    [picker] = taps(asked({}), "datetimepicker")

    assert (picker["min"], picker["max"], picker["initial"]) == ("2027-06-10", "2027-06-30", "2027-06-10")


def test_line_then_shows_the_times_that_are_free_on_the_day() -> None:
    shown = asked({"slot": {"day": "2027-06-14"}})

    times = [each["text"] for each in pieces(shown) if str(each.get("text", ""))[2:3] == ":"]
    assert times[:3] == ["09:30", "10:30", "11:00"]
    assert "時間" in texts(shown)


def test_a_time_that_is_taken_is_answered_with_those_that_are_free() -> None:
    shown = texts(asked({"slot": {"day": "2027-06-14"}}, Typed("10時")))

    assert any("10:00 はもう空いていません" in each and "09:30 10:30" in each for each in shown)


def test_a_card_asks_the_day_and_the_time_at_once() -> None:
    found = inputs(card(asked_at_once(FORM, {}, HERE)))

    assert {key: each["type"] for key, each in found.items()} == {
        "slot/day": "Input.Date",
        "slot/time": "Input.ChoiceSet",
    }
    assert next(each["value"] for each in found["slot/time"]["choices"]) == "09:00"
    assert (found["slot/day"]["min"], found["slot/day"]["max"]) == ("2027-06-10", "2027-06-30")


def test_what_a_card_sends_is_a_slot_or_refused_with_what_is_free() -> None:
    setting = Setting(FORM, HERE, JAPANESE, Stride.FORM, "fence_loan")
    talk = Conversation("c1", FORM.key, {})
    free = Filled(fields_of({"slot/day": "2027-06-14", "slot/time": "10:30"}))
    taken = Filled(fields_of({"slot/day": "2027-06-14", "slot/time": "10:00"}))

    assert turn(setting, talk, free).conversation.answers == {"slot": {"day": "2027-06-14", "time": "10:30"}}
    refused = turn(setting, talk, taken)
    assert refused.conversation.answers == {}
    assert "09:30 10:30" in JAPANESE.say(refused.refused["slot"].message)


def test_a_page_draws_a_day_and_the_times_and_keeps_what_was_entered() -> None:
    entered = {"slot": {"day": "2027-06-14", "time": "10:30"}}

    [question] = web.questions((SLOT,), Given(HERE), entered, {}, words_for("ja"))

    day, clock = question.inputs
    assert (day.control, day.name, day.value) == ("date", "slot.day", "2027-06-14")
    assert (clock.control, clock.name, clock.value) == ("one_of", "slot.time", "10:30")
