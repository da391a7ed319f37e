"""The surveys that can be answered now, kept in each process: a turn that has nothing to do with one asks nobody.

They are read again when one is opened or closed in this process, from time to time by the jobs, and when somebody
names one that is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import structlog
from sqlalchemy import Connection

from bot.surveys import marks
from dialogs.events import Do, Event, Tapped
from dialogs.menu import wants_cases
from dialogs.polls import Poll
from dialogs.procedure import Procedure
from dialogs.procedures.survey import Term, survey_procedure
from dialogs.standing import Entry, Register, Standing
from dialogs.surveys import from_json, survey_form
from dialogs.ways import addressed
from storage import ballots, surveys
from storage.keyring import VaultKeyMissing
from storage.surveys import CLOSED, FORM, SurveyRow, key_of
from storage.vault import Vault

log = structlog.get_logger()

EVERY = 20_000
"""After how long (ms) what other processes opened or closed is known here."""


def made(row: SurveyRow) -> Procedure:
    """Return the procedure of the survey *row*.

    Raises:
        ValueError: Its definition is none of this version.
    """
    survey = from_json(row.definition)
    poll = Poll(row.key, row.audience, survey.thanks)
    term = Term(_day(row.opens), _day(row.closes), row.state == CLOSED)
    return survey_procedure(survey_form(survey), poll, term, identity=row.identity == "optional")


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


@dataclass
class Live:
    """What this process knows of surveys.  *procedures* are of all that were ever opened: a form may be half-filled."""

    procedures: tuple[Procedure, ...] = ()
    open: frozenset[str] = frozenset()
    read_at: int | None = None
    _made: dict[SurveyRow, Procedure] = field(default_factory=dict)
    _complete: Register | None = None

    def refresh(self, conn: Connection, now: int) -> None:
        """Read which surveys there are."""
        rows = surveys.offered(conn)
        found = {row.key: self._known(row) for row in rows}
        self.procedures = tuple(each for each in found.values() if each)
        self.open = frozenset(row.key for row in rows if row.state != CLOSED and found[row.key])
        self._complete, self.read_at = None, now

    def with_all(self, register: Register) -> Register:
        """Return *register*, always the same one, with every survey."""
        if self._complete is None:
            self._complete = register.with_procedures(self.procedures)
        return self._complete

    def _known(self, row: SurveyRow) -> Procedure | None:
        same = replace(row, targets=None)  # what may change without another form
        try:
            if same not in self._made:
                self._made[same] = made(row)
            return self._made[same]
        except ValueError:  # written by a later version: the others go on
            log.exception("survey_unreadable", name=row.key)
            return None

    def is_old(self, now: int) -> bool:
        """Return whether it is time to read them again."""
        return self.read_at is None or not 0 <= now - self.read_at < EVERY


@dataclass(frozen=True)
class LiveRegister(Register):
    """The register with the surveys of *live*: each form is found, and a turn is offered what is open."""

    live: Live = field(default_factory=Live)

    def of(self, key: str) -> Procedure | None:
        """Return the procedure *key*."""
        return super().of(key) or next((each for each in self.live.procedures if each.key == key), None)

    def entry(self, form: str) -> Entry | None:
        """Return what the form *form* is filled in for, None where the desk does not offer it."""
        return super().entry(form) or (self.complete.entry(form) if form.startswith(FORM) else None)

    @property
    def complete(self) -> Register:
        """Return the register with the surveys as they are known now."""
        return self.live.with_all(self)


@dataclass(frozen=True)
class Asked:
    """Looks up, for the turns that need it alone, which surveys somebody may still answer."""

    register: LiveRegister
    vault: Vault

    def knowing(
        self, conn: Connection, standing: Standing, person_id: str, event: Event, now: int
    ) -> Standing:
        """Return *standing* with the surveys that the person may answer and has not, where *event* may be about one."""
        live = self.register.live
        if live.read_at is None or self._misses(standing, event):
            live.refresh(conn, now)
        if not live.open or standing.is_staff:
            return standing
        wanted = self._wanted(standing, event)
        if not wanted:
            return standing
        try:
            mine = {key: marks.of_person(self.vault, key, person_id) for key in wanted}
        except VaultKeyMissing:  # without it nobody could be known again, and everything else goes on
            log.error("surveys_without_key")  # noqa: TRY400 -- what it says is all there is to say
            return standing
        return replace(standing, surveys=frozenset(wanted) - ballots.has_answered(conn, mine))

    def _misses(self, standing: Standing, event: Event) -> bool:
        forms = [each.form for each in standing.conversations]
        if isinstance(event, Tapped) and event.action.do is Do.START:
            forms.append(event.action.key)
        return any(each.startswith(FORM) and self.register.of(each) is None for each in forms)

    def _wanted(self, standing: Standing, event: Event) -> Iterable[str]:
        """Return the open surveys that the turn may be about: that of its conversation, or those of the menu."""
        talk = addressed(standing, event)
        here = key_of(talk.form) if talk else ""
        if wants_cases(standing, event):
            polls = [each.poll for each in self.register.live.procedures if each.poll]
            mine = {each.survey for each in polls if each.invites(standing.cases)} & self.register.live.open
            return mine | ({here} & self.register.live.open)
        return {here} & self.register.live.open
