"""The columns of what was done on a case: steps beside whose button something is asked, such as a repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.exports.columns import Content, Heading, Kind, kind_of, label_of
from bot.exports.signatures import local
from dialogs.fields.base import Answers
from dialogs.procedure import Procedure, Step
from dialogs.words import Words, _
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import Filed

_PARTS: tuple[tuple[str, str, Kind], ...] = (
    ("at", _("記録日時"), Kind.MOMENT),
    ("by", _("記録した人"), Kind.TEXT),
)


@dataclass(frozen=True)
class Done:
    """The columns of the steps of *procedure* that ask something; none where no step does."""

    procedure: Procedure
    words: Words
    world: World

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        return tuple(each for each in self.procedure.steps if each.asks)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, step after step: when it was filed and by whom, and what was answered."""
        return tuple(each for step in self._steps for each in self._headings(step))

    def _headings(self, step: Step) -> Iterator[Heading]:
        title = self.words.text(step.title)
        for key, label, kind in _PARTS:
            yield Heading(f"{step.key}.{key}", self._label(title, self.words.text(label)), kind)
        for asked in step.asks:
            for column in asked.columns():
                key = f"{asked.key}.{column.key}" if column.key else asked.key
                label = label_of(self._label(title, self.words.text(asked.label)), column, self.words)
                yield Heading(key, label, kind_of(asked, column, self.world), asked.personal)

    def _label(self, title: str, part: str) -> str:
        return self.words.text(_("{label}（{part}）"), label=title, part=part)

    def cells(self, filed: Sequence[Filed], answers: Answers) -> list[Content]:  # noqa: ARG002 -- as all columns
        """Return the cells of one case, in the order of the headings."""
        last = {each.step: each for each in filed}
        return [cell for step in self._steps for cell in self._cells(step, last.get(step.key))]

    def _cells(self, step: Step, filed: Filed | None) -> Iterator[Content]:
        said: Answers = load(filed.signed) if filed and filed.signed else {}
        yield local(filed.at) if filed else None
        yield filed.by if filed and filed.by else None
        for asked in step.asks:
            value = said.get(asked.key)
            yield from asked.cells(value, self.words) if value is not None else [None] * len(asked.columns())
