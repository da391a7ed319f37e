"""Guidances that were visited, filed straight into a service: for pages that show them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.service import Service
from storage import engine as database
from tests.dialogs.procedures.guidances import ANSWERS, VISIT
from tests.storage import make

PERSONAL = {
    "name": "見本 太郎",
    "phone": "011-211-2879",
    "address": {
        "postcode": "0612285", "prefecture": "北海道", "city": "札幌市", "ward": "南区", "town": "藤野五条",
        "rest": "3丁目1-2", "in_city": True,
    },
    "note": "庭の門は青い色です（見本）",
}  # fmt: skip


def visited(service: Service, reference: str, *, wrong: bool = False, **more: object) -> str:
    """File a guidance that was visited; return our id of its case."""
    steps: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("application", "install_guidance", ANSWERS),
        ("accepted", "", {}),
        ("instructed", "", {}),
        ("visited", "guidance_visit", {**VISIT, "confirmed": "no" if wrong else "yes", **more}),
    )
    now = service.clock.now()
    with database.write(service.engine) as conn:
        record = service.vault.seal(conn, "install_guidance", PERSONAL, now=now)
        case = make.case(conn, reference, procedure="install_guidance")
        for step, form, answers in steps:
            event = f"{reference}/{step}"
            sealed = record if form == "install_guidance" else None
            make.filed(conn, case, now, step=step, form=form, edition="R6", answers=answers, event_id=event,
                       vault_id=sealed, role="contractor" if form != "install_guidance" else "resident")  # fmt: skip
    return case
