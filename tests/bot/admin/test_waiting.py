"""What a case waits for: the query of the lists says what the procedure says, whatever was filed in which order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Engine

from bot.admin.standing import may_be_filed, staff_dues, staff_steps, waiting_for
from bot.signing import history as filings
from dialogs.procedure import Filing, History, Procedure, Step
from dialogs.procedures import REGISTER
from storage import caselist, submissions
from storage import engine as database
from tests.dialogs import worlds
from tests.storage.make import case, filed

WALKS = 120
LONGEST = 12

PROCEDURES = tuple(
    replace(each, steps=tuple(step for step in each.steps if not (step.form or step.applies or step.since)))
    for each in REGISTER.procedures
)
"""The procedures as far as a query can tell what waits: without the steps for which the answers have to be read."""


def _walk(procedure: Procedure, chance: random.Random) -> Iterator[str]:
    """Yield steps in an order in which they may be filed."""
    history: list[Filing] = []
    for _ in range(chance.randint(1, LONGEST)):
        open_ones = [
            each.key for each in procedure.steps if procedure.may_file(each.key, worlds.matter(history))
        ]
        if not open_ones:
            return
        history.append(Filing(chance.choice(open_ones), worlds.TODAY))
        yield history[-1].step


def _dues(procedure: Procedure, history: History) -> list[Step]:
    return [due.step for due in staff_dues(procedure, worlds.matter(history), worlds.OFFICE.calendar)]


def test_the_query_of_what_waits_agrees_with_the_procedure(engine: Engine) -> None:
    chance = random.Random(20270607)
    with database.write(engine) as conn:
        for procedure in PROCEDURES:
            for number in range(WALKS):
                name = f"{procedure.key}-{number}"
                made = case(conn, name, procedure=procedure.key)
                for step in _walk(procedure, chance):
                    filed(conn, made, step=step, vault_id=None)

    for procedure in PROCEDURES:
        with database.read(engine) as conn:
            found = caselist.oldest(conn, caselist.Wanted(procedure.key), limit=WALKS)
            rows = submissions.of_cases(conn, [each.id for each in found])
            histories = {each.reference: filings(rows[each.id]) for each in found}
            for wanted in staff_steps(procedure):
                query = waiting_for(procedure, wanted)
                waiting = {each.reference for each in caselist.oldest(conn, query, limit=WALKS)}

                assert waiting == {
                    name for name, history in histories.items() if wanted in _dues(procedure, history)
                }
        assert len({*map(str, histories.values())}) > len(staff_steps(procedure))


def test_a_signature_is_not_filed_by_a_button_of_the_console() -> None:
    fence = REGISTER.of("fence_loan")
    assert fence
    application = Filing("application", date(2027, 6, 7))

    assert [each.key for each in may_be_filed(fence, worlds.matter([application]))] == ["taken_up"]
    assert may_be_filed(fence, worlds.matter([application, Filing("checked", date(2027, 6, 7))])) == ()
    assert [
        each.key
        for each in may_be_filed(fence, worlds.matter([application, Filing("returned", date(2027, 6, 8))]))
    ] == ["resumed"]
