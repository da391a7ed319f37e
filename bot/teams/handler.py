"""botbuilder's routing of activities: which kind means a turn, a conversation gained, or one lost.

The library is given an activity made of what was read here, never the raw one: its own reading throws, and its
handler of new members would call the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from bot.postback import PostbackCodec
from bot.teams.activity import ID, Heard, like, objects
from bot.teams.adapter import OutboxAdapter, drive
from bot.teams.listen import Said, opener, said, taken_back
from bot.words import negotiate, words_for
from dialogs.remarks import not_on_the_staff

BUTTON = "adaptiveCard/action"
MOST_MEMBERS = 200


@dataclass(frozen=True)
class Turned:
    """Somebody from outside spoke: *text* is all that is said to them."""

    event_id: str
    text: str


@dataclass(frozen=True)
class Gained:
    """The desk was let into the conversation."""

    event_id: str


@dataclass(frozen=True)
class Lost:
    """The desk was put out of the conversation."""

    event_id: str


Deed: TypeAlias = Said | Turned | Gained | Lost
"""One thing that an activity brings about, each in a transaction of its own, under its id in the inbox."""


class Handler:
    """Says what activities bring about.  It does nothing itself: no database, no network."""

    def __init__(self, codec: PostbackCodec) -> None:
        """Keep what opens the data of buttons."""
        self._bot = _Bot(codec)
        self._adapter = OutboxAdapter(_send)

    def deeds(self, heard: Heard) -> tuple[Deed, ...]:
        """Return what *heard* brings about, in order."""
        context = TurnContext(self._adapter, _activity(heard))
        context.turn_state[_HEARD] = heard
        context.turn_state[_DEEDS] = []
        drive(self._adapter.run_pipeline(context, self._bot.on_turn))
        return tuple(context.turn_state[_DEEDS])


_HEARD, _DEEDS = "heard", "deeds"


def _send(context: TurnContext, activities: Sequence[Activity]) -> None:
    heard = context.turn_state[_HEARD]
    context.turn_state[_DEEDS] += [Turned(heard.event_id, each.text) for each in activities]


def _activity(heard: Heard) -> Activity:
    """Return what botbuilder routes by."""
    return Activity(
        type=heard.type,
        id=heard.id,
        name=heard.name,
        action=heard.action,
        channel_id=heard.channel,
        service_url=heard.service_url,
        conversation=ConversationAccount(id=heard.conversation_id, conversation_type=heard.scope),
        from_property=ChannelAccount(id=heard.user_id, aad_object_id=heard.object_id),
        recipient=ChannelAccount(id=heard.bot_id),
        locale=heard.locale,
        members_added=_members(heard, "membersAdded"),
        members_removed=_members(heard, "membersRemoved"),
        channel_data={},
    )


def _members(heard: Heard, name: str) -> list[ChannelAccount]:
    found = objects(heard.raw, name, MOST_MEMBERS)
    return [ChannelAccount(id=like(ID, each.get("id"))) for each in found]


class _Bot(TeamsActivityHandler):  # type: ignore[misc]
    """The kinds of activities that mean something; all others mean nothing."""

    def __init__(self, codec: PostbackCodec) -> None:
        self._codec = codec

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._speak(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        if turn_context.activity.name == BUTTON:
            await self._speak(turn_context)

    async def _speak(self, context: TurnContext) -> None:
        heard: Heard = context.turn_state[_HEARD]
        if heard.is_ours:
            return
        if heard.is_guest or not heard.account:
            await context.send_activity(words_for(negotiate(heard.locale)).say(not_on_the_staff()))
            return
        context.turn_state[_DEEDS] += said(heard, opener(self._codec, heard.account))

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        heard: Heard = turn_context.turn_state[_HEARD]
        if heard.account and not heard.is_guest and heard.id:
            _bring(turn_context, taken_back(heard))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        _bring(turn_context, Gained(turn_context.turn_state[_HEARD].event_id))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        # An upgrade of the app removes and adds it, and both may be told in either order.
        if turn_context.activity.action == "remove":
            _bring(turn_context, Lost(turn_context.turn_state[_HEARD].event_id))

    async def on_teams_members_added_dispatch(
        self, members_added: Sequence[ChannelAccount], _team: Any, turn_context: TurnContext
    ) -> None:
        if _is_among(members_added, turn_context):
            _bring(turn_context, Gained(turn_context.turn_state[_HEARD].event_id))

    async def on_teams_members_removed_dispatch(
        self, members_removed: Sequence[ChannelAccount], _team: Any, turn_context: TurnContext
    ) -> None:
        if _is_among(members_removed, turn_context):
            _bring(turn_context, Lost(turn_context.turn_state[_HEARD].event_id))


def _is_among(members: Sequence[ChannelAccount], context: TurnContext) -> bool:
    bot_id = context.turn_state[_HEARD].bot_id
    return bool(bot_id) and any(each.id == bot_id for each in members)


def _bring(context: TurnContext, deed: Deed) -> None:
    context.turn_state[_DEEDS].append(deed)
