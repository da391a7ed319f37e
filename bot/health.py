"""Whether the service is alive, and whether it can work: for load balancers, monitors and people on call."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.service import Service
from storage import engine as database
from storage import inbox

PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")
"""What tells that a request came through a proxy, and so from outside."""

OLDEST = 30_000
"""Age (ms) of an unprocessed event from which the desk no longer counts as able to work."""


def blueprint(service: Service) -> Blueprint:
    """Return ``/healthz``, ``/readyz`` and ``/metrics``."""
    health = Blueprint("health", __name__)
    health.add_url_rule("/healthz", "alive", lambda: Response("ok\n", mimetype="text/plain"))
    health.add_url_rule("/readyz", "ready", lambda: _ready(service))
    health.add_url_rule("/metrics", "metrics", _metrics)
    return health


def _ready(service: Service) -> Response:
    checks: dict[str, Callable[[], bool]] = {
        "delivery": service.delivery.is_alive,
        "jobs": service.jobs.is_alive,
        "events": lambda: _events_move(service),
    }
    failing = [name for name, works in checks.items() if not works()]
    answer = jsonify({"ready": not failing, "failing": failing})
    answer.status_code = 503 if failing else 200
    return answer


def _events_move(service: Service) -> bool:
    try:
        with database.read(service.engine) as conn:
            oldest = inbox.oldest_unprocessed(conn)
    except SQLAlchemyError:
        return False
    return oldest is None or service.clock.now() - oldest <= OLDEST


def _metrics() -> Response:
    # Counts are nobody's business outside the house: the public address never serves them.
    if request.remote_addr not in {"127.0.0.1", "::1"} or any(name in request.headers for name in PROXIES):
        abort(404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
