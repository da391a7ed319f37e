"""The page of a long export: how far it is, the file once it is made, and the way to end it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in, to
from bot.admin.downloads import DownloadPages, named
from bot.exports.jobs import AT_WORK, STATES, Job, State, Workshop
from bot.visits import Visit
from dialogs.words import Message, _, say

MINUTE = 60_000


@dataclass(frozen=True)
class JobPages:
    """The routes of long exports.  A job is there only for whoever asked for it."""

    console: Console
    shop: Workshop

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/export/jobs/<name>", "job", self._page, methods=["GET"])
        blueprint.add_url_rule("/export/jobs/<name>/state", "job_state", self._state, methods=["GET"])
        blueprint.add_url_rule("/export/jobs/<name>/file", "job_file", self._file, methods=["GET"])
        blueprint.add_url_rule("/export/jobs/<name>/end", "job_end", self._end, methods=["POST"])

    @signed_in(*OFFICE)
    def _page(self, visit: Visit, name: str) -> AnyResponse:
        job = self._job(visit, name)
        return self.console.drawn(
            "job.html",
            visit,
            job=job,
            is_at_work=job.state in AT_WORK,
            states=STATES,
            told=self._told(job),
        )

    @signed_in(*OFFICE)
    def _state(self, visit: Visit, name: str) -> AnyResponse:
        """Return how far the job is, for the page's script."""
        job = self._job(visit, name)
        told = self.console.words.say(self._told(job))
        return jsonify(state=job.state, rows=job.rows, total=job.total, told=told)

    @signed_in(*OFFICE)
    def _file(self, visit: Visit, name: str) -> AnyResponse:
        job = self._job(visit, name)
        if job.state is not State.READY:
            abort(404)
        source = DownloadPages(self.console, self.shop).source(visit, job.dataset)
        try:
            pieces = self.shop.pieces(job, source)
        except FileNotFoundError:
            abort(404)
        answer = Response(pieces, content_type=job.content_type)
        answer.content_length = job.size
        return named(answer, job.names)

    @signed_in(*OFFICE)
    def _end(self, visit: Visit, name: str) -> AnyResponse:
        self.shop.end(self._job(visit, name))
        return to("downloads")

    def _job(self, visit: Visit, name: str) -> Job:
        self.shop.tidy(self.console.now)
        return self.shop.find(name, visit.session.subject) or abort(404)

    def _told(self, job: Job) -> Message:
        match job.state:
            case State.WAITING:
                return say(_("ほかの人のファイルを作っています。終わりしだい始めます。"))
            case State.RUNNING:
                return self._how_far(job)
            case State.READY:
                return say(_("{rows}件のファイルができました。"), rows=job.rows)
            case State.FAILED:
                text = _(
                    "ファイルを作れませんでした。もう一度お試しください。続くときは、番号 {number} を管理者へ。"
                )
                return say(text, number=job.id[:8])
            case State.INTERRUPTED:
                return say(_("システムが止まったため、途中で終わりました。はじめから作り直してください。"))

    def _how_far(self, job: Job) -> Message:
        if not job.rows:
            return say(_("始めました。"))
        if job.rows >= job.total:
            return say(_("{total}件を書き終わり、ファイルにまとめています。"), total=job.total)
        spent = max(1, self.console.now - job.begun_at)
        left = spent * (job.total - job.rows) / job.rows
        if left < MINUTE:
            text = _("{total}件のうち{rows}件を書きました。あと1分もかかりません。")
            return say(text, total=job.total, rows=job.rows)
        text = _("{total}件のうち{rows}件を書きました。あと{minutes}分ほどです。")
        return say(text, total=job.total, rows=job.rows, minutes=round(left / MINUTE))
