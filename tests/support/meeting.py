"""A meeting with registrations as residents file them, without the talk before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bot.service import Service
from dialogs.effects import Take, Wait
from dialogs.meetings import Meeting, Named, Part, State, pool
from storage import cases, meetings, pools, submissions, turns, waiting
from storage import engine as database
from storage.keyring import VaultKeyMissing, add_key

KEY = "r9-koryukai"
NEED = "車いすの席をお願いします"
MEETING = Meeting(
    KEY,
    "見本の交流会",
    date(2027, 6, 7),
    "見本会館",
    date(2027, 5, 20),
    (
        Part("opening", "発表", time(13, 30), time(14, 40), link="https://example.jp/watch"),
        Part("exchange", "参加者の交流", time(14, 40), time(15, 20), "on_site"),
    ),
    60,
    seats_online=40,
    themes=(Named("waste", "ごみ"), Named("green", "みどり")),
    groups=3,
    group_size=4,
    online_link="https://example.jp/watch",
    state=State.OPEN,
)


def opened(service: Service, meeting: Meeting = MEETING) -> Meeting:
    """Keep *meeting*, with a key for the registrations where there is none."""
    try:
        service.vault.keyring.newest("exchange_meeting")
    except VaultKeyMissing:
        add_key(service.settings.vault_keys_file, "exchange_meeting")
    with database.write(service.engine) as conn:
        meetings.save(conn, meeting, "見本 職員", service.clock.now())
    return meeting


def registered(
    service: Service,
    number: int,
    name: str = "",
    kana: str = "",
    *,
    people: int = 1,
    way: str = "on_site",
    waits: bool = False,
    personal: Mapping[str, str] | None = None,
    **answers: Any,
) -> str:
    """Return the reference of a registration that holds its seats, or waits for them."""
    reference, now = f"EM9-{number:04}", service.clock.now()
    said = {
        "meeting": {"key": KEY, "ja": MEETING.title, "en": "", "day": MEETING.slot, "starts": "13:30",
                    "place": MEETING.place, "asks": ["themes", "online"]},
        "coming": "yes",
        "attendance": way,
        "kind": {"key": ("group", "city", "interested")[number % 3], "ja": "見本の区分", "en": ""},
        "ward": ("青葉区", "泉区", "太白区")[number % 3],
        "companions": people - 1,
        "themes": [{"key": ("waste", "green")[number % 2], "ja": "見本のテーマ", "en": ""}],
        **answers,
    }  # fmt: skip
    closed = {"name": name or f"見本 {number}番", "kana": kana or f"ミホン{number}", **(personal or {})}
    with database.write(service.engine) as conn:
        person = turns.create(conn, "line", f"U{number}", "ja", now)
        case = cases.open_case(
            conn,
            procedure="exchange_meeting",
            reference=reference,
            person_id=person.id,
            channel="line",
            now=now,
        )
        record = service.vault.seal(conn, "exchange_meeting", closed, now=now)
        marks = {key: {"sealed": True} for key in closed}
        submissions.file(
            conn, case_id=case, step="application", form="exchange_meeting", edition="R9", answers=said | marks,
            vault_id=record, filed_by=person.id, role="resident", channel="line", locale="ja",
            event_id=f"event/{number}", now=now,
        )  # fmt: skip
        wanted = pool(KEY, way), MEETING.slot
        if waits:
            waiting.wait(conn, case, Wait(reference, *wanted, people, "seat"), now)
        else:
            pools.take(conn, case, Take("", wanted[0], (wanted[1],), people, "seat"), now)
    return reference


def cancelled(service: Service, reference: str) -> None:
    """Give back the seats of a registration."""
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        pools.give_back(conn, case.id, "seat", service.clock.now())
