"""What was signed and decided: the columns it adds to the cases of a procedure, and a table of all signatures.

Who signed what, for which post, seeing which version, stands in the submissions themselves (they hold
``outcome``, ``seen`` and what goes with it).  None of it is personal: nothing here opens the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import day_of, moment
from bot.exports.columns import CHANNELS, Content, Heading, Kind
from bot.exports.rows import Record, Row
from dialogs.fields.base import Answers
from dialogs.procedure import Procedure, Role
from dialogs.signoff import SignOff
from dialogs.standing import Register
from dialogs.words import Words, _
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import Filed
from storage.submissions import SubmissionRow

OUTCOMES: Mapping[str, str] = {
    "approve": _("承認"),
    "refuse": _("不承認"),
    "return": _("差し戻し"),
}
"""What a signature said."""

ROLES: Mapping[str, str] = {
    Role.STAFF: _("係"),
    Role.CHIEF: _("係長"),
    Role.MANAGER: _("課長・所長"),
    Role.CONTRACTOR: _("受託者"),
    Role.RESIDENT: _("申請者"),
    Role.AUDITOR: _("監査"),
    Role.ADMIN: _("管理者"),
}
"""How a role is called where no level of a procedure names a post."""

DEPUTY = _("代決")

_PARTS: tuple[tuple[str, str, Kind], ...] = (
    ("by", _("署名した人"), Kind.TEXT),
    ("role", _("役職"), Kind.TEXT),
    ("at", _("署名日時"), Kind.MOMENT),
    ("deputy", DEPUTY, Kind.TEXT),
    ("outcome", _("結果"), Kind.TEXT),
    ("seen", _("確認した提出の番号"), Kind.NUMBER),
)
_DECIDED: tuple[tuple[str, str, Kind], ...] = (
    ("decided.day", _("決定日"), Kind.DAY),
    ("decided.outcome", _("決定"), Kind.TEXT),
    ("decided.document", _("文書番号"), Kind.TEXT),
    ("decided.number", _("通知番号"), Kind.TEXT),
    ("decided.exceptions", _("適用した例外"), Kind.TEXT),
    ("decided.reason", _("不承認の理由"), Kind.TEXT),
)
_ALL: tuple[tuple[str, str, Kind], ...] = (
    ("reference", _("受付番号"), Kind.TEXT),
    ("procedure", _("手続"), Kind.TEXT),
    ("step", _("段階"), Kind.TEXT),
    ("outcome", _("結果"), Kind.TEXT),
    ("by", _("署名した人"), Kind.TEXT),
    ("role", _("役職"), Kind.TEXT),
    ("deputy", DEPUTY, Kind.TEXT),
    ("seen", _("確認した提出の番号"), Kind.NUMBER),
    ("at", _("署名日時"), Kind.MOMENT),
    ("channel", _("署名した場所"), Kind.TEXT),
)


@dataclass(frozen=True)
class Signature:
    """One signature: *filed*, and what it *said* (``outcome``, ``seen``, ``reason`` …)."""

    filed: Filed
    said: Mapping[str, Any]

    @property
    def level(self) -> str:
        """Return the step at whose level it was given, whatever was said."""
        return str(self.said.get("level", self.filed.step))

    @property
    def is_deputy(self) -> bool:
        """Return whether it was given for whoever holds the level (代決)."""
        return "deputy_for" in self.said

    @property
    def seen(self) -> int | None:
        """Return which submission (counted from 1) the signer saw as the newest."""
        seen = self.said.get("seen")
        return seen if isinstance(seen, int) else None


def signatures(procedure: Procedure, filed: Iterable[Filed]) -> tuple[Signature, ...]:
    """Return the signatures among what was filed on a case of *procedure*, in order."""
    signed = procedure.signoff.signatures if procedure.signoff else frozenset()
    return tuple(Signature(each, load(each.signed)) for each in filed if each.step in signed and each.signed)


def signature(procedure: Procedure, row: SubmissionRow) -> Signature | None:
    """Return what *row* signs, None where it signs nothing."""
    if procedure.signoff is None or row.step not in procedure.signoff.signatures or row.form:
        return None
    filed = Filed(row.step, row.filed_at, row.number, row.filed_by, row.role, row.channel)
    return Signature(filed, row.answers)


def exceptions(signoff: SignOff, said: Mapping[str, Any], answers: Answers, words: Words) -> tuple[str, ...]:
    """Return the names of the rules that a signature set aside."""
    known = {each.key: words.text(each.label) for each in signoff.exceptions(answers)}
    return tuple(known.get(str(each), str(each)) for each in said.get("exceptions") or ())


@dataclass(frozen=True)
class Decided:
    """The columns of what was signed and decided on a case of *procedure*; none where nothing is signed."""

    procedure: Procedure
    words: Words

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order: the decision, then each level's last signature."""
        signoff = self.procedure.signoff
        return tuple(self._headings(signoff)) if signoff else ()

    def _headings(self, signoff: SignOff) -> Iterator[Heading]:
        for key, label, kind in _DECIDED:
            yield Heading(key, self.words.text(label), kind)
        for level in signoff.levels:
            title = self.words.text(level.title)
            for key, label, kind in _PARTS:
                text = self.words.text(_("{label}（{part}）"), label=title, part=self.words.text(label))
                yield Heading(f"{level.step}.{key}", text, kind)

    def cells(self, filed: Sequence[Filed], answers: Answers) -> list[Content]:
        """Return the cells of one case, in the order of the headings."""
        signoff = self.procedure.signoff
        if signoff is None:
            return []
        found = signatures(self.procedure, filed)
        last = {each.level: each for each in found}
        cells = self._decision(signoff, found, answers)
        for level in signoff.levels:
            cells += self._signature(signoff, last.get(level.step))
        return cells

    def _decision(self, signoff: SignOff, found: Sequence[Signature], answers: Answers) -> list[Content]:
        made = next((each for each in reversed(found) if each.filed.step in signoff.decided), None)
        if made is None:
            return [None] * len(_DECIDED)
        said, waived = made.said, exceptions(signoff, made.said, answers, self.words)
        return [
            day_of(made.filed.at),
            outcome(made, self.words),
            said.get("document") or None,
            said.get("number") or None,
            self.words.text(_("、")).join(waived) or None,
            said.get("reason") or None,
        ]

    def _signature(self, signoff: SignOff, found: Signature | None) -> list[Content]:
        if found is None:
            return [None] * len(_PARTS)
        return [
            found.filed.by,
            post(signoff, found, self.words),
            local(found.filed.at),
            deputy(found, self.words),
            outcome(found, self.words),
            found.seen,
        ]


def outcome(found: Signature, words: Words) -> str:
    """Return what a signature said."""
    said = str(found.said.get("outcome", ""))
    return words.text(OUTCOMES[said]) if said in OUTCOMES else said


def post(signoff: SignOff, found: Signature, words: Words) -> str:
    """Return the post for which was signed: 係長."""
    level = signoff.level(found.level)
    return words.text(level.who if level else ROLES.get(found.filed.role, found.filed.role))


def deputy(found: Signature, words: Words) -> str | None:
    """Return 代決 where somebody signed for another."""
    return words.text(DEPUTY) if found.is_deputy else None


def local(at: int) -> datetime:
    """Return the time *at* (ms UTC) as a cell holds it: Tokyo's, to the second."""
    return moment(at).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True)
class Signatures:
    """The dataset of all signatures: a row each, case after case, in the order in which they were given."""

    register: Register
    words: Words
    world: World
    key: str = "signatures"
    title: str = _("署名（全手続）")
    procedure: str = ""
    personal: bool = False
    follows: str = ""

    @property
    def sealed_as(self) -> str:
        """Return the procedure whose key seals a file of it."""
        return next(each.key for each in self.register.procedures if each.signoff)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _ALL)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of a case."""
        return self._rows

    def _rows(self, record: Record) -> Iterator[Row]:
        case = record.case
        procedure = self.register.of(case.procedure)
        if procedure is None or procedure.signoff is None:
            return
        title = self.words.text(procedure.title)
        for each in signatures(procedure, record.file.filed):
            step = procedure.step(each.level)
            yield [
                case.reference,
                title,
                self.words.text(step.title) if step else each.level,
                outcome(each, self.words),
                each.filed.by,
                post(procedure.signoff, each, self.words),
                deputy(each, self.words),
                each.seen,
                local(each.filed.at),
                self.words.text(CHANNELS.get(each.filed.channel, each.filed.channel)),
            ]
