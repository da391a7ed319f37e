"""One loan as the datasets read it: the case, what was filed on it, and how its cells are made.

Nothing here is personal, so that nothing is opened: of the site only the ward is known outside the vault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from bot.exports.columns import Content
from bot.exports.lives import cell
from bot.exports.rows import Record
from bot.signing import view_of
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.procedures.fence_loan.form import FORM_R6
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.standing import CaseView, Register
from dialogs.steps import Filing
from dialogs.words import Words
from dialogs.world import World

LOAN = "fence_loan"
"""The procedure."""


@dataclass(frozen=True)
class Lent:
    """One case of the procedure, ready to be written down."""

    record: Record
    case: CaseView
    loan: Loan
    words: Words
    world: World
    procedure: Procedure

    def asked(self, key: str) -> Content:
        """Return the application's answer *key* as a cell."""
        return cell(FORM_R6, key, self.case.answers, self.words)

    def said(self, step: str, form: Form, key: str) -> Content:
        """Return what the newest filing of *step* answers to *key* of *form*, as a cell."""
        return cell(form, key, self.loan.said(step), self.words)

    def on(self, step: str) -> date | None:
        """Return the day on which *step* was filed last."""
        return self.loan.day(step)

    def count(self, *steps: str) -> int:
        """Return how often one of *steps* was filed."""
        return sum(each.step in steps for each in self.case.history)

    @property
    def checks(self) -> Sequence[Filing]:
        """Return the checks, the oldest first."""
        return [each for each in self.case.history if each.step == "checked_on_site"]


@dataclass(frozen=True)
class OfLoans:
    """What the datasets of loans have in common: they read the loans, and open nothing."""

    register: Register
    words: Words
    world: World

    procedure: ClassVar[str] = LOAN
    sealed_as: ClassVar[str] = LOAN
    personal: ClassVar[bool] = False
    follows: ClassVar[str] = ""

    @cached_property
    def _procedure(self) -> Procedure:
        return next(each for each in self.register.procedures if each.key == LOAN)

    def lent(self, record: Record) -> Lent:
        """Return the case of *record*, read as a loan."""
        case = view_of(record.file)
        return Lent(record, case, Loan(case), self.words, self.world, self._procedure)
