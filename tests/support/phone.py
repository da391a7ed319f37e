"""A resident's phone, for tests from end to end: what a person can do with LINE, and what they see there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.simulator.chats import Entry, Side
from tests.support.service import House, shown


class NotOnTheScreen(AssertionError):
    """There is no such button on this phone; the text says which there are."""


@dataclass
class Phone:
    """One resident at a house.  Whatever they do, the desk has answered it when the call returns."""

    house: House
    name: str = "見本 太郎"
    language: str = "ja"
    user_id: str = ""
    _read: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.user_id = self.user_id or self._phones.add(self.name, self.language).user_id

    @property
    def _phones(self) -> Any:
        return self.house.platform.phones

    # --- the account

    def follow(self) -> list[str]:
        """Add the desk as a friend, or unblock it; return what the desk says."""
        self._phones.befriend(self.user_id)
        return self._after()

    def unfollow(self) -> None:
        """Block the desk."""
        self._phones.block(self.user_id)
        self._after()

    # --- what is sent: each returns what arrives in answer

    def type(self, words: str) -> list[str]:
        self._phones.say(self.user_id, words)
        return self._after()

    def photo(self, picture: bytes, mime: str = "image/jpeg") -> list[str]:
        self._phones.send_photo(self.user_id, mime, picture)
        return self._after()

    def place(self, latitude: float, longitude: float, title: str = "") -> list[str]:
        spot = {"latitude": latitude, "longitude": longitude, "title": title, "address": ""}
        self._phones.send_place(self.user_id, spot)
        return self._after()

    def sticker(self) -> list[str]:
        self._phones.send_sticker(self.user_id)
        return self._after()

    def unsend(self, message_id: str = "") -> list[str]:
        """Take back the message *message_id*, or the last one sent."""
        self._phones.unsend(self.user_id, message_id or self.sent[-1].message_id)
        return self._after()

    def tap(self, label: str) -> list[str]:
        """Tap the newest button that says *label*: in a bubble, or under the last message."""
        action = self._button(label)
        if action["type"] == "datetimepicker":
            raise AssertionError("a calendar opens: use pick")
        self._phones.tap(self.user_id, action)
        return self._after()

    def pick(self, day: date) -> list[str]:
        """Open the newest calendar and choose *day*, which must lie within its limits."""
        action = next(each for each in self._actions() if each["type"] == "datetimepicker")
        least, most = action.get("min", "0000"), action.get("max", "9999")
        assert least <= day.isoformat() <= most, f"the calendar runs from {least} to {most}"
        self._phones.tap(self.user_id, action, {"date": day.isoformat()})
        return self._after()

    def _after(self) -> list[str]:
        self.house.settle()
        return self.read()

    # --- what is seen

    @property
    def arrived(self) -> list[Entry]:
        """Return everything the desk has said on this phone, oldest first."""
        return [each for each in self._entries() if each.side is Side.DESK]

    @property
    def sent(self) -> list[Entry]:
        """Return every message that went out from this phone and has an id, oldest first."""
        return [each for each in self._entries() if each.side is Side.ME and each.message_id]

    @property
    def texts(self) -> list[str]:
        """Return what everything the desk has said reads like, oldest first."""
        return [shown(each.content) for each in self.arrived]

    def read(self) -> list[str]:
        """Return what has arrived since the last look."""
        found = self.texts[self._read :]
        self._read += len(found)
        return found

    @property
    def buttons(self) -> list[str]:
        """Return what the buttons of the last message say, quick replies among them."""
        last = self.arrived[-1:]
        return [_label(each) for entry in last for each in actions(entry.content)]

    @property
    def link(self) -> str:
        """Return the newest link that the desk has sent."""
        return next(str(each["uri"]) for each in self._actions() if each["type"] == "uri")

    def _button(self, label: str) -> Mapping[str, Any]:
        found = next((each for each in self._actions() if _label(each) == label), None)
        if found is None:
            raise NotOnTheScreen(f"{label!r} is not among {[_label(each) for each in self._actions()]}")
        return found

    def _actions(self) -> Iterator[Mapping[str, Any]]:
        """Yield what can be tapped, the newest first: quick replies only of the last message."""
        for position, entry in enumerate(reversed(self.arrived)):
            content = {**entry.content}
            if position:
                content.pop("quickReply", None)
            yield from actions(content)

    def _entries(self) -> list[Entry]:
        return list(self.house.platform.chats.chat(self.user_id))


def actions(content: object) -> Iterator[Mapping[str, Any]]:
    """Yield every action in a message, in the order in which they are drawn."""
    if isinstance(content, Mapping):
        for name, part in content.items():
            if name == "action" and isinstance(part, Mapping):
                yield part
            else:
                yield from actions(part)
    elif isinstance(content, list):
        for part in content:
            yield from actions(part)


def _label(action: Mapping[str, Any]) -> str:
    return str(action.get("label", ""))
