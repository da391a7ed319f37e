"""What a member of the staff decides on somebody's case: signatures, and decisions with their numbers.

All of it happens in the transaction of the turn: a decision that is stored was told, and has its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.following import Filed, follow
from bot.numbering import Numbering
from bot.signing import Carried, view
from dialogs.effects import Sign
from dialogs.procedure import Procedure, Role
from dialogs.standing import Register
from storage import caselist, cases, submissions


@dataclass(frozen=True)
class Signer:
    """Files what a member of the staff decided, numbers it, and tells the applicant."""

    register: Register
    numbering: Numbering

    def sign(self, turn: Carried, effect: Sign) -> str:
        """File *effect*; return the reference of its case.

        Raises:
            Stale: Something else was filed on the case since the turn looked at it; run the turn again.
            LookupError: There is no such case or procedure.
        """
        conn = turn.conn
        case, procedure = cases.by_reference(conn, effect.reference), self.register.of(effect.procedure)
        if case is None or procedure is None or case.procedure != procedure.key:
            raise LookupError(effect.reference)
        caselist.lock(conn, case.id)
        seen = turn.standing.handled or view(case, submissions.of_case(conn, case.id))
        said = self._said(turn, procedure, effect)
        event = turn.event()
        submissions.file(
            conn,
            case_id=case.id,
            step=effect.step,
            form="",
            edition="",
            answers=said,
            vault_id=None,
            filed_by=turn.standing.name,
            role=_role(procedure, turn, effect).value,
            channel=turn.arrival.channel,
            locale=turn.before.locale,
            event_id=event,
            now=turn.now,
            # What the member saw must be what is signed: whoever came first has taken this number.
            number=len(seen.history) + 1,
        )
        filed = Filed(procedure, case, seen, effect.step, said, event, turn.before.id)
        follow(conn, filed, turn.telling, turn.now)
        return case.reference

    def _said(self, turn: Carried, procedure: Procedure, effect: Sign) -> Mapping[str, Any]:
        return {**effect.answers, "member": turn.standing.member, **self._numbers(turn, procedure, effect)}

    def _numbers(self, turn: Carried, procedure: Procedure, effect: Sign) -> Mapping[str, str]:
        """Return the numbers of a decision: of the paper (札幌対第 号), and of what is granted (通知番号)."""
        signoff = procedure.signoff
        if signoff is None or effect.step not in signoff.decided:
            return {}
        granted = effect.step == signoff.levels[-1].step
        wanted = {"document": signoff.document, "number": signoff.notice if granted else ""}
        return {
            name: self.numbering.next(turn.conn, series, turn.day)
            for name, series in wanted.items()
            if series
        }


def _role(procedure: Procedure, turn: Carried, effect: Sign) -> Role:
    """Return the role that was signed for."""
    signoff = procedure.signoff
    level = signoff.level(str(effect.answers.get("level", ""))) if signoff else None
    return level.role if level else turn.filer(procedure, effect.step)[1]
