"""One place where exceptions become responses: plain words, an incident number, never a trace."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from bot.service import Service
from bot.words import html_lang, negotiate
from dialogs.words import _

log = structlog.get_logger()

NOT_FOUND = 404
TOO_LARGE = 413
TOO_MANY = 429
OUR_FAULT = 500

SAID = {
    NOT_FOUND: (_("ページが見つかりません"), _("アドレスが違うか、もう使われていないページです。")),
    TOO_LARGE: (
        _("入力が長すぎます"),
        _("前の画面に戻り、文章を短くするか、写真を小さくして、もう一度お試しください。"),
    ),
    TOO_MANY: (
        _("少し待ってください"),
        _("短い時間に何度も使われました。1分ほど待って、もう一度お試しください。"),
    ),
    OUR_FAULT: (
        _("うまくいきませんでした"),
        _("申し訳ありません。少し待って、もう一度お試しください。入力した内容は失われていません。"),
    ),
}
OTHERWISE = (_("この操作はできません"), _("前の画面に戻って、もう一度お試しください。"))

MACHINES = {"/line/webhook", "/api/messages", "/healthz", "/readyz", "/metrics"}

KEPT = ("Allow", "Retry-After")
"""Headers of an error that tell the caller what is possible."""


def register(app: Flask, service: Service) -> None:
    """Answer every error of *app* with a page (or bare text for machines) that says what to do."""
    pages = ErrorPages(service)
    app.register_error_handler(HTTPException, pages.expected)
    app.register_error_handler(Exception, pages.unexpected)


@dataclass(frozen=True)
class ErrorPages:
    """The pages of errors, in the words of *service*."""

    service: Service

    def expected(self, error: HTTPException) -> Response:
        """Return the answer to a request that cannot be met."""
        answer = self._answer(error.code or OUR_FAULT, "")
        for name, value in error.get_headers():
            if name in KEPT:
                answer.headers[name] = value
        return answer

    def unexpected(self, error: Exception) -> Response:
        """Return the answer to a request that we failed; its number stands in the log with the places passed."""
        incident = uuid.uuid4().hex[:8]
        log.error("request_failed", incident=incident, route=str(request.url_rule), exc_info=error)
        return self._answer(OUR_FAULT, incident)

    def _answer(self, status: int, incident: str) -> Response:
        if _is_machine():
            return Response(f"{status} {incident}".strip() + "\n", status, mimetype="text/plain")
        words = self.service.words[negotiate(request.accept_languages.best)]
        heading, advice = SAID.get(status, SAID[OUR_FAULT] if status > OUR_FAULT else OTHERWISE)
        body = render_template(
            "error.html",
            heading=words.text(heading),
            advice=words.text(advice),
            incident=incident,
            office=self.service.office,
            _=words.text,
            lang=html_lang(words.locale),
        )
        return Response(body, status, mimetype="text/html")


def _is_machine() -> bool:
    if request.path in MACHINES:
        return True
    wants_page = request.accept_mimetypes.accept_html and request.method in {"GET", "HEAD", "POST"}
    return not wants_page
