"""The dataset of guidance on the spot: a row per case, from the wish to the check that was told of (003-21…24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, TypeAlias

from bot.exports.columns import CHANNELS, Content, Heading, Kind
from bot.exports.lives import cell, day_of_step
from bot.exports.rows import Record, Row
from bot.exports.signatures import local
from bot.signing import view_of
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.procedures.install_guidance.arranging import CANCELLATION
from dialogs.procedures.install_guidance.form import FORM_R6
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.procedures.install_guidance.steps import RECHECK_DAYS
from dialogs.procedures.install_guidance.visiting import RECHECK, TELLING, VISIT
from dialogs.standing import CaseView, Register
from dialogs.words import Words, _
from dialogs.world import World

GUIDANCE = "install_guidance"
"""The procedure."""


@dataclass(frozen=True)
class Visited:
    """One case of the procedure, ready to be written down."""

    record: Record
    case: CaseView
    guidance: Guidance
    words: Words
    procedure: Procedure

    def said(self, step: str) -> Answers:
        """Return what the newest filing of *step* says; nothing where there is none."""
        found = next((each for each in reversed(self.case.history) if each.step == step), None)
        return found.said if found else {}

    def count(self, step: str) -> int:
        """Return how often *step* was filed."""
        return sum(each.step == step for each in self.case.history)


Cell: TypeAlias = "Callable[[Visited], Content]"


def _asked(key: str) -> Cell:
    return lambda visited: cell(FORM_R6, key, visited.case.answers, visited.words)


def _said(step: str, form: Form, key: str) -> Cell:
    return lambda visited: cell(form, key, visited.said(step), visited.words)


def _on(step: str) -> Cell:
    return lambda visited: day_of_step(visited.case, step)


def _count(step: str) -> Cell:
    return lambda visited: visited.count(step)


def _slot(visited: Visited) -> Content:
    at = visited.guidance.arranged
    return f"{at.day} {at.time}" if at.day else None


def _wish(visited: Visited) -> Content:
    wish = visited.case.answers.get("wish")
    return f"{wish['day']} {wish['time']}" if wish else None


def _recheck_due(visited: Visited) -> Content:
    on = visited.guidance.visited_on
    return on + timedelta(days=RECHECK_DAYS) if on else None


def _told(key: str) -> Cell:
    """Return how a result was told: with the check, or after it beside a button."""

    def of(visited: Visited) -> Content:
        later = visited.said("told")
        if later:
            asked = next(each for each in TELLING if each.key == f"later_{key}")
            value = later.get(asked.key)
            return asked.cells(value, visited.words)[0] if value is not None else None
        return cell(RECHECK, key, visited.guidance.recheck, visited.words)

    return of


def _channel(visited: Visited) -> Content:
    channel = visited.record.case.channel
    return visited.words.text(CHANNELS.get(channel, channel))


def _state(visited: Visited) -> Content:
    return visited.words.say(visited.procedure.state(visited.case.history))


_COLUMNS: tuple[tuple[str, str, Kind, Cell], ...] = (
    ("reference", _("受付番号"), Kind.TEXT, lambda visited: visited.case.reference),
    ("state", _("状態"), Kind.TEXT, _state),
    ("channel", _("受付方法"), Kind.TEXT, _channel),
    ("ward", _("設置場所の区"), Kind.TEXT, lambda visited: visited.guidance.ward or None),
    ("number", _("補助金番号"), Kind.CODE, _asked("number")),
    ("relation", _("補助金を受けた方との関係"), Kind.OPTION, _asked("relation")),
    ("installed", _("電気柵の状況"), Kind.OPTION, _asked("installed")),
    ("topics", _("聞きたいこと"), Kind.OPTION, _asked("topics")),
    ("applied_at", _("申請日時"), Kind.MOMENT, lambda visited: local(visited.record.case.opened_at)),
    ("wish", _("希望の日時"), Kind.TEXT, _wish),
    ("accepted_on", _("希望の日時を承諾した日"), Kind.DAY, _on("accepted")),
    ("proposed_on", _("ほかの日時を提案した日"), Kind.DAY, _on("proposed")),
    ("agreed_on", _("提案を承諾した日"), Kind.DAY, _on("agreed")),
    ("moves", _("日時を変えた回数"), Kind.NUMBER, _count("moved")),
    ("instructed_on", _("実施の指示の日"), Kind.DAY, _on("instructed")),
    ("slot", _("決まった日時・仮の日時"), Kind.TEXT, _slot),
    ("lapses", _("仮押さえを取り消した回数"), Kind.NUMBER, _count("lapsed")),
    ("misses", _("訪問できなかった回数"), Kind.NUMBER, _count("missed")),
    ("declined_on", _("実施しないと決めた日"), Kind.DAY, _on("declined")),
    ("cancelled_on", _("取りやめの日"), Kind.DAY, _on("cancelled")),
    ("cancelled_why", _("取りやめの理由"), Kind.OPTION, _said("cancelled", CANCELLATION, "why")),
    ("visited_on", _("実施日"), Kind.DAY, lambda visited: visited.guidance.visited_on),
    ("present", _("立ち会った人"), Kind.OPTION, _said("visited", VISIT, "present")),
    ("explained", _("説明したこと"), Kind.OPTION, _said("visited", VISIT, "explained")),
    ("voltage", _("電圧"), Kind.NUMBER, _said("visited", VISIT, "voltage")),
    ("confirmed", _("適切に設置されたことを確認した"), Kind.OPTION, _said("visited", VISIT, "confirmed")),
    ("certified_on", _("設置確認書の交付日"), Kind.DAY, lambda visited: visited.guidance.certified_on),
    ("recheck_due", _("3週間後の点検の予定日"), Kind.DAY, _recheck_due),
    ("rechecked_on", _("3週間後の点検日"), Kind.DAY, _said("rechecked", RECHECK, "checked_on")),
    ("recheck_voltage", _("点検のときの電圧"), Kind.NUMBER, _said("rechecked", RECHECK, "voltage")),
    ("result", _("点検の結果"), Kind.OPTION, _said("rechecked", RECHECK, "result")),
    ("measures", _("直していただくこと"), Kind.OPTION, _said("rechecked", RECHECK, "measures")),
    ("told_on", _("結果を伝えた日"), Kind.DAY, _told("told_on")),
    ("told_by", _("結果の伝え方"), Kind.OPTION, _told("told_by")),
    ("told_to", _("伝えた相手"), Kind.OPTION, _told("told_to")),
)


@dataclass(frozen=True)
class Visits:
    """The dataset of guidance: a row for each case, with all its dates."""

    register: Register
    words: Words
    world: World

    key: ClassVar[str] = "visits"
    title: ClassVar[str] = _("設置指導の経過")
    procedure: ClassVar[str] = GUIDANCE
    sealed_as: ClassVar[str] = GUIDANCE
    personal: ClassVar[bool] = False
    follows: ClassVar[str] = ""

    @cached_property
    def _procedure(self) -> Procedure:
        return next(each for each in self.register.procedures if each.key == GUIDANCE)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind, _cell in _COLUMNS)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the row of a case; none for one of which nothing is left but its number."""
        return self._rows

    def _rows(self, record: Record) -> Iterator[Row]:
        if record.file.filled:
            case = view_of(record.file)
            visited = Visited(record, case, Guidance(case), self.words, self._procedure)
            yield [made(visited) for _key, _label, _kind, made in _COLUMNS]
