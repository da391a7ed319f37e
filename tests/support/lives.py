"""Whole lives of cases, written down as they would have been filed: for tests of what is read off them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from sqlalchemy import Connection

from bot.clock import at_hour
from dialogs.fields import Answers
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.steps import Filing
from storage import cases, submissions, turns

_EVENTS = itertools.count(1)


def lived(
    conn: Connection, procedure: str, reference: str, history: Iterable[Filing], answers: Answers, **more: str
) -> str:
    """Return the id of a case on which *history* was filed at nine on each day, the first with *answers*."""
    first, *others = history
    at = at_hour(first.day, 9)
    channel = more.get("channel", "line")
    person = turns.create(conn, "line", f"U{reference}", "ja", at).id
    case_id = cases.open_case(
        conn, procedure=procedure, reference=reference, person_id=person, channel=channel, now=at
    )
    _file(conn, case_id, procedure, first, answers, at)
    for place, each in enumerate(others, start=1):
        # A day has many hours: what was filed on one stays in order.
        _file(conn, case_id, procedure, each, each.said, at_hour(each.day, 9) + place)
    return case_id


def _file(conn: Connection, case_id: str, procedure: str, filing: Filing, answers: Answers, at: int) -> None:
    of = REGISTER.of(procedure)
    step = of.step(filing.step) if of else None
    assert of, procedure
    assert step, filing.step
    is_application = step is of.steps[0]
    form = of.forms[-1] if is_application else step.form
    submissions.file(
        conn,
        case_id=case_id,
        step=filing.step,
        form=form.key if form else "",
        edition=form.edition if form else "",
        answers=answers,
        vault_id=None,
        filed_by=filing.by or "resident",
        role=(step.role if filing.by else Role.RESIDENT).value,
        channel="teams" if filing.by else "line",
        locale="ja",
        event_id=f"life/{next(_EVENTS)}",
        now=at,
    )
