"""Putting steps on a sample case as the desk would have, for pages that show what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import dues
from bot.clock import day_of
from bot.service import Service
from storage import cases, submissions
from storage import engine as database


def put(
    service: Service, reference: str, step: str, said: Mapping[str, Any] | None = None, form: str = ""
) -> str:
    """File *step* with what was *said*; return the id of its event."""
    now, event = service.clock.now(), f"sample/{step}"
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        procedure = service.register.of(case.procedure)
        assert procedure
        submissions.file(
            conn, case_id=case.id, step=step, form=form, edition="R6" if form else "", answers=said or {},
            vault_id=None, filed_by="見本 花子", role="manager", channel="teams", locale="ja", event_id=event,
            now=now,
        )  # fmt: skip
        dues.refresh(conn, procedure, case.id, service.world(day_of(now)), now)
    return event


def lend(service: Service, reference: str, day: str = "2027-06-14", time: str = "10:00") -> None:
    """Decide that a loan is lent, and book its pick-up."""
    put(service, reference, "decision", {"outcome": "approve", "document": "札幌対第1号", "number": "9-1"})
    slot = {"day": day, "time": time}
    place = {"place": "minami", "name": "南区 受渡場所（見本）"}
    put(service, reference, "pickup_booked", {"place": place, "slot": slot}, "loan_pickup")
