"""Log lines as JSON, from an allow-list of keys: what is not named here cannot be logged, so no personal data is."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "attempt", "attempts", "attachment", "bodies", "channel", "dataset",
        "encoding", "error", "events", "fault", "form", "half_filled", "incident", "kind", "links", "locale",
        "method", "msgid", "name", "outbox", "port", "procedure", "reason", "request", "role", "route", "rows",
        "sessions", "state", "status", "step", "took_ms", "type", "version", "where", "count", "unreplaced",
    }
)  # fmt: skip
"""Keys that hold kinds, numbers and ids of ours, never an answer, a name or a platform's user id."""

NOISY = ("linebot", "urllib3", "werkzeug", "alembic", "PIL", "sqlalchemy")


def set_up(level: str) -> None:
    """Write log lines of *level* and above to standard error."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=level, force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def only_allowed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return *line* with allowed keys only; a fault keeps its kind and the places it passed, not its words."""
    fault = line.pop("exc_info", None)
    kept = {key: value for key, value in line.items() if key in ALLOWED}
    if fault:
        kept |= _fault(sys.exc_info() if fault is True else fault)
    return kept


def _fault(info: Any) -> dict[str, Any]:
    error = info if isinstance(info, BaseException) else info[1]
    if error is None:
        return {}
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"fault": type(error).__name__, "where": " < ".join(reversed(places[-8:]))}
