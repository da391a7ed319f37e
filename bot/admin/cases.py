"""The pages of applications: the list, one case, opening its personal answers, taking it up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.asked import RECEIVED, filter_of
from bot.admin.casefile import CaseFile, Reading, nothing_to_take_up
from bot.admin.caselines import Lines, Table
from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.admin.reasons import REASONS
from bot.admin.standing import choices
from bot.exports.columns import CHANNELS
from bot.following import Filed, follow
from bot.signing import history, latest, view
from bot.visits import Visit
from dialogs.fields.base import Answers
from dialogs.procedure import Procedure, Role
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.words import Message, _, say
from storage import caselist, cases, submissions
from storage import engine as database
from storage.cases import CaseRow
from storage.submissions import Collision, SubmissionRow
from storage.vault import VaultRecordMissing

CHANNEL = "console"

log = structlog.get_logger()


@dataclass(frozen=True)
class Found:
    """One case as it lies in the database."""

    case: CaseRow
    procedure: Procedure
    filed: Sequence[SubmissionRow]


@dataclass(frozen=True)
class Shown:
    """What a case's page shows besides the case: opened answers, why nothing was done, what must be mended."""

    personal: Mapping[str, Answers] = field(default_factory=dict)
    opened: bool = False
    message: Message | None = None
    faults: Mapping[str, Message] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class CasePages:
    """The routes of applications."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/cases/<path:reference>"
        blueprint.add_url_rule("/cases/", "cases", self._list, methods=["GET"])
        blueprint.add_url_rule(one, "case", self._case, methods=["GET"])
        blueprint.add_url_rule(f"{one}/personal", "personal", self._personal, methods=["POST"])
        blueprint.add_url_rule(f"{one}/steps/<step>", "file_step", self._file_step, methods=["POST"])

    @signed_in(*READERS)
    def _list(self, visit: Visit) -> AnyResponse:
        procedure = self._procedure(request.args.get("procedure", ""))
        table = Table(procedure, self.console.words, self.console.world)
        wanted = filter_of(request.args)
        found, total = Lines(()), 0
        if not wanted.faults:
            with database.read(self.console.service.engine) as conn:
                before = _by_reference(conn, request.args.get("before", ""))
                found = table.page(conn, wanted, before)
                total = caselist.count(conn, wanted.wanted(procedure))
        return self.console.drawn(
            "cases.html",
            visit,
            status=422 if wanted.faults else 200,
            procedure=procedure,
            procedures=self.console.service.register.procedures,
            titles=table.titles(),
            found=found,
            total=total,
            wanted=wanted,
            narrowed=wanted.due(procedure) is not None,
            faults=wanted.faults,
            entered=request.args,
            choices=choices(procedure),
            received={each: CHANNELS[each] for each in RECEIVED},
            known={flag.key: flag.label for line in found.lines for flag in line.flags},
        )

    def _procedure(self, key: str) -> Procedure:
        register = self.console.service.register
        return (register.of(key) if key else register.procedures[0]) or abort(404)

    @signed_in(*READERS)
    def _case(self, visit: Visit, reference: str) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = self._found(conn, reference)
        return self._drawn(visit, found, Shown())

    @signed_in(*OFFICE)
    def _personal(self, visit: Visit, reference: str) -> AnyResponse:
        why = request.form.get("why", "")
        if why not in REASONS:
            with database.read(self.console.service.engine) as conn:
                found = self._found(conn, reference)
            message = say(_("個人情報を見る理由をえらんでください。"))
            return self._drawn(visit, found, Shown(faults={"why": message}, status=422))
        with database.write(self.console.service.engine) as conn:
            found = self._found(conn, reference)
            personal = self._opened(conn, found, visit, why)
        if personal is None:
            return self._drawn(
                visit, found, Shown(message=say(_("個人情報は消去されています。")), status=410)
            )
        return self._drawn(visit, found, Shown(personal, opened=True))

    def _opened(self, conn: Connection, found: Found, visit: Visit, why: str) -> Mapping[str, Answers] | None:
        """Return the personal answers of the case and of its steps' own forms, by record; None where all are gone."""
        newest = latest(found.filed)
        own = next((each.form for each in found.filed if each.form), "")
        steps = [each.vault_id for each in found.filed if each.form != own]
        wanted = [newest.vault_id if newest else None, *steps]
        session, vault = visit.session, self.console.service.vault
        opened: dict[str, Answers] = {}
        for record in filter(None, wanted):
            with suppress(VaultRecordMissing):
                opened[record] = vault.open(
                    conn, record, by=session.subject, role=session.role, why=why, now=self.console.now
                )
        return opened or None

    @signed_in(*OFFICE)
    def _file_step(self, visit: Visit, reference: str, step: str) -> AnyResponse:
        try:
            with database.write(self.console.service.engine) as conn:
                caselist.lock(conn, self._found(conn, reference).case.id)
                found = self._found(conn, reference)  # as it stands now that nobody else can file
                file = self._file(found, Shown())
                done = any(each.key == step for each in file.steps)
                if done:
                    self._filed(conn, found, step, visit)
        except Collision:
            message = say(_("ほかの人が同時に操作しました。内容を確かめて、もう一度お試しください。"))
            with database.read(self.console.service.engine) as conn:
                return self._drawn(visit, self._found(conn, reference), Shown(message=message, status=409))
        if done:
            log.info("step_filed", procedure=found.procedure.key, step=step)
            return to("case", reference=reference)
        return self._drawn(visit, found, Shown(message=nothing_to_take_up(file), status=409))

    def _filed(self, conn: Connection, found: Found, step: str, visit: Visit) -> None:
        event = f"console/{uuid.uuid4().hex}"
        submissions.file(
            conn,
            case_id=found.case.id,
            step=step,
            form="",
            edition="",
            answers={},
            vault_id=None,
            filed_by=visit.session.subject,
            role=Role.STAFF,
            channel=CHANNEL,
            locale=self.console.words.locale,
            event_id=event,
            now=self.console.now,
        )
        # What it takes or gives back, whom it is told, and the cards: as if it had been filed anywhere else.
        filed = Filed(found.procedure, found.case, view(found.case, found.filed), step, {}, event)
        follow(conn, filed, self.console.service.desk, self.console.now)

    def _found(self, conn: Connection, reference: str) -> Found:
        case = _by_reference(conn, reference)
        procedure = self.console.service.register.of(case.procedure) if case else None
        if case is None or procedure is None:
            abort(404)
        return Found(case, procedure, submissions.of_case(conn, case.id))

    def _file(self, found: Found, shown: Shown) -> CaseFile:
        reading = Reading(found.procedure, self.console.words, self.console.world)
        return reading.file(found.case, found.filed, shown.personal)

    def _drawn(self, visit: Visit, found: Found, shown: Shown) -> AnyResponse:
        return self.console.drawn(
            "case.html",
            visit,
            status=shown.status,
            file=self._file(found, shown),
            shown=shown,
            reasons=REASONS,
            certified=bool(found.procedure.grant) and Guidance(view(found.case, found.filed)).is_certified,
            today=self.console.world.today,
            first=history(found.filed)[0].day if found.filed else None,
        )


def _by_reference(conn: Connection, reference: str) -> CaseRow | None:
    # PostgreSQL cannot even look for a NUL.
    return cases.by_reference(conn, reference[:64]) if reference.isprintable() else None
