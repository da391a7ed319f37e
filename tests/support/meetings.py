"""Exchange meetings for tests: one that is open, and people who register for it on LINE."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.clock import TOKYO
from bot.service import Service
from dialogs.meetings import Meeting, State
from dialogs.meetings_reading import read
from storage import engine as database
from storage import meetings
from tests.support.applying import fill_page, references, type_all
from tests.support.service import StandingClock, Webhooks, post, rows, shown, user

KEY = "r9-koryukai"

RAW: dict[str, Any] = {
    "key": KEY,
    "title": "見本区 町内会活動交流会",
    "title_en": "Sample ward exchange meeting",
    "day": "2027-07-15",
    "place": "見本メディアプラザ（見本）",
    "closes": "2027-06-30",
    "seats_on_site": 4,
    "seats_online": 10,
    "online_link": "https://watch.example.jp/live",
    "survey": KEY,
    "parts": [
        {"key": "talk", "title": "講演", "starts": "13:30", "ends": "14:00"},
        {"key": "exchange", "title": "参加者の交流", "starts": "14:00", "ends": "14:40", "who": "on_site"},
    ],
    "themes": [{"key": "watch", "name": "高齢者の見守り"}, {"key": "place", "name": "居場所づくり"}],
}

BEGIN = "交流会に申し込む"
PAGE: Mapping[str, Any] = {
    "name": {"": "見本 一郎"},
    "kana": {"": "ミホン イチロウ"},
    "phone": {"": "011-211-2879"},
    "email": {"": ""},
    "companion_names": {"": ""},
    "accommodation": {"": ""},
}


def meeting(**changes: Any) -> Meeting:
    """Return the meeting of the tests, open, with *changes* to how it is written down."""
    found = read({**RAW, **changes})
    assert isinstance(found, Meeting), found
    return replace(found, state=State.OPEN)


def opened(service: Service, **changes: Any) -> Meeting:
    """Open the meeting of the tests at the desk of *service*."""
    found = meeting(**changes)
    with database.write(service.engine) as conn:
        meetings.save(conn, found, "見本 係", service.clock.now())
    return found


@dataclass
class Participant:
    """Somebody with LINE at the desk of *service*."""

    service: Service
    number: int = 1
    phone: Webhooks = field(init=False)

    def __post_init__(self) -> None:
        self.phone = Webhooks(user(self.number))

    @property
    def reference(self) -> str:
        return references(self.service, self.phone.user_id)[-1]

    def heard(self, seen: int = 0) -> str:
        """Return what LINE said from the message number *seen* on."""
        bodies = self._queued()[seen:]
        return "\n".join(shown(each) for body in bodies for each in json.loads(body)["messages"])

    def types(self, *words: str) -> str:
        """Say *words*; return what the desk answered."""
        seen = len(self._queued())
        type_all(self.service, self.phone, *words)
        return self.heard(seen)

    def taps(self, label: str) -> str:
        """Tap the newest button *label*; return what the desk answered."""
        queued = self._queued()
        data = next(found for body in reversed(queued) for found in _buttons(json.loads(body), label))
        assert post(self.service, self.phone.postback(data)) == 200
        return self.heard(len(queued))

    def registers(self, companions: int = 0, *, online: bool = False, **page: Any) -> str:
        """Register; return what the desk said last."""
        way = ("オンラインで見る",) if online else ("会場で参加",)
        with_them = () if online else (str(companions),)
        after = () if online else ("なし", "なし", "写ってもよい")
        asked = (
            "参加します",
            *way,
            "町内会",
            "見本町内会",
            "南区",
            *with_them,
            "居場所づくり",
            "なし",
            "なし",
            *after,
        )
        self.types("メニュー", BEGIN, *asked)
        assert fill_page(self.service, self.phone.user_id, {**PAGE, **page}) is None
        return self.types("申し込む")

    def steps(self) -> list[str]:
        """Return what was filed on the newest registration."""
        asked = "SELECT step FROM submissions JOIN cases ON cases.id = case_id WHERE reference = :name ORDER BY number"
        return [each.step for each in rows(self.service, asked, name=self.reference)]

    def _queued(self) -> list[str]:
        self.service.delivery.run_until_idle()
        asked = "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages' AND recipient = :who ORDER BY id"
        return [each.body for each in rows(self.service, asked, who=self.phone.user_id)]


def seats(service: Service) -> dict[str, int]:
    """Return what is taken of the seats, by pool."""
    return {
        each.pool: each.taken for each in rows(service, "SELECT pool, taken FROM pool_slots WHERE taken > 0")
    }


def at(service: Service, month: int, day: int, hour: int = 9, minute: int = 5) -> None:
    """Let it be that time in Tokyo in 2027, and what is due be done."""
    clock = service.clock
    assert isinstance(clock, StandingClock)
    clock.set(datetime(2027, month, day, hour, minute, tzinfo=TOKYO))
    service.jobs.tick()


def _buttons(value: object, label: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _buttons(each, label)
    if isinstance(value, dict):
        if value.get("type") == "postback" and value.get("label") == label:
            yield value["data"]
        for each in value.values():
            yield from _buttons(each, label)
