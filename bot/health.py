"""Whether the service is alive, and whether it can work: for load balancers, monitors and people on call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.measuring import Standing
from bot.probe import Probe
from bot.service import Service
from storage import engine as database
from storage import inbox, migrate

PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")
"""What tells that a request came through a proxy, and so from outside."""

BLIND = "waitress"
"""A server that takes those away before we see them: who comes from outside cannot be told there."""

OLDEST = 30_000
"""Age (ms) of an unprocessed event from which the desk no longer counts as able to work."""


@dataclass(frozen=True)
class Look:
    """What the database said: when the oldest unprocessed event came (ms), and whether a migration is missing."""

    oldest_event: int | None
    is_behind: bool


def blueprint(service: Service) -> Blueprint:
    """Return ``/healthz``, ``/readyz`` and ``/metrics``."""
    health = Blueprint("health", __name__)
    look = Probe(lambda: _look(service))
    standing = CollectorRegistry(auto_describe=False)
    standing.register(Standing(service))
    health.add_url_rule("/healthz", "alive", lambda: Response("ok\n", mimetype="text/plain"))
    health.add_url_rule("/readyz", "ready", lambda: _ready(service, look))
    health.add_url_rule("/metrics", "metrics", lambda: _metrics(standing))
    return health


def _look(service: Service) -> Look:
    with database.read(service.engine) as conn:
        oldest = inbox.oldest_unprocessed(conn)
    return Look(oldest, _is_behind(migrate.current(service.engine)))


def _is_behind(revision: str | None) -> bool:
    # A newer one is no reason to take everybody's desk away while an update is under way.
    head, known = _revisions()
    return revision != head and (revision is None or revision in known)


@lru_cache(maxsize=1)
def _revisions() -> tuple[str, frozenset[str]]:
    return migrate.head(), migrate.known()


def _ready(service: Service, look: Probe[Look]) -> Response:
    seen = look.answer()
    checks: dict[str, Callable[[], bool]] = {
        "delivery": service.delivery.is_alive,
        "jobs": service.jobs.is_alive,
        "database": lambda: seen is not None,
        "schema": lambda: seen is None or not seen.is_behind,
        "events": lambda: seen is None or _events_move(seen, service.clock.now()),
    }
    failing = [name for name, works in checks.items() if not works()]
    answer = jsonify({"ready": not failing, "failing": failing})
    answer.status_code = 503 if failing else 200
    return answer


def _events_move(seen: Look, now: int) -> bool:
    return seen.oldest_event is None or now - seen.oldest_event <= OLDEST


def _metrics(standing: CollectorRegistry) -> Response:
    # Counts are nobody's business outside the house: the public address never serves them.
    if not _is_from_here():
        abort(404)
    counted = generate_latest() + generate_latest(standing)
    return Response(counted, content_type=CONTENT_TYPE_LATEST)


def _is_from_here() -> bool:
    """Return whether the request surely comes from this machine, through no proxy."""
    if request.environ.get("SERVER_SOFTWARE", "").startswith(BLIND):
        return False
    return request.remote_addr in {"127.0.0.1", "::1"} and not any(
        name in request.headers for name in PROXIES
    )
