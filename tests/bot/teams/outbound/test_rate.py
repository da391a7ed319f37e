"""How fast we speak in Teams: below every limit that Microsoft names, and never by sleeping."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.teams.rate import CONVERSATION, Rate
from storage.outbox import DELIVERED, WAITING
from tests.bot.teams.outbound.sending import Sending
from tests.support.connector import Connector

LIMITS = {1_000: 7, 2_000: 8, 30_000: 60, 3_600_000: 1800}
"""Messages of a bot in one conversation, by the length of time (ms)."""

TENANT_LIMIT = 50
NOW = 1_812_000_000_000


def eager(rate: Rate, names: Sequence[str], until: int) -> list[int]:
    """Return when messages went that came again as soon as they were told to, until *until* (ms)."""
    went = []
    due = dict.fromkeys(names, NOW)
    while (now := min(due.values())) < until:
        name = min(due, key=lambda each: (due[each], each))
        wait = rate.wait(name, "tenant", now)
        went += [] if wait else [now]
        due[name] = now + wait
        if not wait:
            due[name] = now
    return went


def most_within(went: Sequence[int], span: int) -> int:
    """Return how many went within any *span* (ms), both ends included."""
    most = first = 0
    for last, at in enumerate(went):
        while went[first] < at - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_no_conversation_hears_more_than_it_may_in_any_time() -> None:
    went = eager(Rate(), ["one"], NOW + 2 * 3_600_000)

    assert {span: most_within(went, span) <= most for span, most in LIMITS.items()} == dict.fromkeys(
        LIMITS, True
    )
    assert len(went) > 3400, "and not much less"


def test_a_few_messages_go_at_once() -> None:
    rate = Rate()

    assert [rate.wait("one", "tenant", NOW) for _ in range(5)] == [0] * 5
    assert rate.wait("one", "tenant", NOW) == 1000


def test_a_tenant_hears_less_than_fifty_a_second() -> None:
    went = eager(Rate(), [f"c{number}" for number in range(300)], NOW + 20_000)

    assert most_within(went, 1000) < TENANT_LIMIT
    assert len(went) > 380


def test_those_who_wait_for_their_tenant_come_again_one_after_the_other() -> None:
    rate = Rate()
    waits = [rate.wait(f"c{number}", "tenant", NOW) for number in range(100)]

    put_off = [each for each in waits if each]
    assert len(put_off) == 80
    assert len(set(put_off)) == 80
    assert max(put_off) <= 80 * 50


def test_tenants_and_conversations_do_not_wait_for_each_other() -> None:
    rate = Rate()
    for number in range(100):
        rate.wait(f"c{number}", "busy", NOW)

    assert rate.wait("new", "other", NOW) == 0


def test_a_clock_that_is_put_back_keeps_nobody_waiting() -> None:
    rate = Rate()
    for _ in range(200):
        rate.wait("one", "tenant", NOW)

    assert rate.wait("one", "tenant", NOW - 24 * 3_600_000) == 0


def test_conversations_that_rest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.rate.MOST_KNOWN", 100)
    rate = Rate()
    for number in range(1000):
        rate.wait(f"c{number}", f"t{number}", NOW + number * 10 * int(CONVERSATION[0].interval))

    assert len(rate._conversations) <= 101  # noqa: SLF001 -- what is remembered is seen nowhere else


def test_what_would_be_too_fast_is_put_off_and_goes_in_order(sending: Sending, teams: Connector) -> None:
    sending.delivery.rate = Rate()
    here = sending.chat()
    for number in range(10):
        sending.put(here, str(number))

    sending.settle()
    assert sending.states() == [DELIVERED] * 5 + [WAITING] * 5
    assert sending.rows()[5].due == sending.clock.now() + 1000
    sending.pass_time(seconds=1, times=5)

    assert sending.states() == [DELIVERED] * 10
    assert teams.texts(here.conversation_id) == [str(number) for number in range(10)]


def test_a_message_that_was_put_off_has_not_failed(sending: Sending, teams: Connector) -> None:
    sending.delivery.rate = Rate()
    here = sending.chat()
    for number in range(7):
        sending.put(here, str(number))
    sending.settle()
    sending.clock.advance(timedelta(milliseconds=1000))

    sending.settle()

    assert [row.error for row in sending.rows()][-1] is None or "0 failed" in sending.rows()[-1].error
    assert len(teams.calls()) == 6
