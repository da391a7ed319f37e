"""What time brings about on cases: each word once and by day, and what nobody went on with ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.clock import TOKYO, at_hour, day_of
from bot.dues import refresh
from bot.punctual import CHANNEL, Dues
from bot.service import Service
from dialogs.effects import GiveBack, Take
from dialogs.fields.base import Answers
from dialogs.procedure import Role, Step
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.replies import Reply, Said
from dialogs.standing import CaseView, Register
from dialogs.upcoming import Lapse, ReminderDue, no_lapses, no_reminders
from dialogs.words import say
from dialogs.world import World
from storage import cases, pools, submissions, unreached
from storage import engine as database
from storage.tables import reminders
from tests.storage.make import together
from tests.support.applying import apply, type_all
from tests.support.service import StandingClock, Webhooks, count, make, post, rows, user

TODAY = date(2027, 6, 7)
DAY = timedelta(days=1)
WORD, OVER, AGAIN = TODAY + 5 * DAY, TODAY + 9 * DAY, TODAY + 5 * DAY
POOL = "visit"
SLOT = "2027-06-20T09:00"


def _words(case: CaseView, world: World) -> tuple[ReminderDue, ...]:
    """Remind of an application for as long as it has neither been withdrawn nor ended."""
    steps = [each.step for each in case.history]
    if {"withdrawal", "expired"} & set(steps):
        return ()
    text = say("見本のお知らせ（{count}件目まで）{today}", count=len(steps), today=world.today)
    return (
        ReminderDue("eve", WORD, (Said(text),)),
        ReminderDue("long", AGAIN, (Said(say("見本の長いお知らせ")),), until=AGAIN + 2 * DAY),
    )


def _lapses(case: CaseView, world: World) -> tuple[Lapse, ...]:
    steps = {each.step for each in case.history}
    return () if steps & {"kept", "withdrawal"} else (Lapse("expired", OVER),)


def _told(step: str, said: Answers, case: CaseView, world: World) -> tuple[Reply, ...]:
    return (Said(say("見本：時間が過ぎたので取り消しました。")),) if step == "expired" else ()


def _claims(step: str, said: Answers, case: CaseView, world: World) -> tuple[Take | GiveBack, ...]:
    if step == "expired":
        return (
            GiveBack(case.reference, "visit"),
            Take(case.reference, POOL, ("2027-06-21T09:00",), 1, "other"),
        )
    return ()


SAMPLE = replace(
    FENCE_LOAN,
    steps=(
        *FENCE_LOAN.steps,
        Step("kept", "継続", Role.STAFF, state="", after="application"),
        Step("expired", "期限切れ", Role.STAFF, state="", after="application", until=("withdrawal", "kept")),
    ),
    reminders=_words,
    lapses=_lapses,
    told=_told,
    claims=_claims,
    rounds=FENCE_LOAN.rounds,
)
REGISTER = Register((SAMPLE,))


@pytest.fixture
def service(database_url: str, tmp_path: Path, clock: StandingClock) -> Any:
    made = make(database_url, tmp_path, clock, register=REGISTER)
    yield made
    made.stop()


def at(clock: StandingClock, day: date, hour: int, minute: int = 0) -> None:
    clock.set(datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO))


def tick(service: Service, clock: StandingClock, day: date, hour: int, minute: int = 0) -> None:
    at(clock, day, hour, minute)
    service.jobs.tick()


def told(service: Service, word: str = "見本") -> list[str]:
    """Return the causes of what was said by itself, in order, where *word* stands in it."""
    found = rows(service, "SELECT cause, body FROM outbox WHERE cause LIKE 'reminder/%' ORDER BY id")
    return [each.cause for each in found if word in each.body]


def filed(service: Service, reference: str) -> list[str]:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        return [each.step for each in submissions.of_case(conn, case.id)]


def file(service: Service, reference: str, step: str, *, refreshed: bool = True) -> None:
    """File *step* as the office does."""
    now = service.clock.now()
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        submissions.file(
            conn, case_id=case.id, step=step, form="", edition="", answers={}, vault_id=None,
            filed_by="見本 花子", role="staff", channel="console", locale="ja", event_id="e1", now=now,
        )  # fmt: skip
        if refreshed:
            refresh(conn, SAMPLE, case.id, service.world(day_of(now)), now)


# --- word


def test_word_is_sent_once_on_its_day_and_only_by_day(service: Service, clock: StandingClock) -> None:
    apply(service, Webhooks())

    for hour, minute in ((0, 0), (8, 59)):
        tick(service, clock, WORD, hour, minute)
    assert told(service) == []
    for hour in (9, 9, 12, 18, 19, 23):
        tick(service, clock, WORD, hour)
    tick(service, clock, WORD + DAY, 9)

    assert len(told(service, "見本のお知らせ")) == len(told(service, "見本の長いお知らせ")) == 1


def test_after_seven_in_the_evening_nothing_is_said(service: Service, clock: StandingClock) -> None:
    apply(service, Webhooks())

    for hour in (19, 20, 23):
        tick(service, clock, WORD, hour)
    tick(service, clock, WORD + DAY, 8, 59)
    assert told(service) == []
    tick(service, clock, WORD + DAY, 9)

    # Only what still makes sense the day after.
    assert (len(told(service, "見本のお知らせ")), len(told(service, "長い"))) == (0, 1)


def test_what_is_over_after_an_outage_is_never_said(service: Service, clock: StandingClock) -> None:
    apply(service, Webhooks())

    tick(service, clock, AGAIN + 3 * DAY, 9)

    assert told(service, "お知らせ") == []
    assert count(service, reminders, sent_at=None) == 1  # what will lapse


def test_what_was_ended_meanwhile_is_not_said(service: Service, clock: StandingClock) -> None:
    phone = Webhooks()
    apply(service, phone)
    type_all(service, phone, "申請状況", "1", "2", "はい")
    assert count(service, reminders) == 0

    tick(service, clock, WORD, 9)

    assert told(service) == []


def test_what_is_said_is_taken_from_the_case_as_it_stands_then(
    service: Service, clock: StandingClock
) -> None:
    reference = apply(service, Webhooks())
    file(service, reference, "kept", refreshed=False)

    tick(service, clock, WORD, 9)

    [body] = [each.body for each in rows(service, "SELECT body FROM outbox WHERE cause LIKE 'reminder/%'")
              if "見本のお知らせ" in each.body]  # fmt: skip
    assert "2件目まで" in body
    assert "6月12日" in body


def test_a_case_that_was_ended_without_a_word_about_it_says_nothing(
    service: Service, clock: StandingClock
) -> None:
    reference = apply(service, Webhooks())
    file(service, reference, "withdrawal", refreshed=False)

    tick(service, clock, WORD, 9)

    assert told(service) == []
    assert count(service, reminders, sent_at=None) == 0


def test_what_is_new_and_over_for_today_comes_the_next_morning_if_it_makes_sense(
    service: Service, clock: StandingClock
) -> None:
    at(clock, WORD, 10)
    apply(service, Webhooks())

    tick(service, clock, WORD, 11)
    assert told(service) == []
    tick(service, clock, WORD + DAY, 9)

    assert (len(told(service, "見本のお知らせ")), len(told(service, "長い"))) == (0, 1)


def test_several_processes_and_rounds_at_once_send_each_word_once(
    service: Service, clock: StandingClock
) -> None:
    for number in range(1, 6):
        apply(service, Webhooks(user(number)))
    at(clock, WORD, 9)

    together(4, lambda: _dues(service).run(clock.now()))

    assert len(told(service, "見本のお知らせ")) == len(told(service, "長い")) == 5
    assert {
        row.recipient for row in rows(service, "SELECT recipient FROM outbox WHERE cause LIKE 'reminder/%'")
    } == {user(number) for number in range(1, 6)}


def _dues(service: Service) -> Dues:
    return Dues(service.engine, service.register, service.desk)


def test_a_clock_that_steps_back_or_forward_sends_nothing_twice(
    service: Service, clock: StandingClock
) -> None:
    reference = apply(service, Webhooks())
    tick(service, clock, WORD, 9)
    before = told(service)
    assert len(before) == 2

    for day in (WORD - 3 * DAY, WORD, WORD - DAY, WORD, WORD + DAY):
        tick(service, clock, day, 9)
        file(service, reference, "taken_up")  # what is due is written down anew, whatever the clock says
        tick(service, clock, day, 10)

    assert told(service) == before


def test_one_that_cannot_be_said_is_tried_again_and_keeps_nobody_else_waiting(
    service: Service, clock: StandingClock
) -> None:
    lost, found = Webhooks(user(1)), Webhooks(user(2))
    apply(service, lost)
    apply(service, found)
    draw = service.desk.draws["line"]

    def fragile(replies: Sequence[Reply], words: Any, account: str, page_link: Any) -> Sequence[str]:
        if account == lost.user_id:
            raise RuntimeError("見本の故障")
        return draw(replies, words, account, page_link)

    at(clock, WORD, 9)
    broken = Dues(service.engine, service.register, replace(service.desk, draws={"line": fragile}))
    broken.run(clock.now())
    assert _reminded(service) == {found.user_id}
    broken.run(clock.now())  # an hour must pass first

    at(clock, WORD, 10)
    _dues(service).run(clock.now())
    assert _reminded(service) == {found.user_id, lost.user_id}
    assert len(told(service, "見本のお知らせ")) == 2


def _reminded(service: Service) -> set[str]:
    return {
        row.recipient for row in rows(service, "SELECT recipient FROM outbox WHERE cause LIKE 'reminder/%'")
    }


def test_a_process_that_ends_before_the_commit_has_said_nothing(
    service: Service, clock: StandingClock
) -> None:
    apply(service, Webhooks())
    at(clock, WORD, 9)

    class Killed(BaseException):
        pass

    def tell(*told: Any) -> None:
        service.desk.tell(*told)
        raise Killed

    deadly = SimpleNamespace(world=service.desk.world, tell=tell)
    with pytest.raises(Killed):
        Dues(service.engine, service.register, deadly).run(clock.now())
    assert told(service) == []
    _dues(service).run(clock.now())
    _dues(service).run(clock.now())

    assert len(told(service)) == 2


def test_whoever_blocked_the_desk_is_sent_nothing_and_is_on_the_list_within_the_minute(
    service: Service, clock: StandingClock
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    post(service, phone.unfollow())
    tick(service, clock, TODAY + DAY, 9)  # what was on its way when they left is on the list, too
    with database.read(service.engine) as conn:
        before = {each.cause for each in unreached.waiting(conn)}

    tick(service, clock, WORD, 9)

    assert (
        rows(service, "SELECT 1 FROM outbox WHERE state <> 'undeliverable' AND cause LIKE 'reminder/%'") == []
    )
    with database.read(service.engine) as conn:
        found = [each for each in unreached.waiting(conn) if each.cause not in before]
    assert {(each.reference, each.about, each.why) for each in found} == {
        (reference, "case:eve", "blocked"),
        (reference, "case:long", "blocked"),
    }


def test_whoever_has_no_account_is_on_the_list_at_once(service: Service, clock: StandingClock) -> None:
    reference = apply(service, Webhooks())
    with database.write(service.engine) as conn:
        conn.exec_driver_sql("UPDATE identities SET channel = 'telephone'")

    tick(service, clock, WORD, 9)

    assert told(service) == []
    with database.read(service.engine) as conn:
        assert [(each.reference, each.why) for each in unreached.waiting(conn)] == [
            (reference, unreached.NO_ACCOUNT),
            (reference, unreached.NO_ACCOUNT),
        ]


# --- what ends by itself


@pytest.fixture
def taken(service: Service) -> str:
    """Return the reference of a case that holds a slot."""
    reference = apply(service, Webhooks())
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        pools.ensure(conn, {POOL: 2})
        pools.take(conn, case.id, Take(reference, POOL, (SLOT,), 1, "visit"), service.clock.now())
    return reference


def _left(service: Service) -> int:
    with database.read(service.engine) as conn:
        return pools.free(conn, [POOL], SLOT, SLOT).left(POOL, SLOT)


def test_what_nobody_went_on_with_ends_once_the_morning_after(
    service: Service, clock: StandingClock, taken: str
) -> None:
    for hour in (9, 18, 19, 23):
        tick(service, clock, OVER, hour)
    tick(service, clock, OVER + DAY, 8, 59)
    assert "expired" not in filed(service, taken)
    assert _left(service) == 1
    before = len(told(service))

    for hour in (9, 9, 10):
        tick(service, clock, OVER + DAY, hour)

    assert filed(service, taken) == ["application", "expired"]
    assert _left(service) == 2
    assert len(told(service)) == before + 1
    [row] = rows(service, "SELECT filed_by, role, channel FROM submissions WHERE step = 'expired'")
    assert (row.filed_by, row.role, row.channel) == ("", "staff", CHANNEL)


def test_what_somebody_went_on_with_does_not_end(service: Service, clock: StandingClock, taken: str) -> None:
    file(service, taken, "kept", refreshed=False)

    tick(service, clock, OVER + DAY, 9)

    assert filed(service, taken) == ["application", "kept"]
    assert _left(service) == 1


def test_what_may_not_be_filed_any_more_does_not_end(
    database_url: str, tmp_path: Path, clock: StandingClock, service: Service, taken: str
) -> None:
    file(service, taken, "kept", refreshed=False)
    stubborn = replace(SAMPLE, lapses=lambda case, world: (Lapse("expired", OVER),))  # noqa: ARG005
    at(clock, OVER + DAY, 9)

    Dues(service.engine, Register((stubborn,)), service.desk).run(clock.now())

    assert filed(service, taken) == ["application", "kept"]


def test_several_processes_end_it_once(service: Service, clock: StandingClock, taken: str) -> None:
    at(clock, OVER + DAY, 9)

    together(4, lambda: _dues(service).run(clock.now()))

    assert filed(service, taken) == ["application", "expired"]
    assert len(told(service, "取り消しました")) == 1
    assert _left(service) == 2


def test_after_a_long_outage_it_still_ends(service: Service, clock: StandingClock, taken: str) -> None:
    tick(service, clock, OVER + 30 * DAY, 14)

    assert filed(service, taken) == ["application", "expired"]


def test_a_deadline_that_was_moved_moves_what_ends(
    database_url: str, tmp_path: Path, clock: StandingClock, service: Service, taken: str
) -> None:
    moved = replace(SAMPLE, lapses=lambda case, world: (Lapse("expired", OVER + 3 * DAY),))  # noqa: ARG005
    later = Dues(service.engine, Register((moved,)), service.desk)

    at(clock, OVER + DAY, 9)
    later.run(clock.now())
    assert "expired" not in filed(service, taken)
    at(clock, OVER + 4 * DAY, 9)
    later.run(clock.now())

    assert "expired" in filed(service, taken)


def test_a_case_of_a_procedure_that_is_gone_brings_about_nothing(
    service: Service, clock: StandingClock, taken: str
) -> None:
    at(clock, OVER + DAY, 9)

    Dues(service.engine, Register(()), service.desk).run(clock.now())

    assert filed(service, taken) == ["application"]
    assert count(service, reminders, sent_at=None) == 0


def test_what_does_not_exist_brings_about_nothing(service: Service) -> None:
    with database.write(service.engine) as conn, pytest.raises(LookupError):
        refresh(conn, SAMPLE, "0" * 32, service.world(TODAY), service.clock.now())


def test_a_procedure_without_times_writes_nothing_down(service: Service) -> None:
    quiet = replace(SAMPLE, key="quiet", reminders=no_reminders, lapses=no_lapses)
    with database.write(service.engine) as conn:
        refresh(conn, quiet, "0" * 32, service.world(TODAY), at_hour(TODAY, 9))

    assert count(service, reminders) == 0


def test_of_a_case_that_was_erased_nothing_comes_about(
    service: Service, clock: StandingClock, taken: str
) -> None:
    with database.write(service.engine) as conn:
        conn.exec_driver_sql("UPDATE submissions SET answers = '{}', vault_id = NULL")
    tick(service, clock, WORD, 9)
    assert told(service) == []

    file(service, taken, "taken_up")  # somebody goes on with the number alone
    tick(service, clock, OVER + DAY, 9)

    assert filed(service, taken) == ["application", "taken_up"]
    assert count(service, reminders, sent_at=None) == 0
