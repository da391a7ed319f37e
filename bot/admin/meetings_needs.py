"""The accommodation desk: what people need to take part, what is arranged, by when, done and told (004-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import structlog
from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in
from bot.clock import day_of
from bot.meetings import needs
from bot.meetings.names import Opening
from bot.meetings.needs import LONGEST, MOST_TASKS, Task
from bot.meetings.registrations import Registration, of_meeting
from bot.visits import Visit
from dialogs.meetings import Meeting
from dialogs.reading.text import clean, clip
from dialogs.words import _, say
from storage import engine as database
from storage import meetings

WHY = "accommodation"

log = structlog.get_logger()


@dataclass(frozen=True)
class NeedPages:
    """The routes of what people need."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/needs"
        blueprint.add_url_rule(one, "meeting_needs", self._needs, methods=["GET"])
        blueprint.add_url_rule(one, "meeting_needs_open", self._open, methods=["POST"])
        blueprint.add_url_rule(f"{one}/<reference>", "meeting_arrange_needs", self._arrange, methods=["POST"])

    @signed_in(*OFFICE)
    def _needs(self, visit: Visit, key: str) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            meeting = self._meeting(conn, key)
            allowed = self._may(conn, visit)
            found = needs.needing(of_meeting(conn, meeting)) if allowed else []
        if not allowed:
            return self._refused(visit)
        return self.console.drawn(
            "meeting_needs.html",
            visit,
            meeting=meeting,
            found=found,
            opened=None,
            today=day_of(self.console.now),
        )

    @signed_in(*OFFICE)
    def _open(self, visit: Visit, key: str) -> AnyResponse:
        return self._shown(visit, key, "")

    @signed_in(*OFFICE)
    def _arrange(self, visit: Visit, key: str, reference: str) -> AnyResponse:
        return self._shown(visit, key, reference)

    def _shown(self, visit: Visit, key: str, changed: str) -> AnyResponse:
        """Show what everybody needs, with what is arranged for *changed* as the page sent it."""
        service = self.console.service
        opening = Opening(visit.session.subject, visit.session.role, WHY, self.console.now)
        with database.write(service.engine) as conn:
            meeting = self._meeting(conn, key)
            allowed = self._may(conn, visit)
            found = needs.needing(of_meeting(conn, meeting)) if allowed else []
            one = next((each for each in found if each.reference == changed), None)
            if changed and allowed:
                self._kept(conn, meeting, one or abort(404), opening)
            opened = needs.opened(conn, service.vault, key, found, opening)
        if not allowed:
            return self._refused(visit)
        return self.console.drawn(
            "meeting_needs.html",
            visit,
            meeting=meeting,
            found=found,
            opened=opened,
            today=day_of(self.console.now),
        )

    def _kept(self, conn: Connection, meeting: Meeting, one: Registration, opening: Opening) -> None:
        tasks = tuple(filter(None, (_task(request.form, number) for number in range(MOST_TASKS))))
        needs.arrange(conn, self.console.service.vault, meeting.key, one.case_id, tasks, opening)
        log.info("accommodation_arranged", count=len(tasks))

    def _may(self, conn: Connection, visit: Visit) -> bool:
        return needs.may_see(conn, visit.session, day_of(self.console.now))

    def _refused(self, visit: Visit) -> AnyResponse:
        log.warning("console_refused", route=str(request.url_rule), reason="role")
        text = _("この画面は、交流会の係と係長だけが見られます。ほかの方には見えません。")
        return self.console.refused(visit, 403, say(text))

    def _meeting(self, conn: Connection, key: str) -> Meeting:
        # PostgreSQL cannot even look for a NUL.
        return (meetings.one(conn, key[:64]) if key.isprintable() else None) or abort(404)


def _task(form: Mapping[str, str], number: int) -> Task | None:
    what = clip(clean(form.get(f"what-{number}", "").replace("\n", " ")), LONGEST)
    try:
        by = date.fromisoformat(form.get(f"by-{number}", ""))
    except ValueError:
        by = None
    return (
        Task(what, by, bool(form.get(f"done-{number}")), bool(form.get(f"told-{number}"))) if what else None
    )
