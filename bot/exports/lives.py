"""What the datasets of whole lives of cases share: one answer as a cell, the day of a step."""

from __future__ import annotations

from datetime import date

from bot.exports.columns import Content
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.standing import CaseView
from dialogs.words import Words


def cell(form: Form, key: str, answers: Answers, words: Words) -> Content:
    """Return the one cell of the question *key*; empty where it was not answered."""
    asked, value = form.field(key), answers.get(key)
    return asked.cells(value, words)[0] if asked and value is not None else None


def day_of_step(case: CaseView, step: str) -> date | None:
    """Return the day on which *step* was filed last, None where it was not."""
    return next((each.day for each in reversed(case.history) if each.step == step), None)
