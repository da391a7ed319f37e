"""The tables of the final report (003-26, 61): what was counted, under the words that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.admin.report_counting import ASKED, NONE, Counts, Loans, Visits
from bot.exports.columns import CHANNELS
from dialogs.fields import Choice, Choices, Option
from dialogs.form import Form
from dialogs.office import Office
from dialogs.procedures.fence_loan.checking import CHECK
from dialogs.procedures.fence_loan.deciding import EXCEPTIONS
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.questionnaire import QUESTIONNAIRE
from dialogs.procedures.fence_loan.returning import TAKEBACK
from dialogs.procedures.install_guidance.visiting import RECHECK
from dialogs.words import Words, _
from storage.stockbook import Balance

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """One table: the first cell of a row names it.  *total* is the last row, None where adding up says nothing."""

    key: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""


@dataclass(frozen=True)
class Tables:
    """Makes the tables of one year, in the language *words*."""

    words: Words
    office: Office
    loans: Loans
    visits: Visits
    balances: Mapping[str, Balance]

    def all(self) -> tuple[Table, ...]:
        """Return every table, in the order of the report."""
        return tuple(self._all())

    def _all(self) -> Iterator[Table]:
        yield self._planned()
        yield self._months()
        yield from self._groups()
        yield self._checks()
        yield self._ended()
        yield self._parts()
        yield self._changes()
        yield from self._questionnaire()
        yield self._visits()
        yield self._visit_wards()
        yield self._rechecks()

    def _text(self, text: str, **facts: int | str) -> str:
        return self.words.text(text, **facts)

    def _planned(self) -> Table:
        plan = self.office.plan
        pairs = (
            (_("電気柵の貸出（引き渡した件数）"), plan.loans, self.loans.total("lent")),
            (_("設置指導（実施した件数）"), plan.visits, self.visits.total("visited")),
        )
        return Table(
            "planned",
            self._text(_("予定と実績")),
            self._header(_("業務"), _("予定"), _("実績"), _("差")),
            tuple((self._text(label), planned, done, done - planned) for label, planned, done in pairs),
            note=self._text(
                _("1人が複数のセットを借りても1件です。渡したセットは、のべ{sets}セットです。"),
                sets=self.loans.sets,
            ),
        )

    def _months(self) -> Table:
        columns = {
            "applied": _("申請"),
            "withdrawn": _("取下げ"),
            "approved": _("決定"),
            "refused": _("不承認"),
            "cancelled": _("取りやめ"),
            "lent": _("引き渡し"),
            "sets": _("渡したセット"),
            "returned": _("返却"),
        }
        return self._counted(
            "loan_months", _("貸出：月ごと"), _("月"), self._by_month(self.loans.months), columns
        )

    def _groups(self) -> Iterator[Table]:
        columns = {"applied": _("申請"), "approved": _("決定"), "lent": _("引き渡し")}
        groups = self.loans.groups
        wards = {ward.name: ward.name for ward in self.office.wards}
        options = {
            key: self._options(FORM_R6, field)
            for key, field in (("type", "applicant_type"), ("reason", "reason"))
        }
        named = (
            ("ward", _("貸出：区ごと"), _("区"), wards),
            (
                "channel",
                _("貸出：受付方法ごと"),
                _("受付方法"),
                {key: key for key in _channels(groups["channel"])},
            ),
            ("type", _("貸出：申請者の区分ごと"), _("申請者の区分"), options["type"]),
        )
        for key, title, row, names in named:
            yield self._counted(f"loan_{key}", title, row, self._named(groups[key], names), columns)
        reasons = self._named(groups["reason"], options["reason"])
        note = self._text(_("理由は2つ以上選べるので、合計は件数と一致しません。"))
        yield self._counted(
            "loan_reason", _("貸出：申請理由ごと"), _("申請理由"), reasons, columns, adds_up=False, note=note
        )

    def _checks(self) -> Table:
        results = self._options(CHECK, "result")
        columns = {"done": _("点検"), **results, "swapped": _("交換"), "late": _("間があいた点検")}
        note = self._text(_("間があいた点検は、前の点検（はじめは引き渡し）から17日を過ぎて行ったものです。"))
        return self._counted(
            "checks", _("貸出中の点検"), _("月"), self._by_month(self.loans.checks), columns, note=note
        )

    def _ended(self) -> Table:
        ended, damage = self.loans.ended, self._options(TAKEBACK, "damage")
        pairs = [
            (_("返却された件数"), ended["returned"]),
            (_("うち、終わりの日より早い返却"), ended["early"]),
            *(
                (self._text(_("破損：{kind}"), kind=self._text(label)), ended[f"damage.{key}"])
                for key, label in damage.items()
            ),
            (_("動かなかった件数"), ended["not_working"]),
            (_("部品が足りない件数"), ended["missing"]),
            (_("補充を依頼した件数"), ended["replenish"]),
        ]
        return self._pairs("returns", _("返却と破損・不足"), pairs)

    def _parts(self) -> Table:
        header = (_("部品"), _("単位"), _("合計"), _("貸出先から戻っていない数"), _("紛失"), _("修理中"))
        rows = []
        for part in self.office.set_parts:
            there = self.balances.get(part.key, Balance(part.key, {}, 0, 0, 0))
            waiting = self.loans.missing[part.key]
            numbers = (there.owned, waiting, there.places.get("lost", 0), there.places.get("repair", 0))
            rows.append((self._text(part.name), self._text(part.unit), *numbers))
        note = self._text(
            _(
                "合計・紛失・修理中は、いまの在庫です。補充が必要な数は、戻っていない数と紛失を合わせた数です。"
            )
        )
        return Table("parts", self._text(_("部品の過不足")), self._header(*header), tuple(rows), note=note)

    def _changes(self) -> Table:
        asked = self.loans.extensions
        pairs = [
            (_("延長の申し込み"), asked["extension_asked"]),
            (_("延長の決定"), asked["extended"]),
            (_("延長の不承認"), asked["extension_refused"]),
            *((each.label, self.loans.exceptions[each.key]) for each in EXCEPTIONS),
        ]
        return self._pairs("changes", _("延長と、緊急時の例外"), pairs)

    def _questionnaire(self) -> Iterator[Table]:
        count = self.loans.ended["questionnaire"]
        note = self._text(
            _("回答 {count}件（返却 {returned}件）。割合は、回答した件数に対するものです。"),
            count=count,
            returned=self.loans.ended["returned"],
        )
        for key in ASKED:
            asked = QUESTIONNAIRE.by_key[key]
            options = {**self._options(QUESTIONNAIRE, key), NONE: _("無回答")}
            rows = tuple(
                self._share(label, self.loans.answered[key, option], count)
                for option, label in options.items()
            )
            title = self._text(_("アンケート：{question}"), question=self._text(asked.label))
            header = self._header(_("回答"), _("件数"), _("割合（%）"))
            yield Table(
                f"questionnaire_{key}",
                title,
                header,
                rows,
                (self._text(_("合計")), count, 100.0 if count else 0.0),
                note,
            )

    def _share(self, label: str, number: int, count: int) -> tuple[Cell, ...]:
        return self._text(label), number, round(100 * number / count, 1) if count else 0.0

    def _visits(self) -> Table:
        columns = {
            "applied": _("申し込み"),
            "instructed": _("実施の指示"),
            "cancelled": _("取りやめ・実施しない"),
            "visited": _("実施"),
            "certified": _("設置確認書"),
            "rechecked": _("3週間後の点検"),
        }
        return self._counted(
            "visits", _("設置指導：月ごと"), _("月"), self._by_month(self.visits.months), columns
        )

    def _visit_wards(self) -> Table:
        columns = {"applied": _("申し込み"), "visited": _("実施")}
        names = {ward.name: ward.name for ward in self.office.wards}
        return self._counted(
            "visit_ward", _("設置指導：区ごと"), _("区"), self._named(self.visits.wards, names), columns
        )

    def _rechecks(self) -> Table:
        results, found = self.visits.results, self._options(RECHECK, "result")
        pairs = [
            *((label, results[key]) for key, label in found.items()),
            (_("予定の日（前後3日）に行った点検"), results["in_time"]),
            (_("予定の日からずれた点検"), results["not_in_time"]),
            (_("結果を伝えた件数"), results["told"]),
            (_("まだ伝えていない件数"), results["untold"]),
            (_("これから点検する件数"), results["open"]),
        ]
        return self._pairs("rechecks", _("設置指導：3週間後の点検"), pairs)

    def _pairs(self, key: str, title: str, pairs: Iterable[tuple[str, int]]) -> Table:
        rows = tuple((self._text(label), number) for label, number in pairs)
        return Table(key, self._text(title), self._header(_("項目"), _("件数")), rows)

    def _counted(  # noqa: PLR0913 -- a table's parts
        self,
        key: str,
        title: str,
        row: str,
        named: Sequence[tuple[str, Counter[str]]],
        columns: Mapping[str, str],
        *,
        adds_up: bool = True,
        note: str = "",
    ) -> Table:
        rows: list[tuple[Cell, ...]] = [
            (name, *[counts[column] for column in columns]) for name, counts in named
        ]
        sums = [sum(counts[column] for _name, counts in named) for column in columns]
        total: tuple[Cell, ...] | None = (self._text(_("合計")), *sums) if adds_up else None
        return Table(key, self._text(title), self._header(row, *columns.values()), tuple(rows), total, note)

    def _by_month(self, counts: Counts) -> Sequence[tuple[str, Counter[str]]]:
        """Return the months from the first to the last in which anything was counted."""
        split = _split(counts)
        return [(self._month(each), split[each]) for each in sorted(split)]

    def _month(self, month: str) -> str:
        year, _dash, number = month.partition("-")
        return self._text(_("{year}年{month}月"), year=year, month=str(int(number)))

    def _named(self, counts: Counts, names: Mapping[str, str]) -> Sequence[tuple[str, Counter[str]]]:
        """Return a row for each of *names*, also where nothing was counted, and for what has another name or none."""
        split = _split(counts)
        known = [(self._called(label), split.pop(key, Counter())) for key, label in names.items()]
        others = [(key or self._text(_("（不明）")), split[key]) for key in sorted(split)]
        return [*known, *others]

    def _called(self, label: str) -> str:
        return self._text(CHANNELS.get(label, label))

    def _options(self, form: Form, key: str) -> Mapping[str, str]:
        asked = form.by_key[key]
        options: tuple[Option, ...] = asked.options if isinstance(asked, Choice | Choices) else ()
        return {each.key: each.label for each in options}

    def _header(self, *titles: str) -> tuple[str, ...]:
        return tuple(map(self._text, titles))


def _channels(counts: Counts) -> list[str]:
    """Return the channels that were counted, in the order in which they are known."""
    found = {key for key, _column in counts}
    return [key for key in CHANNELS if key in found]


def _split(counts: Counts) -> dict[str, Counter[str]]:
    """Return *counts* by row."""
    rows: dict[str, Counter[str]] = {}
    for (row, column), number in counts.items():
        rows.setdefault(row, Counter())[column] = number
    return rows
