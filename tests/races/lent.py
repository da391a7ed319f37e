"""Loans that stand where a return and an extension can meet: handed over, and an extension asked for."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert, select

from bot.service import Service
from dialogs.procedure import Role
from storage import cases
from storage import engine as database
from storage.asjson import dump
from storage.tables import submissions as filings
from tests.bot.test_signing_races import ready
from tests.dialogs.procedures.loans import PARTS

UNTIL = "2027-08-10"
_SAID: dict[str, tuple[str, Role, dict[str, Any]]] = {
    "decision": ("", Role.MANAGER, {"outcome": "approve", "level": "decision", "number": "9-1"}),
    "handed_over": ("loan_handover", Role.CONTRACTOR, {"sets": 1, "parts": PARTS}),
    "extension_asked": ("loan_extension", Role.RESIDENT, {"reasons": ["bears"], "until": UNTIL}),
}


def lent(service: Service, count: int) -> list[str]:
    """Return the references of *count* loans whose borrower has asked for an extension until ``UNTIL``."""
    made = ready(service, count)
    with database.write(service.engine) as conn:
        for reference in made:
            case = cases.by_reference(conn, reference)
            assert case
            [first, *_] = conn.execute(select(filings).where(filings.c.case_id == case.id)).mappings()
            conn.execute(
                insert(filings), [_row(dict(first), number, step) for number, step in enumerate(_SAID, 4)]
            )
    return made


def _row(first: dict[str, Any], number: int, step: str) -> dict[str, Any]:
    form, role, answers = _SAID[step]
    by = first["filed_by"] if role is Role.RESIDENT else "見本 一郎"
    return {
        **first,
        "id": uuid.uuid4().hex,
        "number": number,
        "step": step,
        "form": form,
        "answers": dump(answers),
        "vault_id": None,
        "filed_by": by,
        "role": role.value,
        "event_id": f"{first['case_id']}{number}",
    }
