"""Surveys in the console: upload a workbook, look at what it will be, open it, see how it goes, close it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from flask import Blueprint, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.surveys import audience, opening, preview
from bot.surveys.findings import Problem
from bot.surveys.live import LiveRegister, made
from bot.surveys.opening import SurveyRefused
from bot.surveys.workbook import examine
from bot.surveys.workbook_cells import MOST_BYTES
from bot.visits import Visit
from dialogs.polls import EVERYBODY, MEETING, PROCEDURE
from dialogs.procedure import Role
from dialogs.surveys import Survey, to_json
from dialogs.words import Message, _, say
from storage import ballots, links, meetings, surveys
from storage import engine as database
from storage.keyring import VaultKeyMissing
from storage.surveys import SurveyInUse, SurveyRow

MAKERS = (Role.MANAGER, Role.ADMIN)
"""Those who decide what the city asks."""

UNUSABLE, CONFLICT, MISSING = 422, 409, 404
MOST_LINES = 200
LINK_LIFE = 90 * 24 * 3_600_000

log = structlog.get_logger()


@dataclass(frozen=True)
class SurveyPages:
    """The routes of surveys."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        add = blueprint.add_url_rule
        add("/surveys/", "surveys", self._list, methods=["GET"])
        add("/surveys/", "surveys_upload", self._upload, methods=["POST"])
        add("/surveys/<key>/", "survey", self._one, methods=["GET"])
        add("/surveys/<key>/preview", "survey_preview", self._preview, methods=["GET"])
        add("/surveys/<key>/open", "survey_open", self._open, methods=["POST"])
        add("/surveys/<key>/close", "survey_close", self._close, methods=["POST"])
        add("/surveys/<key>/remove", "survey_remove", self._remove, methods=["POST"])
        add("/surveys/<key>/links", "survey_links", self._links, methods=["POST"])

    @signed_in(*READERS)
    def _list(self, visit: Visit) -> AnyResponse:
        return self._listed(visit, 200)

    def _listed(
        self,
        visit: Visit,
        status: int,
        problems: Sequence[Problem] = (),
        fault: Message | None = None,
    ) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = [(row, ballots.counts(conn, row.key)) for row in surveys.listed(conn)]
            audiences = list(self._audiences(conn))
        return self.console.drawn(
            "surveys.html",
            visit,
            status=status,
            surveys=found,
            problems=problems[:MOST_LINES],
            more=max(0, len(problems) - MOST_LINES),
            fault=fault,
            audiences=audiences,
            megabytes=MOST_BYTES // 10**6,
            makes=visit.session.role in MAKERS,
        )

    def _audiences(self, conn: Connection) -> Sequence[tuple[str, Message]]:
        named = [(f"{MEETING}{each.key}", say("{title}", title=each.title)) for each in meetings.every(conn)]
        borrowers = (f"{PROCEDURE}fence_loan", say(_("電気柵を借りた方")))
        return [(EVERYBODY, say(_("だれでも"))), *named, borrowers]

    @signed_in(*MAKERS)
    def _upload(self, visit: Visit) -> AnyResponse:
        sent = request.files.get("workbook")
        content = sent.read(MOST_BYTES + 1) if sent else b""
        if not content:
            return self._listed(visit, UNUSABLE, fault=say(_("アンケートのブックをえらんでください。")))
        days = [request.form.get(name, "") for name in ("opens", "closes")]
        if not all(map(_is_day, days)):
            return self._listed(visit, UNUSABLE, fault=say(_("日付は 2027-06-07 のように入力してください。")))
        examined = examine(content)
        if examined.survey is None:
            return self._listed(visit, UNUSABLE, examined.problems)
        row = self._row(visit, examined.survey, content)
        try:
            with database.write(self.console.service.engine) as conn:
                if row.audience not in {key for key, _label in self._audiences(conn)}:
                    return self._listed(visit, UNUSABLE, fault=say(_("答える人をえらんでください。")))
                surveys.put(conn, row)
        except SurveyInUse:
            text = _(
                "同じ名前（{key}）のアンケートは、もう始まっています。ブックの form_id を変えてください。"
            )
            return self._listed(visit, CONFLICT, fault=say(text, key=row.key))
        log.info("survey_uploaded", name=row.key)
        return to("survey", key=row.key)

    def _row(self, visit: Visit, survey: Survey, content: bytes) -> SurveyRow:
        return SurveyRow(
            survey.key,
            str(survey.title)[:256],
            survey.edition,
            to_json(survey),
            audience=request.form.get("audience", EVERYBODY)[:80],
            opens=request.form.get("opens", ""),
            closes=request.form.get("closes", ""),
            identity="optional" if request.form.get("identity") else "none",
            workbook=hashlib.sha256(content).hexdigest(),
            uploaded_by=visit.session.subject[:128],
            uploaded_at=self.console.now,
        )

    def _find(self, conn: Connection, key: str) -> SurveyRow | None:
        return surveys.get(conn, key[:40])

    @signed_in(*READERS)
    def _one(self, visit: Visit, key: str) -> AnyResponse:
        return self._shown(visit, key)

    def _shown(
        self,
        visit: Visit,
        key: str,
        fault: Message | None = None,
        made_links: Sequence[tuple[str, str]] = (),
    ) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            row = self._find(conn, key)
            if row is None:
                return self._missing(visit)
            counts = ballots.counts(conn, row.key)
            audiences = dict(self._audiences(conn))
        form = made(row).forms[0]
        stops = [(form.field(at.partition(".")[0]), many) for at, many in sorted(counts.stopped_at.items())]
        return self.console.drawn(
            "survey.html",
            visit,
            status=CONFLICT if fault else 200,
            row=row,
            counts=counts,
            stops=stops,
            fault=fault,
            links=made_links,
            audience=audiences.get(row.audience, say("{key}", key=row.audience)),
            form=form,
            makes=visit.session.role in MAKERS,
            works=visit.session.role in OFFICE,
            public=f"{self.console.service.settings.public_url}/forms/{row.form}",
        )

    def _missing(self, visit: Visit) -> AnyResponse:
        return self.console.refused(visit, MISSING, say(_("そのアンケートは見つかりません。")))

    @signed_in(*READERS)
    def _preview(self, visit: Visit, key: str) -> AnyResponse:
        service = self.console.service
        with database.read(service.engine) as conn:
            row = self._find(conn, key)
        if row is None:
            return self._missing(visit)
        words = service.words.get(request.args.get("lang", "")) or self.console.words
        form = made(row).forms[0]
        drawn = preview.preview(service, form, self.console.world, words)
        return self.console.drawn("survey_preview.html", visit, row=row, form=form, preview=drawn, tr=words)

    @signed_in(*MAKERS)
    def _open(self, visit: Visit, key: str) -> AnyResponse:
        try:
            with database.write(self.console.service.engine) as conn:
                opening.open_(conn, self.console.service.vault, key[:40])
                self._told(conn)
        except SurveyRefused:
            return self._shown(
                visit, key, say(_("このアンケートは始められません。もう始まっているようです。"))
            )
        except VaultKeyMissing:
            text = _("照合用の鍵がないため、始められません。システムの管理者に伝えてください。")
            return self._shown(visit, key, say(text))
        log.info("survey_opened", name=key[:40])
        return to("survey", key=key)

    @signed_in(*MAKERS)
    def _close(self, visit: Visit, key: str) -> AnyResponse:
        if not request.form.get("surely"):
            return self._shown(visit, key, say(_("終えると、もとに戻せません。チェックを入れてください。")))
        try:
            with database.write(self.console.service.engine) as conn:
                opening.close(conn, key[:40])
                self._told(conn)
        except SurveyRefused:
            return self._shown(visit, key, say(_("このアンケートは、いま行われていません。")))
        log.info("survey_closed", name=key[:40])
        return to("survey", key=key)

    def _told(self, conn: Connection) -> None:
        register = self.console.service.register
        if isinstance(register, LiveRegister):
            register.live.refresh(conn, self.console.now)

    @signed_in(*MAKERS)
    def _remove(self, visit: Visit, key: str) -> AnyResponse:
        with database.write(self.console.service.engine) as conn:
            gone = surveys.remove(conn, key[:40])
        text = say(_("下書きだけを消せます。"))
        return to("surveys") if gone else self._shown(visit, key, text)

    @signed_in(*OFFICE)
    def _links(self, visit: Visit, key: str) -> AnyResponse:
        """Make a personal link for everybody whom LINE does not reach; each is shown this once."""
        service = self.console.service
        with database.write(service.engine) as conn:
            row = self._find(conn, key)
            if row is None or row.state != surveys.OPEN:
                return self._missing(visit)
            wanted = audience.participants(conn, opening.poll_of(row))
            told = surveys.invited(conn, row.key)
            found = [
                (each.case.reference, self._link(conn, row, each.person_id))
                for each in wanted.values()
                if each.person_id not in told
            ]
        log.info("survey_links_made", name=row.key, count=len(found))
        return self._shown(visit, key, made_links=found)

    def _link(self, conn: Connection, row: SurveyRow, person_id: str) -> str:
        surveys.invite(conn, row.key, person_id)
        token = links.make(conn, "survey", person_id, row.key, LINK_LIFE, self.console.now)
        return f"{self.console.service.settings.public_url}/s/{token}"


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False
