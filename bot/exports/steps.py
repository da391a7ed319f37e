"""The datasets of steps that have forms of their own: a row for each time that one was filled in, with its case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from bot.exports.columns import CHANNELS, Columns, Content, Heading, Kind
from bot.exports.rows import Record, Row, Rows
from bot.exports.signatures import local
from dialogs.fields.base import Answers
from dialogs.procedure import Role
from dialogs.standing import Entry
from dialogs.words import Words, _
from dialogs.world import World
from storage.asjson import load
from storage.casefiles import Filed

_OWN: tuple[tuple[str, str, Kind], ...] = (
    ("reference", _("受付番号"), Kind.TEXT),
    ("filing", _("案件の中の番号"), Kind.NUMBER),
    ("step", _("手続きの段階"), Kind.TEXT),
    ("filed_at", _("記録日時"), Kind.MOMENT),
    ("filed_by", _("記録した人"), Kind.TEXT),
    ("channel", _("受付方法"), Kind.TEXT),
    ("edition", _("様式の版"), Kind.TEXT),
)


@dataclass(frozen=True)
class Steps:
    """The dataset of the step's form *of* in the language *words*."""

    of: Entry
    words: Words
    world: World
    follows: str = ""

    @property
    def key(self) -> str:
        """Return the form's key."""
        return self.of.key

    @property
    def form(self) -> str:
        """Return the form whose personal answers are opened."""
        return self.of.key

    @property
    def title(self) -> str:
        """Return the form's title."""
        return self.of.form.title

    @property
    def procedure(self) -> str:
        """Return the procedure's key."""
        return self.of.procedure.key

    @property
    def sealed_as(self) -> str:
        """Return the procedure's key."""
        return self.of.procedure.key

    @cached_property
    def personal(self) -> bool:
        """Return whether any edition of the form asks anything personal."""
        return any(each.personal for form in self.of.editions for each in form.fields)

    @cached_property
    def _columns(self) -> Columns:
        # As if the step's form were the procedure's own: what is asked becomes columns in the same way.
        return Columns(replace(self.of.procedure, forms=self.of.editions), self.words, self.world)

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns: which case, who filed it and when, and what the form asks."""
        own = tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _OWN)
        return (*own, *self._columns.asked_headings())

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of one case."""
        made = Rows(self._columns)

        def of(record: Record) -> Iterator[Row]:
            for each in record.file.filed:
                if each.form == self.of.key and each.filled:
                    answers: Answers = load(each.filled.answers)
                    sealed = each.filled.sealed
                    personal = record.opened.get(sealed.id, {}) if sealed else {}
                    yield [*self._own(record, each), *made.asked(each.filled, answers, personal)]

        return of

    def _own(self, record: Record, filed: Filed) -> list[Content]:
        text = self.words.text
        resident = filed.role == Role.RESIDENT
        return [
            record.case.reference,
            filed.number,
            text(self.of.step.title),
            local(filed.at),
            text(_("申請者")) if resident else filed.by,
            text(CHANNELS.get(filed.channel, filed.channel)),
            filed.filled.edition if filed.filled else None,
        ]
