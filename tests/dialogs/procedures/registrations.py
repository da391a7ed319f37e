"""Registrations for an exchange meeting as they stand at some point of their lives, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.fields import Answers, Value
from dialogs.meetings import Meeting, Meetings, Seats, State, pool
from dialogs.meetings_reading import read
from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING
from dialogs.procedures.exchange_meeting.fields import meeting_value
from dialogs.replies import Receipt, Reply, Said
from dialogs.slots import Free
from dialogs.standing import CaseView
from dialogs.steps import Filing
from dialogs.words import Message, Words
from dialogs.world import World
from tests.dialogs import worlds
from tests.dialogs.test_meetings import RAW
from tests.support.talks import WORDS

TODAY = date(2027, 12, 1)
KEY = RAW["key"]


def meeting(**changes: Any) -> Meeting:
    """Return an open meeting for 60 on site and 100 who watch."""
    found = read({**RAW, **changes})
    assert isinstance(found, Meeting), found
    return replace(found, state=State.OPEN)


def answers(held: Meeting | None = None, **changes: Value) -> dict[str, Value]:
    """Return the answers of a couple that comes."""
    given: dict[str, Value] = {
        "meeting": meeting_value(held or meeting()),
        "coming": "yes",
        "attendance": "on_site",
        "kind": {"key": "group", "ja": "町内会", "en": ""},
        "ward": "南区",
        "companions": 1,
        "consent_recording": "yes",
        "name": {"sealed": True},
    }
    return {**given, **changes}


def filed(step: str, on: date = TODAY, **said: Value) -> Filing:
    """Return the filing of *step*."""
    return Filing(step, on, "見本 係", said)


def case(*steps: str | Filing, **changes: Value) -> CaseView:
    """Return a registration on which *steps* were filed since."""
    history = [each if isinstance(each, Filing) else filed(each) for each in ("application", *steps)]
    return CaseView("KR9-0001", "exchange_meeting", "R9", TODAY, tuple(history), answers(**changes), 1)


OFFERED = filed("offered", until="2027-12-04T10:00", amount=2)


def world(
    *meetings: Meeting,
    today: date = TODAY,
    seats: Mapping[str, Seats] | None = None,
    now: str = "",
    **more: Any,
) -> World:
    """Return the world in which *meetings* (the usual one) are known; *seats* by way to attend."""
    held = meetings or (meeting(),)
    stand = {pool(each.key, way): found for each in held for way, found in (seats or {}).items()}
    known = Meetings({each.key: each for each in held}, stand)
    return worlds.world(today, words=WORDS, meetings=known, free=Free(now=now), **more)


def say(message: Message, words: Words = WORDS["ja"]) -> str:
    return words.say(message)


def lines(reply: Reply, words: Words = WORDS["ja"]) -> list[str]:
    """Return what is said, a line each, and the buttons."""
    assert isinstance(reply, Said | Receipt)
    said = [reply.message] if isinstance(reply, Said) else [reply.title, *reply.notes]
    return [*(words.say(each) for each in said), *(f"[{words.say(each.label)}]" for each in reply.offers)]


def told(step: str, at: CaseView, outside: World | None = None, **said: Value) -> list[str]:
    """Return what the participant is told when *step* is filed."""
    return [
        line for each in EXCHANGE_MEETING.told(step, said, at, outside or world()) for line in lines(each)
    ]


def possible(at: CaseView) -> set[str]:
    """Return the steps that may be filed."""
    return {each.key for each in EXCHANGE_MEETING.steps if EXCHANGE_MEETING.may_file(each.key, at)}


def refused(given: Answers, outside: World) -> dict[str, str]:
    """Return what the form refuses of *given*, by key."""
    form = EXCHANGE_MEETING.form(TODAY)
    _kept, found = form.reread(given, outside)
    return {key: say(each.message) for key, each in found.items()}
