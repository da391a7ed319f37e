"""Everything that touches the world.  ``create_app`` is the door for WSGI servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from bot.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the running service as a WSGI application, from *settings* or the environment.

    Raises:
        SystemExit: The configuration is unsafe or incomplete; each fault is printed in one line.
    """
    # Imported here so that ``import bot.<part>`` stays cheap for tools and tests.
    from bot.serving import application  # noqa: PLC0415

    return application(settings)


def create_worker() -> Flask:
    """Return the same for a process that does nothing else, as ``madoguchi serve`` starts it."""
    from bot.serving import worker  # noqa: PLC0415 -- as above

    return worker()
