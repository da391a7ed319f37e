"""The datasets of inspections: one row for each, and one row for each item that was checked (002-08, 11…14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from bot.exports.cases import Cases, More
from bot.exports.columns import Columns, Content, Heading, Kind
from bot.exports.rows import Record, Row
from bot.exports.signatures import local
from dialogs.fields.base import Answers, Field
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.procedures.incident import INCIDENT
from dialogs.procedures.inspection.equipment import REGISTERS
from dialogs.procedures.inspection.rules import ROWS, opened
from dialogs.procedures.inspection.sheet import FINDING, NORMAL, NOT_APPLICABLE, Sheet, sheet
from dialogs.procedures.inspection.sheet import Row as Item
from dialogs.standing import Register
from dialogs.words import Words, _
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import CaseFile, Filed

SHEETS: Mapping[str, Sheet] = {each.edition: sheet(each) for each in REGISTERS}
"""The sheet of each edition."""

_COUNTS: tuple[tuple[str, str, str], ...] = (
    ("normal", _("正常の項目数"), NORMAL),
    ("findings", _("指摘の項目数"), FINDING),
    ("not_applicable", _("対象外の項目数"), NOT_APPLICABLE),
)
_ITEM: tuple[tuple[str, str, Kind], ...] = (
    ("reference", _("受付番号"), Kind.TEXT),
    ("edition", _("様式の版"), Kind.TEXT),
    ("site", _("履行場所"), Kind.OPTION),
    ("day", _("点検実施日"), Kind.DAY),
    ("place", _("項目の順番"), Kind.NUMBER),
    ("item", _("項目のキー"), Kind.TEXT),
    ("section", _("区分"), Kind.TEXT),
    ("group", _("機器"), Kind.TEXT),
    ("wording", _("点検項目"), Kind.TEXT),
    ("result", _("結果"), Kind.OPTION),
    ("number", _("数値"), Kind.NUMBER),
    ("unit", _("単位"), Kind.TEXT),
    ("remark", _("指摘の内容"), Kind.TEXT),
    ("severity", _("重要度"), Kind.OPTION),
    ("follow_up", _("障害対応の番号"), Kind.TEXT),
    ("follow_up_outcome", _("障害対応の結果"), Kind.TEXT),
    ("follow_up_at", _("障害対応の記録日時"), Kind.MOMENT),
)


@dataclass(frozen=True)
class Counts:
    """The columns that say how many items came to what."""

    words: Words

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), Kind.NUMBER) for key, label, _result in _COUNTS)

    def cells(self, filed: Sequence[Filed], answers: Answers) -> list[Content]:  # noqa: ARG002 -- as all columns
        """Return the cells of one inspection, in the order of the headings."""
        results = [answers.get(key) for key in ROWS]
        return [results.count(result) for _key, _label, result in _COUNTS]


class Inspections(Cases):
    """The dataset of inspections: header, numbers, how many items came to what, and who signed."""

    @cached_property
    def columns(self) -> Columns:
        """Return the columns of the answers: all but those of the items, which are a dataset of their own."""
        rows = ROWS.values()
        items = {key for row in rows for key in (row.key, row.remark, row.severity, row.photo)}
        labels = {row.amount.key: self._label(row, row.amount.label) for row in rows if row.amount}
        return Columns(self.of, self.words, self.world, items, labels)

    def _label(self, row: Item, label: str) -> str:
        # C ドライブの空き容量 stands on the sheet of each PC.
        return f"{self.words.text(row.section)} {self.words.text(label)}"

    @cached_property
    def more(self) -> tuple[More, ...]:
        """Return the columns behind those."""
        return (Counts(self.words), *super().more)


@dataclass(frozen=True)
class Items:
    """The dataset of checked items, in the order of 別添3, with what became of each finding."""

    register: Register
    words: Words
    world: World
    key: str = "inspection_items"
    title: str = _("保守点検の項目")
    personal: bool = False

    procedure: ClassVar[str] = "inspection"
    sealed_as: ClassVar[str] = "inspection"
    follows: ClassVar[str] = INCIDENT.key

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _ITEM)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of an inspection."""
        return self._rows

    @cached_property
    def _inspection(self) -> Procedure:
        return next(each for each in self.register.procedures if each.key == self.procedure)

    def _rows(self, record: Record) -> Iterator[Row]:
        filled = record.file.filled
        made = SHEETS.get(filled.edition) if filled else None
        form = self._inspection.edition(filled.edition) if filled else None
        if filled is None or made is None or form is None:
            return
        answers: Answers = load(filled.answers)
        checked = [each for each in made.rows if each.site == answers.get("site")]
        followed = dict(self._followed(record))
        for place, item in enumerate(checked, start=1):
            head = [record.case.reference, filled.edition, *self._shown(form, answers, "site", "day")]
            follow_up = followed.get(opened(item)) if answers.get(item.key) == FINDING else None
            yield [*head, place, *self._item(form, answers, item), *(follow_up or (None, None, None))]

    def _item(self, form: Form, answers: Answers, item: Item) -> Iterator[Content]:
        text = self.words.text
        yield item.key
        yield text(item.section)
        yield text(item.group)
        yield text(item.wording)
        yield from self._shown(form, answers, item.key)
        yield answers.get(item.amount.key) if item.amount else None
        yield text(item.amount.unit) if item.amount else None
        yield from self._shown(form, answers, item.remark, item.severity)

    def _shown(self, form: Form, answers: Answers, *keys: str) -> Iterator[Content]:
        """Yield the one cell of each of the questions *keys*."""
        for key in keys:
            asked: Field | None = form.field(key)
            value = answers.get(key)
            yield asked.cells(value, self.words)[0] if asked and value is not None else None

    def _followed(self, record: Record) -> Iterator[tuple[str, tuple[str, str | None, Content]]]:
        """Yield what each finding was called when it opened a case, and that case: number, outcome, when."""
        for each in record.beside:
            answers: Answers = load(each.filled.answers) if each.filled else {}
            if answers.get("inspection") == record.case.reference:
                yield str(answers.get("what")), self._outcome(each)

    def _outcome(self, incident: CaseFile) -> tuple[str, str | None, Content]:
        procedure = self.register.of(INCIDENT.key) or INCIDENT
        done = [each for each in incident.filed if (step := procedure.step(each.step)) and step.asks]
        if not done:
            return incident.case.reference, None, None
        step = procedure.step(done[-1].step)
        return incident.case.reference, self.words.text(step.title) if step else None, local(done[-1].at)
