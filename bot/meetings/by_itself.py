"""Files what follows on a registration by itself: from the waiting list, or from what became of its meeting."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.following import Filed, follow
from bot.signing import Telling
from dialogs.procedure import Role
from storage import submissions

CHANNEL = "time"
"""The channel on which the office files what nobody filed."""


def file(conn: Connection, filed: Filed, telling: Telling, now: int, locale: str) -> None:
    """File the step of *filed* with what it says, in the office's name; whoever registered is told.

    Raises:
        Stale: Somebody has filed on the case meanwhile.
    """
    submissions.file(
        conn,
        case_id=filed.case.id,
        step=filed.step,
        form="",
        edition="",
        answers=filed.said,
        vault_id=None,
        filed_by="",
        role=Role.STAFF.value,
        channel=CHANNEL,
        locale=locale,
        event_id=filed.event,
        now=now,
        number=len(filed.seen.history) + 1,
    )
    follow(conn, filed, telling, now)
