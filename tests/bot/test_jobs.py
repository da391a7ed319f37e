"""What time brings about: word on the opening morning, and the removal of what is old."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import TOKYO, at_hour
from bot.jobs import Jobs
from bot.service import Service
from dialogs.replies import Reply
from dialogs.words import Words
from storage import engine as database
from storage import outbox as queue
from storage import reminders as reminder_rows
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered
from storage.tables import conversations, inbox, links, outbox, photos, reminders, vault
from tests.storage.make import together
from tests.support.applying import START, TYPED, apply, fill_page, person_of, to_the_page, type_all
from tests.support.phone import Phone
from tests.support.service import (
    House,
    StandingClock,
    Webhooks,
    count,
    make,
    outage,
    post,
    rows,
    said,
    until,
    user,
)

WINTER = datetime(2027, 2, 10, 14, tzinfo=TOKYO)
OPENING = date(2027, 5, 18)
"""Two weeks before the season of 2027."""

WORD = "受付が始まりました"


def at(clock: StandingClock, day: date, hour: int, minute: int = 0) -> None:
    clock.set(datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO))


def asked(service: Service, clock: StandingClock, *phones: Webhooks) -> None:
    """Let each of *phones* ask in winter for word on the opening day."""
    clock.set(WINTER)
    for phone in phones:
        type_all(service, phone, "メニュー", START, "はい")


def words(service: Service) -> list[str]:
    return [text for text in said(service) if WORD in text]


# --- word on the opening morning


def test_out_of_season_the_talk_says_when_it_opens_and_offers_to_send_word(
    service: Service, clock: StandingClock
) -> None:
    phone = Webhooks()
    asked(service, clock, phone)

    assert any("令和9年5月18日" in text for text in said(service))
    with database.write(service.engine) as conn:
        due = reminder_rows.due(conn, at_hour(OPENING, 9), 10)
    assert [(each.person_id, each.about, each.due) for each in due] == [
        (person_of(service, phone.user_id).id, "opening:fence_loan", at_hour(OPENING, 9))
    ]


def test_word_is_sent_once_on_the_opening_morning_and_leads_into_the_form(house: House) -> None:
    house.clock.set(WINTER)
    phone = Phone(house)
    phone.follow()
    for typed in (START, "はい"):
        phone.type(typed)

    for hour in (0, 8):
        at(house.clock, OPENING, hour, 59)
        house.service.jobs.tick()
        house.settle()
    assert phone.read() == []
    for minute in (0, 1, 30):
        at(house.clock, OPENING, 9, minute)
        house.service.jobs.tick()
        house.settle()

    arrived = phone.read()
    assert len(arrived) == 1
    assert WORD in arrived[0]
    assert "どなたとして申請しますか" in " ".join(phone.tap("電気柵の貸出を申請する"))


def test_word_comes_in_the_readers_language(service: Service, clock: StandingClock) -> None:
    phone = Webhooks()
    clock.set(WINTER)
    type_all(service, phone, "English", START, "yes")
    at(clock, OPENING, 9)

    service.jobs.tick()

    assert not words(service)
    assert "fence" in said(service)[-1]


def test_asking_twice_brings_one_word(service: Service, clock: StandingClock) -> None:
    phone = Webhooks()
    asked(service, clock, phone, phone)
    at(clock, OPENING, 9)

    service.jobs.tick()

    assert len(words(service)) == 1


def test_whoever_asks_again_the_year_after_is_sent_word_again(service: Service, clock: StandingClock) -> None:
    phone = Webhooks()
    asked(service, clock, phone)
    at(clock, OPENING, 9)
    service.jobs.tick()
    clock.set(WINTER.replace(year=2028))
    type_all(service, phone, "メニュー", START, "はい")

    clock.set(datetime(2028, 5, 25, 9, tzinfo=TOKYO))
    service.jobs.tick()

    assert len(words(service)) == 2


def test_what_was_missed_by_day_is_never_sent_at_night(service: Service, clock: StandingClock) -> None:
    asked(service, clock, Webhooks())

    for hour in (20, 23):
        at(clock, OPENING, hour)
        service.jobs.tick()
    for hour in (3, 8):
        at(clock, OPENING + timedelta(days=1), hour)
        service.jobs.tick()
    assert not words(service)
    at(clock, OPENING + timedelta(days=1), 9)
    service.jobs.tick()

    assert len(words(service)) == 1


def test_whoever_has_blocked_the_desk_is_sent_nothing_and_staff_see_it(
    service: Service, clock: StandingClock
) -> None:
    phone = Webhooks()
    asked(service, clock, phone)
    _deliver_all(service)
    post(service, phone.unfollow())
    at(clock, OPENING, 9)

    service.jobs.tick()

    with database.read(service.engine) as conn:
        ended = queue.undeliverable(conn)
    assert [(each.error, each.cause.startswith("reminder/")) for each in ended] == [("blocked", True)]
    assert count(service, outbox, state=WAITING, kind="messages") == 0
    assert count(service, reminders, sent_at=None) == 0


def _deliver_all(service: Service) -> None:
    """Bring every message to its end without any network."""
    with database.write(service.engine) as conn:
        while claimed := queue.claim(conn, service.clock.now(), service.clock.now() + 1, 50):
            queue.finish(conn, [Delivered(each.id, DELIVERED) for each in claimed], service.clock.now())


def test_several_processes_send_each_word_once(service: Service, clock: StandingClock) -> None:
    phones = [Webhooks(user(number)) for number in range(1, 31)]
    asked(service, clock, *phones)
    at(clock, OPENING, 9)

    together(4, service.jobs.tick)

    assert len(words(service)) == 30
    assert {row.recipient for row in _reminded(service)} == {phone.user_id for phone in phones}


def _reminded(service: Service) -> list[Any]:
    return rows(service, "SELECT recipient FROM outbox WHERE cause LIKE 'reminder/%' ORDER BY id")


def test_one_who_cannot_be_told_keeps_nobody_else_from_being_told(
    service: Service, clock: StandingClock
) -> None:
    lost, found = Webhooks(user(1)), Webhooks(user(2))
    asked(service, clock, lost, found)
    draw = service.desk.draws["line"]

    def fragile(
        replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
    ) -> Sequence[str]:
        if account == lost.user_id:
            raise RuntimeError("見本の故障")
        return draw(replies, words, account, page_link)

    service.jobs.desk = replace(service.desk, draws={"line": fragile})
    at(clock, OPENING, 9)
    service.jobs.tick()

    assert [row.recipient for row in _reminded(service)] == [found.user_id]
    service.jobs.desk = service.desk
    at(clock, OPENING, 10)
    service.jobs.tick()
    assert [row.recipient for row in _reminded(service)] == [found.user_id, lost.user_id]


def test_an_opening_day_that_was_moved_moves_the_word_with_it(
    database_url: str, tmp_path: Path, service: Service, clock: StandingClock
) -> None:
    asked(service, clock, Webhooks())
    later = OPENING + timedelta(days=5)
    moved = make(database_url, tmp_path, clock, fence_opens=later)

    at(clock, OPENING, 9)
    moved.jobs.tick()
    assert not words(service)
    at(clock, later, 9)
    moved.jobs.tick()

    assert len(words(service)) == 1
    moved.stop()


# --- removal of what is old


@pytest.fixture
def hourly(service: Service, clock: StandingClock) -> Service:
    """Return a service whose hourly work has run once."""
    service.jobs.tick()
    clock.advance(timedelta(hours=1))
    return service


def _days_later(service: Service, clock: StandingClock, days: float) -> None:
    clock.advance(timedelta(days=days))
    service.jobs.tick()


def test_a_form_left_half_filled_is_removed_with_all_that_was_given(
    hourly: Service, clock: StandingClock
) -> None:
    phone = Webhooks()
    type_all(hourly, phone, "メニュー", START, *TYPED[:5], "2", "2")
    post(hourly, phone.image())
    other = Webhooks(user(2))
    to_the_page(hourly, other)
    fill_page(hourly, other.user_id)
    assert (count(hourly, conversations), count(hourly, photos), count(hourly, vault)) == (2, 1, 1)

    _days_later(hourly, clock, hourly.settings.keep_half_filled_days - 0.5)
    assert (count(hourly, conversations), count(hourly, photos), count(hourly, vault)) == (2, 1, 1)
    _days_later(hourly, clock, 1)

    assert (count(hourly, conversations), count(hourly, photos), count(hourly, vault)) == (0, 0, 0)


def test_what_was_filed_stays(hourly: Service, clock: StandingClock) -> None:
    apply(hourly, Webhooks())

    _days_later(hourly, clock, 400)

    assert count(hourly, vault) == 1
    assert rows(hourly, "SELECT id FROM submissions")


def test_the_words_of_messages_are_removed_and_that_they_were_sent_stays(
    hourly: Service, clock: StandingClock
) -> None:
    type_all(hourly, Webhooks(), "メニュー")
    _deliver_all(hourly)
    assert said(hourly)

    _days_later(hourly, clock, hourly.settings.keep_bodies_days + 1)

    assert {row.body for row in rows(hourly, "SELECT body FROM outbox")} == {""}
    assert count(hourly, outbox, state=DELIVERED) == 2


def test_the_ids_of_events_are_kept_as_long_as_they_could_come_again(
    hourly: Service, clock: StandingClock
) -> None:
    type_all(hourly, Webhooks(), "メニュー")

    _days_later(hourly, clock, hourly.settings.keep_inbox_days - 1)
    assert count(hourly, inbox) == 1
    _days_later(hourly, clock, 2)

    assert count(hourly, inbox) == 0


def test_links_to_private_pages_are_removed_once_they_are_over(hourly: Service, clock: StandingClock) -> None:
    to_the_page(hourly, Webhooks())
    assert count(hourly, links) == 1

    _days_later(hourly, clock, 1)

    assert count(hourly, links) == 0


def test_old_rows_are_removed_an_hour_apart_and_not_at_every_look(
    hourly: Service, clock: StandingClock
) -> None:
    to_the_page(hourly, Webhooks())
    hourly.jobs.tick()
    clock.advance(timedelta(minutes=31))

    hourly.jobs.tick()
    assert count(hourly, links) == 1
    clock.advance(timedelta(minutes=30))
    hourly.jobs.tick()

    assert count(hourly, links) == 0


# --- in the background


def test_a_fault_of_the_database_ends_one_round_only(service: Service, clock: StandingClock) -> None:
    asked(service, clock, Webhooks())
    at(clock, OPENING, 9)

    with outage(service.engine):
        service.jobs.tick()
    service.jobs.tick()

    assert len(words(service)) == 1


def test_the_jobs_run_in_the_background_and_say_whether_they_live(
    service: Service, clock: StandingClock
) -> None:
    asked(service, clock, Webhooks())
    at(clock, OPENING, 9)

    service.jobs.start()

    until(lambda: len(words(service)) == 1)
    assert service.jobs.is_alive()
    service.jobs.stop()
    assert not service.jobs.is_alive()


def test_the_death_of_the_jobs_ends_the_process(service: Service) -> None:
    died = threading.Event()

    class Broken(StandingClock):
        def now(self) -> int:
            raise RuntimeError("見本の故障")

    jobs = Jobs(service.engine, Broken(), service.desk, service.settings, service.vault, None, die=died.set)
    jobs.start()

    assert died.wait(20)
    until(lambda: not jobs.is_alive())


def test_nobody_who_waits_is_made_wait_by_a_gone_reminder(service: Service, clock: StandingClock) -> None:
    phone = Webhooks()
    asked(service, clock, phone)
    with database.write(service.engine) as conn:
        conn.execute(reminders.update().values(about="opening:abolished"))
    at(clock, OPENING, 9)

    service.jobs.tick()

    assert not words(service)
    assert count(service, reminders, sent_at=None) == 0
    assert count(service, outbox, state=UNDELIVERABLE) == 0
