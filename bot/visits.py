"""Visits to pages that not everybody may see: a one-time link opens one, a cookie goes on with it.

A link is shown with GET, which uses nothing up (messengers fetch previews), and taken with POST.  The cookie's
token is stored hashed; every form of a visit carries a seal, so that no other site can send it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import blake2b

from flask import Response, request
from pydantic import SecretStr

from bot.service import Service
from storage import engine as database
from storage import links, sessions
from storage.links import Link
from storage.sessions import Session


@dataclass(frozen=True)
class Door:
    """One kind of visit.  It ends *life* ms after it began, or when it lay unused for *idle* ms."""

    kind: str
    role: str
    life: int
    idle: int
    same_site: str


@dataclass(frozen=True)
class Visit:
    """One open visit: its session and the token the browser holds."""

    session: Session
    token: str


@dataclass(frozen=True)
class Visits:
    """Begins, finds and ends the visits through *door*."""

    service: Service
    door: Door

    def look(self, token: str) -> Link | None:
        """Return the link behind *token* while it can still be taken."""
        with database.read(self.service.engine) as conn:
            return links.look(conn, token, self.door.kind, self.service.clock.now())

    def begin(self, token: str) -> str | None:
        """Return the token of a new visit; None where the link was taken before, or is over."""
        now, door = self.service.clock.now(), self.door
        with database.write(self.service.engine) as conn:
            link = links.take(conn, token, door.kind, now)
            if link is None:
                return None
            return sessions.begin(conn, door.kind, link.subject, link.detail, door.role, door.life, now)

    def current(self) -> Visit | None:
        """Return the visit of the request's browser."""
        token = request.cookies.get(self.cookie, "")
        if not token:
            return None
        with database.write(self.service.engine) as conn:
            session = sessions.of(conn, token, self.door.kind, self.service.clock.now(), self.door.idle)
        return Visit(session, token) if session else None

    def end(self, visit: Visit) -> None:
        """End the visit: its cookie is worth nothing from now on."""
        with database.write(self.service.engine) as conn:
            sessions.end(conn, visit.token)

    @property
    def cookie(self) -> str:
        """Return the cookie's name; over https one that only this host can set."""
        name = f"madoguchi-{self.door.kind}"
        return f"__Host-{name}" if self._https else name

    @property
    def _https(self) -> bool:
        return self.service.settings.public_url.startswith("https:")

    def remember(self, answer: Response, token: str) -> Response:
        """Return *answer* with the visit's cookie."""
        answer.set_cookie(
            self.cookie,
            token,
            max_age=self.door.life // 1000,
            secure=self._https,
            httponly=True,
            samesite=self.door.same_site,
            path="/",
        )
        return answer

    def forget(self, answer: Response) -> Response:
        """Return *answer* with the visit's cookie removed."""
        answer.delete_cookie(
            self.cookie, secure=self._https, httponly=True, samesite=self.door.same_site, path="/"
        )
        return answer

    def seal(self, visit: Visit) -> str:
        """Return what a form of this visit must send back, so that no other site can send it."""
        return _seal(visit, self.service.settings.secret_key)

    def is_sealed(self, visit: Visit, seal: str) -> bool:
        """Return whether *seal* is the one of this visit's forms, those drawn before the key was renewed too."""
        settings, given = self.service.settings, seal.encode("utf-8", "replace")
        keys = [key for key in (settings.secret_key, settings.secret_key_previous) if key.get_secret_value()]
        return any(hmac.compare_digest(_seal(visit, key).encode(), given) for key in keys)


def _seal(visit: Visit, secret: SecretStr) -> str:
    key = secret.get_secret_value().encode()[:64]
    return blake2b(visit.token.encode(), key=key, digest_size=24).hexdigest()
