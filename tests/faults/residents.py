"""Residents: who they are, what they do next, and what the desk must have understood in the end."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

START = "電気柵の貸出を申請する"
PAGE, SEND = "(page)", "申請する"

PERSON = "個人"
PLAIN = ("2", "4", "はい", "はい", "はい")
"""What everybody types behind the days: reason, damage, and what they promise."""

LABELS = {
    "2": "家庭菜園がヒグマの被害にあう可能性が高いため",
    "4": "どれもない",
    "はい": "確認しました",
}
AMOUNT = re.compile(r"\d+(m|セット)")
SEEN = 8
"""Messages that a person looks back on."""

Days: TypeAlias = Mapping[str, str]
"""Two days of a loan as they are typed, and as a calendar gives them."""

SUMMER: Days = {"9月20日": "2027-09-20", "10月20日": "2027-10-20"}


@dataclass
class Sent:
    """One event of a resident: what LINE knows of it.  *acked* once a webhook with it was answered 200."""

    id: str
    user: str
    body: Mapping[str, Any]
    token: str
    files: bool = False
    acked: bool = False
    times: int = 0


@dataclass
class Resident:
    """One person with a LINE account.  *number* tells them from all others, in their answers too."""

    number: int
    style: str = "typed"
    days: Days = field(default_factory=lambda: SUMMER)
    walk: tuple[str, ...] = ()
    at: int = 0
    waiting: Sent | None = None
    events: list[Sent] = field(default_factory=list)
    screen: list[Mapping[str, Any]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    page_done: bool = False
    asked_again: int = 0
    amended: dict[str, int] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)

    @property
    def user(self) -> str:
        return f"U{self.number:032x}"

    @property
    def name(self) -> str:
        return f"見本 {self.kana_number}"

    @property
    def kana_number(self) -> str:
        return "".join("零一二三四五六七八九"[int(digit)] for digit in str(self.number))

    @property
    def perimeter(self) -> int:
        return 20 + self.number % 1900

    @property
    def sets(self) -> int:
        return 1 + self.number % 5

    @property
    def steps(self) -> tuple[str, ...]:
        """Return what this person types, in order; PAGE stands for the private page."""
        asked = (PERSON, str(self.perimeter), str(self.sets), *self.days, *PLAIN)
        return self.walk or ("メニュー", START, *asked, PAGE, SEND)

    @property
    def over(self) -> bool:
        return self.at >= len(self.steps)

    @property
    def wants_page(self) -> bool:
        return not self.over and self.steps[self.at] == PAGE

    @property
    def answers(self) -> Mapping[str, Any]:
        """Return what the desk must have understood by now, besides what is personal."""
        known: Mapping[str, Any] = {
            "applicant_type": "person",
            "perimeter": self.perimeter,
            "sets": self.sets,
        }
        return {} if self.walk else dict(list(known.items())[: max(0, self.at - 2)]) | self.amended

    def next(self) -> Sent:
        """Return the next event: typed, or tapped where the button is on the screen."""
        step = self.steps[self.at]
        sent = self._event(step, files=step == SEND)
        self.waiting = sent
        return sent

    def say(self, text: str) -> Sent:
        """Return an event that answers nothing: some words."""
        self.waiting = self._event(text, files=False)
        return self.waiting

    def acknowledged(self) -> None:
        """Go on after the event that was waited for."""
        if self.waiting and not self.waiting.body.get("aside"):
            self.at += 1
        self.waiting = None

    def see(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Look at what has arrived."""
        self.screen += messages
        del self.screen[:-SEEN]
        for each in actions(messages):
            if each.get("type") == "postback" and AMOUNT.fullmatch(each.get("label", "")):
                self.buttons[each["label"]] = each["data"]

    def amends(self) -> Sequence[Sent]:
        """Return two taps on old buttons: another perimeter and another number of sets."""
        wanted = {"perimeter": ("20m", 20), "sets": ("3セット", 3)}
        if not {label for label, _ in wanted.values()} <= set(self.buttons):
            return ()
        self.amended = {key: value for key, (_, value) in wanted.items()}
        return [self._tapped(self.buttons[label]) for label, _ in wanted.values()]

    def _tapped(self, data: str) -> Sent:
        sent = self._event("", files=False)
        body = {name: value for name, value in sent.body.items() if name != "message"}
        sent.body = body | {"type": "postback", "postback": {"data": data}}
        return sent

    def _event(self, text: str, *, files: bool) -> Sent:
        place = len(self.events)
        name = f"{self.number:014d}{place:06d}"
        token = f"token-{name}"
        known = {"id": f"01F0E{name}X", "token": token}
        body = {**self._said(text, name), **_frame(self.user, known)}
        if not self.wants(text):
            body["aside"] = True
        sent = Sent(known["id"], self.user, body, token, files=files)
        self.events.append(sent)
        return sent

    def wants(self, text: str) -> bool:
        """Return whether *text* is what comes next in this person's walk."""
        return not self.over and self.steps[self.at] == text

    def _said(self, text: str, name: str) -> Mapping[str, Any]:
        tapped = self._tap(text) if self.style == "tapped" else None
        if tapped:
            return {"type": "postback", "postback": tapped}
        message = {"type": "text", "id": f"9{name}", "text": text, "quoteToken": "q"}
        return {"type": "message", "message": message}

    def _tap(self, text: str) -> Mapping[str, Any] | None:
        label = LABELS.get(text, text)
        for action in actions(self.screen[-1:]):
            if action.get("type") == "datetimepicker" and text in self.days:
                return {"data": action["data"], "params": {"date": self.days[text]}}
            if action.get("type") == "postback" and action.get("label") == label:
                return {"data": action["data"]}
        return None

    @property
    def link(self) -> str:
        """Return the path of the newest private page on the screen; "" where there is none."""
        links = [each["uri"] for each in actions(self.screen) if each.get("type") == "uri"]
        return next((urlsplit(each).path for each in reversed(links) if "/f/" in each), "")


def _frame(user: str, known: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "mode": "active",
        "timestamp": 1_812_000_000_000,
        "source": {"type": "user", "userId": user},
        "webhookEventId": known["id"],
        "deliveryContext": {"isRedelivery": False},
        "replyToken": known["token"],
    }


def actions(content: object) -> Iterator[Mapping[str, Any]]:
    """Yield every action in messages, in the order in which they are drawn."""
    if isinstance(content, Mapping):
        for name, part in content.items():
            if name == "action" and isinstance(part, Mapping):
                yield part
            else:
                yield from actions(part)
    elif isinstance(content, list):
        for part in content:
            yield from actions(part)


def applicant(resident: Resident) -> Mapping[str, str]:
    """Return what *resident* writes on the private page, by the names of its inputs."""
    return {
        "name": resident.name,
        "kana": "ミホン",
        "address.postcode": "061-2285",
        "address.area": "北海道札幌市南区藤野五条",
        "address.rest": f"{resident.number}番地",
        "phone": "090-1234-5678",
        "email": "",
        "site.same": "yes",
        "note": "",
    }


def wire(sent: Sent, *, again: bool) -> str:
    """Return the event as it stands in a webhook; *again* where LINE delivers it once more."""
    body = {name: value for name, value in sent.body.items() if name != "aside"}
    return json.dumps(body | {"deliveryContext": {"isRedelivery": again}}, ensure_ascii=False)


def style(chance: random.Random) -> str:
    """Return how somebody uses LINE."""
    return chance.choice(("typed", "typed", "tapped"))
