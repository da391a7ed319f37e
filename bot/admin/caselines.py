"""Cases as lines of the console's table: found by filters, a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from bot.admin.standing import Choice, choices, stand, waits
from bot.exports.columns import flags
from bot.exports.source import Days
from bot.signing import latest, view
from dialogs.fields import PostalAddress
from dialogs.fields.base import Answers, Control, Field, Given, sealed
from dialogs.form import Form
from dialogs.procedure import Flag, Procedure, Step
from dialogs.words import Message, Words, _
from dialogs.world import World
from storage import caselist, submissions
from storage.caselist import Wanted
from storage.cases import CaseRow
from storage.submissions import SubmissionRow

PAGE = 50
MOST_READ = 2000
"""Cases looked through for one page of a filter that only the answers can tell; the next page goes on there."""

ANY = "any"
"""The filter for cases with a flag, whichever."""


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to.

    *state* is the key of a choice, *flag* that of a flag or ``any``, *channel* how an application came.
    """

    days: Days = field(default_factory=Days)
    state: str = ""
    flag: str = ""
    reference: str = ""
    channel: str = ""
    faults: Mapping[str, Message] = field(default_factory=dict)

    def wanted(self, procedure: Procedure) -> Wanted:
        """Return the query of the list."""
        span, choice = self.days.wanted(procedure.key), self._choice(procedure)
        chosen = choice.wanted if choice else span
        known = plain(self.reference)
        return replace(chosen, since=span.since, until=span.until, reference=known, channel=self.channel)

    def due(self, procedure: Procedure) -> Step | None:
        """Return the step that each case of the query has to wait for besides; None where the query says it all."""
        choice = self._choice(procedure)
        return choice.due if choice else None

    def _choice(self, procedure: Procedure) -> Choice | None:
        return next((each for each in choices(procedure) if each.key == self.state), None)


def plain(reference: str) -> str:
    """Return a number as it may be typed, full-width or with spaces, as it is written."""
    return "".join(filter(str.isprintable, unicodedata.normalize("NFKC", reference).strip()[:64]))


@dataclass(frozen=True)
class CaseLine:
    """One case in the table.  *facts* stand under the columns of the table."""

    reference: str
    opened_at: int
    stand: Message
    facts: tuple[str, ...]
    flags: tuple[Flag, ...]
    corrections: int


@dataclass(frozen=True)
class Lines:
    """One page of the table; *more* is the reference behind which the next one begins, "" for none."""

    lines: tuple[CaseLine, ...]
    more: str = ""


@dataclass(frozen=True)
class Table:
    """The table of one procedure's cases: its days and amounts, and the ward, are what staff compare."""

    procedure: Procedure
    words: Words
    world: World

    def titles(self) -> tuple[str, ...]:
        """Return the titles of the columns that come from the form."""
        ward = self._site(self._newest)
        labels = [self.words.text(each.label) for each in self._compared(self._newest)]
        return (*labels, self.words.text(_("区"))) if ward else tuple(labels)

    def page(self, conn: Connection, wanted: Filter, before: CaseRow | None) -> Lines:
        """Return the lines behind *before*, the newest case first."""
        lines: list[CaseLine] = []
        read, last, due = 0, before, wanted.due(self.procedure)
        while read < MOST_READ:
            found = caselist.newest(conn, wanted.wanted(self.procedure), last, PAGE)
            filed = submissions.of_cases(conn, [each.id for each in found])
            for each in found:
                last = each
                line = self.line(each, filed.get(each.id, ()))
                if _is_flagged(line, wanted.flag) and self._waits(each, filed.get(each.id, ()), due):
                    lines.append(line)
                if len(lines) == PAGE:
                    return Lines(tuple(lines), last.reference)
            read += len(found)
            if len(found) < PAGE:
                return Lines(tuple(lines))
        return Lines(tuple(lines), last.reference if last else "")

    def _waits(self, case: CaseRow, filed: Sequence[SubmissionRow], due: Step | None) -> bool:
        """Return whether *case* waits for *due*; None is waited for by all."""
        return due is None or waits(self.procedure, view(case, filed), due, self.world.office.calendar)

    def line(self, case: CaseRow, filed: Sequence[SubmissionRow]) -> CaseLine:
        """Return *case* as a line."""
        found = latest(filed)
        form = (self.procedure.edition(found.edition) if found else None) or self._newest
        return CaseLine(
            case.reference,
            case.opened_at,
            stand(self.procedure, view(case, filed), self.world.office.calendar),
            tuple(self._facts(form, found.answers if found else {})),
            flags(self.procedure, filed, self.world),
            sum(each.step == "correction" for each in filed),
        )

    @property
    def _newest(self) -> Form:
        return max(self.procedure.forms, key=lambda form: form.since)

    def _facts(self, form: Form, answers: Answers) -> Iterator[str]:
        for column in self._compared(self._newest):
            asked = form.field(column.key)
            yield self._fact(asked, answers.get(column.key)) if asked else ""
        site = self._site(self._newest)
        if site:
            outline = answers.get(site.key)
            yield str(outline.get("ward") or "") if isinstance(outline, dict) else ""

    def _fact(self, asked: Field, value: object) -> str:
        if value is None or sealed(value):
            return ""
        cells = asked.cells(value, self.words)
        if any(isinstance(cell, date) for cell in cells):
            return "〜".join(str(cell) for cell in cells if cell)  # untranslated: from one day to another
        return asked.show(value, self.words)

    def _compared(self, form: Form) -> tuple[Field, ...]:
        # What is asked of some alone, such as the numbers of one site's sheet, would leave most cells empty.
        everybody = (each for each in form.fields if each.when is None and not each.personal)
        return tuple(each for each in everybody if self._control(each) in _COMPARED)

    def _control(self, asked: Field) -> Control:
        return asked.inputs(Given(self.world))[0].control

    def _site(self, form: Form) -> Field | None:
        addresses = [each for each in form.fields if isinstance(each, PostalAddress)]
        return next((each for each in addresses if each.in_city), addresses[0] if addresses else None)


_COMPARED = {Control.NUMBER, Control.DATE}


def _is_flagged(line: CaseLine, flag: str) -> bool:
    if not flag:
        return True
    return bool(line.flags) if flag == ANY else any(each.key == flag for each in line.flags)
