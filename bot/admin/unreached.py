"""Who must be told by telephone or letter: what they were not told, and who passed it on, when and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from flask import Blueprint, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.clock import day_of
from bot.dues import named
from bot.signing import view
from bot.visits import Visit
from dialogs.procedure import Procedure, Role
from dialogs.replies import Receipt, Reply, Said
from dialogs.words import Message, _, say
from storage import cases, submissions, unreached
from storage import engine as database
from storage.cases import CaseRow
from storage.submissions import SubmissionRow
from storage.unreached import Unreached

WAYS: Mapping[str, str] = {
    "telephone": _("電話で伝えた"),
    "letter": _("手紙を送った"),
    "in_person": _("会って伝えた"),
    "not_needed": _("伝える必要がなくなった"),
}
"""How a message was passed on, in the order in which it is offered."""

WHYS: Mapping[str, str] = {
    "blocked": _("LINEでブロックされています"),
    unreached.NO_ACCOUNT: _("LINEを使っていない方です"),
}
"""Why somebody was not reached; for anything else the gateway's own word stands behind one sentence."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Line:
    """One line of the list: *what* it is, and the *words* that were to be said."""

    row: Unreached
    what: Message
    why: Message
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnreachedPage:
    """The routes of the list."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/unreached", "unreached", self._page, methods=["GET"])
        blueprint.add_url_rule("/unreached/<name>", "settle_unreached", self._settle, methods=["POST"])

    @signed_in(*READERS)
    def _page(self, visit: Visit) -> AnyResponse:
        return self._drawn(visit)

    @signed_in(*OFFICE)
    def _settle(self, visit: Visit, name: str) -> AnyResponse:
        how = request.form.get("how", "")
        if how not in WAYS:
            return self._drawn(visit, {f"how-{name}": say(_("どのように伝えたかをえらんでください。"))}, 422)
        with database.write(self.console.service.engine) as conn:
            done = name.isprintable() and unreached.settle(
                conn, name[:32], visit.session.subject, how, self.console.now
            )
        if not done:
            message = say(_("ほかの人が、もう記録しています。"))
            return self._drawn(visit, status=409, message=message)
        log.info("person_told", reason=how)
        return to("unreached")

    def _drawn(
        self,
        visit: Visit,
        faults: Mapping[str, Message] | None = None,
        status: int = 200,
        message: Message | None = None,
    ) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            waiting = self._lines(conn, unreached.waiting(conn))
            done = self._lines(conn, unreached.settled(conn))
        return self.console.drawn(
            "unreached.html",
            visit,
            status=status,
            waiting=waiting,
            done=done,
            ways=WAYS,
            faults=faults or {},
            message=message,
            may_settle=visit.session.role in OFFICE,
        )

    def _lines(self, conn: Connection, found: Sequence[Unreached]) -> list[Line]:
        filed = submissions.of_cases(conn, {each.case_id for each in found if each.case_id})
        return [self._line(conn, each, filed.get(each.case_id, ())) for each in found]

    def _line(self, conn: Connection, row: Unreached, filed: Sequence[SubmissionRow]) -> Line:
        why = say(WHYS[row.why]) if row.why in WHYS else say(_("届きませんでした（{why}）"), why=row.why)
        procedure = self.console.service.register.of(row.procedure)
        case = cases.by_id(conn, row.case_id) if row.case_id else None
        if procedure is None or case is None:
            return Line(row, self._of_no_case(row), why)
        step = procedure.step(row.step)
        what = say(step.title) if step else say(_("お知らせ"))
        replies = self._replies(procedure, case, row, filed)
        return Line(row, what, why, tuple(self._said(replies)))

    def _of_no_case(self, row: Unreached) -> Message:
        procedure = self.console.service.register.of(row.about.rpartition(":")[2])
        if procedure is None:
            return say(_("お知らせ"))
        return say(_("{title}の受付開始のお知らせ"), title=say(procedure.title))

    def _replies(
        self, procedure: Procedure, case: CaseRow, row: Unreached, filed: Sequence[SubmissionRow]
    ) -> tuple[Reply, ...]:
        """Return what was to be said, made again from the case: nobody keeps it."""
        told = next((at for at, each in enumerate(filed) if each.event_id == row.event), None)
        if told is None:
            return named(procedure, view(case, filed), self.console.world, row.about)
        before, what = view(case, filed[:told]), filed[told]
        if what.role == Role.RESIDENT:
            return (Said(say(_("受け付けたことの控え"))),)
        world = self.console.service.world(day_of(what.filed_at))
        return procedure.told(what.step, what.answers, before, world)

    def _said(self, replies: Sequence[Reply]) -> Iterator[str]:
        words = self.console.words
        for each in replies:
            if isinstance(each, Said):
                yield words.say(each.message)
            elif isinstance(each, Receipt):
                yield words.say(each.title)
                yield from (words.say(note) for note in each.notes)
