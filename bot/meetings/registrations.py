"""Who has registered for a meeting, and how each registration stands: it comes, has an offer, waits, or comes no more.

How it stands follows from the seats: whoever comes holds a claim of the meeting's pools (:mod:`storage.pools`), whoever
waits is on their list.  Nothing here opens the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from bot.meetings.wishes import Guest
from dialogs.meetings import ON_SITE, WAYS, Meeting, pool
from dialogs.words import _
from storage import submissions, waiting
from storage.tables import cases
from storage.tables_pools import claims, pool_waiting

PROCEDURE = "exchange_meeting"


class Stand(StrEnum):
    """How a registration stands."""

    COMES = "comes"
    OFFERED = "offered"
    WAITS = "waits"
    GONE = "gone"


STANDS: Mapping[str, str] = {
    Stand.COMES: _("参加"),
    Stand.OFFERED: _("空席をご案内中"),
    Stand.WAITS: _("空席待ち"),
    Stand.GONE: _("不参加・取り消し"),
}

ATTENDANCES: Mapping[str, str] = {"on_site": _("会場"), "online": _("オンライン")}


@dataclass(frozen=True)
class Registration:
    """One registration of *people* who come together; *until* is when its offer ends (ms UTC)."""

    case_id: str
    reference: str
    channel: str
    opened_at: int
    attendance: str
    stand: Stand
    people: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    vault_id: str | None = None
    until: int | None = None
    since: int | None = None

    def said(self, key: str) -> str:
        """Return the answer *key*, of an option its key, of several the first; "" for none."""
        value = self.answers.get(key)
        first = next(iter(value), "") if isinstance(value, list) else value
        found = first.get("key") if isinstance(first, Mapping) else first
        return str(found or "")

    @property
    def comes_on_site(self) -> bool:
        """Return whether they are expected in the room."""
        return self.stand is Stand.COMES and self.attendance == ON_SITE

    def each_key(self) -> tuple[str, ...]:
        """Return a key for each of the people, the one who registered first."""
        return tuple(f"{self.case_id}/{number}" for number in range(self.people))

    def guests(self) -> Iterable[Guest]:
        """Yield each of the people as a guest at a table; companions count as whoever registered them."""
        kind, ward, theme = self.said("kind"), self.said("ward"), self.said("themes")
        for key in self.each_key():
            yield Guest(key, self.case_id, kind, ward, theme)


def of_meeting(conn: Connection, meeting: Meeting) -> tuple[Registration, ...]:
    """Return every registration for *meeting*, the oldest first."""
    rows = conn.execute(
        select(cases.c.id, cases.c.reference, cases.c.channel, cases.c.opened_at)
        .where(cases.c.procedure == PROCEDURE)
        .order_by(cases.c.opened_at, cases.c.reference)
    ).all()
    filed = submissions.latest_answers(conn, [row.id for row in rows])
    here = [row for row in rows if row.id in filed and _meeting_of(filed[row.id].answers) == meeting.key]
    held, listed = _held(conn, meeting), _listed(conn, meeting)
    return tuple(_registration(row, filed[row.id], held.get(row.id), listed.get(row.id)) for row in here)


def _meeting_of(answers: Mapping[str, Any]) -> str:
    value = answers.get("meeting")
    return str(value.get("key", "")) if isinstance(value, Mapping) else str(value or "")


def _registration(
    row: Any,
    filed: submissions.SubmissionRow,
    held: tuple[str, int] | None,
    listed: tuple[str, waiting.Waiting] | None,
) -> Registration:
    way, people = held or (str(filed.answers.get("attendance") or ON_SITE), _group(filed.answers))
    stand, since, until = (Stand.COMES if held else Stand.GONE), None, None
    if listed:
        way, people, since, until = listed[0], listed[1].amount, listed[1].since, listed[1].offered_until
        stand = Stand.OFFERED if until else Stand.WAITS
    return Registration(
        row.id, row.reference, row.channel, row.opened_at, way, stand, people, filed.answers, filed.vault_id,
        until, since,
    )  # fmt: skip


def _group(answers: Mapping[str, Any]) -> int:
    with_them = answers.get("companions")
    return 1 + (with_them if isinstance(with_them, int) else 0)


def _held(conn: Connection, meeting: Meeting) -> Mapping[str, tuple[str, int]]:
    """Return the way and the number of seats of each case that has some."""
    found: dict[str, tuple[str, int]] = {}
    for way in WAYS:
        here = claims.c.pool == pool(meeting.key, way), claims.c.released_at.is_(None)
        mine = claims.c.purpose != waiting.OFFER
        for row in conn.execute(select(claims.c.case_id, claims.c.amount).where(*here, mine)):
            found[row.case_id] = (way, row.amount)
    return found


def _listed(conn: Connection, meeting: Meeting) -> Mapping[str, tuple[str, waiting.Waiting]]:
    columns = [pool_waiting.c[name] for name in waiting.Waiting.__dataclass_fields__]
    found = {}
    for way in WAYS:
        here = pool_waiting.c.pool == pool(meeting.key, way)
        for row in conn.execute(select(*columns).where(here)):
            found[row.case_id] = (way, waiting.Waiting(*row))
    return found


def counts(meeting: Meeting, found: Sequence[Registration]) -> Mapping[str, Mapping[str, int]]:
    """Return how many people come to each part of the programme, by way to attend."""
    comes = [each for each in found if each.stand is Stand.COMES]
    return {
        part.key: {
            way: sum(each.people for each in comes if each.attendance == way)
            if part in meeting.parts_for(way)
            else 0
            for way in WAYS
        }
        for part in meeting.parts
    }


def by_channel(found: Sequence[Registration]) -> Mapping[str, int]:
    """Return how many registrations came on each channel, those that come no more too (004-11)."""
    channels = sorted({each.channel for each in found})
    return {channel: sum(each.channel == channel for each in found) for channel in channels}
