"""The private page inside LINE (LIFF): LINE itself says who opens it, so a forwarded link opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from flask import Blueprint, Response, g, jsonify, make_response, render_template, request, url_for

from bot.service import Service
from bot.web.visits import Visits
from bot.words import html_lang, negotiate
from storage import engine as database
from storage import people

log = structlog.get_logger()

SDK = "https://static.line-scdn.net"
ISSUER = "https://access.line.me"
TIMEOUT = (3, 10)
REFUSED = 403
_OK = 200

# LINE's own words are read at LINE's address alone.
POLICY = (
    f"default-src 'none'; script-src 'self' {SDK}; style-src 'self'; img-src 'self' data:; "
    f"connect-src 'self' https://api.line.me https://liffsdk.line-scdn.net {SDK}; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class LiffDoor:
    """The LIFF app's endpoint: it turns LINE's ID token and the link into a visit."""

    service: Service

    def blueprint(self) -> Blueprint:
        """Return the routes under ``/f/liff``."""
        door = Blueprint("liff", __name__)
        door.add_url_rule("/f/liff", "door", self._door, methods=["GET"])
        door.add_url_rule("/f/liff", "enter", self._enter, methods=["POST"])
        return door

    def _door(self) -> Response:
        g.policy = POLICY
        words = self.service.words[negotiate(request.accept_languages.best)]
        page = render_template(
            "liff.html",
            _=words.text,
            lang=html_lang(words.locale),
            office=self.service.office,
            liff_id=self.service.settings.liff_id,
            sdk=f"{SDK}/liff/edge/2/sdk.js",
        )
        return make_response(page)

    def _enter(self) -> Response:
        visits = Visits(self.service)
        token = request.form.get("token", "")
        link = visits.look(token)
        if link is None or not self._is_theirs(link.subject, request.form.get("id_token", "")):
            return _refused()
        begun = visits.begin(token)
        if begun is None:
            return _refused()
        return visits.remember(jsonify({"ok": True, "next": url_for("private.page")}), begun)

    def _is_theirs(self, person_id: str, id_token: str) -> bool:
        """Return whether LINE says that *id_token* was given to the person the link was made for."""
        said = self._verified(id_token)
        if said.get("aud") != self.service.settings.line_login_channel_id or said.get("iss") != ISSUER:
            return False
        with database.read(self.service.engine) as conn:
            return people.find(conn, "line", str(said.get("sub"))) == person_id

    def _verified(self, id_token: str) -> Mapping[str, Any]:
        """Return what LINE says of *id_token*; nothing where it is expired, forged, or LINE does not answer."""
        asked = {"id_token": id_token, "client_id": self.service.settings.line_login_channel_id}
        address = f"{self.service.settings.line_api_base}/oauth2/v2.1/verify"
        try:
            answer = requests.post(address, asked, timeout=TIMEOUT, allow_redirects=False)
            said = answer.json() if answer.status_code == _OK else {}
        except (requests.RequestException, ValueError) as fault:
            log.warning("liff_not_verified", fault=type(fault).__name__)
            return {}
        return said if isinstance(said, dict) else {}


def _refused() -> Response:
    answer: Response = jsonify({"ok": False})
    answer.status_code = REFUSED
    return answer
