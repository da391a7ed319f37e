"""What is missing or wrong, in one line each, with what to do about it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable, Iterator

from bot import doctor_settings
from bot.doctor_database import folder, place
from bot.doctor_database import state as database_state
from bot.doctor_finding import FAULT, OK, WARNING, Finding, fault
from bot.doctor_line import liff, line, line_says
from bot.doctor_settings import read_settings
from bot.doctor_teams import is_set_up, teams, teams_says
from bot.doctor_vault import vault
from bot.settings import Settings

__all__ = [
    "FAULT",
    "OK",
    "WARNING",
    "Finding",
    "database_state",
    "examine",
    "read_settings",
    "refuse_taken",
    "refuse_unsafe",
    "safe_settings",
    "unsafe",
]

REFUSED = 2
"""The exit status of a program that must not serve."""


def safe_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        SystemExit: As :func:`refuse_unsafe`.
    """
    settings, found = read_settings()
    _refuse(found)
    return settings or Settings()


def refuse_unsafe(settings: Settings) -> None:
    """End the program where it must not serve, saying why.

    Raises:
        SystemExit: With status 2, after one line per fault on standard error.
    """
    given = doctor_settings.names(doctor_settings.every_name())
    _refuse([*given, *unsafe(settings), database_state(settings)])


def refuse_taken(host: str, port: int) -> None:
    """End the program where something listens on *port*: the server would share it, and halves would go astray.

    Raises:
        SystemExit: As :func:`refuse_unsafe`.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            text = f"{host}:{port} cannot be listened on ({taken.strerror}); stop what runs there,"
            _refuse([fault("port", f"{text} or choose another --port")])


def _refuse(found: Iterable[Finding]) -> None:
    faults = [each for each in found if each.state == FAULT]
    for each in faults:
        print(each, file=sys.stderr)  # noqa: T201 -- the person who starts the program reads it
    if faults:
        raise SystemExit(REFUSED)


def unsafe(settings: Settings) -> Iterator[Finding]:
    """Yield what can be said of *settings* without any connection."""
    yield from doctor_settings.dotenv()
    yield from doctor_settings.keys(settings)
    yield from vault(settings, folder(settings))
    yield doctor_settings.address(settings)
    yield from place(settings)
    yield line(settings)
    yield from liff(settings)
    yield from teams(settings)
    yield from doctor_settings.office(settings)
    yield from doctor_settings.privacy(settings)


def examine(settings: Settings, given: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield everything, connections included; *given* are the names of the environment's variables."""
    yield from doctor_settings.names([*given, *doctor_settings.every_name()])
    found = [*unsafe(settings)]
    yield from found
    yield database_state(settings)
    # A channel that is set up wrongly is not tried.
    if line(settings).state == OK and all(each.state != FAULT for each in found):
        yield from line_says(settings)
    if is_set_up(settings):
        yield from teams_says(settings)
