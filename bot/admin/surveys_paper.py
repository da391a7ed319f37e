"""A survey on paper: the paper to be printed, and what came back, keyed in twice, compared and counted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in, to
from bot.forms.fields import entered, questions
from bot.surveys import papers
from bot.surveys.live import made
from bot.surveys.papers import Difference
from bot.visits import Visit
from dialogs.events import Parts
from dialogs.fields.base import Field, Given, Invalid, Value
from dialogs.form import Form
from dialogs.words import Message, _, say
from storage import engine as database
from storage import survey_papers, surveys
from storage.survey_papers import Paper, PaperCounted
from storage.surveys import DRAFT, SurveyRow

UNUSABLE, CONFLICT, MISSING = 422, 409, 404
MOST_COPIES = 50

log = structlog.get_logger()


@dataclass(frozen=True)
class SurveyPaperPages:
    """The routes of surveys on paper."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        add = blueprint.add_url_rule
        add("/surveys/<key>/print", "survey_print", self._print, methods=["GET"])
        add("/surveys/<key>/papers", "survey_papers", self._page, methods=["GET"])
        add("/surveys/<key>/papers", "survey_key_in", self._key_in, methods=["POST"])
        add("/surveys/<key>/papers/<page>", "survey_paper", self._differing, methods=["GET"])
        add("/surveys/<key>/papers/<page>", "survey_settle", self._settle, methods=["POST"])

    def _row(self, key: str) -> SurveyRow | None:
        with database.read(self.console.service.engine) as conn:
            return surveys.get(conn, key[:40])

    def _missing(self, visit: Visit) -> AnyResponse:
        return self.console.refused(visit, MISSING, say(_("そのアンケートは見つかりません。")))

    @signed_in(*OFFICE)
    def _print(self, visit: Visit, key: str) -> AnyResponse:
        row = self._row(key)
        if row is None:
            return self._missing(visit)
        wanted = request.args.get("copies", "1")
        copies = min(MOST_COPIES, max(1, int(wanted))) if wanted.isascii() and wanted.isdigit() else 1
        form, world, words = made(row).forms[0], self.console.world, self.console.words
        return self.console.drawn(
            "survey_print.html",
            visit,
            row=row,
            form=form,
            numbers=[papers.new_number() for _copy in range(copies)],
            pages=[
                (page, questions(page.fields, Given(world, words=words), {}, {}, words))
                for page in form.pages
            ],
        )

    @signed_in(*OFFICE)
    def _page(self, visit: Visit, key: str) -> AnyResponse:
        row = self._row(key)
        return self._keying(visit, row, {}, {}) if row and row.state != DRAFT else self._missing(visit)

    def _keying(
        self,
        visit: Visit,
        row: SurveyRow,
        sent: Mapping[str, Parts],
        refused: Mapping[str, Invalid],
        fault: Message | None = None,
    ) -> AnyResponse:
        form, words = made(row).forms[0], self.console.words
        with database.read(self.console.service.engine) as conn:
            waiting, counted = survey_papers.waiting(conn, row.key), survey_papers.counted(conn, row.key)
        return self.console.drawn(
            "survey_papers.html",
            visit,
            status=UNUSABLE if fault or refused else 200,
            row=row,
            form=form,
            page=request.form.get("page", "")[:16],
            waiting=waiting,
            counted=counted,
            fault=fault,
            said=request.args.get("said", ""),
            questions=questions(form.fields, Given(self.console.world, words=words), sent, refused, words),
        )

    @signed_in(*OFFICE)
    def _key_in(self, visit: Visit, key: str) -> AnyResponse:
        row = self._row(key)
        if row is None or row.state == DRAFT:
            return self._missing(visit)
        form, page = made(row).forms[0], request.form.get("page", "").strip()
        sent = entered(form.fields, self.console.world, request.form)
        if not papers.is_number(page):
            text = _("紙の番号（6けた）が正しくありません。紙の下に印刷された番号を、もう一度見てください。")
            return self._keying(visit, row, sent, {}, say(text))
        given = {each: parts for each, parts in sent.items() if any(parts.values())}
        answers, refused = form.read(given, {}, self.console.world, self.console.words)
        if refused:
            return self._keying(visit, row, sent, refused)
        try:
            return self._kept(visit, row, form, page, dict(answers))
        except PaperCounted:
            return self._keying(visit, row, sent, {}, say(_("この番号の紙は、もう数えました。")))

    def _kept(
        self, visit: Visit, row: SurveyRow, form: Form, page: str, answers: Mapping[str, Value]
    ) -> AnyResponse:
        with database.write(self.console.service.engine) as conn:
            paper = survey_papers.key_in(conn, row.key, page, answers, visit.session.subject)
            twice = paper.second is not None
            same = twice and not papers.differences(form, paper)
            if same:
                papers.count(conn, form, row.key, page, answers)
        if twice and not same:
            return to("survey_paper", key=row.key, page=page)
        return to("survey_papers", key=row.key, said="counted" if same else "first")

    @signed_in(*OFFICE)
    def _differing(self, visit: Visit, key: str, page: str) -> AnyResponse:
        return self._settling(visit, key, page)

    def _settling(self, visit: Visit, key: str, page: str, fault: Message | None = None) -> AnyResponse:
        row = self._row(key)
        with database.read(self.console.service.engine) as conn:
            paper = survey_papers.find(conn, key[:40], page[:16])
        if row is None or paper is None or paper.counted or paper.second is None:
            return to("survey_papers", key=key) if row else self._missing(visit)
        form = made(row).forms[0]
        return self.console.drawn(
            "survey_paper.html",
            visit,
            status=UNUSABLE if fault else 200,
            row=row,
            paper=paper,
            fault=fault,
            differences=[self._said(form, each) for each in papers.differences(form, paper)],
        )

    def _said(self, form: Form, each: Difference) -> tuple[Field, str, str]:
        field = form.by_key[each.key]
        return field, self._shown(form, each.key, each.first), self._shown(form, each.key, each.second)

    def _shown(self, form: Form, key: str, value: Value) -> str:
        words = self.console.words
        return form.by_key[key].show(value, words) if value is not None else words.text(_("（なし）"))

    @signed_in(*OFFICE)
    def _settle(self, visit: Visit, key: str, page: str) -> AnyResponse:
        row = self._row(key)
        if row is None:
            return self._missing(visit)
        form = made(row).forms[0]
        with database.write(self.console.service.engine) as conn:
            paper = survey_papers.find(conn, row.key, page[:16], lock=True) or Paper(page)
            if request.form.get("again"):
                survey_papers.begin_anew(conn, row.key, page[:16])
                return to("survey_papers", key=key, said="anew")
            answers = papers.settled(form, paper, request.form) if paper.second is not None else None
            if answers is not None:
                papers.count(conn, form, row.key, paper.page, answers)
        if answers is None:
            return self._settling(visit, key, page, say(_("ちがうところを、すべてえらんでください。")))
        return to("survey_papers", key=key, said="counted")
