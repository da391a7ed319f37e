"""A resident's phone: what can be tapped on it, what went out from it, and what the desk must know of its owner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.postback import PostbackCodec
from dialogs.events import Action, Event
from dialogs.replies import Reply
from tests.machine.expected import Expected, Moment
from tests.machine.laws import Row
from tests.machine.residents import Sample
from tests.machine.sight import Seen
from tests.support.phone import actions
from tests.support.service import Webhooks

REMEMBERED = 40
"""Messages whose buttons are kept."""


@dataclass(frozen=True)
class Button:
    """One button that was drawn: its data, what it does, and what a calendar adds."""

    data: str
    action: Action
    is_calendar: bool


@dataclass(eq=False)
class Sent:
    """One event on its way to the desk.  *event* is what it means (None: done by staff)."""

    id: str
    phone: Phone
    event: Event | None
    raw: Mapping[str, Any]
    conversation: str = ""
    done: bool = False
    failed_at: int = 0
    done_at: int = 0


@dataclass(eq=False)
class Phone:
    """One resident.  *carried* are the conversations that were touched since the last deploy."""

    sample: Sample
    codec: PostbackCodec
    life: int = 0
    expected: Expected = field(default_factory=Expected)
    seen: Seen = field(default_factory=Seen)
    buttons: list[list[Button]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    past: list[Sent] = field(default_factory=list)
    late: list[Sent] = field(default_factory=list)
    log: list[tuple[Moment, Sent, str]] = field(default_factory=list)
    pages: list[tuple[str, str, int]] = field(default_factory=list)
    pages_taken: set[str] = field(default_factory=set)
    introductions: dict[str, bool] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    reminded: set[tuple[str, int]] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)
    filed: set[str] = field(default_factory=set)
    asked: Reply | None = None
    is_blocked: bool = False

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.sample.user_id)

    @property
    def user_id(self) -> str:
        """Return the LINE account."""
        return self.sample.user_id

    def note(self, sent: Sent) -> None:
        """Remember an event that took effect."""
        if sent.raw:
            self.past.append(sent)

    def shown(self, row: Row) -> None:
        """Remember what can be tapped in a message."""
        found = [button for each in actions(list(row.messages)) if (button := self._button(each))]
        self.buttons = [*self.buttons[-REMEMBERED:], found] if found else self.buttons

    def _button(self, drawn: Mapping[str, Any]) -> Button | None:
        if drawn.get("type") not in {"postback", "datetimepicker"}:
            return None
        data = str(drawn["data"])
        action = self.codec.open(self.user_id, data)
        return Button(data, action, drawn["type"] == "datetimepicker") if action else None


def part(row: Row) -> Any:
    """Return the body of *row*."""
    return json.loads(row.body)
