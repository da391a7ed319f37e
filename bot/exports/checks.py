"""The dataset of the two-week checks of loans: one row for each (003-18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar

from bot.exports.columns import Content, Heading, Kind
from bot.exports.lent import Lent, OfLoans
from bot.exports.rows import Record, Row
from dialogs.procedures.fence_loan.checking import CHECK
from dialogs.standing import CaseView
from dialogs.steps import Filing
from dialogs.words import _

_CHECKED: tuple[tuple[str, str, Kind], ...] = (
    ("reference", _("受付番号"), Kind.TEXT),
    ("notice", _("通知番号"), Kind.TEXT),
    ("ward", _("設置場所の区"), Kind.TEXT),
    ("number", _("何回目"), Kind.NUMBER),
    ("on", _("点検した日"), Kind.DAY),
    ("days", _("前の点検（引き渡し）からの日数"), Kind.NUMBER),
    ("by", _("点検した人"), Kind.TEXT),
    ("understood_on", _("伝えたことを使用者が確かめた日"), Kind.DAY),
    ("swapped_on", _("交換した日"), Kind.DAY),
)
_ANSWERED = tuple(each for each in CHECK.fields if each.key != "check_photo")
_KINDS: Mapping[str, Kind] = {"voltage": Kind.NUMBER, "fault": Kind.TEXT}


class Checks(OfLoans):
    """The dataset of the two-week checks: a row for each (003-18)."""

    key: ClassVar[str] = "checks"
    title: ClassVar[str] = _("貸出中の点検")

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order: when and by whom, then what was found."""
        own = tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _CHECKED)
        found = (
            Heading(each.key, self.words.text(each.label), _KINDS.get(each.key, Kind.OPTION))
            for each in _ANSWERED
        )
        return (*own, *found)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of a case."""
        return self._rows

    def _rows(self, record: Record) -> Iterator[Row]:
        if not record.file.filled:
            return
        lent = self.lent(record)
        before = lent.loan.handed_over
        for number, each in enumerate(lent.checks, start=1):
            yield [*self._own(lent, each, number, before), *self._found(each)]
            before = each.day

    def _own(self, lent: Lent, check: Filing, number: int, before: date | None) -> Iterator[Content]:
        yield lent.case.reference
        yield lent.loan.number or None
        yield lent.loan.ward or None
        yield number
        yield check.day
        yield (check.day - before).days if before else None
        yield check.by or None
        yield _next_day(lent.case, check, "understood")
        yield _next_day(lent.case, check, "swapped")

    def _found(self, check: Filing) -> Iterator[Content]:
        for each in _ANSWERED:
            value = check.said.get(each.key)
            yield each.cells(value, self.words)[0] if value is not None else None


def _next_day(case: CaseView, check: Filing, step: str) -> date | None:
    """Return the day on which *step* followed *check*, before the next check."""
    place = next(place for place, each in enumerate(case.history) if each is check)
    for each in case.history[place + 1 :]:
        if each.step == step:
            return each.day
        if each.step == check.step:
            return None
    return None
