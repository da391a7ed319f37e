"""Signing in to the console with a one-time link, and out again."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Blueprint
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import DOOR, READERS, Console, open_to_all, signed_in, to
from bot.visits import Visit
from storage import engine as database
from storage import links

GONE = 410
MINUTE = 60 * 1000

log = structlog.get_logger()


def make_link(engine: Engine, public_url: str, name: str, minutes: int, now: int) -> str:
    """Return the address that signs *name* in, once, within *minutes* of *now* (ms)."""
    with database.write(engine) as conn:
        token = links.make(conn, DOOR.kind, name, "", minutes * MINUTE, now)
    return f"{public_url}/admin/enter/{token}"


@dataclass(frozen=True)
class SignInPages:
    """The ways in and out."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/sign-in", "sign_in", self._sign_in, methods=["GET"])
        blueprint.add_url_rule("/enter/<token>", "door", self._door, methods=["GET"])
        blueprint.add_url_rule("/enter/<token>", "enter", self._enter, methods=["POST"])
        blueprint.add_url_rule("/sign-out", "sign_out", self._sign_out, methods=["POST"])

    @open_to_all
    def _sign_in(self) -> AnyResponse:
        return self.console.drawn("sign_in.html", None)

    @open_to_all
    def _door(self, token: str) -> AnyResponse:
        link = self.console.visits.look(token)
        if link is None:
            return self._over()
        return self.console.drawn("door.html", None, token=token, name=link.subject)

    @open_to_all
    def _enter(self, token: str) -> AnyResponse:
        visits = self.console.visits
        session = visits.begin(token)
        if session is None:
            return self._over()
        log.info("console_signed_in")
        return visits.remember(to("overview"), session)

    def _over(self) -> AnyResponse:
        if self.console.visits.current():
            return to("overview")
        return self.console.drawn("sign_in.html", None, status=GONE, over=True)

    @signed_in(*READERS)
    def _sign_out(self, visit: Visit) -> AnyResponse:
        self.console.visits.end(visit)
        return self.console.visits.forget(to("sign_in"))
