"""Tallies and cross tables as tables of words and numbers: the page, the workbook, the CSV and the paper show these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TypeAlias

from bot.tabulation.counting import WRITTEN, Line, Tally
from bot.tabulation.crossing import TOTAL, Cross
from bot.tabulation.figures import Figures, plain
from bot.tabulation.questions import AWAY, NOTHING, Kind
from bot.tabulation.targets import Progress
from bot.tabulation.weighting import margin_of_error
from dialogs.words import Words, _

WITHHELD = "X"
"""What stands for a number that is not published."""

Cell: TypeAlias = "str | int | float | None"

MEASURES = {"n": _("件数"), "row": _("行の割合（%）"), "column": _("列の割合（%）")}
"""What the cells of a cross table can say."""


@dataclass(frozen=True)
class Bar:
    """One bar: *share* in per cent, None where it is withheld."""

    label: str
    share: float | None


@dataclass(frozen=True)
class Table:
    """One table: the first cell of a row names it, *total* is its last row.  *bars* draw its shares."""

    key: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    withheld: bool = False


@dataclass(frozen=True)
class Basis:
    """What the reliability of a table is reckoned from: the *population* if known, and the design effect."""

    population: float | None = None
    effect: float = 1.0

    def error(self, n: int) -> float | None:
        """Return the margin of error (± points, at 95 %) of a share of one half among *n*."""
        return margin_of_error(n / self.effect, n, self.population)


@dataclass(frozen=True)
class Tables:
    """Makes tables in the language *words*; *weighted* is whether they have weighted shares."""

    words: Words
    basis: Basis = Basis()
    weighted: bool = False

    def simple(self, tally: Tally) -> Table:
        """Return the table of the simple tabulation *tally*."""
        titles = [_("回答"), _("件数"), _("割合（%）"), _("無回答を除く割合（%）")]
        titles += [_("重みづけ後の割合（%）")] if self.weighted else []
        rows = [self._line(line) for line in tally.rows]
        total: tuple[Cell, ...] = (
            self._text(_("全体（n）")),
            _cell(tally.asked),
            100.0 if tally.asked else None,
        )
        bars = tuple(
            Bar(self.named(line), line.weighted if self.weighted else line.share) for line in tally.rows
        )
        return Table(
            tally.question.key,
            tally.question.title,
            tuple(map(self._text, titles)),
            tuple(rows),
            (*total, None, *([None] if self.weighted else [])),
            tuple(self._notes(tally)),
            bars,
            tally.withheld,
        )

    def named(self, line: Line) -> str:
        """Return what *line* is called."""
        return line.label or self._other(line.key)

    def _other(self, key: str) -> str:
        names = {NOTHING: _("無回答"), AWAY: _("非該当"), WRITTEN: _("記入あり"), TOTAL: _("全体")}
        return self._text(names.get(key, key))

    def _text(self, text: str, **facts: str) -> str:
        return self.words.text(text, **facts)

    def _line(self, line: Line) -> tuple[Cell, ...]:
        shares: list[Cell] = [
            _share(line.share, line),
            None if line.key == NOTHING else _share(line.valid, line),
        ]
        shares += [_share(line.weighted, line)] if self.weighted else []
        return (self.named(line), _cell(line.count), *shares)

    def _notes(self, tally: Tally) -> Iterator[str]:
        if tally.question.kind is Kind.MANY:
            yield self._text(
                _("複数回答です。割合は、たずねた人数（n）に対するもので、合計は100%になりません。")
            )
        if tally.away:
            yield self._text(
                _("このほか、この質問の対象ではない方（非該当）が{count}人います。"), count=_of(tally.away)
            )
        if tally.figures:
            yield self._described(tally.figures)
        if tally.answered and (error := self.basis.error(tally.answered)) is not None:
            text = _("標本誤差は、割合が50%のとき±{error}ポイントです（信頼度95%、無回答を除くn={count}）。")
            yield self._text(text, error=f"{error:.1f}", count=_of(tally.answered))

    def _described(self, figures: Figures) -> str:
        facts = {
            "mean": f"{figures.mean:.2f}".rstrip("0").rstrip("."),
            "median": plain(figures.median),
            "lower": plain(figures.lower),
            "upper": plain(figures.upper),
        }
        text = self._text(_("平均{mean}、中央値{median}、四分位{lower}から{upper}。"), **facts)
        if isnan(figures.most):  # it is not published
            return text
        ends = {"least": plain(figures.least), "most": plain(figures.most)}
        return text + self._text(_("最小{least}、最大{most}。"), **ends)

    def cross(self, cross: Cross, measure: str) -> Table:
        """Return the cross table *cross*; *measure* is one of ``MEASURES``."""
        columns = [(each.key, each.label or self._other(each.key)) for each in cross.columns]
        columns.append((TOTAL, self._other(TOTAL)))
        rows = [(each.key, each.label or self._other(each.key)) for each in cross.rows]

        def line(key: str, label: str) -> tuple[Cell, ...]:
            base = _cell(cross.count(key, TOTAL))
            return (label, base, *(_measured(cross, key, column, measure) for column, _label in columns[:-1]))

        header = (cross.row.title, self._text(_("n")), *(label for _key, label in columns[:-1]))
        title = self._text(
            _("{row} × {column}：{measure}"),
            row=cross.row.title,
            column=cross.column.title,
            measure=self._text(MEASURES[measure]),
        )
        key = f"{cross.row.key}.{cross.column.key}.{measure}"
        body = tuple(line(*each) for each in rows)
        return Table(key, title, header, body, line(TOTAL, self._other(TOTAL)), withheld=cross.withheld)

    def progress(self, key: str, title: str, parts: Sequence[Progress]) -> Table:
        """Return how near the answers are to a picture of the population."""
        header = map(self._text, (_("区分"), _("人口"), _("回答"), _("目標"), _("達成（%）")))
        rows = tuple(
            (self._text(_("・")).join(each.labels), round(each.people), each.have, each.wanted, each.share)
            for each in parts
        )
        whole = (
            sum(each.people for each in parts),
            sum(each.have for each in parts),
            sum(e.wanted for e in parts),
        )
        total = (self._other(TOTAL), round(whole[0]), whole[1], whole[2], None)
        bars = tuple(Bar(str(row[0]), float(row[4])) for row in rows)
        return Table(key, title, tuple(header), rows, total, bars=bars)


def _of(count: int) -> str:
    return f"{count:,}"


def _cell(count: int | None) -> Cell:
    return WITHHELD if count is None else count


def _share(share: float | None, line: Line) -> Cell:
    """Return the share of *line*: withheld with its count or for the sake of another, none where nobody was asked."""
    return share if share is not None else WITHHELD if line.count is None or line.count else None


def _measured(cross: Cross, row: str, column: str, measure: str) -> Cell:
    count = cross.count(row, column)
    if measure == "n" or count is None:
        return _cell(count)
    whole = cross.count(row, TOTAL) if measure == "row" else cross.count(TOTAL, column)
    if whole is None:
        return WITHHELD
    return cross.of_row(row, column) if measure == "row" else cross.of_column(row, column)
