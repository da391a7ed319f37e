"""A visit to a private page: who may see it, and how long."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import blake2b

from flask import Response, request

from bot.wiring import PAGE_LIFE, Service
from storage import engine as database
from storage import links, sessions
from storage.links import Link
from storage.sessions import Session

KIND = "page"


@dataclass(frozen=True)
class Visit:
    """One open private page: its session and the token the browser holds."""

    session: Session
    token: str

    @property
    def person_id(self) -> str:
        """Return whose page it is."""
        return self.session.subject

    @property
    def conversation(self) -> str:
        """Return which conversation the page belongs to."""
        return self.session.detail


@dataclass(frozen=True)
class Visits:
    """Begins, finds and ends visits.  A link is shown with GET, which uses nothing up, and taken with POST."""

    service: Service

    def look(self, token: str) -> Link | None:
        """Return the link behind *token* while it can still be taken."""
        with database.read(self.service.engine) as conn:
            return links.look(conn, token, KIND, self.service.clock.now())

    def begin(self, token: str) -> str | None:
        """Return the token of a new visit; None where the link was taken before, or is over."""
        now = self.service.clock.now()
        with database.write(self.service.engine) as conn:
            link = links.take(conn, token, KIND, now)
            if link is None:
                return None
            return sessions.begin(conn, KIND, link.subject, link.detail, "resident", PAGE_LIFE, now)

    def current(self) -> Visit | None:
        """Return the visit of the request's browser."""
        token = request.cookies.get(self.cookie, "")
        if not token:
            return None
        with database.write(self.service.engine) as conn:
            session = sessions.of(conn, token, KIND, self.service.clock.now(), PAGE_LIFE)
        return Visit(session, token) if session else None

    def end(self, visit: Visit) -> None:
        """End the visit: its cookie is worth nothing from now on."""
        with database.write(self.service.engine) as conn:
            sessions.end(conn, visit.token)

    @property
    def cookie(self) -> str:
        """Return the cookie's name; over https one that only this host can set."""
        return "__Host-madoguchi-page" if self._https else "madoguchi-page"

    @property
    def _https(self) -> bool:
        return self.service.settings.public_url.startswith("https:")

    def remember(self, answer: Response, token: str) -> Response:
        """Return *answer* with the visit's cookie."""
        answer.set_cookie(
            self.cookie,
            token,
            max_age=PAGE_LIFE // 1000,
            secure=self._https,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return answer

    def forget(self, answer: Response) -> Response:
        """Return *answer* with the visit's cookie removed."""
        answer.delete_cookie(self.cookie, secure=self._https, httponly=True, samesite="Lax", path="/")
        return answer

    def seal(self, visit: Visit) -> str:
        """Return what a form of this visit must send back, so that no other site can send it."""
        key = self.service.settings.secret_key.get_secret_value().encode()[:64]
        return blake2b(visit.token.encode(), key=key, digest_size=24).hexdigest()

    def is_sealed(self, visit: Visit, seal: str) -> bool:
        """Return whether *seal* is the one of this visit's forms."""
        return hmac.compare_digest(self.seal(visit).encode(), seal.encode())
