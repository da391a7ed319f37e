"""A turn of botbuilder, driven without an event loop: what it sends is handed over, and nothing may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationReference

from bot.teams.adapter import OutboxAdapter, drive


def turn(adapter: OutboxAdapter) -> TurnContext:
    someone = ChannelAccount(id="29:someone")
    chat = ConversationAccount(id="a:chat")
    heard = Activity(type="message", from_property=someone, recipient=ChannelAccount(id="28:bot"))
    heard.conversation, heard.channel_id, heard.service_url = chat, "msteams", "https://smba.example/"
    return TurnContext(adapter, heard)


def test_a_coroutine_that_waits_for_nothing_runs_to_its_end() -> None:
    async def said() -> str:
        return "見本"

    async def turned() -> str:
        return await said()

    assert drive(turned()) == "見本"


def test_a_coroutine_that_would_wait_is_stopped() -> None:
    reached = []

    async def turned() -> None:
        try:
            await asyncio.sleep(0)  # gives way once, as whatever waits does
        finally:
            reached.append("its end")

    with pytest.raises(RuntimeError, match="must not wait"):
        drive(turned())

    assert reached == ["its end"]


def test_a_fault_inside_is_the_callers_to_see() -> None:
    async def turned() -> None:
        raise ValueError("見本の故障")

    with pytest.raises(ValueError, match="見本の故障"):
        drive(turned())


def test_what_a_turn_sends_is_handed_over_in_order() -> None:
    posted: list[str] = []

    def post(_context: TurnContext, activities: Sequence[Activity]) -> None:
        posted.extend(each.text for each in activities)

    context = turn(OutboxAdapter(post))

    drive(context.send_activities([Activity(text="一"), Activity(text="二")]))
    drive(context.send_activity("三"))

    assert posted == ["一", "二", "三"]


def test_a_turn_changes_and_removes_no_message_by_itself() -> None:
    adapter: Any = OutboxAdapter(lambda *_: None)
    context = turn(adapter)

    with pytest.raises(NotImplementedError):
        drive(context.update_activity(Activity(id="1")))
    with pytest.raises(NotImplementedError):
        drive(context.delete_activity(ConversationReference(activity_id="1")))
