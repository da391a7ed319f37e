"""The private page inside LINE (LIFF): LINE itself says who opens it, so a forwarded link opens nothing."""

from __future__ import annotations

from dataclasses import dataclass

import requests
import structlog
from flask import Blueprint, Response, g, jsonify, make_response, render_template, request, url_for

from bot.service import Service
from bot.web.visits import Visits
from bot.words import html_lang
from storage import engine as database
from storage import people

log = structlog.get_logger()

SDK = "https://static.line-scdn.net"
TIMEOUT = (3, 10)


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
        g.policy = (
            f"default-src 'none'; script-src 'self' {SDK}; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self' https://api.line.me https://liffsdk.line-scdn.net {SDK}; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        words = self.service.words["ja"]
        page = render_template(
            "liff.html",
            _=words.text,
            lang=html_lang("ja"),
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
            answer: Response = jsonify({"ok": False})
            answer.status_code = 403
            return answer
        visit = visits.begin(token)
        answer = jsonify({"ok": visit is not None, "next": url_for("private.page")})
        return visits.remember(answer, visit) if visit else answer

    def _is_theirs(self, person_id: str, id_token: str) -> bool:
        """Return whether LINE says that *id_token* was given to the person the link was made for."""
        asked = {"id_token": id_token, "client_id": self.service.settings.line_login_channel_id}
        try:
            answer = requests.post(
                f"{self.service.settings.line_api_base}/oauth2/v2.1/verify",
                asked,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            said = answer.json() if answer.status_code == 200 else {}  # noqa: PLR2004 -- HTTP's own number
        except (requests.RequestException, ValueError) as fault:
            log.warning("liff_not_verified", fault=type(fault).__name__)
            return False
        with database.read(self.service.engine) as conn:
            channel, external_id = people.account(conn, person_id)
        audience = self.service.settings.line_login_channel_id
        return channel == "line" and said.get("sub") == external_id and said.get("aud") == audience
