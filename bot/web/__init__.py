"""Pages for residents: the private page opened from a talk, and the forms that need no talk."""

from __future__ import annotations

from flask import Flask

from bot.service import Service
from bot.web import forms, liff, private, survey_links


def register(app: Flask, service: Service) -> None:
    """Add the residents' pages to *app*."""
    app.register_blueprint(private.PrivatePages(service).blueprint())
    app.register_blueprint(forms.FormPages(service).blueprint())
    app.register_blueprint(survey_links.SurveyLinks(service).blueprint())
    if service.settings.liff_id:
        app.register_blueprint(liff.LiffDoor(service).blueprint())
