"""Ballots of a small survey, as tabulation is given them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.tabulation.answers import Data, read
from bot.tabulation.questions import Kind, Option, Question
from dialogs.fields import Answers

FACTS = {
    "@channel": "受付方法",
    "@kind": "参加者の区分",
    "@paper": "用紙",
    "line": "LINE",
    "web": "ウェブ",
    "yes": "用紙で回答",
    "no": "用紙ではない",
}


@dataclass(frozen=True)
class Paper:
    """One ballot."""

    answers: Answers
    channel: str = "line"
    kind: str = ""
    paper: bool = False


def one(key: str, *options: str, label: str = "") -> Question:
    return Question(key, label or key, Kind.ONE, tuple(Option(each, each.upper()) for each in options))


def many(key: str, *options: str) -> Question:
    return Question(key, key, Kind.MANY, tuple(Option(each, each.upper()) for each in options))


AGE = one("age", "young", "old")
SEX = one("sex", "f", "m")
THEMES = many("themes", "bear", "deer", "boar")
CHILDREN = Question("children", "children", Kind.NUMBER, asked=lambda answers: answers.get("age") == "old")
SINCE = Question("since", "since", Kind.DAY)
WISH = Question("wish", "wish", Kind.TEXT)
QUESTIONS = (AGE, SEX, THEMES, CHILDREN, SINCE, WISH)


def data(ballots: Iterable[Paper], questions: Iterable[Question] = QUESTIONS) -> Data:
    return read(questions, FACTS, ballots)


def crossed(counts: dict[tuple[str, str], int]) -> Data:
    """Return answers to ``age`` and ``sex`` of which there are *counts*."""
    return data(
        [Paper({"age": age, "sex": sex}) for (age, sex), count in counts.items() for _ in range(count)],
        (AGE, SEX),
    )
