"""One place where exceptions become responses: plain words, an incident number, never a trace."""

from __future__ import annotations

import uuid

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from bot.words import html_lang, negotiate, words_for

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Answer every error of *app* with a page (or bare text for machines) that says what to do."""
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: HTTPException) -> Response:
    return _page(error.code or 500, "")


def _unexpected(error: Exception) -> Response:
    incident = uuid.uuid4().hex[:8]
    log.error("request_failed", incident=incident, route=str(request.url_rule), exc_info=error)
    return _page(500, incident)


def _page(status: int, incident: str) -> Response:
    if not request.accept_mimetypes.accept_html or request.method not in {"GET", "POST"} or _is_machine():
        return Response(f"{status}\n", status, mimetype="text/plain")
    words = words_for(negotiate(request.accept_languages.best))
    body = render_template(
        "error.html", status=status, incident=incident, _=words.text, lang=html_lang(words.locale)
    )
    return Response(body, status, mimetype="text/html")


def _is_machine() -> bool:
    return request.path in {"/line/webhook", "/api/messages", "/healthz", "/readyz", "/metrics"}
