"""Who has registered for a meeting, how they stand and how they came to us; names only when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in
from bot.admin.meetings import STATES
from bot.exports.columns import CHANNELS
from bot.meetings import door
from bot.meetings.names import CLOSED, Names, Opening, opened
from bot.meetings.registrations import (
    ATTENDANCES,
    STANDS,
    Registration,
    Stand,
    by_channel,
    counts,
    of_meeting,
)
from bot.visits import Visit
from dialogs.meetings import Meeting
from dialogs.procedures.exchange_meeting.fields import KINDS, OUTSIDE
from dialogs.words import Words, _
from storage import checkins, meetings
from storage import engine as database

WHY = "roster"


@dataclass(frozen=True)
class Wanted:
    """What the roster is narrowed to; "" for anything."""

    text: str = ""
    attendance: str = ""
    stand: str = ""
    kind: str = ""

    def takes(self, each: Registration, names: Names) -> bool:
        """Return whether *each* is shown."""
        chosen = (
            (self.attendance, each.attendance),
            (self.stand, each.stand.value),
            (self.kind, each.said("kind")),
        )
        return all(not wanted or wanted == has for wanted, has in chosen) and names.says(each, self.text)


def kinds_of(meeting: Meeting, words: Words) -> Mapping[str, str]:
    """Return the kinds of participants, as they are shown."""
    return {each.key: words.text(each.name) for each in meeting.kinds or KINDS}


def ward_of(each: Registration, words: Words) -> str:
    """Return the ward, as it is shown."""
    found = each.said("ward")
    return words.text(_("市外")) if found == OUTSIDE else found


@dataclass(frozen=True)
class RosterPages:
    """The routes of the roster."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/roster"
        blueprint.add_url_rule(one, "meeting_roster", self._roster, methods=["GET"])
        blueprint.add_url_rule(one, "meeting_roster_names", self._names, methods=["POST"])

    @signed_in(*READERS)
    def _roster(self, visit: Visit, key: str) -> AnyResponse:
        return self._drawn(visit, key, request.args, named=False)

    @signed_in(*OFFICE)
    def _names(self, visit: Visit, key: str) -> AnyResponse:
        """Show the names as well, of everybody: each opening is logged."""
        return self._drawn(visit, key, request.form, named=True)

    def _drawn(self, visit: Visit, key: str, asked: Mapping[str, str], *, named: bool) -> AnyResponse:
        service, words = self.console.service, self.console.words
        transaction = database.write if named else database.read
        with transaction(service.engine) as conn:
            meeting = (meetings.one(conn, key[:64]) if key.isprintable() else None) or abort(404)
            found = of_meeting(conn, meeting)
            came = {each.case_id: each for each in checkins.came(conn, key)}
            attended, is_closed = checkins.attended(conn, key), door.is_closed(conn, key)
            opening = Opening(visit.session.subject, visit.session.role, WHY, self.console.now)
            names = opened(conn, service.vault, found, opening) if named else CLOSED
        wanted = Wanted(*(asked.get(name, "")[:64] for name in ("text", "attendance", "stand", "kind")))
        return self.console.drawn(
            "meeting_roster.html",
            visit,
            meeting=meeting,
            found=[each for each in found if wanted.takes(each, names)],
            waiting=_in_line(found),
            total=len(found),
            wanted=wanted,
            named=named,
            names=names,
            came=came,
            attended=attended,
            is_closed=is_closed,
            may_open=visit.session.role in OFFICE,
            **self._facts(meeting, found, words),
        )

    def _facts(self, meeting: Meeting, found: Sequence[Registration], words: Words) -> dict[str, Any]:
        return {
            "states": STATES,
            "stands": STANDS,
            "attendances": ATTENDANCES,
            "kinds": kinds_of(meeting, words),
            "channels": {key: words.text(CHANNELS.get(key, key)) for key in by_channel(found)},
            "by_channel": by_channel(found),
            "counts": counts(meeting, found),
            "ward": lambda each: ward_of(each, words),
        }


def _in_line(found: Sequence[Registration]) -> list[Registration]:
    """Return who waits or has an offer, the longest first."""
    here = [each for each in found if each.stand in {Stand.WAITS, Stand.OFFERED}]
    return sorted(here, key=lambda each: (each.attendance, each.since or 0, each.reference))
