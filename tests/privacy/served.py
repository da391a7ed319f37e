"""The desk as a process of its own that can be made to fail in mid-turn, and to leak: for the tests beside it alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
from werkzeug.serving import make_server

from bot import jobs, sealing
from bot.filing import Filer
from bot.line import webhook
from bot.serving import application

FAIL = Path(os.environ["PRIVACY_FAIL"])
"""While this file is there, every turn fails with all that it knows in the text of its error."""


def fail_in_mid_turn() -> None:
    carry_out = Filer.carry_out

    def careless(self: Filer, conn: Any, before: Any, done: Any, *rest: Any) -> Any:
        if FAIL.exists():
            raise RuntimeError(f"the turn of {before!r} with {done!r} failed")
        return carry_out(self, conn, before, done, *rest)

    Filer.carry_out = careless  # type: ignore[method-assign,assignment]
    jobs.MOST_TRIES = 1
    webhook.FIRST_RETRY = 0


def leak_into_the_database() -> None:
    sealing._mark = lambda field, value, answers: value  # noqa: ARG005, SLF001 -- a fault on purpose


def leak_into_the_log() -> None:
    personal = sealing.plain_personal

    def telling(fields: Any, answers: Any) -> Any:
        found = personal(fields, answers)
        if found:
            structlog.get_logger().info("sealing", name=str(found))
        return found

    sealing.plain_personal = telling


def leak_by_a_library() -> None:
    personal = sealing.plain_personal

    def printing(fields: Any, answers: Any) -> Any:
        found = personal(fields, answers)
        if found:
            sys.stderr.write(f"{found}\n")
        return found

    sealing.plain_personal = printing


LEAKS: dict[str, Callable[[], None]] = {
    "database": leak_into_the_database,
    "log": leak_into_the_log,
    "stderr": leak_by_a_library,
}


def noting(app: Any, path: Path) -> Callable[[Any, Any], Iterable[bytes]]:
    """Return *app* with an access log as a proxy writes it: method, address, referrer."""

    def noted(environ: Any, start_response: Any) -> Iterable[bytes]:
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{environ['REQUEST_METHOD']} {address} {environ.get('HTTP_REFERER', '-')}\n")
        answered: Iterable[bytes] = app(environ, start_response)
        return answered

    return noted


def main() -> None:
    fail_in_mid_turn()
    leak = os.environ.get("PRIVACY_LEAK")
    if leak:
        LEAKS[leak]()
    app = application()
    path = Path(os.environ["PRIVACY_ACCESS_LOG"])
    make_server(
        "127.0.0.1", int(os.environ["PRIVACY_PORT"]), noting(app, path), threaded=True
    ).serve_forever()


if __name__ == "__main__":
    main()
