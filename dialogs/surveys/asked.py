"""A survey as an ordinary form, which every channel draws already."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.fields import Choice, Choices, Day, Field, Given, Invalid, LongText, Number, Raw, Text, Value
from dialogs.fields.base import only
from dialogs.form import Form, Page
from dialogs.surveys.model import Group, Kind, Question, Survey
from dialogs.words import OwnText, _, say

LINE, PARAGRAPH = 200, 1000
"""Characters of a text, unless the survey says fewer."""

DECIMALS = 2
FURTHEST = 1_000_000_000
"""The largest amount where the survey names none, and below zero the smallest."""

_TAPPED = 8  # amounts of a range that are also buttons: a talk has room for so many beside the ways on
_TODAY = "today"


@dataclass(frozen=True, kw_only=True)
class Amount(Number):
    """A number in steps of *step* from the least on; *unfit* is what the survey says to any other."""

    step: float | None = None
    unfit: str = ""

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the number *raw* gives."""
        amount = self._amount(only(raw), given.words)
        if amount is not None and self.unfit and not self.least <= amount <= self.most:
            raise Invalid(say(self.unfit))
        value = super().read(raw, given)
        if self.step and (Decimal(str(value)) - Decimal(str(self.least))) % Decimal(str(self.step)):
            text = _("{step}きざみの数で入力してください。例：{example}")
            raise Invalid(text, step=f"{self.step:g}", example=f"{self.least:g}")
        return value


def survey_form(survey: Survey) -> Form:
    """Return the form that asks *survey*.

    Raises:
        ValueError: two questions have one key, or one hangs on a later one.
    """
    pages = tuple(page for group in survey.groups for page in _pages(group, survey.title))
    return Form(survey.form_key, survey.title, survey.edition, pages, file=_("送る"))


def _pages(group: Group, title: str) -> Iterator[Page]:
    """Yield the pages of *group*: what is said between two questions begins a new one."""
    parts: list[list[Question]] = []
    for each in group.questions:
        if each.note or not parts:
            parts.append([])
        parts[-1].append(each)
    for number, part in enumerate(parts, 1):
        key = group.key if number == 1 else f"{group.key}.{number}"
        fields = tuple(_field(each, group) for each in part)
        yield Page(key, group.label or title, fields, intro=part[0].note)


def _field(question: Question, group: Group) -> Field:
    common: dict[str, Any] = {
        "question": _put(question, group),
        "hint": question.hint,
        "required": question.required,
        "when": question.relevant,
    }
    return _MAKERS[question.kind](question, common)


def _put(question: Question, group: Group) -> str:
    """Return what a talk asks, which shows neither the page's heading nor what is said before, as pages do."""
    before = [question.note, group.label if group.matrix else ""]
    return joined([*filter(None, before), question.label], "\n\n") if any(before) else ""


def joined(texts: Sequence[str], between: str) -> str:
    """Return *texts* one after the other, in every language that one of them brings."""
    locales = {locale for text in texts if isinstance(text, OwnText) for locale in text.wordings}
    whole = between.join(map(str, texts))
    if not locales:
        return whole
    return OwnText(whole, {each: between.join(_worded(text, each) for text in texts) for each in locales})


def _worded(text: str, locale: str) -> str:
    return text.wording(locale) if isinstance(text, OwnText) else text


# --- one field per kind


def _text(question: Question, common: dict[str, Any]) -> Field:
    kind, usual = (LongText, PARAGRAPH) if question.long else (Text, LINE)
    longest = usual if question.bounds.most is None else int(question.bounds.most)
    return kind(question.key, question.label, longest=longest, **common)


def _number(question: Question, common: dict[str, Any]) -> Field:
    bounds, decimals = question.bounds, 0 if question.kind is Kind.INTEGER else DECIMALS
    least = -FURTHEST if bounds.least is None else bounds.least
    most = FURTHEST if bounds.most is None else bounds.most
    if question.kind is Kind.RANGE:
        decimals = max(_decimals(each) for each in (least, bounds.step or 1))
    return Amount(
        question.key,
        question.label,
        least=least,
        most=most,
        decimals=decimals,
        example=_amount(least if bounds.least is not None else 1),
        suggest=_suggested(question),
        step=bounds.step,
        unfit=bounds.message,
        **common,
    )


def _decimals(number: float) -> int:
    return max(0, -int(Decimal(_amount(number)).as_tuple().exponent))


def _amount(number: float) -> str:
    return f"{Decimal(str(number)).normalize():f}"


def _suggested(question: Question) -> tuple[float, ...]:
    """Return the amounts of a short range, to be tapped."""
    bounds = question.bounds
    if question.kind is not Kind.RANGE or bounds.least is None or bounds.most is None:
        return ()
    step = Decimal(str(bounds.step or 1))
    count = math.floor((Decimal(str(bounds.most)) - Decimal(str(bounds.least))) / step) + 1
    if count > _TAPPED:
        return ()
    amounts = [Decimal(str(bounds.least)) + step * number for number in range(count)]
    return tuple(int(each) if each == int(each) else float(each) for each in amounts)


def _one_of(question: Question, common: dict[str, Any]) -> Field:
    return Choice(question.key, question.label, question.options, **common)


def _many_of(question: Question, common: dict[str, Any]) -> Field:
    least = max(1, int(question.bounds.least or 1))
    most = None if question.bounds.most is None else int(question.bounds.most)
    return Choices(question.key, question.label, question.options, least=least, most=most, **common)


def _day(question: Question, common: dict[str, Any]) -> Field:
    bounds = question.bounds
    first, last = _limit(bounds.first), _limit(bounds.last)
    return Day(question.key, question.label, least=first, most=last, **common)


def _limit(day: str) -> Callable[[Given], date | None] | date | None:
    return _today if day == _TODAY else date.fromisoformat(day) if day else None


def _today(given: Given) -> date:
    return given.world.today


_MAKERS: dict[Kind, Callable[[Question, dict[str, Any]], Field]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.RANGE: _number,
    Kind.SELECT_ONE: _one_of,
    Kind.SELECT_MULTIPLE: _many_of,
    Kind.DATE: _day,
}
