"""The page that says who opened what, when and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import READERS, Console, signed_in
from bot.admin.reasons import KNOWN
from bot.visits import Visit
from storage import accesslog, caselist
from storage import engine as database

PAGE = 100


@dataclass(frozen=True)
class AccessLogPage:
    """The route of the access log."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the route."""
        blueprint.add_url_rule("/access-log", "access_log", self._log, methods=["GET"])

    @signed_in(*READERS)
    def _log(self, visit: Visit) -> AnyResponse:
        before = request.args.get("before", "")
        everybody = request.args.get("who") == "all"
        with database.read(self.console.service.engine) as conn:
            entries = accesslog.entries(
                conn,
                before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004 -- a BIGINT
                besides=None if everybody else "resident",
                limit=PAGE,
            )
            references = caselist.of_records(conn, {each.record for each in entries})
        return self.console.drawn(
            "access_log.html",
            visit,
            entries=entries,
            references=references,
            reasons=KNOWN,
            everybody=everybody,
            more=entries[-1].id if len(entries) == PAGE else 0,
        )
