"""The survey that the demo begins with: over, counted, and ready to be looked at in 集計."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random

from bot.clock import millis
from bot.service import Service
from bot.surveys import opening
from bot.surveys.workbook import examine
from dialogs.fields.base import Answers, Value
from dialogs.surveys import Kind, Question, Survey, survey_form, to_json
from storage import ballots, surveys
from storage import engine as database
from storage.surveys import SurveyRow

SEED = 11
WORKBOOK, KEY = "climate_citizens.xlsx", "mihon_climate"
BALLOTS = 180
BEGAN, ENDED = timedelta(days=60), timedelta(days=20)
BY = "見本 係"  # untranslated: a sample clerk
SILENT = 0.2
"""How many leave a question open that may stay open."""

OPINIONS = (  # untranslated: what sample people write
    "見本の意見です。バスの本数をふやしてほしいです。",
    "見本の意見です。古い家の断熱に補助がほしいです。",
    "見本の意見です。電気の選び方を教えてほしいです。",
)


def play(service: Service, begin: datetime) -> None:
    """File a survey that was open until three weeks before *begin*, with its ballots."""
    survey = sample()
    days = [(begin - each).date().isoformat() for each in (BEGAN, ENDED)]
    row = SurveyRow(
        survey.key,
        str(survey.title),
        survey.edition,
        to_json(survey),
        uploaded_by=BY,
        uploaded_at=millis(begin - BEGAN),
        audience="everybody",
        opens=days[0],
        closes=days[1],
    )
    dice = Random(SEED)  # noqa: S311 -- a play, no secret
    with database.write(service.engine) as conn:
        surveys.put(conn, row)
        opening.open_(conn, service.vault, survey.key)
        for _ in range(BALLOTS):
            channel = dice.choices(("line", "web", "paper"), (6, 3, 1))[0]
            is_paper = channel == "paper"
            ballot = ballots.new(answers(survey, dice), channel, paper=is_paper)
            ballots.cast(conn, survey.key, "" if is_paper else secrets.token_hex(32), ballot)
        opening.close(conn, survey.key)


def sample() -> Survey:
    """Return a workbook that ships with the program, under another key: the workbook itself can still be opened."""
    found = examine((files("bot") / "data" / "surveys" / WORKBOOK).read_bytes()).survey
    if found is None:
        raise LookupError(WORKBOOK)
    return replace(found, key=KEY)


def answers(survey: Survey, dice: Random) -> Answers:
    """Return what a sample person answers: each question that the answers before it lead to."""
    form, found = survey_form(survey), dict[str, Value]()
    for each in survey.questions:
        if each.key in {field.key for field in form.visible(found)}:
            is_left_open = not each.required and dice.random() < SILENT
            found[each.key] = None if is_left_open else _answer(each, dice)
    return found


def _answer(asked: Question, dice: Random) -> Value:
    keys = [each.key for each in asked.options]
    if asked.kind is Kind.SELECT_ONE:
        return dice.choices(keys, _leaning(keys))[0]
    if asked.kind is Kind.SELECT_MULTIPLE:
        return _several(keys, int(asked.bounds.most or len(keys)), dice)
    if asked.kind.is_number:
        least, most = int(asked.bounds.least or 0), int(asked.bounds.most or 10)
        return min(max(round(dice.gauss(least + (most - least) * 0.3, (most - least) * 0.15)), least), most)
    return dice.choice(OPINIONS)


def _leaning(keys: Sequence[str]) -> Sequence[int]:
    """Return weights of *keys* that are not all alike, so that there is something to see."""
    return [3 + (2 * number) % 5 for number in range(len(keys))]


def _several(keys: Sequence[str], most: int, dice: Random) -> Value:
    """Return some of *keys* in their order; ``none`` stands alone."""
    found = set(dice.sample(keys, dice.randint(1, min(most, 3, len(keys)))))
    return [key for key in keys if key in found and (key != "none" or len(found) == 1)]
