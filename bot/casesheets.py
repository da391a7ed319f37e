"""The sheet of a case: what staff in Teams see of it at a glance, as it stands now, and never a personal answer.

A card lies at Microsoft for years, so only what has a fixed form stands on it: numbers, days, choices, the ward.
Whatever somebody wrote freely, and everything personal, is read in the console, where it is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from bot import holders, room, stockview
from bot.admin.standing import stand
from bot.clock import at_hour, day_of
from bot.prints import HOME, PHONE
from bot.signing import history, latest, view
from dialogs import sentback, signing
from dialogs.fields import (
    Choice,
    Choices,
    Consent,
    Day,
    DayRange,
    Number,
    Photo,
    Place,
    PostalAddress,
    Slot,
    Text,
)
from dialogs.fields.base import SEALED, Field, Value, sealed
from dialogs.form import Form
from dialogs.procedure import Procedure, Role, Step, effective
from dialogs.replies import CaseSheet, Change
from dialogs.scarce import claims_anything
from dialogs.standing import CaseView, Register
from dialogs.words import Message, Words, _, listed, placed, say
from dialogs.world import World
from storage import cases, prints, submissions
from storage.cases import CaseRow
from storage.prints import Alike
from storage.submissions import SubmissionRow
from storage.vault import Vault

LANGUAGE = "ja"
"""What staff read."""

MOST_ALIKE = 3
"""Earlier cases named on a sheet, the newest; the console finds the others."""

_SHORT = (Number, Day, DayRange, Choice, Choices, Slot)
"""Kinds whose answers are taken from what the form offers."""

_REASONS: Mapping[str, str] = {
    PHONE: _("電話が同じ"),
    HOME: _("氏名と住所が同じ"),
}
"""Why a case may be of the same person."""

Fact = tuple[Message, str]


def console_path(reference: str) -> str:
    """Return where in the console the case is, with its personal details; the caller escapes it for an address."""
    return f"/admin/cases/{reference}"


@dataclass(frozen=True)
class CaseSheets:
    """Reads sheets.  *vault* tells which personal answers changed since a case was sent back, never what they say."""

    register: Register
    world: Callable[[date], World]
    vault: Vault

    def sheet(self, conn: Connection, case_id: str, today: date) -> CaseSheet | None:
        """Return the sheet of the case as it stands on *today* (Asia/Tokyo), None where there is no such case."""
        return sheet(conn, self.register, self.world(today), self.vault, case_id)


def sheet(conn: Connection, register: Register, world: World, vault: Vault, case_id: str) -> CaseSheet | None:
    """Return the sheet of the case as it stands on the day of *world*, None where there is no such case."""
    case = cases.by_id(conn, case_id)
    procedure = register.of(case.procedure) if case else None
    if case is None or procedure is None:
        return None
    filed = submissions.of_case(conn, case_id)
    if claims_anything(procedure):
        world = room.with_free(conn, world, case_id, at_hour(world.today, 0))
    seen = view(case, filed)
    world = replace(world, case=seen)
    reading = _Reading(procedure, case, filed, world, world.words[LANGUAGE])
    listed_ = holders.looked_up(conn, procedure, case.id)
    others = (*_alike(conn, procedure, case), *listed_.flags)
    others += stockview.before_signing(conn, seen, world.office, world.today)
    made = reading.sheet(others, _changed(conn, vault, reading))
    return replace(made, facts=(*made.facts, *listed_.facts))


def _alike(conn: Connection, procedure: Procedure, case: CaseRow) -> tuple[Message, ...]:
    """Return a word on each other case that may be of the same person: candidates, for staff to judge (003-30)."""
    if not procedure.once:
        return ()
    found = prints.alike(conn, case.id)
    filed = submissions.of_cases(conn, [each.case_id for each in found])
    said = [_candidate(procedure, each, filed.get(each.case_id, ())) for each in found]
    return tuple(each for each in reversed(said) if each)[:MOST_ALIKE]


def _changed(conn: Connection, vault: Vault, reading: _Reading) -> frozenset[str]:
    """Return the personal questions that were answered otherwise since the case was last sent back."""
    before, after = reading.since_return()
    if before is None or after is None or before.vault_id == after.vault_id:
        return frozenset()
    return vault.differing(conn, [each.vault_id for each in (before, after) if each.vault_id])


@dataclass(frozen=True)
class _Reading:
    """One case with all that was *filed* on it."""

    procedure: Procedure
    case: CaseRow
    filed: Sequence[SubmissionRow]
    world: World
    words: Words

    def sheet(self, alike: tuple[Message, ...], changed: frozenset[str]) -> CaseSheet:
        """Return the sheet; *changed* are the personal questions answered otherwise since the last return."""
        seen, newest = view(self.case, self.filed), latest(self.filed)
        return CaseSheet(
            self.case.reference,
            say(self.procedure.title),
            day_of(self.case.opened_at),
            stand(self.procedure, seen, self.world.office.calendar),
            self.procedure.to_be_seen(seen),
            (*self._facts(newest, seen), *self._done(), *self._steps()) if newest else (),
            (*(self._flags(newest, seen) if newest else ()), *alike),
            signing.signatures(self.procedure, seen),
            self._changes(changed),
            # Nobody signs what was erased.
            signing.deeds(self.procedure, seen, self.world) if newest else (),
        )

    def form(self, filed: SubmissionRow) -> Form:
        """Return the form as it was worded when *filed* was."""
        return self.procedure.edition(filed.edition) or self.procedure.forms[-1]

    def _facts(self, newest: SubmissionRow, seen: CaseView) -> Iterator[Fact]:
        answers = newest.answers
        wanted = self.procedure.glance(answers) if self.procedure.glance else None
        reckoned = self.procedure.facts(answers, replace(self.world, case=seen))
        form = self.form(newest)
        for each in form.visible(answers):
            if wanted is None or each.key in wanted:
                shown = self._fact(each, answers.get(each.key), chosen=wanted is not None)
                if shown:
                    yield placed(form.called(each)), shown
                if each.key in reckoned:
                    label, text = reckoned[each.key]
                    yield label, self.words.say(text)

    def _done(self) -> Iterator[Fact]:
        """Yield what staff entered beside the buttons that they pressed: the work that was done."""
        for each in self.filed:
            step = self.procedure.step(each.step)
            for asked in step.asks if step and not each.form else ():
                value = each.answers.get(asked.key)
                if value is not None and not asked.personal:
                    yield say(asked.label), asked.show(value, self.words)

    def _steps(self) -> Iterator[Fact]:
        """Yield when each step with a form of its own was filed last, and what the newest of them says."""
        forms = {step.form.key: step for step in self.procedure.steps if step.form}
        newest = {each.form: each for each in self.filed if each.form in forms}
        for each in sorted(newest.values(), key=lambda one: one.number):
            yield say(forms[each.form].title), self._when(each)
        for each in sorted(newest.values(), key=lambda one: one.number)[-1:]:
            yield from self._answered(forms[each.form], each)

    def _when(self, filed: SubmissionRow) -> str:
        day = self.words.day(day_of(filed.filed_at))
        by = "" if filed.role == Role.RESIDENT else filed.filed_by
        return self.words.text(_("{day}　{by}"), day=day, by=by) if by else day

    def _answered(self, step: Step, filed: SubmissionRow) -> Iterator[Fact]:
        form = next((each for each in step.editions if each.edition == filed.edition), step.editions[-1])
        for each in form.visible(filed.answers):
            shown = self._fact(each, filed.answers.get(each.key), chosen=False)
            if shown:
                yield placed((step.title, *form.called(each))), shown

    def _fact(self, asked: Field, value: Value, *, chosen: bool) -> str:
        """Return what stands on the sheet of *value*; "" for what is read in the console alone."""
        if isinstance(asked, PostalAddress):
            return str(value.get("ward") or "") if isinstance(value, dict) and asked.in_city else ""
        if value is None or asked.personal or sealed(value) or isinstance(asked, Consent):
            return ""
        if isinstance(asked, Photo):
            return self.words.text(_("あり"))
        return asked.show(value, self.words) if chosen or isinstance(asked, _SHORT) else ""

    def _flags(self, newest: SubmissionRow, seen: CaseView) -> Iterator[Message]:
        yield from (say(each.label) for each in self.procedure.marks(seen, self.world))
        for each in self.procedure.flags(newest.answers, self.world, day_of(newest.filed_at)):
            yield say(each.label)
        if any(each.unsent_at for each in self.filed):
            yield say(_("送信を取り消された回答があります"))

    def since_return(self) -> tuple[SubmissionRow | None, SubmissionRow | None]:
        """Return the form as it stood when the case was last sent back, and as it stands now; None without either."""
        signoff = self.procedure.signoff
        back = [each.number for each in self.filed if signoff and each.step == signoff.returned.step]
        if not back:
            return None, None
        before = latest([each for each in self.filed if each.number < back[-1]])
        after = latest(self.filed)
        return (before, after) if before and after and before.number != after.number else (None, None)

    def _changes(self, changed: frozenset[str]) -> tuple[Change, ...]:
        before, after = self.since_return()
        if before is None or after is None:
            return ()
        form = self.form(after)
        then, now = dict(form.renamed(before.answers)), dict(after.answers)
        for each in form.fields:
            if each.personal and each.key in changed:
                now[each.key] = {SEALED: True, "changed": True}
            elif isinstance(each, Text | Place) and then.get(each.key) != now.get(each.key):
                told = self.words.text(_("変わりました（内容は管理画面で）"))
                then[each.key], now[each.key] = None, {"name": told} if isinstance(each, Place) else told
        return sentback.changes(form, then, now, self.words)


def _candidate(procedure: Procedure, alike: Alike, filed: Sequence[SubmissionRow]) -> Message | None:
    """Return what is said of a case that may be of the same person; None for one that came to nothing."""
    signoff = procedure.signoff
    steps = {each.step for each in effective(procedure.steps, history(filed))}
    if signoff and steps & {*signoff.stops, *((signoff.refused.step,) if signoff.refused else ())}:
        return None
    had = signoff is not None and signoff.levels[-1].step in steps
    text = _("以前の貸出の可能性：{reference}（{reasons}）")
    other = _("同じ方の別の申請の可能性：{reference}（{reasons}）")
    reasons = listed([_REASONS[each] for each in alike.kinds])
    return say(text if had else other, reference=alike.reference, reasons=reasons)
