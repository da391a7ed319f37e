"""The door of a meeting: a page for any telephone that notes who comes, and goes on while the network is gone.

Whoever is signed in to the console may use it, and a telephone that somebody of them let in for this one meeting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import segno
import structlog
from flask import Blueprint, Response, abort, jsonify, make_response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, open_to_all, signed_in, to
from bot.clock import day_of
from bot.meetings import door
from bot.meetings.attending import file_attended
from bot.meetings.door import DoorDesk, Who
from bot.meetings.registrations import of_meeting
from bot.visits import Door, Visit, Visits
from dialogs.meetings import Meeting
from dialogs.procedure import Role
from dialogs.procedures.exchange_meeting.fields import KINDS
from dialogs.words import _, say
from storage import checkins, links, meetings
from storage import engine as database

DAY = 24 * 3600 * 1000
MINUTE = 60 * 1000
LINK_LIFE = 15 * MINUTE
PHONE = Door("door", Role.STAFF, life=DAY, idle=DAY, same_site="Lax")
"""A telephone at the door: let in for one meeting, for a day at most."""

_WORKER = Path(__file__).parents[1] / "static" / "door-worker.js"

SIGNED_OUT, GONE = 401, 410

log = structlog.get_logger()

CALLERS = frozenset({*OFFICE, "telephones at the door"})
"""Who may call what is done at the door: the office, and telephones that were let in for one meeting and day."""

P = ParamSpec("P")
View = Callable[Concatenate["DoorPages", Visit, Meeting, P], AnyResponse]


def at_the_door(view: View[P]) -> Callable[Concatenate[DoorPages, P], AnyResponse]:
    """Let those call a page who are signed in to the console, and telephones that were let in for the meeting."""

    @wraps(view)
    def called(self: DoorPages, /, *args: P.args, **values: P.kwargs) -> AnyResponse:
        key = str(values.pop("key"))
        visit = self.visit(key)
        if visit is None:
            return self.kept_out()
        if request.method == "POST" and not self.is_sealed(visit):
            log.warning("console_refused", route=str(request.url_rule), reason="seal")
            return _signed_out() if request.is_json else abort(403)
        return view(self, visit, self.meeting(key), *args, **values)

    called.callers = CALLERS  # type: ignore[attr-defined]  # read by the walker of all routes
    return called


def _signed_out() -> Response:
    return make_response(jsonify(error="signed_out"), SIGNED_OUT)


@dataclass(frozen=True)
class DoorPages:
    """The routes of the door."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/door"
        rules = (
            (one, "meeting_door", self._page, "GET"),
            (f"{one}/check", "meeting_check", self._check, "POST"),
            (f"{one}/sync", "meeting_sync", self._sync, "POST"),
            (f"{one}/worker.js", "meeting_worker", self._worker, "GET"),
            (f"{one}/phone", "meeting_phone", self._phone, "POST"),
            (f"{one}/close", "meeting_door_close", self._close, "POST"),
            ("/door/<token>", "meeting_let_in", self._let_in, "GET"),
            ("/door/<token>", "meeting_enter", self._enter, "POST"),
        )
        for address, endpoint, view, method in rules:
            blueprint.add_url_rule(address, endpoint, view, methods=[method])

    @property
    def phones(self) -> Visits:
        """Return the visits of telephones."""
        return Visits(self.console.service, PHONE)

    def meeting(self, key: str) -> Meeting:
        """Return the meeting *key*; 404 where there is none."""
        with database.read(self.console.service.engine) as conn:
            # PostgreSQL cannot even look for a NUL.
            return (meetings.one(conn, key[:64]) if key.isprintable() else None) or abort(404)

    def kept_out(self) -> AnyResponse:
        """Answer somebody who is nobody here: they may sign in, unless they have and it is not theirs."""
        if request.is_json:
            return _signed_out()
        return abort(403) if self.console.visits.current() else to("sign_in")

    def visit(self, key: str) -> Visit | None:
        """Return who is at the door of the meeting *key*: somebody of the office, or a telephone let in for it."""
        staff = self.console.visits.current()
        if staff is not None and staff.session.role in OFFICE:
            return staff
        phone = self.phones.current()
        return phone if phone and phone.session.detail == key else None

    def is_sealed(self, visit: Visit) -> bool:
        """Return whether the request carries the seal of the visit's own pages."""
        given = _json().get("seal") if request.is_json else request.form.get("seal")
        return self.phones.is_sealed(visit, given if isinstance(given, str) else "")

    def _desk(self, meeting: Meeting) -> DoorDesk:
        return DoorDesk(meeting, self.console.service.vault)

    def _who(self, visit: Visit) -> Who:
        return Who(visit.session.subject, visit.session.role, self.console.now)

    @at_the_door
    def _page(self, visit: Visit, meeting: Meeting) -> AnyResponse:
        code = door.code_of(request.args.get("code", ""))
        with database.read(self.console.service.engine) as conn:
            is_open = self._desk(meeting).is_open(conn, day_of(self.console.now))
            found = next((each for each in of_meeting(conn, meeting) if each.reference == code), None)
            came = {each.case_id: each for each in checkins.came(conn, meeting.key)}
        answer = self.console.drawn(
            "meeting_door.html",
            visit if visit.session.kind == self.console.visits.door.kind else None,
            status=200 if is_open else GONE,
            meeting=meeting,
            kinds=meeting.kinds or KINDS,
            is_open=is_open,
            code=code,
            found=found,
            came=came.get(found.case_id) if found else None,
            door_seal=self.phones.seal(visit),
        )
        answer.headers["Permissions-Policy"] = "geolocation=(), camera=(self), microphone=()"
        return answer

    @at_the_door
    def _check(self, visit: Visit, meeting: Meeting) -> AnyResponse:
        """Note somebody by the number, for a browser without scripts."""
        code = door.code_of(request.form.get("code", ""))
        with database.write(self.console.service.engine) as conn:
            found = next((each for each in of_meeting(conn, meeting) if each.reference == code), None)
            if found:
                people = door.people_of(request.form.get("people", ""), found.people)
                sent = door.Sent(door.new_id(), "in", self.console.now, found.reference, people=people)
                self._desk(meeting).take(conn, (sent,), self._who(visit))
        return to("meeting_door", key=meeting.key, code=code)

    @at_the_door
    def _sync(self, visit: Visit, meeting: Meeting) -> AnyResponse:
        """Take in what the telephone noted, and tell it what is new."""
        body, desk, who = _json(), self._desk(meeting), self._who(visit)
        known = body.get("known")
        numbers = [each for each in known if isinstance(each, str)] if isinstance(known, list) else []
        with database.write(self.console.service.engine) as conn:
            taken = desk.take(conn, door.read(body.get("entries")), who)
            told = desk.told(conn, numbers, who, day_of(who.now))
        if taken:
            log.info("checkins_received", count=len(taken))
        return jsonify({**told, "taken": [*taken, *door.unreadable(body.get("entries"))]})

    @at_the_door
    def _worker(self, visit: Visit, meeting: Meeting) -> AnyResponse:  # noqa: ARG002 -- who may call it is what counts
        answer = make_response(_WORKER.read_bytes())
        answer.mimetype = "text/javascript"
        answer.headers["Service-Worker-Allowed"] = url_for("admin.meeting_door", key=meeting.key)
        return answer

    @signed_in(*OFFICE)
    def _phone(self, visit: Visit, key: str) -> AnyResponse:
        """Show a code that lets one telephone in."""
        meeting, service = self.meeting(key), self.console.service
        with database.write(service.engine) as conn:
            token = links.make(conn, PHONE.kind, visit.session.subject, key, LINK_LIFE, self.console.now)
        address = f"{service.settings.public_url}{url_for('admin.meeting_let_in', token=token)}"
        picture = segno.make(address, micro=False).svg_data_uri(scale=6, border=4)
        return self.console.drawn(
            "meeting_phone.html",
            visit,
            meeting=meeting,
            address=address,
            picture=picture,
            minutes=LINK_LIFE // MINUTE,
        )

    @signed_in(*OFFICE)
    def _close(self, visit: Visit, key: str) -> AnyResponse:
        """Close the door, which files who took part, or open it again."""
        meeting, closed = self.meeting(key), request.form.get("closed") == "yes"
        with database.write(self.console.service.engine) as conn:
            door.close(conn, meeting.key, closed=closed, now=self.console.now)
            if closed:
                by, now = visit.session.subject, self.console.now
                file_attended(conn, self.console.service, meeting.key, by, now)
        self.console.service.desk.wake()
        log.info("door_closed" if closed else "door_opened")
        return to("meeting_roster", key=meeting.key)

    @open_to_all
    def _let_in(self, token: str) -> AnyResponse:
        link = self.phones.look(token)
        if link is None:
            return self._over()
        return self.console.drawn("meeting_let_in.html", None, token=token, meeting=self.meeting(link.detail))

    @open_to_all
    def _enter(self, token: str) -> AnyResponse:
        link = self.phones.look(token)
        session = self.phones.begin(token) if link else None
        if link is None or session is None:
            return self._over()
        return self.phones.remember(to("meeting_door", key=link.detail), session)

    def _over(self) -> AnyResponse:
        text = _("このQRコードは、もう使えません。管理画面で新しいQRコードを表示してください。")
        return self.console.refused(None, GONE, say(text))


def _json() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}
