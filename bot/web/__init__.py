"""Pages for residents: the private page opened from a talk."""

from __future__ import annotations

from flask import Flask

from bot.service import Service
from bot.web import liff, private


def register(app: Flask, service: Service) -> None:
    """Add the residents' pages to *app*."""
    app.register_blueprint(private.PrivatePages(service).blueprint())
    if service.settings.liff_id:
        app.register_blueprint(liff.LiffDoor(service).blueprint())
