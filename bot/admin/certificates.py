"""家庭菜園用電気柵設置確認書 on paper: what was found of a fence, and, once asked for, to whom it is given (003-23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, abort
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in
from bot.signing import latest, view
from bot.visits import Visit
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.procedures.install_guidance.certificate import Certificate, certificate
from storage import cases, submissions
from storage import engine as database
from storage.cases import CaseRow
from storage.vault import VaultRecordMissing

WHY = "certificate"
"""Why the access log says that personal answers were opened."""

NEEDED = ("name", "address", "site")
"""The personal answers that stand on the paper; the others stay closed."""


@dataclass(frozen=True)
class CertificatePages:
    """The routes of the paper."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/cases/<path:reference>/certificate"
        blueprint.add_url_rule(one, "certificate", self._page, methods=["GET"])
        blueprint.add_url_rule(one, "certificate_personal", self._personal, methods=["POST"])

    @signed_in(*READERS)
    def _page(self, visit: Visit, reference: str) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = self._found(conn, self._case(conn, reference))
        return self._drawn(visit, found, ())

    @signed_in(*OFFICE)
    def _personal(self, visit: Visit, reference: str) -> AnyResponse:
        with database.write(self.console.service.engine) as conn:
            case = self._case(conn, reference)
            found = self._found(conn, case)
            opened = tuple(self._opened(conn, case, visit))
        return self._drawn(visit, found, opened)

    def _case(self, conn: Connection, reference: str) -> CaseRow:
        # PostgreSQL cannot even look for a NUL.
        return (cases.by_reference(conn, reference) if reference.isprintable() else None) or abort(404)

    def _found(self, conn: Connection, case: CaseRow) -> Certificate:
        service = self.console.service
        procedure = service.register.of(case.procedure)
        seen = view(case, submissions.of_case(conn, case.id))
        found = certificate(seen, self.console.world) if procedure and procedure.grant else None
        return found or abort(404)

    def _opened(self, conn: Connection, case: CaseRow, visit: Visit) -> Iterator[tuple[str, str]]:
        newest = latest(submissions.of_case(conn, case.id))
        procedure = self.console.service.register.of(case.procedure)
        if newest is None or newest.vault_id is None or procedure is None:
            return
        session = visit.session
        try:
            said = self.console.service.vault.open(
                conn, newest.vault_id, by=session.subject, role=session.role, why=WHY, now=self.console.now
            )
        except VaultRecordMissing:
            return
        yield from self._needed(procedure.edition(newest.edition) or procedure.forms[-1], said)

    def _needed(self, form: Form, said: Answers) -> Iterator[tuple[str, str]]:
        for key in NEEDED:
            asked = form.field(key)
            if asked and said.get(key):
                yield self.console.words.text(asked.label), asked.show(said[key], self.console.words)

    def _drawn(self, visit: Visit, found: Certificate, personal: tuple[tuple[str, str], ...]) -> AnyResponse:
        may_open = visit.session.role in OFFICE
        return self.console.drawn(
            "certificate.html", visit, paper=found, personal=personal, may_open=may_open
        )
