"""The web application and the server that runs it."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask, Response, g, request

from bot import errors, health, logs
from bot.inlet import Inlet
from bot.lane import Lane
from bot.service import Service
from bot.settings import Settings

YEAR = 365 * 24 * 3600

SECONDS_TO_END = 30
"""How long requests may take to end when the service is to stop: a body that never comes would keep it for ever."""


def application(settings: Settings | None = None) -> Flask:
    """Return the application with its background work begun."""
    from bot.doctor import refuse_unsafe, safe_settings  # noqa: PLC0415 -- the doctor knows every room
    from bot.wiring import build  # noqa: PLC0415 -- the wiring knows every channel; pages must not

    chosen = settings or safe_settings()
    logs.set_up(chosen.log_level)
    refuse_unsafe(chosen)
    service = build(chosen)
    app = make_app(service)
    service.start()
    # Not atexit: a forked worker ends without it, and what became of messages in the air would not be stored.
    Finalize(None, service.stop, exitpriority=10)
    return app


def worker() -> Flask:
    """Return the same for a process of its own, which then stays on one core where the settings say so."""
    app = application()
    rest_longer()
    if app.extensions["madoguchi"].settings.cores == "one":
        stay_on_one_core()
    return app


def rest_longer() -> None:
    """Look for garbage that refers to itself less often than Python does by itself, and not in what stays for ever.

    A turn makes some thousand short-lived objects and no such garbage: looking after every 700 finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def stay_on_one_core() -> None:
    """Keep this process on one of the cores that it may use.

    Only one thread of it can run Python at a time.  On several cores the others, woken whenever that one waits
    for the database, fight over whose turn it is, which costs as much as all they do; on one core there is
    nobody to fight with.
    """
    if not hasattr(os, "sched_setaffinity"):  # Linux alone has it
        return
    allowed = sorted(os.sched_getaffinity(0))
    core = {allowed[os.getpid() % len(allowed)]}
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread.name), core)


def make_app(service: Service) -> Flask:
    """Return the web application of *service*, without its background work."""
    from bot import admin, qr, web  # noqa: PLC0415 -- both draw on this module's headers

    app = Flask("bot", static_folder="static", template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=2_000_000, SECRET_KEY=service.settings.secret_key.get_secret_value())
    app.extensions["madoguchi"] = service
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(health.blueprint(service))
    for door in service.doors:
        app.register_blueprint(door)
    app.register_blueprint(qr.blueprint(service))
    web.register(app, service)
    admin.register(app, service)
    errors.register(app, service)
    app.after_request(lambda answer: guarded(answer, https=service.settings.public_url.startswith("https:")))
    app.wsgi_app = Inlet(app.wsgi_app)  # type: ignore[method-assign]
    if service.lanes:
        app.wsgi_app = Lane(app, service.lanes)  # type: ignore[method-assign]
    return app


def guarded(answer: Response, *, https: bool) -> Response:
    """Return *answer* with the headers that keep pages and what they hold to themselves."""
    policy = getattr(g, "policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                     "frame-ancestors 'none'")  # fmt: skip
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if https:
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def serve(
    target: str, host: str, port: int, *, workers: int, threads: int, patience: int = SECONDS_TO_END
) -> None:
    """Run the application factory *target* under Granian until a signal ends it.

    The server then waits up to *patience* seconds for requests that are not done, and for connections on which
    none was ever sent: browsers open such in advance.
    """
    from granian import Granian  # noqa: PLC0415 -- only this command needs the server
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        factory=True,
        log_access=False,
        log_level=LogLevels.warning,
        http=HTTPModes.http1,  # what LINE, browsers behind a proxy and monitors speak
        websockets=False,
        workers_kill_timeout=patience,
    ).serve()
