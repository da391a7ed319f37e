"""The exchange meeting that the demo begins with: open, nearly everybody registered, and a group that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bot.clock import millis
from bot.play.answers import NAMES, TELEPHONE
from bot.play.people import Stage
from bot.service import Service
from dialogs.fields.base import Raw
from dialogs.meetings import Meeting, State
from dialogs.meetings_reading import read
from dialogs.procedures.exchange_meeting.registration import KEY
from storage import engine as database
from storage import meetings

SEED = 7
MEETING = "mihon-koryukai"
AHEAD, CLOSES = timedelta(days=42), timedelta(days=21)
MINUTE = 60_000

GROUPS = (1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 1, 1, 3, 1, 2, 1, 1, 4, 2, 1)
"""How many come on each registration, in order: the last find no room."""

WATCHING = frozenset({4, 9, 14})
"""The registrations of those who watch."""

SEATS = 24
BY = "見本 係"  # untranslated: a sample clerk

WARDS = ("南区", "中央区", "西区", "北区")  # untranslated: names of the city's wards

RAW: Mapping[str, object] = {  # untranslated: a sample meeting
    "key": MEETING,
    "title": "見本区 町内会活動交流会",
    "title_en": "Sample ward exchange meeting",
    "place": "見本メディアプラザ（見本）",
    "place_en": "Sample media plaza",
    "seats_on_site": SEATS,
    "seats_online": 50,
    "online_link": "https://watch.example.jp/mihon",
    "groups": 4,
    "group_size": 6,
    "parts": [
        {"key": "talk", "title": "はじめに", "title_en": "Opening", "starts": "13:30", "ends": "14:00"},
        {"key": "groups", "title": "活動の発表", "title_en": "Groups present", "starts": "14:00", "ends": "14:40"},
        {"key": "exchange", "title": "参加者の交流", "title_en": "Discussion", "starts": "14:40",
         "ends": "15:20", "who": "on_site"},
        {"key": "end", "title": "まとめ", "title_en": "Closing", "starts": "15:20", "ends": "15:30"},
    ],
    "themes": [
        {"key": "watch", "name": "高齢者の見守り", "name_en": "Looking after the elderly"},
        {"key": "place", "name": "居場所づくり", "name_en": "Places to meet"},
        {"key": "safety", "name": "防災", "name_en": "Disaster preparedness"},
    ],
    "kinds": [
        {"key": "group", "name": "町内会・活動団体", "name_en": "Residents’ group"},
        {"key": "city", "name": "市の職員", "name_en": "City staff"},
        {"key": "interested", "name": "関心のある方", "name_en": "Interested resident"},
    ],
}  # fmt: skip


def play(service: Service, begin: datetime) -> None:
    """Open the sample meeting six weeks after *begin*, and let sample people register for it."""
    now, dice = millis(begin), Random(SEED)  # noqa: S311 -- a play, no secret
    held = sample(begin)
    with database.write(service.engine) as conn:
        meetings.save(conn, held, BY, now)
    stage = Stage(service, name="meeting")
    for number, size in enumerate(GROUPS):
        at = now - (len(GROUPS) - number) * MINUTE
        stage.actor(f"meeting-{number}").apply(KEY, answers(number, size, dice), at)
    stage.settle(now)


def sample(begin: datetime) -> Meeting:
    """Return the sample meeting."""
    days = {"day": (begin + AHEAD).date().isoformat(), "closes": (begin + CLOSES).date().isoformat()}
    found = read({**RAW, **days})
    if isinstance(found, Meeting):
        return replace(found, state=State.OPEN)
    raise LookupError(MEETING)


def answers(number: int, size: int, dice: Random) -> dict[str, Raw]:
    """Return what the *number*-th sample person answers, who comes with *size* people in all."""
    name, kana = NAMES[number % len(NAMES)]
    watches = number in WATCHING
    here: dict[str, Raw] = {} if watches else {"companions": str(size - 1), "consent_recording": "yes"}
    needs = "入口に近い席をお願いします。"  # untranslated: what a sample person needs
    return {
        "coming": "yes",
        "attendance": "online" if watches else "on_site",
        "kind": dice.choice(["group", "group", "interested", "city"]),
        "ward": dice.choice(WARDS),
        "themes": {"": [dice.choice(["watch", "place", "safety"])]},
        **here,
        "name": f"見本 {name}",  # untranslated: a sample name
        "kana": f"ミホン {kana}",  # untranslated: how it is read
        "phone": TELEPHONE,
        **({"accommodation": needs} if number == 2 else {}),  # noqa: PLR2004 -- any one of them
    }
