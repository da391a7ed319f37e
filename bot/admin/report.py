"""The final report in the console: its tables on a page that prints on A4, and as a workbook (003-26, 61)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import Blueprint, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin import report_book
from bot.admin.console import READERS, Console, signed_in
from bot.admin.downloads import TYPES, sent
from bot.admin.report_counting import Loans, Visits
from bot.admin.report_tables import Table, Tables
from bot.clock import at_hour, day_of, moment
from bot.exports.rooms import Rooms
from bot.exports.source import PAGE
from bot.signing import view_of
from bot.visits import Visit
from dialogs.words import _
from storage import casefiles, stockbook
from storage import engine as database
from storage.casefiles import CaseFile
from storage.caselist import Wanted
from storage.cases import CaseRow

APRIL = 4
YEARS = 5
"""Fiscal years that can be chosen."""


def fiscal_year(day: date) -> int:
    """Return the fiscal year (年度) of *day*: it begins on 1 April."""
    return day.year if day.month >= APRIL else day.year - 1


@dataclass(frozen=True)
class ReportPages:
    """The routes of the final report."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/report", "final", self._page, methods=["GET"])
        blueprint.add_url_rule("/report.xlsx", "final_book", self._book, methods=["GET"])

    @signed_in(*READERS)
    def _page(self, visit: Visit) -> AnyResponse:
        year = self._year()
        newest = fiscal_year(day_of(self.console.now))
        return self.console.drawn(
            "report.html",
            visit,
            tables=self._tables(year),
            year=year,
            years=range(newest, newest - YEARS, -1),
            made=self._made(),
        )

    @signed_in(*READERS)
    def _book(self, visit: Visit) -> AnyResponse:  # noqa: ARG002 -- whoever may see the page
        year = self._year()
        head = [self.console.words.text(_("{year}年度"), year=str(year)), self._made()]
        with Rooms(self.console.service.settings.exports_folder).lent() as room:
            made = room / "report.xlsx"
            report_book.write(made, self._tables(year), head)
            file = made.open("rb")
        answer = sent(file, TYPES["xlsx"])
        name = quote(f"{self.console.words.text(_('実績報告'))}_{year}.xlsx", safe="")
        answer.headers["Content-Disposition"] = (
            f"attachment; filename=\"report_{year}.xlsx\"; filename*=UTF-8''{name}"
        )
        return answer

    def _year(self) -> int:
        """Return the year that was asked for, this one where it is none that can be chosen."""
        newest = fiscal_year(day_of(self.console.now))
        asked = request.args.get("year", "")
        return int(asked) if asked in {str(newest - back) for back in range(YEARS)} else newest

    def _made(self) -> str:
        at = f"{moment(self.console.now):%Y-%m-%d %H:%M}"
        return self.console.words.text(_("{at} 現在"), at=at)

    def _tables(self, year: int) -> tuple[Table, ...]:
        loans, visits = Loans(), Visits()
        with database.read(self.console.service.engine) as conn:
            for each in _files(conn, "fence_loan", year):
                loans.add(view_of(each), each.case.channel)
            for each in _files(conn, "install_guidance", year):
                visits.add(view_of(each))
            balances = stockbook.balances(conn)
        return Tables(self.console.words, self.console.service.office, loans, visits, balances).all()


def _files(conn: Connection, procedure: str, year: int) -> Iterator[CaseFile]:
    """Yield the cases of *procedure* that were opened in the fiscal year *year*, but those that were erased."""
    wanted = Wanted(
        procedure,
        since=at_hour(date(year, APRIL, 1), 0),
        until=at_hour(date(year + 1, APRIL, 1), 0),
    )
    after: CaseRow | None = None
    while True:
        page = casefiles.bare_page(conn, wanted, after, PAGE)
        yield from (each for each in page if each.filled)
        if len(page) < PAGE:
            return
        after = page[-1].case
