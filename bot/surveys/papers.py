"""Answers on paper: the numbers printed on it, and keying in twice, comparing, settling, counting once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.surveys.box import plain
from dialogs.form import Form
from storage import ballots, survey_papers
from storage.survey_papers import Paper

_NUMBER = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Difference:
    """A question of which the two keyings say different things."""

    key: str
    first: Any
    second: Any


def new_number() -> str:
    """Return the number of a new paper: five digits that are drawn, and one that shows a slip of the finger."""
    digits = f"{secrets.randbelow(100_000):05}"
    return f"{digits}{_check(digits)}"


def is_number(text: str) -> bool:
    """Return whether *text* can be the number of a paper."""
    return bool(_NUMBER.fullmatch(text)) and _check(text[:5]) == text[5]


def _check(digits: str) -> str:
    return str(sum(int(each) * weight for each, weight in zip(digits, (3, 7, 1, 9, 3), strict=True)) % 10)


def differences(form: Form, paper: Paper) -> tuple[Difference, ...]:
    """Return where the two keyings of *paper* differ, in the order of *form*."""
    first, second = paper.first or {}, paper.second or {}
    return tuple(
        Difference(each.key, first.get(each.key), second.get(each.key))
        for each in form.fields
        if first.get(each.key) != second.get(each.key)
    )


def settled(form: Form, paper: Paper, chosen: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Return the answers of *paper*, each difference as *chosen* ("first", "second"); None while one is open."""
    answers = dict(paper.first or {})
    for each in differences(form, paper):
        if chosen.get(each.key) not in {"first", "second"}:
            return None
        answers[each.key] = each.first if chosen[each.key] == "first" else each.second
    return answers


def count(conn: Connection, form: Form, survey: str, page: str, answers: Mapping[str, Any]) -> bool:
    """Return whether the paper *page* was counted now: its answers are in the box, and only there.

    Raises:
        SurveyClosed: The survey was never opened.
    """
    if not survey_papers.count(conn, survey, page):
        return False
    kept = {key: value for key, value in answers.items() if key in form.by_key}
    return ballots.cast(conn, survey, "", ballots.new(plain(form, kept), "paper", paper=True))
