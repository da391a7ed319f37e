"""Log lines as JSON, from an allow-list of keys: what is not named here cannot be logged, so no personal data is."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "attempt", "attempts", "attachment", "bodies", "channel", "dataset",
        "encoding", "error", "events", "fault", "form", "half_filled", "incident", "kind", "links", "locale",
        "method", "msgid", "name", "outbox", "port", "procedure", "reason", "reference", "request", "role", "route",
        "rows", "lost", "duplicated", "oversold", "crossed", "unexplained",
        "sessions", "state", "status", "step", "took_ms", "type", "version", "where", "count", "unreplaced",
    }
)  # fmt: skip
"""Keys that hold kinds, numbers and ids of ours, never an answer, a name or a platform's user id."""

KEPT = True
"""Whether loggers are made once and kept: quicker, and deaf to whoever wants to listen in later, as tests do."""

NOISY = ("linebot", "urllib3", "werkzeug", "alembic", "PIL", "sqlalchemy")

PLAIN = ("granian", "_granian", "gunicorn", "waitress")
"""Servers, whose own sentences are about ports and processes.  Nobody else's words are let out."""

_TIMES = structlog.processors.TimeStamper(fmt="iso", utc=True)
_WRITE = structlog.processors.JSONRenderer(ensure_ascii=False)


def set_up(level: str) -> None:
    """Write log lines of *level* and above to standard error, those of libraries and of what nobody caught too."""
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(_Libraries())
    logging.basicConfig(handlers=[told], level=level, force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.processors.add_log_level, _TIMES, only_allowed, _WRITE],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=KEPT,
    )
    _tell_of_the_uncaught()


class _Libraries(logging.Formatter):
    """Writes a library's line by where it was said: its words may quote what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return *record* as a line of ours."""
        line: dict[str, Any] = {
            "event": "library",
            "logger": record.name,
            "level": record.levelname.lower(),
            "where": f"{record.funcName}:{record.lineno}",
        }
        if record.name.partition(".")[0] in PLAIN:
            line["event"] = record.getMessage()
        elif record.exc_info and record.exc_info[1]:
            line |= _fault(record.exc_info)
        return str(_WRITE(None, "", _TIMES(None, "", line)))


def _tell_of_the_uncaught() -> None:
    """Let what nobody caught be logged like any fault; the interpreter would print its words."""
    log = structlog.get_logger()

    def uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            log.critical("uncaught", exc_info=fault)

    def uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and told.exc_type is not SystemExit:
            log.critical("uncaught", exc_info=told.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


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
