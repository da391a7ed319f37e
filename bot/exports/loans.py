"""The dataset of loans: one row per case, with every date of it (003-18, 19, 26, 37)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import ClassVar, TypeAlias

from bot.exports.columns import CHANNELS, Content, Heading, Kind
from bot.exports.lent import Lent, OfLoans
from bot.exports.rows import Record, Row
from bot.exports.signatures import local
from dialogs.form import Form
from dialogs.planner import plan
from dialogs.procedures.fence_loan.loan import FAULT
from dialogs.procedures.fence_loan.parts import named
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE
from dialogs.procedures.fence_loan.returning import TAKEBACK
from dialogs.words import _

Cell: TypeAlias = "Callable[[Lent], Content]"


def _asked(key: str) -> Cell:
    return lambda lent: lent.asked(key)


def _said(step: str, form: Form, key: str) -> Cell:
    return lambda lent: lent.said(step, form, key)


def _on(step: str) -> Cell:
    return lambda lent: lent.on(step)


def _count(*steps: str) -> Cell:
    return lambda lent: lent.count(*steps)


def _noted(step: str, key: str) -> Cell:
    def of(lent: Lent) -> Content:
        value: Content = lent.loan.said(step).get(key)
        return value or None

    return of


def _planned(lent: Lent) -> Content:
    perimeter = lent.case.answers.get("perimeter")
    return plan(lent.world.office.set_parts, perimeter).sets if isinstance(perimeter, int) else None


def _booked(step: str) -> Cell:
    def of(lent: Lent) -> Content:
        said = lent.loan.said(step)
        slot = said.get("slot") or {}
        return f"{slot['day']} {slot['time']}" if slot else None

    return of


def _place(step: str) -> Cell:
    def of(lent: Lent) -> Content:
        name: Content = (lent.loan.said(step).get("place") or {}).get("name")
        return name

    return of


def _granted(lent: Lent) -> Content:
    return lent.loan.last if lent.on("extended") else None


def _period(first: str) -> Cell:
    def of(lent: Lent) -> Content:
        period = lent.case.answers.get("period") or {}
        return date.fromisoformat(period[first]) if first in period else None

    return of


def _days(lent: Lent) -> Content:
    loan = lent.loan
    return (loan.taken_back - loan.handed_over).days + 1 if loan.taken_back and loan.handed_over else None


def _faults(lent: Lent) -> Content:
    return sum(1 for each in lent.checks if each.said.get("result") == FAULT)


def _last_check(lent: Lent) -> Content:
    return lent.checks[-1].day if lent.checks else None


def _missing(lent: Lent) -> Content:
    return lent.words.say(named(lent.loan.missing, lent.world.office.set_parts)) or None


def _until(lent: Lent) -> Content:
    until = lent.loan.said("extension_asked").get("until")
    return date.fromisoformat(until) if until else None


def _channel(lent: Lent) -> Content:
    channel = lent.record.case.channel
    return lent.words.text(CHANNELS.get(channel, channel))


_COLUMNS: tuple[tuple[str, str, Kind, Cell], ...] = (
    ("reference", _("受付番号"), Kind.TEXT, lambda lent: lent.case.reference),
    ("state", _("状態"), Kind.TEXT, lambda lent: lent.words.say(lent.procedure.state(lent.case.history))),
    ("channel", _("受付方法"), Kind.TEXT, _channel),
    ("ward", _("設置場所の区"), Kind.TEXT, lambda lent: lent.loan.ward or None),
    ("applicant_type", _("申請者の区分"), Kind.OPTION, _asked("applicant_type")),
    ("reason", _("申請理由"), Kind.OPTION, _asked("reason")),
    ("perimeter", _("設置場所の周囲長"), Kind.NUMBER, _asked("perimeter")),
    ("sets_asked", _("希望するセット数"), Kind.NUMBER, _asked("sets")),
    ("sets_planned", _("必要なセット数の目安"), Kind.NUMBER, _planned),
    ("sets_lent", _("渡したセット数"), Kind.NUMBER, _noted("handed_over", "sets")),
    ("applied_at", _("申請日時"), Kind.MOMENT, lambda lent: local(lent.record.case.opened_at)),
    ("first", _("貸出期間の始め"), Kind.DAY, _period("from")),
    ("last", _("貸出期間の終わり（申請）"), Kind.DAY, _period("to")),
    ("withdrawn_on", _("取下げ日"), Kind.DAY, _on("withdrawal")),
    ("decided_on", _("決定日"), Kind.DAY, _on("decision")),
    ("refused_on", _("不承認の日"), Kind.DAY, _on("refused")),
    ("document", _("文書番号"), Kind.TEXT, _noted("decision", "document")),
    ("notice", _("通知番号"), Kind.TEXT, _noted("decision", "number")),
    ("pickup", _("受け取りの予約"), Kind.TEXT, _booked("pickup_booked")),
    ("pickup_place", _("受け取る場所"), Kind.TEXT, _place("pickup_booked")),
    ("cancelled_on", _("取りやめの日"), Kind.DAY, _on("cancelled")),
    ("handed_over_on", _("引き渡した日"), Kind.DAY, _on("handed_over")),
    ("checks", _("点検の回数"), Kind.NUMBER, _count("checked_on_site")),
    ("last_check_on", _("最後に点検した日"), Kind.DAY, _last_check),
    ("faults", _("故障の件数"), Kind.NUMBER, _faults),
    ("swaps", _("交換の回数"), Kind.NUMBER, _count("swapped")),
    ("troubles", _("困りごとの連絡の回数"), Kind.NUMBER, _count("trouble")),
    ("extension_asked_on", _("延長を申し込んだ日"), Kind.DAY, _on("extension_asked")),
    ("extension_until", _("延長の希望（いつまで）"), Kind.DAY, _until),
    ("extended_on", _("延長を決定した日"), Kind.DAY, _on("extended")),
    ("extended_until", _("延長後の終わりの日"), Kind.DAY, _granted),
    ("extension_refused_on", _("延長を不承認とした日"), Kind.DAY, _on("extension_refused")),
    ("return", _("返却の予約"), Kind.TEXT, _booked("return_booked")),
    ("return_place", _("返す場所"), Kind.TEXT, _place("return_booked")),
    ("taken_back_on", _("返却を受け入れた日"), Kind.DAY, _on("taken_back")),
    ("days_lent", _("貸した日数"), Kind.NUMBER, _days),
    ("damage", _("破損"), Kind.OPTION, _said("taken_back", TAKEBACK, "damage")),
    ("works", _("動作の確認"), Kind.OPTION, _said("taken_back", TAKEBACK, "works")),
    ("missing", _("足りない部品"), Kind.TEXT, _missing),
    ("settled_on", _("報告した日"), Kind.DAY, _on("settled")),
    ("replenish", _("補充してほしいもの"), Kind.TEXT, _noted("settled", "replenish_what")),
    ("questionnaire_on", _("アンケートの回答日"), Kind.DAY, _on("questionnaire")),
    *(
        (f"questionnaire.{key}", label, Kind.OPTION, _said("questionnaire", QUESTIONNAIRE, key))
        for key, label in (
            ("effect", _("アンケート（効果）")),
            ("setting_up", _("アンケート（設置）")),
            ("upkeep_was", _("アンケート（手入れ）")),
            ("plans", _("アンケート（これからの対策）")),
            ("opinion", _("アンケート（ご意見）")),
        )
    ),
)


class Loans(OfLoans):
    """The dataset of loans: a row for each case, with all its dates."""

    key: ClassVar[str] = "loans"
    title: ClassVar[str] = _("貸出の経過")

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind, _cell in _COLUMNS)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the row of a case; none for one of which nothing is left but its number."""
        return self._rows

    def _rows(self, record: Record) -> Iterator[Row]:
        if record.file.filled:
            lent = self.lent(record)
            yield [made(lent) for _key, _label, _kind, made in _COLUMNS]
