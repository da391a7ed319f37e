"""The console: where staff see the applications, take them up and download them."""

from __future__ import annotations

from flask import Blueprint, Flask

from bot.admin.accesslog import AccessLogPage
from bot.admin.cases import CasePages
from bot.admin.certificates import CertificatePages
from bot.admin.console import Console
from bot.admin.downloads import DownloadPages
from bot.admin.forms import FormPages
from bot.admin.holders import HolderPages
from bot.admin.jobs import JobPages
from bot.admin.meetings import MeetingPages
from bot.admin.meetings_door import DoorPages
from bot.admin.meetings_needs import NeedPages
from bot.admin.meetings_prints import PrintPages
from bot.admin.meetings_roster import RosterPages
from bot.admin.meetings_tables import TablePages
from bot.admin.overview import OverviewPage
from bot.admin.photos import PhotoPage
from bot.admin.questions import QuestionPages
from bot.admin.report import ReportPages
from bot.admin.rounds import RoundPages
from bot.admin.signin import SignInPages
from bot.admin.stock import StockPages
from bot.admin.surveys import SurveyPages
from bot.admin.surveys_paper import SurveyPaperPages
from bot.admin.tabulation import TabulationPages
from bot.admin.tabulation_files import TabulationFiles
from bot.admin.tabulation_population import PopulationPages
from bot.admin.unreached import UnreachedPage
from bot.exports.jobs import Workshop
from bot.exports.rooms import Rooms
from bot.service import Service


def register(app: Flask, service: Service) -> None:
    """Add the console's pages to *app*."""
    console = Console(service)
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    SignInPages(console).add_to(blueprint)
    OverviewPage(console).add_to(blueprint)
    CasePages(console).add_to(blueprint)
    PhotoPage(console).add_to(blueprint)
    shop = Workshop(Rooms(service.settings.exports_folder))
    shop.tidy(console.now)  # what the process before this one was at was interrupted
    DownloadPages(console, shop).add_to(blueprint)
    JobPages(console, shop).add_to(blueprint)
    AccessLogPage(console).add_to(blueprint)
    FormPages(console).add_to(blueprint)
    HolderPages(console).add_to(blueprint)
    CertificatePages(console).add_to(blueprint)
    QuestionPages(console).add_to(blueprint)
    UnreachedPage(console).add_to(blueprint)
    RoundPages(console).add_to(blueprint)
    StockPages(console).add_to(blueprint)
    ReportPages(console).add_to(blueprint)
    for pages in (TabulationPages, TabulationFiles, PopulationPages):
        pages(console).add_to(blueprint)
    for each in (MeetingPages, RosterPages, DoorPages, TablePages, PrintPages, NeedPages):
        each(console).add_to(blueprint)
    SurveyPages(console).add_to(blueprint)
    SurveyPaperPages(console).add_to(blueprint)
    app.register_blueprint(blueprint)
